import Evaluation
import Testing

@testable import RegimeEstimation

/// Against polle 1.6.4 (its functions, run; References/make_polle.R): Q-learning and doubly robust values with models by `glm` and
/// without cross-fitting, within 1e-6 of their size.
@Suite struct PolleTests {
    /// The value with its error, and how often each action is recommended.
    private func compare(_ estimate: RegimeEstimate, _ name: String, within tolerance: Double = 1e-6) throws {
        let reference = try #require(try References.json("polle.json")[name] as? [String: Any])
        try compare(estimate.value, reference, name, tolerance)
        let shares = try #require(reference["recommended"] as? [String: [String: Double]])
        for (index, stage) in estimate.stages.enumerated() {
            let expected = try #require(shares["\(index + 1)"])
            for (action, share) in stage.recommended {
                #expect(abs(share - (expected[action] ?? 0)) < 1e-12, "\(name), stage \(index + 1), \(action)")
            }
        }
    }

    private func compare(
        _ value: RegimeEstimate.Value, _ reference: [String: Any], _ name: String, _ tolerance: Double
    ) throws {
        let (estimate, se) = (try #require(value.estimate), try #require(value.se))
        let expected = try #require(References.numbers(reference["value"]).first)
        let error = try #require(References.numbers(reference["se"]).first)
        #expect(abs(estimate - expected) < tolerance * expected, "\(name): \(estimate), \(expected)")
        #expect(abs(se - error) < tolerance * error, "\(name): se \(se), \(error)")
    }

    @Test func qLearningByGroup() throws {
        var request = try References.twoStages()
        request.groups = ["z1"]
        let estimate = try References.estimate(request, References.table("two-stage.csv"))
        try compare(estimate, "two-ql")
        let reference = try #require(try References.json("polle.json")["two-ql"] as? [String: Any])
        let groups = try #require(reference["by"] as? [String: [String: Any]])
        let ours = try #require(estimate.by["z1"])
        #expect(ours.groups.count == 2)
        for (name, value) in ours.groups { try compare(value, try #require(groups[name]), name, 1e-6) }
    }

    /// A tree's outcome models of earlier stages are of what the tree recommends later, not of the best.
    @Test func treesOfOneQuestion() throws {
        var request = try References.twoStages()
        request.method = .tree
        (request.tree.depth, request.tree.folds) = (1, 1)
        request.stages[0].rule = try CovariateFormula("~ x1")
        request.stages[1].rule = try CovariateFormula("~ x2")
        try compare(References.estimate(request, References.table("two-stage.csv")), "two-tree")
    }

    @Test func onlySomeComeToTheSecondStage() throws {
        var request = try References.twoStages()
        request.stages[1].reached = try RowExpression("x1 > -0.5")
        try compare(References.estimate(request, References.table("two-stage.csv")), "reached-ql")
    }

    @Test func threeActionsByLot() throws {
        var request = try References.oneStage("ym", "m", blip: "~ x + w", free: "~ x + w")
        request.stages[0].treatmentModel = nil
        try compare(References.estimate(request, References.table("one-stage.csv")), "three-ql")
    }
}
