import Foundation
import NumericsCore
import Outcomes
import Testing

@testable import Evaluation

/// Backed by R (References/evaluation-R.json) for the numbers, and by a plain mask for the groups.
@Suite("Scores of a table")
struct ScoreEvaluationTests {
    /// The veteran trial with the linear predictor of R's Cox model as its score.
    private func scored() throws -> (table: DataTable, rows: [String]) {
        let beta = try RReference.numbers("coefficients")
        let source = try RReference.table("veteran")
        let columns = try ["time", "status", "age", "karno", "trt"].map { try source.numbers($0).compactMap { $0 } }
        let rows = columns[0].indices.map { row in
            let score = beta[0] * columns[2][row] + beta[1] * columns[3][row]
            return "\(columns[0][row]),\(columns[1][row]),\(score),\(columns[4][row] == 1 ? "test" : "standard")"
        }
        return (try DataTable("time,status,score,arm\n" + rows.joined(separator: "\n") + "\n"), rows)
    }

    private func request(_ change: (inout ScoreRequest) -> Void = { _ in }) throws -> ScoreRequest {
        var request = ScoreRequest(time: "time", event: "status", score: "score")
        request.times = try RReference.numbers("times")
        change(&request)
        return request
    }

    @Test("AUC, Brier score and concordance are R's")
    func agreement() throws {
        let found = try ScoreEvaluation(request(), of: scored().table).overall
        #expect(agree(found.auc.compactMap(\.value.estimate), try RReference.numbers("auc"), 1e-8))
        #expect(agree(found.auc.compactMap(\.value.se), try RReference.numbers("auc_se"), 1e-8))
        // The Cox model of the score is fitted again: 1e-6.
        #expect(agree(found.brier.compactMap(\.value.estimate), try RReference.numbers("brier"), 1e-6))
        #expect(agree(found.brier.compactMap(\.value.se), try RReference.numbers("brier_se"), 1e-6))
        let all = try RReference.all()
        #expect(agree([try #require(found.harrellC.estimate)], [try #require(all["harrell_c"] as? Double)], 1e-10))
        #expect(agree([try #require(found.unoC.estimate)], [try #require(all["uno_c"] as? Double)], 1e-10))
    }

    @Test("A group's numbers are those of a table of its rows alone, and one group is all")
    func groups() throws {
        let (table, rows) = try scored()
        let whole = try ScoreEvaluation(request { $0.groups = ["arm"] }, of: table)
        for group in try #require(whole.by.first).groups {
            let own = rows.filter { $0.hasSuffix(",\(group.group)") }
            let alone = try ScoreEvaluation(
                request(), of: DataTable("time,status,score,arm\n" + own.joined(separator: "\n") + "\n"))
            #expect(group.n == own.count)
            #expect(group.metrics?.auc == alone.overall.auc)
            #expect(group.metrics?.harrellC == alone.overall.harrellC)
        }
        let gap = try #require(whole.gaps.first { $0.metric == "harrell_c" })
        let values = whole.by[0].groups.compactMap { $0.metrics?.harrellC.estimate }
        #expect(gap.difference == (values.max() ?? 0) - (values.min() ?? 0))
        #expect(gap.column == "arm" && gap.p != nil)
    }

    @Test("A group that is too small is named with its size, and not dropped")
    func smallGroup() throws {
        let (_, rows) = try scored()
        let table = try DataTable(
            "time,status,score,arm\n" + (rows + ["10,1,0.5,other"]).joined(separator: "\n") + "\n")
        let evaluation = try ScoreEvaluation(request { $0.groups = ["arm"] }, of: table)
        let group = try #require(evaluation.by[0].groups.first { $0.group == "other" })
        #expect(group.n == 1 && group.metrics == nil && group.reason?.code == "small-group")
        #expect(evaluation.gaps[0].leftOut == ["other"])
    }

    @Test("With competing events the score is one of a cause")
    func competing() throws {
        let source = try RReference.table("pbc")
        let (times, events, bilirubin) = (
            try source.numbers("time"), try source.numbers("event"), try source.numbers("logbili")
        )
        let rows = times.indices.map { "\(times[$0] ?? 0),\(events[$0] ?? 0),\(bilirubin[$0] ?? 0)" }
        let table = try DataTable("time,status,score\n" + rows.joined(separator: "\n") + "\n")
        let found = try ScoreEvaluation(
            request {
                $0.cause = 1
                $0.times = [1000, 2000]
            }, of: table
        ).overall
        #expect(found.events == events.count { $0 == 1 })
        #expect(found.cumulativeIncidence?.count == 2 && found.auc.allSatisfy { ($0.value.estimate ?? 0) > 0.7 })
        #expect(found.brier[0].value.reason?.code == "no-probabilities")
    }

    @Test("What has no value has a reason: no case by a time, nobody left after one")
    func undefined() throws {
        let table = try DataTable("time,status,score\n1,1,0.9\n2,0,0.3\n3,1,0.5\n4,1,0.2\n")
        let found = try ScoreEvaluation(request { $0.times = [0.5, 4] }, of: table).overall
        #expect(found.auc.map(\.value.reason?.code) == ["no-cases", "no-controls"])
        #expect(found.auc.allSatisfy { $0.value.estimate == nil })
    }

    @Test("A score that is no number is refused with its row")
    func refusal() throws {
        let table = try DataTable("time,status,score\n1,1,high\n2,0,0.3\n")
        let error = #expect(throws: EvaluationErrors.self) { _ = try ScoreEvaluation(try request(), of: table) }
        #expect(error?.description == "t.csv, row 1: error: score: found 'high', allowed: a number")
        let other = try DataTable("time,status,score\n1,1,0.2\n2,0,nan\n")
        let second = #expect(throws: EvaluationErrors.self) { _ = try ScoreEvaluation(try request(), of: other) }
        #expect(second?.description == "t.csv, row 2: error: score: found 'nan', allowed: a number")
    }

    @Test("The JSON has every key")
    func json() throws {
        let text = try ScoreEvaluation(request { $0.groups = ["arm"] }, of: scored().table).reportJSON()
        let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let keys: Set = [
            "n", "events", "kaplan_meier", "median", "harrell_c", "uno_c", "auc", "integrated_auc", "brier",
            "integrated_brier",
        ]
        #expect(Set(object.keys).isSuperset(of: keys.union(["by", "gaps", "missing", "convention"])))
        let groups = try #require((object["by"] as? [String: Any])?["arm"] as? [String: [String: Any]])
        #expect(Set(groups.keys) == ["standard", "test"])
        #expect(groups.values.allSatisfy { Set($0.keys).isSuperset(of: keys) })
    }
}
