import Foundation
import ResultsStore

/// A results file as one HTML page that needs nothing but itself: no network, no script, drawings in SVG.
///
/// ```swift
/// try HTMLReport(ResultsFile("warfarin-coag.h5")).write(to: "warfarin-coag.html")
/// ```
///
/// It shows the cohort's flow, benefit beside harm, levels by group, who is lost on the way, Kaplan–Meier curves with numbers at risk, AUC(t),
/// forest plots of the effects in every group, the trial's operating characteristics, a score watched over time, published numbers beside
/// simulated ones, and where all of it comes from. A part that the file lacks is left out. The page follows the reader's light or
/// dark setting and the width of the screen. The same file gives the same bytes.
public struct HTMLReport: Sendable {
    let findings: StudyFindings
    let curves: SurvivalCurves?
    let estimates: ReplicateEstimates?
    let driftExample: DriftExample?

    /// Reads a file.
    /// - Throws: a ``ResultsError`` if it cannot be read, or holds an array over other dimensions than the layout's.
    public init(_ file: ResultsFile) throws {
        findings = try StudyFindings(file)
        curves = try FindingsGroup("/survival", in: file).flatMap(SurvivalCurves.init)
        estimates = try FindingsGroup("/trial", in: file).flatMap(ReplicateEstimates.init)
        driftExample = try FindingsGroup("/drift/example", in: file).flatMap(DriftExample.init)
    }

    /// The page.
    public var html: String {
        let sections = [
            endpointSection, harmSection, levelSection, effectSection, gapSection, regretSection, accessSection,
            clinicSection, survivalSection, discriminationSection, trialSection, sequentialSection, driftSection,
            publishedSection, cohortSection,
        ]
        let head = Markup.element(
            "head", [:],
            [
                .element("meta", ["charset": "utf-8"]),
                .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                .element("title", text: findings.title), .element("style", text: PageStyle.sheet),
            ])
        let main = Markup.element("main", [:], [header] + sections.compactMap { $0 } + [footer])
        let page = Markup.element("html", ["lang": "en"], [head, .element("body", [:], [main])])
        return "<!DOCTYPE html>\n" + page.rendered + "\n"
    }

    /// Writes the page, whole or not at all: a file of that name is replaced in one step.
    /// - Throws: ``ResultsError/cannotWrite(path:reason:)``, ``ResultsError/isFolder(path:)`` or
    ///   ``ResultsError/system(call:path:reason:)``.
    public func write(to path: String) throws { try UnfinishedFile.write(Data(html.utf8), to: path) }

    // MARK: Pieces of sections

    /// A section with its heading and an opening sentence.
    func section(_ identifier: String, _ heading: String, _ lead: String, _ content: [Markup]) -> Markup {
        .element(
            "section", ["id": identifier, "aria-labelledby": "\(identifier)-heading"],
            [
                .element("h2", ["id": "\(identifier)-heading"], text: heading),
                .element("p", ["class": "lead"], text: lead),
            ]
                + content)
    }

    /// The classes of an arm's marks.
    func style(ofArm name: String) -> String { PageStyle.arm(position(ofArm: name)) }

    func position(ofArm name: String) -> Int { findings.arms.firstIndex { $0.name == name } ?? 0 }

    /// What the lines and marks of the arms look like.
    var legend: Markup {
        let items = findings.arms.enumerated().map { index, arm in
            let sample = Markup.element(
                "svg", ["viewBox": "0 0 34 14", "aria-hidden": "true"],
                [
                    .path("M0 7H34", "curve \(PageStyle.arm(index))"),
                    Marker.shape(index, 17, 7, radius: 4.2, "mark \(PageStyle.arm(index))"),
                ])
            let isReference = arm.name == findings.referenceArm
            let words = (arm.title == arm.name ? "" : arm.title) + (isReference ? " (reference)" : "")
            return Markup.element(
                "li", [:],
                [sample, .element("span", [:], [.text(arm.name + " "), .element("i", text: words)])])
        }
        return .element("ul", ["class": "legend"], items)
    }
}

/// Names of the file in words.
enum Words {
    /// `race_group` as `race group`.
    static func spaced(_ name: String) -> String { name.replacing("_", with: " ") }

    /// With a capital first letter.
    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// Words about a unit: ` (%)`, ` (mg/d)`, or nothing for a pure number.
    static func unit(_ unit: String) -> String {
        switch unit {
        case "1": ""
        case "percent": " (%)"
        default: " (\(unit))"
        }
    }
}
