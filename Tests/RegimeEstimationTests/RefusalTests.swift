import Evaluation
import Scenarios
import Testing

@testable import RegimeEstimation

@Suite struct RefusalTests {
    private func message(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "nothing was refused"
    }

    @Test func unknownColumnsAllAtOnce() throws {
        var request = try References.twoStages()
        request.outcome = try RowExpression("why")
        request.stages[1].blip = try CovariateFormula("~ x3")
        let table = try References.table("two-stage.csv")
        let known = "columns: x1, z1, a1, x2, a2, y"
        #expect(
            message { _ = try RegimeProblem(request, table: table) } == """
                outcome: error: found no column 'why' in two-stage.csv; \(known)
                second: error: found no column 'x3' in two-stage.csv; \(known)
                """)
    }

    @Test func dependentColumns() throws {
        var request = try References.twoStages()
        request.stages[1].treatmentFree = try CovariateFormula("~ x1 + I(2*x1)")
        #expect(
            message { _ = try References.estimate(request, References.table("two-stage.csv")) }
                == "second: error: 'I(2 * x1)' is a linear combination of the columns before it ((Intercept), x1); leave it out"
        )
    }

    @Test func separatedTreatment() throws {
        let x = (0..<20).map { Double($0) }
        let table = try References.table([("x", x), ("a", x.map { $0 < 10 ? 0 : 1 }), ("y", x.map { $0 * $0 })])
        var request = RegimeRequest(stages: [try References.stage("only", "a", blip: "~ 1", model: "~ x", free: "~ x")])
        request.outcome = try RowExpression("y")
        request.method = .dwols
        #expect(
            message { _ = try References.estimate(request, table) }
                == "only: error: the treatment model has no finite estimate: 'x' tells the treatments apart, so some people could "
                + "have had one action only; leave it out, or say who may have what by 'allowed'")
    }

    @Test func treatmentAmongItsCovariates() throws {
        var request = try References.twoStages()
        request.stages[0].treatmentModel = try CovariateFormula("~ a1")
        #expect(
            message { _ = try References.estimate(request, References.table("two-stage.csv")) }
                == "first: error: found the treatment 'a1' in '~ a1', allowed: covariates that were known before it")
    }

    @Test func doseWithoutItsSquare() throws {
        var request = try References.oneStage("yd", "d", blip: "~ x", free: "~ x")
        request.stages[0].kind = .dose
        #expect(
            message { _ = try References.estimate(request, References.table("one-stage.csv")) }
                == "only: error: found a blip without 'd', allowed: one with it, such as ~ d*x for a(ψ₀ + ψ₁x) + a²(ψ₂ + ψ₃x): a "
                + "linear effect has its best dose at an end")
    }

    @Test func whatMethodsDoNotKnow() throws {
        var request = try References.oneStage("yd", "d", blip: "~ d*x", free: "~ x")
        request.stages[0].kind = .dose
        request.method = .tree
        request.learner = .ridge(penalty: 1)
        request.intervals.size = 1000
        #expect(
            message { _ = try References.estimate(request, References.table("one-stage.csv")) } == """
                method: error: found doses with tree, allowed: q, a or dwols
                learner: error: found a learner with tree, allowed: one with q
                intervals.method: error: found 'sandwich' with a ridge penalty, allowed: bootstrap, m-out-of-n, none
                intervals.size: error: found resamples of 1000 people, allowed: at most the 500 analysed
                """)
    }

    @Test func nobodyAllowedAnything() throws {
        var request = try References.twoStages()
        request.stages[0].allowed = [("0", try RowExpression("x1 > 100")), ("1", try RowExpression("x1 < 2"))]
        let text = message { _ = try References.estimate(request, References.table("two-stage.csv")) }
        #expect(text.hasPrefix("two-stage.csv, row "))
        #expect(text.contains("first: found a person to whom no action is allowed, allowed: at least one"))
    }

    @Test func specification() {
        let text = """
            outcom: y
            stages:
              - {treatment: a, blip: ~ x, treatment_modl: ~ x, range: [0, 1]}
            intervals: {method: jackknife, alpha: 0.1}
            survival: {time: t}
            """
        #expect(
            message { _ = try RegimeSpecification(text: text, file: "spec.yaml") } == """
                spec.yaml:1:1: error: unknown key 'outcom'; did you mean 'outcome'?
                spec.yaml:3:31: error: stages[0]: unknown key 'treatment_modl'; did you mean 'treatment_model'?
                spec.yaml:3:59: error: stages[0].range: 'range' is of a dose; write kind: dose, or leave it out
                spec.yaml:4:21: error: intervals.method: found 'jackknife', allowed: sandwich, stacked, bootstrap, m-out-of-n, none
                spec.yaml:4:39: error: intervals.alpha: 'alpha' is of method: m-out-of-n
                spec.yaml:5:11: error: survival: 'status' is missing
                """)
    }

    @Test func outcomesTwice() {
        let text = "outcome: y\nstages:\n  - {treatment: a, blip: ~ x, reward: r}\n"
        let found = message { _ = try RegimeSpecification(text: text, file: "spec.yaml") }
        #expect(found.hasSuffix("found outcome and rewards, allowed: one of outcome, rewards of stages, survival"))
    }
}
