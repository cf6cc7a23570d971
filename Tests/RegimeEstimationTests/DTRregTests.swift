import Evaluation
import Testing

@testable import RegimeEstimation

/// Against DTRreg 2.4 (its functions, run) on two made tables and ACTG 175: estimates and sandwich errors within 1e-6 of their
/// size. Coefficients are compared in order of size, since R's order of terms is another with a dose and with three actions.
@Suite struct DTRregTests {
    static let binary: [(String, RegimeRequest.Method, RegimeRequest.Weight)] = [
        ("dwols-overlap", .dwols, .overlap), ("dwols-ipw", .dwols, .ipw), ("dwols-cipw", .dwols, .cipw),
        ("a", .a, .overlap),
    ]

    private func compare(
        _ estimate: RegimeEstimate, _ name: String, within tolerance: Double = 1e-6
    ) throws {
        let reference = try #require(try References.json("reference.json")[name] as? [String: Any])
        let psi = References.numbers(reference["psi"]).sorted()
        let se = References.numbers(reference["se"]).sorted()
        let ours = estimate.psi.map(\.shown.estimate).sorted()
        let errors = estimate.psi.compactMap(\.shown.se).sorted()
        #expect(ours.count == psi.count)
        for (a, b) in zip(ours, psi) { #expect(abs(a - b) <= tolerance * max(abs(b), 0.01), "\(name): \(a), \(b)") }
        if !se.isEmpty {
            #expect(errors.count == se.count)
            for (a, b) in zip(errors, se) { #expect(abs(a - b) <= tolerance * b, "\(name) se: \(a), \(b)") }
        }
    }

    @Test(arguments: binary) func twoStages(
        name: String, method: RegimeRequest.Method, weight: RegimeRequest.Weight
    ) throws {
        var request = try References.twoStages()
        (request.method, request.weight) = (method, weight)
        let estimate = try References.estimate(request, References.table("two-stage.csv"))
        try compare(estimate, "two-\(name)")
        let reference = try References.json("reference.json")["two-\(name)"] as? [String: Any]
        #expect(estimate.stages.compactMap(\.nonRegular) == References.numbers(reference?["nonreg"]))
    }

    @Test(arguments: binary) func oneStage(
        name: String, method: RegimeRequest.Method, weight: RegimeRequest.Weight
    ) throws {
        var request = try References.oneStage("y", "a", blip: "~ x", free: "~ x + w + g")
        (request.method, request.weight) = (method, weight)
        try compare(References.estimate(request, References.table("one-stage.csv")), "one-\(name)")
    }

    @Test(arguments: [RegimeRequest.Method.dwols, .a]) func actg175(method: RegimeRequest.Method) throws {
        var request = RegimeRequest(stages: [
            try References.stage(
                "start", "combined", blip: "~ age_y + cd4_baseline", model: "~ age_y + cd4_baseline + wt_kg",
                free: "~ age_y + cd4_baseline + wt_kg + karnofsky")
        ])
        request.outcome = try RowExpression("cd4_week20")
        request.method = method
        try compare(
            References.estimate(request, References.table("actg175.csv")), method == .a ? "actg-gest" : "actg-dwols")
    }

    /// Q-learning of DTRreg is dwols without weights: the outcome as it was plus what the best treatment adds.
    @Test func observedPseudoOutcomes() throws {
        var request = try References.twoStages()
        request.pseudo = .observed
        try compare(References.estimate(request, References.table("two-stage.csv")), "two-q-observed")
    }

    /// nnet's `multinom` stops at 1e-8 of the deviance, so its probabilities have six digits; `polr` of MASS alike.
    @Test(arguments: [("ipw", RegimeRequest.Weight.ipw), ("overlap", .overlap), ("qpom", .qpom)])
    func threeActions(name: String, weight: RegimeRequest.Weight) throws {
        var request = try References.oneStage("ym", "m", blip: "~ x + w", free: "~ x + w")
        (request.method, request.weight) = (.dwols, weight)
        try compare(References.estimate(request, References.table("one-stage.csv")), "one-multi-\(name)", within: 2e-5)
    }

    @Test(arguments: [("none", RegimeRequest.Weight.none), ("ipw", .ipw), ("overlap", .overlap), ("qpom", .qpom)])
    func doses(name: String, weight: RegimeRequest.Weight) throws {
        var request = try References.oneStage("yd", "d", blip: "~ d*x", free: "~ x + w")
        request.stages[0].kind = .dose
        (request.method, request.weight) = (.dwols, weight)
        let tolerance = name == "overlap" || name == "qpom" ? 2e-5 : 1e-6
        try compare(
            References.estimate(request, References.table("one-stage.csv")), "one-dose-\(name)", within: tolerance)
    }

    @Test func gammaDoses() throws {
        var request = try References.oneStage("yd", "d", blip: "~ d*x", free: "~ x + w")
        request.stages[0].kind = .dose
        request.stages[0].family = .gamma
        (request.method, request.weight) = (.dwols, .ipw)
        try compare(References.estimate(request, References.table("one-stage.csv")), "one-dose-gamma")
    }

    @Test func gEstimationOfDoses() throws {
        var request = try References.oneStage("yd", "d", blip: "~ d*x", free: "~ x + w")
        request.stages[0].kind = .dose
        request.method = .a
        try compare(References.estimate(request, References.table("one-stage.csv")), "one-dose-a")
    }

    @Test(arguments: [("overlap", RegimeRequest.Weight.overlap), ("ipw", .ipw)])
    func censoredSurvival(name: String, weight: RegimeRequest.Weight) throws {
        var stages = [
            try References.stage("first", "a1", blip: "~ x1", model: "~ x1"),
            try References.stage("second", "a2", blip: "~ x2", model: "~ x2"),
        ]
        stages[0].time = try RowExpression("t1")
        stages[1].time = try RowExpression("t2")
        stages[1].reached = try RowExpression("reached")
        var request = RegimeRequest(stages: stages)
        var survival = RegimeRequest.Survival(time: try RowExpression("total"), status: try RowExpression("status"))
        survival.censoring = try CovariateFormula("~ x1")
        (survival.outcome, survival.model) = (.log, .logistic)
        (request.survival, request.method, request.weight) = (survival, .dwols, weight)
        let estimate = try References.estimate(request, References.table("survival.csv"))
        try compare(estimate, "survival-\(name)")
        #expect(estimate.stages.map(\.n) == [500, 391])
    }
}
