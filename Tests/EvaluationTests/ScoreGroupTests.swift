import Foundation
import Outcomes
import Testing

@testable import Evaluation

/// Backed by plain masks, by the rule of Holm worked out by hand, and by walks over the whole report.
@Suite("Groups, gaps and limits of a score")
struct ScoreGroupTests {
    private func evaluate(_ table: DataTable, _ change: (inout ScoreRequest) -> Void = { _ in }) throws
        -> ScoreEvaluation
    {
        var request = ScoreRequest(time: "time", event: "status", score: "age")
        change(&request)
        return try ScoreEvaluation(request, of: table)
    }

    @Test("Bands and combinations of columns are groups; a column asked for twice is there once")
    func choices() throws {
        let table = try RReference.table("veteran")
        let whole = try evaluate(table) { $0.groups = ["age:50,65", "trt*prior", "trt", "trt"] }
        #expect(whole.by.map(\.column) == ["age:50,65", "trt*prior", "trt"])
        #expect(whole.by[0].groups.map(\.group) == ["< 50", "[50, 65)", "≥ 65"])
        let ages = try table.numbers("age").compactMap { $0 }
        #expect(
            whole.by[0].groups.map(\.n) == [
                ages.count { $0 < 50 }, ages.count { 50 <= $0 && $0 < 65 }, ages.count { $0 >= 65 },
            ])
        #expect(whole.by[1].groups.map(\.group) == ["0, 0", "0, 1", "1, 0", "1, 1"])
        #expect(whole.by[1].groups.reduce(0) { $0 + $1.n } == ages.count)
        let alone = try evaluate(table) { $0.groups = ["trt"] }
        #expect(whole.gaps.filter { $0.column == "trt" }.count == alone.gaps.count)
        for (text, found) in [("age:50,x", "x"), ("age:", ""), ("age:65,50", "65,50"), ("age:nan", "nan")] {
            let error = #expect(throws: EvaluationErrors.self) { _ = try evaluate(table) { $0.groups = [text] } }
            #expect(
                error?.description
                    == "--by: error: found '\(found)', allowed: ascending numbers with commas between them, such as age:50,65"
            )
        }
        let unknown = #expect(throws: EvaluationErrors.self) { _ = try evaluate(table) { $0.groups = ["trt*nothing"] } }
        #expect(unknown?.description.hasPrefix("veteran.csv: error: found no column 'nothing'; columns: ") == true)
    }

    @Test("Gaps: Cochran's Q, the worst group, contrasts to a group of reference, and Holm's adjustment")
    func gaps() throws {
        let table = try RReference.table("veteran")
        let found = try evaluate(table) {
            $0.groups = ["strat"]
            $0.score = "karno"
        }
        let gap = try #require(found.gaps.first { $0.metric == "harrell_c" })
        let groups = found.by[0].groups
        let values = try groups.map { try #require($0.metrics?.harrellC.estimate) }
        let errors = try groups.map { try #require($0.metrics?.harrellC.se) }
        let weights = errors.map { 1 / ($0 * $0) }
        let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        let q = zip(weights, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        #expect(agree([try #require(gap.statistic)], [q], 1e-10))
        #expect(gap.df == groups.count - 1)
        #expect(gap.worst == groups[try #require(values.indices.min { values[$0] < values[$1] })].group)
        #expect(found.gaps.first { $0.metric == "integrated_brier" }.map { $0.worst == $0.largest } == true)
        let largest = try #require(groups.map(\.n).max())
        let base = try #require(groups.firstIndex { $0.n == largest })
        #expect(gap.reference == groups[base].group)
        #expect(gap.contrasts.map(\.group) == groups.indices.filter { $0 != base }.map { groups[$0].group })
        for (contrast, index) in zip(gap.contrasts, groups.indices.filter { $0 != base }) {
            let error = (errors[index] * errors[index] + errors[base] * errors[base]).squareRoot()
            #expect(agree([try #require(contrast.value.estimate)], [values[index] - values[base]], 1e-12))
            #expect(agree([try #require(contrast.value.se)], [error], 1e-12))
        }
        // Holm: the smallest of m is multiplied by m, and none falls below one before it.
        let tested = found.gaps.compactMap { gap in gap.p.map { (p: $0, adjusted: gap.pAdjusted ?? -1) } }.sorted {
            $0.p < $1.p
        }
        var reached = 0.0
        for (rank, test) in tested.enumerated() {
            reached = max(reached, min(1, Double(tested.count - rank) * test.p))
            #expect(agree([test.adjusted], [reached], 1e-12))
        }
        let chosen = try evaluate(table) {
            $0.groups = ["strat"]
            $0.references = ["strat": groups[1].group]
        }
        #expect(chosen.gaps.allSatisfy { $0.reference == groups[1].group })
        let error = #expect(throws: EvaluationErrors.self) {
            _ = try evaluate(table) {
                $0.groups = ["trt"]
                $0.references = ["trt": "9"]
            }
        }
        #expect(error?.description == "veteran.csv: error: reference group: found \"9\", allowed: \"0\", \"1\"")
    }

    /// Every null of an estimate, with the place of it, that has no reason beside it.
    private func unexplained(_ object: Any, _ place: String = "") -> [String] {
        if let list = object as? [Any] { return list.enumerated().flatMap { unexplained($1, "\(place)[\($0)]") } }
        guard let entries = object as? [String: Any] else { return [] }
        var found = entries.sorted { $0.key < $1.key }.flatMap { unexplained($1, "\(place).\($0)") }
        let isEstimate = entries.keys.contains("estimate")
        if isEstimate, ["estimate", "se", "lower", "upper"].contains(where: { entries[$0] is NSNull }),
            entries["reason"] == nil
        {
            found.append(place)
        }
        return found
    }

    @Test("Every null has a reason: one patient, one event, none, all censored before a time, times 0, everybody tied")
    func limits() throws {
        let texts = [
            "5,1,0.9,a", "5,0,0.9,a", "5,0,0.9,a\n3,0,0.2,b", "5,1,0.9,a\n3,0,0.2,b\n7,0,0.4,a\n9,0,0.1,b",
            "0,1,0.9,a\n0,0,0.2,b\n0,1,0.4,a\n3,1,0.3,a\n4,0,0.3,b", "5,1,0.5,a\n3,0,0.5,b\n7,1,0.5,a\n9,0,0.5,b",
            "5,1,2,a\n3,0,2,b\n7,1,2,a\n9,0,2,b", "5,1,0.9,a\n5,0,0.2,b\n5,0,0.4,a\n3,1,0.3,a",
            "5,1,2,a\n4,1,3,b\n3,1,4,a\n2,1,5,b\n1,1,6,a", "5,1,1e300,a\n4,1,-1e300,b\n3,1,4,a\n2,0,5,b\n1,1,6,a",
        ]
        for text in texts {
            for convention in TimeDependentAUC.Convention.allCases {
                for cause in [nil, 1] where cause == nil || text.contains(",1,") {
                    for times in [nil, [0, 3, 4.5, 100]] {
                        let table = try DataTable("time,status,score,group\n" + text + "\n")
                        let report = try evaluate(table) {
                            $0.score = "score"
                            $0.groups = ["group"]
                            $0.convention = convention
                            $0.cause = cause
                            $0.times = times
                            $0.smallestGroup = 1
                        }.reportJSON()
                        let object = try JSONSerialization.jsonObject(with: Data(report.utf8))
                        #expect(unexplained(object) == [], "\(text)")
                    }
                }
            }
        }
    }

    @Test("Without an event the times are the quartiles of follow-up and each metric says why it has no value")
    func noEvent() throws {
        let table = try DataTable("time,status,age\n5,0,60\n3,0,50\n8,0,40\n")
        let found = try evaluate(table).overall
        #expect(found.events == 0 && found.kaplanMeier.map(\.time) == [3, 5, 8])
        #expect(found.harrellC.reason?.code == "no-comparable-pairs")
        #expect(found.auc.allSatisfy { $0.value.reason?.code == "no-cases" })
    }

    @Test("The logit scale changes the intervals of AUC and concordance and nothing else")
    func logit() throws {
        let table = try RReference.table("lung")
        let (plain, logit) = (try evaluate(table).overall, try evaluate(table) { $0.intervals = .logit }.overall)
        #expect(plain.brier == logit.brier && plain.kaplanMeier == logit.kaplanMeier)
        for (a, b) in zip([plain.harrellC] + plain.auc.map(\.value), [logit.harrellC] + logit.auc.map(\.value)) {
            #expect(a.estimate == b.estimate && a.se == b.se && a.lower != b.lower)
        }
    }

    @Test(
        "Failure: a time, an end, a size and a reference that are not allowed, all at once; a column of one value for censoring"
    )
    func refusals() throws {
        let table = try RReference.table("veteran")
        let error = #expect(throws: EvaluationErrors.self) {
            _ = try evaluate(table) {
                $0.times = [30, -1]
                $0.horizon = .nan
                $0.smallestGroup = 0
                $0.references = ["trt": "0"]
            }
        }
        #expect(
            error?.description == """
                --times: error: found -1.0, allowed: times ≥ 0
                --tau: error: found nan, allowed: a time ≥ 0
                --smallest-group: error: found 0, allowed: 1 or more patients
                --reference: error: found 'trt', which no --by names
                """)
        let constant = try DataTable("time,status,age,x\n5,0,60,1\n3,1,50,1\n")
        let model = #expect(throws: EvaluationErrors.self) {
            _ = try evaluate(constant) { $0.censoringColumns = ["x"] }
        }
        #expect(
            model?.description == "t.csv: error: x: found one value in all rows; a model of censoring needs two")
    }

    @Test(
        "A column of texts is a model of censoring by its values; a group of one value takes the Kaplan–Meier estimate")
    func censoringByText() throws {
        let source = try RReference.table("veteran")
        let cells = try ["time", "status", "age", "trt"].map { try source.labels($0).compactMap { $0 } }
        let rows = cells[0].indices.map { row in
            "\(cells[0][row]),\(cells[1][row]),\(cells[2][row]),\(cells[3][row]),\(cells[3][row] == "1" ? "test" : "standard")"
        }
        let table = try DataTable("time,status,age,trt,arm\n" + rows.joined(separator: "\n") + "\n")
        let number = try evaluate(table) { $0.censoringColumns = ["trt"] }
        let text = try evaluate(table) {
            $0.censoringColumns = ["arm"]
            $0.groups = ["arm"]
        }
        #expect(text.overall.auc == number.overall.auc && text.overall.brier == number.overall.brier)
        #expect(text.censoring == "cox:arm")
        let marginal = try evaluate(table) { $0.groups = ["arm"] }
        #expect(text.overall.auc != marginal.overall.auc)
        for (a, b) in zip(text.by[0].groups, marginal.by[0].groups) { #expect(a.metrics?.auc == b.metrics?.auc) }
    }
}
