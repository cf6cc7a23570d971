import NumericsCore
import Testing

@testable import Outcomes

@Suite struct ReweighingTests {
    @Test("Reference: Kamiran and Calders' weights and R's glm with them", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let reference = try BiasReference.of(set)
        let outcomes = try set.column("status").map { $0 == 1 }
        let reweighing = try Reweighing(outcomes: outcomes, grouping: set.grouping("group"))
        #expect(agree(reweighing.weights, reference.weights, 1e-13))
        let fit = try WeightedLogistic(
            outcomes, set.covariates(reference.covariates), weights: reweighing.weights)
        #expect(agree(fit.coefficients, reference.weighted, 1e-8))
        let change = try reweighing.retrained(set.covariates(reference.covariates))
        let columns = try reference.covariates.map { try set.column($0) }
        for row in outcomes.indices {
            let eta =
                reference.weighted[0] + reference.weighted[1] * columns[0][row] + reference.weighted[2]
                * columns[1][row]
            #expect(agree(change.after[row], 1 / (1 + Elementary.exp(-eta)), 1e-8))
        }
    }

    @Test(
        "Identity: weights sum to n, groups keep their size, the weighted outcome is as frequent in every group",
        arguments: ReferenceSet.all)
    func independence(_ set: ReferenceSet) throws {
        let outcomes = try set.column("status").map { $0 == 1 }
        let grouping = try set.grouping("strat")
        let reweighing = try Reweighing(outcomes: outcomes, grouping: grouping)
        #expect(agree(reweighing.weights.reduce(0, +), Double(outcomes.count), 1e-12))
        for rows in grouping.rows {
            #expect(agree(rows.reduce(0) { $0 + reweighing.weights[$1] }, Double(rows.count), 1e-12))
        }
        let report = reweighing.outcomeReport
        let share = try require(report.overall.before).value
        #expect(report.groups.allSatisfy { abs(($0.after.value?.value ?? -1) - share) < 1e-12 })
        #expect(try require(report.gapBefore).difference > 0.01)
        #expect(try require(report.gapAfter).difference < 1e-12)
        #expect(agree(try require(report.gapChange), -(try require(report.gapBefore).difference), 1e-9))
    }

    @Test("One group weighs 1; a group with one outcome, of one patient or without patients is said to be so")
    func smallGroups() throws {
        let one = try Reweighing(outcomes: [true, false, true], grouping: Grouping(["a", "a", "a"]))
        #expect(one.weights == [1, 1, 1])
        let grouping = try Grouping(codes: [0, 0, 1], labels: ["a", "b", "c"])
        let reweighing = try Reweighing(outcomes: [true, false, true], grouping: grouping)
        #expect(reweighing.cells.map(\.count) == [1, 1, 0, 1, 0, 0])
        #expect(reweighing.cells[2].weight.undefined?.reason == "no patient of the group has this outcome")
        #expect(agree(try require(reweighing.cells[3].weight), 2.0 / 3, 1e-15))
        #expect(reweighing.outcomeReport.groups[2].after.undefined?.code == "empty-group")
    }

    @Test("Before and after: any metric of the retrained scores by group, with who pays")
    func report() throws {
        let set = try ReferenceSet.named("gbsg2")
        let outcomes = try set.column("status").map { $0 == 1 }
        let grouping = try set.grouping("group")
        let change = try Reweighing(outcomes: outcomes, grouping: grouping).retrained(set.covariates(["age", "nodes"]))
        let report = try change.report("AUC", better: .higherIsBetter, grouping: grouping) { scores, rows in
            try CrossGroupAUC(
                outcomes: rows.map { outcomes[$0] }, scores: rows.map { scores[$0] },
                grouping: Grouping(rows.map { _ in "all" })
            ).cells[0][0].auc
        }
        for (code, rows) in grouping.rows.enumerated() {
            let own = try CrossGroupAUC(
                outcomes: outcomes, scores: change.after, grouping: grouping
            ).cells[code][code].auc
            #expect(report.groups[code].after == own)
            #expect(report.groups[code].count == rows.count)
            let fell = try require(report.groups[code].change) < 0
            #expect(report.groups[code].isWorse == fell)
        }
        #expect(report.worsened == report.groups.filter(\.isWorse))
    }

    @Test("Failure: outcomes all alike, covariates that separate, are constant or repeat each other")
    func failures() throws {
        let outcomes = [false, false, true, true, false, true]
        let grouping = Grouping(["a", "b", "a", "b", "a", "b"])
        let reweighing = try Reweighing(outcomes: outcomes, grouping: grouping)
        func refusal(_ columns: [CovariateColumn]) -> String? {
            let error = #expect(throws: ScoreFitError.self) { try reweighing.retrained(columns) }
            return error?.description
        }
        #expect(
            refusal([CovariateColumn("x", [1, 2, 7, 8, 3, 9])])
                == "score: the coefficient of \"x\" has no finite estimate: the covariates separate the outcomes; merge "
                + "categories or leave it out")
        #expect(
            refusal([CovariateColumn("x", [1, 1, 1, 1, 1, 1])])
                == "score: covariate \"x\" has the same value in all patients; leave it out")
        #expect(
            refusal([CovariateColumn("x", [1, 2, 1, 3, 2, 2]), CovariateColumn("y", [2, 4, 2, 6, 4, 4])])
                == "score: covariate \"y\" is a linear combination of the covariates before it; leave it out")
        let alike = try Reweighing(outcomes: [true, true], grouping: Grouping(["a", "b"]))
        let one = #expect(throws: ScoreFitError.self) { try alike.retrained([CovariateColumn("x", [1, 2])]) }
        #expect(one?.description == "score: the patients who count all have the same outcome; both are needed")
    }
}
