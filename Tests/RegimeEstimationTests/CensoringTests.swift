import Evaluation
import NumericsCore
import Testing

@testable import RegimeEstimation

/// Censoring that depends on time and covariates: with weights the effects are those of the same people without censoring.
@Suite struct CensoringTests {
    /// Two stages, the second from day 1 on for who is alive: 12,000 people, once followed to the end and once censored. The
    /// estimates differ by less than four standard errors, and those that leave the censored out by more at the first stage.
    @Test func timeDependentWeights() throws {
        var stream = RandomStream(seed: 12, purpose: .analysis, replicate: 0, patient: 0)
        let n = 12_000
        var rows: [[Double]] = []
        for _ in 0..<n {
            let x = stream.nextUniform()
            let a1 = stream.nextBernoulli(probability: 0.5) ? 1.0 : 0
            let a2 = stream.nextBernoulli(probability: 0.5) ? 1.0 : 0
            let first = stream.nextExponential(rate: 0.5 * (1 - 0.4 * a1))
            let second = stream.nextExponential(rate: 0.6 - 0.3 * a2 * x)
            let time = first < 1 ? first : 1 + second
            let leaves = stream.nextExponential(rate: 0.1 + 0.5 * a1)
            rows.append([x, a1, a2, time, leaves])
        }
        func fit(censored: Bool, weighted: Bool = true) throws -> RegimeEstimate {
            let seen = rows.filter { weighted || $0[3] <= $0[4] || $0[4] > 4 }
            let times = seen.map { censored ? min($0[3], $0[4]) : $0[3] }
            let table = try References.table([
                ("x", seen.map { $0[0] }), ("a1", seen.map { $0[1] }), ("a2", seen.map { $0[2] }), ("time", times),
                ("status", seen.map { !censored || $0[3] <= $0[4] ? 1 : 0 }), ("came", times.map { $0 > 1 ? 1 : 0 }),
                ("one", seen.map { _ in 1 }),
            ])
            var request = RegimeRequest(stages: [
                try References.stage("first", "a1", blip: "~ 1", free: "~ x"),
                try References.stage("second", "a2", blip: "~ x", free: "~ x + a1"),
            ])
            request.stages[1].reached = try RowExpression("came")
            request.stages[1].start = try RowExpression("one")
            var survival = RegimeRequest.Survival(time: try RowExpression("time"), status: try RowExpression("status"))
            survival.tau = 4
            survival.censoring = try CovariateFormula("~ a1")
            survival.model = .cox
            request.survival = survival
            return try References.estimate(request, table)
        }
        let (whole, weighted) = (try fit(censored: false), try fit(censored: true))
        for (a, b) in zip(whole.psi, weighted.psi) {
            let se = try #require(b.shown.se)
            #expect(
                abs(a.shown.estimate - b.shown.estimate) < 4 * se, "\(a.name): \(a.shown.estimate), \(b.shown.estimate)"
            )
        }
        let (value, other) = (try #require(whole.value.estimate), try #require(weighted.value.estimate))
        #expect(abs(value - other) < 4 * (try #require(weighted.value.se)))
        let naive = try fit(censored: false, weighted: false)
        #expect(
            abs(naive.psi[0].shown.estimate - whole.psi[0].shown.estimate) > 4 * (try #require(whole.psi[0].shown.se)))
    }
}
