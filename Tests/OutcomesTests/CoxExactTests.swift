import Foundation
import Outcomes
import Testing

@Suite struct CoxExactTests {
    @Test(
        "R survival 3.5-3: exact ties of time counted in 25 units, with and without strata", arguments: ReferenceSet.all
    )
    func agreesWithR(_ set: ReferenceSet) throws {
        let columns = try CoxReference.Columns(set)
        let expected = try CoxReference.set(set)
        check(
            try CoxModel(columns.coarse, covariates: columns.covariates, ties: .exact), expected.exact, "\(set.name)")
        check(
            try CoxModel(columns.coarse, covariates: columns.within, strata: columns.strata, ties: .exact),
            expected.exactStratified, "\(set.name), stratified")
    }

    @Test("Second route: sums over all subsets, with delayed entry")
    func allSubsets() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 14, span: 4, seed: seed, delayed: true)
            var sequence = TestSequence(seed: seed + 9)
            let x = data.times.map { _ in 4 * sequence.uniform() }
            let model = try CoxModel(data, covariates: [.init("x", x)], ties: .exact)
            let beta = model.coefficients[0].estimate
            #expect(agree(naive(data, x, beta), model.logLikelihood, 1e-12), "seed \(seed)")
            #expect(agree(naive(data, x, 0), model.nullLogLikelihood, 1e-12), "seed \(seed)")
            let h = 1e-4
            let (up, down) = (naive(data, x, beta + h), naive(data, x, beta - h))
            #expect(abs(up - down) / (2 * h) < 1e-5, "seed \(seed): slope at the maximum")
            let curvature = -(up - 2 * naive(data, x, beta) + down) / (h * h)
            #expect(agree(model.covariance[0][0], 1 / curvature, 1e-5), "seed \(seed)")
        }
    }

    private func naive(_ data: SurvivalData, _ x: [Double], _ beta: Double) -> Double {
        var sum = 0.0
        for time in Set(data.times) {
            let died = data.times.indices.filter { data.times[$0] == time && data.events[$0] }
            guard !died.isEmpty else { continue }
            let risk = data.times.indices.filter { data.times[$0] >= time && data.entries?[$0] ?? -1 < time }
            var subsets = 0.0
            for mask in 0..<(1 << risk.count) where mask.nonzeroBitCount == died.count {
                let chosen = risk.indices.filter { mask & (1 << $0) != 0 }
                subsets += exp(beta * chosen.reduce(0) { $0 + x[risk[$1]] })
            }
            sum += beta * died.reduce(0) { $0 + x[$1] } - log(subsets)
        }
        return sum
    }

    @Test("Identity: without ties exact, Efron and Breslow are one likelihood; hazards are Breslow's")
    func withoutTies() throws {
        var sequence = TestSequence(seed: 8)
        let data = try SurvivalData(
            times: (0..<40).map { _ in sequence.uniform() }, events: (0..<40).map { _ in sequence.uniform() < 0.6 })
        let column = CovariateColumn("x", data.times.map { _ in sequence.uniform() })
        let exact = try CoxModel(data, covariates: [column], ties: .exact)
        let efron = try CoxModel(data, covariates: [column])
        #expect(agree(exact.coefficients[0].estimate, efron.coefficients[0].estimate, 1e-12))
        #expect(agree(exact.baselines[0].hazardAtMeans, efron.baselines[0].hazardAtMeans, 1e-12))
    }

    /// C(1000, 500) is 1e299: one factor more would leave the range of numbers.
    @Test("Limits: 1,500 tied events among 3,000 are within range, and agree with a logistic regression's odds")
    func manyTies() throws {
        // One binary covariate and one time: the conditional likelihood is that of a 2 × 2 table with its margins, whose
        // maximum nears the odds ratio as the table grows.
        let n = 3_000
        let x = (0..<n).map { Double($0 % 2) }
        let events = (0..<n).map { $0 % 2 == 1 ? $0 % 10 < 6 : $0 % 10 < 4 }
        let data = try SurvivalData(times: events.map { $0 ? 1 : 2 }, events: events)
        let model = try CoxModel(data, covariates: [.init("x", x)], ties: .exact)
        let a = Double(events.indices.filter { events[$0] && x[$0] == 1 }.count)
        let c = Double(events.indices.filter { events[$0] && x[$0] == 0 }.count)
        let half = Double(n / 2)
        #expect(abs(model.coefficients[0].estimate - log(a * (half - c) / ((half - a) * c))) < 2e-3)
        #expect(model.logLikelihood.isFinite)
    }

    @Test("Limits: where everybody at risk has the event nothing is learnt; too many ties are refused")
    func refusals() throws {
        let all = try SurvivalData(times: [1, 1, 1, 1], events: [true, true, true, true])
        #expect(throws: CoxError.constant(covariate: "x")) {
            try CoxModel(all, covariates: [.init("x", [1, 2, 3, 4])], ties: .exact)
        }
        let n = 300_000
        let many = try SurvivalData(
            times: (0..<n).map { Double(1 + $0 % 2) }, events: [Bool](repeating: true, count: n))
        let error = #expect(throws: CoxError.self) {
            try CoxModel(many, covariates: [.init("x", (0..<n).map { Double($0 % 7) })], ties: .exact)
        }
        #expect(
            error?.description
                == "Cox model: exact ties need too many products (150000 events among 300000 at risk at time 1.0, for one); "
                + "take Efron's")
    }
}
