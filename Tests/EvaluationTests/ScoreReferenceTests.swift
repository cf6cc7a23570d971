import Foundation
import Outcomes
import Testing

@testable import Evaluation

/// Backed by R and scikit-survival (References/evaluate-R.json, evaluate-python.json): scores as simple as a column.
@Suite("Scores of a table, against R and scikit-survival")
struct ScoreReferenceTests {
    /// The table of a data set with the score of evaluate.R.
    ///
    /// - Parameter apart: whether censorings are moved by a millionth of a day for each row, so that none share a time.
    private func table(_ name: String, apart: Bool = false) throws -> DataTable {
        let source = try RReference.table(name)
        func column(_ name: String) throws -> [Double] { try source.numbers(name).compactMap { $0 } }
        let score =
            switch name {
            case "veteran": try column("karno").map { (100 - $0) / 100 }
            case "gbsg2": try column("nodes").map { $0 / 60 }
            default: try column("age").map { $0 / 100 }
            }
        let names = Self.censoring[name] ?? []
        var columns = try [column("time"), column("status"), score] + names.map(column)
        if apart {
            for row in score.indices { columns[0][row] += (1 - columns[1][row]) * Double(row + 1) * 1e-6 }
        }
        let rows = score.indices.map { row in columns.map { "\($0[row])" }.joined(separator: ",") }
        return try DataTable(
            (["time,status,score," + names.joined(separator: ",")] + rows).joined(separator: "\n") + "\n")
    }

    private static let censoring = [
        "veteran": ["karno", "age"], "lung": ["age", "ecog"], "pbc": ["age", "logbili"], "gbsg2": ["age", "nodes"],
    ]

    private func evaluate(_ name: String, apart: Bool = false, _ change: (inout ScoreRequest) -> Void) throws
        -> ScoreMetrics
    {
        var request = ScoreRequest(time: "time", event: "status", score: "score")
        change(&request)
        return try ScoreEvaluation(request, of: table(name, apart: apart)).overall
    }

    /// riskRegression's errors jump by up to 1 % where censorings share a time, as evaluate.R says.
    @Test(
        "riskRegression: AUC and Brier score with a Cox model of censoring; errors where no censorings share a time",
        arguments: ["veteran", "lung", "pbc", "gbsg2"])
    func censoringByCox(_ name: String) throws {
        let r = try RReference.simple("evaluate-R.json", "sets", name)
        let apart = try RReference.simple("evaluate-R.json", "sets", name, "apart")
        func ask(_ apart: Bool) throws -> ScoreMetrics {
            try evaluate(name, apart: apart) {
                $0.times = r["times"] as? [Double]
                $0.censoringColumns = Self.censoring[name] ?? []
            }
        }
        for (found, expected) in [(try ask(false), r), (try ask(true), apart)] {
            #expect(agree(found.auc.compactMap(\.value.estimate), try #require(expected["auc"] as? [Double]), 1e-6))
            #expect(agree(found.brier.compactMap(\.value.estimate), try #require(expected["brier"] as? [Double]), 1e-6))
        }
        let found = try ask(true)
        #expect(agree(found.auc.compactMap(\.value.se), try #require(apart["aucSE"] as? [Double]), 1e-6))
        #expect(agree(found.brier.compactMap(\.value.se), try #require(apart["brierSE"] as? [Double]), 1e-6))
    }

    @Test("R survival: concordance up to a time, with errors", arguments: ["veteran", "lung", "pbc", "gbsg2"])
    func horizon(_ name: String) throws {
        let r = try RReference.simple("evaluate-R.json", "sets", name)
        let found = try evaluate(name) { $0.horizon = r["tau"] as? Double }
        for (shown, key) in [(found.harrellC, "harrell"), (found.unoC, "uno")] {
            let expected = try #require(r[key] as? [Double])
            #expect(agree([try #require(shown.estimate), try #require(shown.se)], expected, 1e-10))
        }
    }

    @Test(
        "scikit-survival: Uno's C with weights 1/G(T)² and events before the end",
        arguments: ["veteran", "lung", "pbc", "gbsg2"])
    func unoOfScikitSurvival(_ name: String) throws {
        let python = try RReference.simple("evaluate-python.json", "sets", name)
        let end = try RReference.simple("evaluate-R.json", "sets", name)["tau"] as? Double
        for (horizon, key) in [(nil, "all"), (end, "upTo")] {
            let found = try evaluate(name) {
                $0.convention = .scikitSurvival
                $0.horizon = horizon
            }
            #expect(agree([try #require(found.unoC.estimate)], [try #require(python[key] as? Double)], 1e-10))
        }
    }

    @Test(
        "riskRegression: AUC of the second cause, with its error, which the package has right for a first cause alone")
    func secondCause() throws {
        let source = try RReference.table("pbc")
        let r = try RReference.simple("evaluate-R.json", "second")
        func numbers(_ key: String) throws -> [Double] { try #require(r[key] as? [Double]) }
        var request = ScoreRequest(time: "time", event: "event", score: "logbili")
        request.cause = 2
        request.times = try numbers("times")
        let found = try ScoreEvaluation(request, of: source).overall
        #expect(agree(found.auc.compactMap(\.value.estimate), try numbers("auc"), 1e-8))
        #expect(agree(found.auc.compactMap(\.value.se), try numbers("aucSE"), 1e-8))
        // The average is that of the two, by the steps of the incidence.
        let incidence = try #require(found.cumulativeIncidence).compactMap(\.value.estimate)
        let auc = found.auc.compactMap(\.value.estimate)
        let mean = (auc[0] * incidence[0] + auc[1] * (incidence[1] - incidence[0])) / incidence[1]
        #expect(agree([try #require(found.integratedAuc.estimate)], [mean], 1e-12))
    }
}
