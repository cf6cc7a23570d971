import Foundation
import Pharmacology

/// What was found about doses, as text for people and as JSON for machines.
package struct DoseReport: Sendable, Encodable {
    package var target: String
    package var regimen: String
    package var subjects: Int
    package var seed: UInt64
    /// Of all intervals.
    package var confidence: Double
    package var doses: [Row]
    package var search: Found?

    /// The attainment at one dose.
    package struct Row: Sendable, Encodable {
        package var dose: Double
        package var share: Double
        package var standardError: Double
        package var lower: Double
        package var upper: Double
        package var attained: Int
        /// Subjects that could not be simulated, who count as not reaching the target.
        package var unknown: Int
    }

    /// The dose that was searched for; nil where none is enough, and its ends nil where they lie beyond the doses tried.
    package struct Found: Sendable {
        package var attainment: Double
        package var wanted: String
        package var dose: Double?
        package var share: Double?
        package var lower: Double?
        package var upper: Double?
        package var tolerance: Double?
    }

    /// - Parameters:
    ///   - curve: what a list of doses led to; of a range, those that the search tried are shown.
    package init(_ finding: DoseFinding, _ curve: [TargetAttainment], _ answer: DoseFinding.Answer?) {
        target = finding.target.text
        regimen = finding.regimen
        subjects = finding.plan.population.count
        seed = finding.plan.request.seed
        confidence = 0.95
        var shown = curve
        if case .range = finding.choice, let answer { shown = answer.result.evaluated }
        doses = shown.map { attainment in
            let interval = attainment.interval(confidence: 0.95)
            return Row(
                dose: attainment.dose, share: attainment.probability, standardError: attainment.standardError,
                lower: interval.lowerBound, upper: interval.upperBound, attained: attainment.attained,
                unknown: attainment.unknown)
        }
        search = answer.map { answer in
            Found(
                attainment: answer.attainment, wanted: answer.wanted == .smallest ? "smallest" : "largest",
                dose: answer.result.dose, share: answer.result.attainment?.probability, lower: answer.result.lower,
                upper: answer.result.upper, tolerance: answer.tolerance)
        }
    }

    /// Pretty-printed JSON, keys in alphabetical order.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    // MARK: Text

    /// A table of the doses, and a line with the dose that was searched for.
    package var text: String {
        var lines = [
            "target    \(target)", "regimen   \(regimen)", "subjects  \(subjects), seed \(seed)", "",
            Self.line(["dose", "share", "error", "95 % interval", "attained", "unknown"]),
        ]
        for row in doses {
            lines.append(
                Self.line([
                    Self.plain(row.dose), Self.fixed(row.share), Self.fixed(row.standardError),
                    "\(Self.fixed(row.lower)) to \(Self.fixed(row.upper))", "\(row.attained)", "\(row.unknown)",
                ]))
        }
        if let search { lines += ["", search.sentence] }
        return lines.joined(separator: "\n")
    }

    private static func line(_ cells: [String]) -> String {
        zip(cells, [12, 8, 8, 18, 10, 9]).map { cell, width in
            String(repeating: " ", count: max(1, width - cell.count)) + cell
        }.joined()
    }

    fileprivate static func plain(_ value: Double) -> String { String(format: "%.6g", value) }
    fileprivate static func fixed(_ value: Double) -> String { String(format: "%.4f", value) }
}

extension DoseReport.Found: Encodable {
    private enum CodingKeys: String, CodingKey {
        case attainment, wanted, dose, share, lower, upper, tolerance
    }

    /// Every key is there: what is not known is null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(attainment, forKey: .attainment)
        try container.encode(wanted, forKey: .wanted)
        try container.encode(dose, forKey: .dose)
        try container.encode(share, forKey: .share)
        try container.encode(lower, forKey: .lower)
        try container.encode(upper, forKey: .upper)
        try container.encode(tolerance, forKey: .tolerance)
    }

    fileprivate var sentence: String {
        let asked = "\(wanted) dose at which a share of \(DoseReport.plain(attainment)) reaches the target"
        guard let dose, let share else { return "\(asked): none of the doses tried" }
        let interval: String
        switch (lower, upper) {
        case (let lower?, let upper?):
            interval = "95 % interval \(DoseReport.plain(lower)) to \(DoseReport.plain(upper))"
        case (let lower?, nil): interval = "95 % interval from \(DoseReport.plain(lower)) to beyond the doses tried"
        case (nil, let upper?): interval = "95 % interval from below the doses tried to \(DoseReport.plain(upper))"
        case (nil, nil): interval = "the 95 % interval lies beyond the doses tried"
        }
        return "\(asked): \(DoseReport.plain(dose)) (share \(DoseReport.fixed(share)); \(interval))"
    }
}
