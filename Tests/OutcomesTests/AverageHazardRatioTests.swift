import NumericsCore
import Outcomes
import Testing

@Suite struct AverageHazardRatioTests {
    private func curve(_ times: [Double], _ events: [Bool]? = nil) throws -> KaplanMeier {
        KaplanMeier(try SurvivalData(times: times, events: events ?? times.map { _ in true }))
    }

    /// Pairs won by either side, ties half for each, and the variance of their share: with divisor n, of the patients' own
    /// shares (Mann and Whitney 1947; DeLong et al. 1988).
    @Test("Closed form: without censoring the Mann–Whitney odds and their error")
    func withoutCensoring() throws {
        var sequence = TestSequence(seed: 5)
        for _ in 0..<10 {
            let first = (0..<13).map { _ in Double(1 + sequence.integer(below: 9)) }
            let second = (0..<8).map { _ in Double(1 + sequence.integer(below: 12)) }
            let result = try require(
                AverageHazardRatio.between(treated: curve(first), control: curve(second), horizon: 20))
            func wins(_ a: Double, _ b: Double) -> Double { a < b ? 1 : a == b ? 0.5 : 0 }
            let own = first.map { a in second.reduce(0) { $0 + wins(a, $1) } / 8 }
            let others = second.map { b in first.reduce(0) { $0 + wins($1, b) } / 13 }
            let theta = own.reduce(0, +) / 13
            let variance =
                own.reduce(0) { $0 + ($1 - theta) * ($1 - theta) } / (13 * 13)
                + others.reduce(0) { $0 + ($1 - theta) * ($1 - theta) } / (8 * 8)
            #expect(agree(result.treatedFirst, theta, 1e-13))
            #expect(agree(result.controlFirst, 1 - theta, 1e-13))
            let estimate = try require(result.estimate)
            #expect(agree(estimate.value, theta / (1 - theta), 1e-12))
            #expect(
                agree(try require(estimate.standardError), variance.squareRoot() / (theta * (1 - theta)), 1e-11))
        }
    }

    @Test("Closed form: at the quantiles of two exponential distributions it is their hazard ratio")
    func proportionalHazards() throws {
        let count = 4_000
        let times = [0.5, 1].map { rate in
            (0..<count).map { -Elementary.log1p(-(Double($0) + 0.5) / Double(count)) / rate }
        }
        for horizon in [0.2, 1, 3.0] {
            let result = try require(
                AverageHazardRatio.between(treated: curve(times[0]), control: curve(times[1]), horizon: horizon))
            #expect(agree(try require(result.estimate).value, 0.5, 3e-3))
        }
    }

    @Test("Second route: θ and its error by nudging one patient's event at a time", arguments: ReferenceSet.all)
    func nudged(_ set: ReferenceSet) throws {
        let (treated, control) = (try set.curve(group: 1), try set.curve(group: 0))
        let horizon = min(set.r.horizon, RestrictedMeanContrast.maximumValidTime([treated, control]))
        let result = try require(
            AverageHazardRatio.between(treated: treated, control: control, horizon: horizon))
        /// log θ₁/θ₀ from the two step curves, an arm's lowered by a share from one of its rows on.
        func logRatio(_ arm: Int = 0, from row: Int = .max, by share: Double = 0) -> Double {
            let curves = [treated, control]
            let values = curves.indices.map { a in
                curves[a].survival.indices.map { curves[a].survival[$0] * (a == arm && $0 >= row ? 1 - share : 1) }
            }
            func at(_ a: Int, _ time: Double, before: Bool) -> Double {
                var value = 1.0
                for (index, t) in curves[a].times.enumerated() where before ? t < time : t <= time {
                    value = values[a][index]
                }
                return value
            }
            var theta = [0.0, 0.0]
            for a in 0..<2 {
                for (index, time) in curves[a].times.enumerated() where time <= horizon && curves[a].events[index] > 0 {
                    let level = (at(1 - a, time, before: true) + at(1 - a, time, before: false)) / 2
                    theta[a] += level * (at(a, time, before: true) - at(a, time, before: false))
                }
            }
            return Elementary.log(theta[0] / theta[1])
        }
        let estimate = try require(result.estimate)
        #expect(agree(Elementary.log(estimate.value), logRatio(), 1e-9, floor: 1e-3))
        guard set.name == "veteran" || set.name == "lung" else { return }
        var variance = 0.0
        for (arm, curve) in [treated, control].enumerated() {
            for row in curve.times.indices where curve.times[row] <= horizon && curve.events[row] > 0 {
                let slope = (logRatio(arm, from: row, by: 1e-5) - logRatio(arm, from: row, by: -1e-5)) / 2e-5
                let (n, d) = (Double(curve.atRisk[row]), Double(curve.events[row]))
                if n > d { variance += slope * slope * d / (n * (n - d)) }
            }
        }
        #expect(agree(try require(estimate.standardError), variance.squareRoot(), 1e-6))
    }

    @Test(
        "Simulation: 400 censored trials of crossing hazards; the error is that of the estimates within 4 standard errors"
    )
    func simulated() throws {
        var sequence = TestSequence(seed: 31)
        var logs: [Double] = []
        var squares = 0.0
        for _ in 0..<400 {
            let curves = try [0.7, 1.0].map { shape in
                let event = (0..<120).map { _ in Elementary.pow(-Elementary.log(sequence.uniform()), 1 / shape) }
                let censoring = event.map { _ in 3 * sequence.uniform() }
                return try curve(zip(event, censoring).map(min), zip(event, censoring).map { $0 <= $1 })
            }
            let estimate = try require(
                AverageHazardRatio.between(treated: curves[0], control: curves[1], horizon: 1.5)
            ).estimate
            let (value, error) = (try require(estimate), try require(require(estimate).standardError))
            logs.append(Elementary.log(value.value))
            squares += error * error
        }
        let mean = logs.reduce(0, +) / 400
        let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
        // A variance of 400 normal numbers has the relative error √(2/399).
        #expect(abs(variance / (squares / 400) - 1) < 4 * (2.0 / 399).squareRoot())
    }

    @Test("Invariants: exchanged arms give the inverse; θ₁ + θ₀ = 1 − S₁S₀(τ)")
    func invariants() throws {
        let set = try ReferenceSet.named("gbsg2")
        let (treated, control) = (try set.curve(group: 1), try set.curve(group: 0))
        let result = try require(AverageHazardRatio.between(treated: treated, control: control, horizon: 1_500))
        let turned = try require(AverageHazardRatio.between(treated: control, control: treated, horizon: 1_500))
        #expect(agree(try require(result.estimate).value * require(turned.estimate).value, 1, 1e-12))
        #expect(
            agree(
                try require(require(result.estimate).standardError),
                try require(require(turned.estimate).standardError), 1e-12))
        let both = try require(treated.survival(at: 1_500)) * require(control.survival(at: 1_500))
        #expect(agree(result.treatedFirst + result.controlFirst, 1 - both, 1e-12))
    }

    @Test("Undefined: horizon, follow-up, an arm without events; one event in each arm")
    func undefined() throws {
        let open = try curve([2, 5], [true, false])
        let none = try curve([3, 6], [false, false])
        #expect(
            AverageHazardRatio.between(treated: open, control: none, horizon: .infinity).undefined?.reason
                == "horizon inf is not a positive finite time")
        #expect(
            AverageHazardRatio.between(treated: open, control: none, horizon: 5.5).undefined?.reason
                == "treated arm: time 5.5 is after the last observed time 5.0, where the curve has not reached 0")
        #expect(
            AverageHazardRatio.between(treated: open, control: none, horizon: 4).value?.estimate.undefined?.reason
                == "no event of the control arm by the horizon 4.0 while the other arm is at risk: the ratio has no"
                + " logarithm")
        let one = try require(
            AverageHazardRatio.between(treated: curve([1]), control: curve([1]), horizon: 1))
        #expect(one.treatedFirst == 0.5 && one.controlFirst == 0.5)
        #expect(one.estimate.value?.standardError.undefined?.code == "no-variance")
    }
}
