/// What stands first on the page, and where all of it comes from.
extension HTMLReport {
    var header: Markup {
        var tiles: [(String, String)] = []
        if let cohort = findings.cohort { tiles.append(("\(cohort.patients)", "virtual patients, each in every arm")) }
        if !findings.arms.isEmpty { tiles.append(("\(findings.arms.count)", "arms")) }
        if let trial = findings.trial {
            let rows = trial.characteristics
            if let designed = rows.first(where: { !$0.isNull }) {
                tiles.append(("\(designed.replicates)", "runs of the randomised trial"))
                if let power = designed.rejected {
                    tiles.append((Self.percent(power), "power" + Self.error(designed.rejectedMCError)))
                }
            }
            if let null = rows.first(where: \.isNull), let error = null.rejected {
                tiles.append((Self.percent(error), "type I error, equal arms" + Self.error(null.rejectedMCError)))
            }
        }
        if let drift = findings.drift { tiles += driftTiles(drift) }
        return .element(
            "header", [:],
            [
                .element("h1", text: findings.title), .element("p", ["class": "lead"], text: subtitle),
                .element(
                    "div", ["class": "tiles"],
                    tiles.map { number, words in
                        .element(
                            "div", ["class": "tile"], [.element("b", text: number), .element("span", text: words)])
                    }),
            ])
    }

    private var subtitle: String {
        var words = findings.drift == nil ? "A simulated trial" : "A risk score watched over simulated calendar time"
        if let cohort = findings.cohort, cohort.isFromRecords, let eligible = cohort.eligible {
            words += " on virtual patients made from \(eligible) real records"
        }
        return words + ". Virtual patients are not evidence about a real one."
    }

    private static func error(_ error: Double?) -> String { error.map { " (Monte Carlo error \(percent($0)))" } ?? "" }

    /// A share as percent: `5.2 %`.
    static func percent(_ share: Double) -> String { Rounding.text(100 * share, decimals: 1) + " %" }

    var footer: Markup {
        var rows: [(String, String)] = [
            ("Results file", findings.file), ("Layout version", "\(findings.layoutVersion)"),
        ]
        if let origin = findings.provenance {
            let entries = [
                ("Scenario", origin.scenarioFile), ("Changed beside it", origin.overrides),
                ("Seed", origin.seed), ("SHA-256 of the input", origin.inputSHA256),
                (
                    "Trialist",
                    origin.trialistVersion.map { version in version + (origin.codeGeneration.map { ", \($0)" } ?? "") }
                ), ("Run", run(origin)),
            ]
            rows += entries.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : (name, $0) } }
        }
        let notes = findings.learnedLines + findings.failureLines
        return .element(
            "footer", [:],
            [.element("h2", text: "Where this comes from")] + notes.map { .element("p", text: $0) } + [
                .element("dl", [:], rows.flatMap { [.element("dt", text: $0), .element("dd", text: $1)] }),
                .element(
                    "p",
                    text: "The scenario and the seed decide every number of this page: running the scenario again, on "
                        + "any number of threads, gives the same ones."),
            ])
    }

    private func run(_ origin: ProvenanceFindings) -> String? {
        guard let started = origin.started else { return nil }
        var words = started
        if let seconds = origin.seconds { words += ", \(Rounding.text(seconds, decimals: 1)) s" }
        if let threads = origin.threads { words += " on \(threads) thread\(threads == 1 ? "" : "s")" }
        return words
    }
}
