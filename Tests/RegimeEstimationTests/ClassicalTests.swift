import Evaluation
import NumericsCore
import Testing

@testable import RegimeEstimation

/// Q-learning, values and censoring against lm, glm and survfit of R, put together in `make_references.R`.
@Suite struct ClassicalTests {
    private func expect(_ found: [Double], _ name: String, key: String = "psi", within tolerance: Double = 1e-8) throws
    {
        let reference = try #require(try References.json("reference.json")[name] as? [String: Any])
        let expected = References.numbers(reference[key])
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(name): \(a), \(b)") }
    }

    @Test func predictedPseudoOutcomes() throws {
        let estimate = try References.estimate(try References.twoStages(), References.table("two-stage.csv"))
        try expect(estimate.psi.map(\.shown.estimate), "two-q-predicted")
        try expect([try #require(estimate.values["g_formula"]?.estimate)], "two-q-predicted", key: "g_formula")
    }

    @Test func doublyRobustValue() throws {
        let estimate = try References.estimate(try References.twoStages(), References.table("two-stage.csv"))
        let aipw = try #require(estimate.values["aipw"])
        try expect([try #require(aipw.estimate)], "two-value", key: "aipw")
        try expect([try #require(aipw.se)], "two-value", key: "se")
        try expect([try #require(aipw.effectiveSampleSize)], "two-value", key: "ess", within: 1e-7)
        try expect([try #require(estimate.values["ipw"]?.estimate)], "two-value", key: "ipw")
        #expect(estimate.value.flag == nil)
    }

    /// `ns(x2, 3)` of R spans the same functions, so what is not of the spline has the same coefficients.
    @Test func splines() throws {
        var request = RegimeRequest(stages: [
            try References.stage("last", "a2", blip: "~ z1 + a1", free: "~ x1 + z1 + x2 + a1")
        ])
        request.stages[0].splines = [("x2", 3)]
        request.outcome = try RowExpression("y")
        try expect(
            References.estimate(request, References.table("two-stage.csv")).psi.map(\.shown.estimate), "two-spline")
    }

    @Test(arguments: ["survival-rmst", "survival-rmst-cox", "survival-pseudo"])
    func restrictedMeans(name: String) throws {
        var request = RegimeRequest(stages: [try References.stage("first", "a1", blip: "~ x1", model: "~ x1")])
        var survival = RegimeRequest.Survival(time: try RowExpression("total"), status: try RowExpression("status"))
        survival.tau = 6
        if name == "survival-rmst-cox" {
            survival.censoring = try CovariateFormula("~ x1")
            survival.model = .cox
        }
        survival.outcome = name == "survival-pseudo" ? .pseudo : .rmst
        request.survival = survival
        try expect(
            References.estimate(request, References.table("survival.csv")).psi.map(\.shown.estimate), name, within: 1e-7
        )
    }

    /// Rewards of stages are the outcome in parts: with all of it in the last stage the numbers are the same.
    @Test func rewards() throws {
        let table = try References.table("two-stage.csv")
        let whole = try References.estimate(try References.twoStages(), table)
        var request = try References.twoStages()
        request.outcome = nil
        request.stages[0].reward = try RowExpression("0")
        request.stages[1].reward = try RowExpression("y")
        let parts = try References.estimate(request, table)
        #expect(parts.psi.map(\.shown.estimate) == whole.psi.map(\.shown.estimate))
        // A number added in the first stage moves the value by itself and no effect.
        request.stages[0].reward = try RowExpression("3")
        let moved = try References.estimate(request, table)
        #expect(abs(try #require(moved.value.estimate) - 3 - (try #require(whole.value.estimate))) < 1e-10)
    }

    /// A smaller outcome is better: the rule of −y is that of y maximised.
    @Test func minimising() throws {
        let table = try References.table("two-stage.csv")
        let whole = try References.estimate(try References.twoStages(), table)
        var request = try References.twoStages()
        request.outcome = try RowExpression("0 - y")
        request.maximise = false
        let turned = try References.estimate(request, table)
        for (a, b) in zip(whole.psi, turned.psi) { #expect(abs(a.shown.estimate + b.shown.estimate) < 1e-10) }
        #expect(whole.stages.map(\.recommended) == turned.stages.map(\.recommended))
    }

    /// A penalty of 0 is least squares; a huge one leaves no effect.
    @Test func ridge() throws {
        let table = try References.table("two-stage.csv")
        var request = try References.twoStages()
        request.intervals.method = .none
        let plain = try References.estimate(request, table)
        request.learner = .ridge(penalty: 0)
        let zero = try References.estimate(request, table)
        for (a, b) in zip(plain.psi, zero.psi) { #expect(abs(a.shown.estimate - b.shown.estimate) < 1e-9) }
        request.learner = .ridge(penalty: 1e12)
        #expect(try References.estimate(request, table).psi.allSatisfy { abs($0.shown.estimate) < 1e-6 })
    }

    /// An action that is not allowed is recommended to nobody, nor does a pseudo-outcome count on it.
    @Test func allowedActions() throws {
        let table = try References.table("two-stage.csv")
        var request = try References.twoStages()
        request.stages[1].allowed = [("1", try RowExpression("x2 < 100"))]
        let free = try References.estimate(request, table)
        let plain = try References.estimate(try References.twoStages(), table)
        #expect(free.psi.map(\.shown.estimate) == plain.psi.map(\.shown.estimate))
        request.stages[1].allowed = [("1", try RowExpression("x2 > 0"))]
        let problem = try RegimeProblem(request, table: table)
        let estimator = LinearEstimator(problem, request)
        let fit = try estimator.fit(frequency: [Double](repeating: 1, count: problem.count), isPrinted: true)
        for row in 0..<problem.stages[1].count where !problem.stages[1].isAllowed(row, 1) {
            #expect(fit.stages[1].recommended[row] == 0)
            let effect = StageEffect(problem.stages[1], fit.stages[1].coefficients, direction: 1)
            #expect(effect.best(row).effect == 0)
        }
        let estimate = try RegimeEstimate(request, problem)
        #expect(estimate.notes.contains { $0.hasPrefix("second: ") && $0.hasSuffix("not allowed to them") })
    }

    /// Rows without an outcome, and without a covariate of a stage they came to, are counted by name.
    @Test func missingValues() throws {
        let text =
            "a1,x1,r,a2,x2,y\n0,1,1,0,1,1\n1,2,1,1,,2\n0,,0,,,3\n1,0,0,,,4\n0,1,1,1,3,\n1,4,1,0,2,5\n0,5,0,,,6\n1,1,1,1,0,2\n0,0,1,0,1,1\n"
        let table = try DataTable(csv: [UInt8](text.utf8), file: "made.csv")
        var request = RegimeRequest(stages: [
            try References.stage("first", "a1", blip: "~ 1"),
            try References.stage("second", "a2", blip: "~ 1", free: "~ x2"),
        ])
        request.stages[0].treatmentFree = try CovariateFormula("~ x1")
        request.stages[1].reached = try RowExpression("r")
        request.outcome = try RowExpression("y")
        let problem = try RegimeProblem(request, table: table)
        #expect(problem.dropped == DroppedRows(rows: 3, by: ["x2": 1, "x1": 1, "y": 1]))
        #expect(problem.count == 6)
        #expect(problem.stages.map(\.count) == [6, 4])
    }
}
