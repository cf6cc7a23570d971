import NumericsCore
import Outcomes
import Testing

@Suite struct GapIntervalTests {
    private func frame(_ values: [Double], _ errors: [Double]) throws -> Stratified<Estimate> {
        try Stratified(Grouping(Array(values.indices))) { rows in
            .value(Estimate(normal: values[rows[0]], standardError: errors[rows[0]]))
        }
    }

    @Test("By hand: worst over best in either direction")
    func ratio() throws {
        let groups = try frame([0.4, 0.8, 0.5], [1, 1, 1])
        let high = try require(groups.ratio(.higherIsBetter))
        #expect((high.ratio, high.worst, high.best) == (0.5, "0", "1"))
        let low = try require(groups.ratio(.lowerIsBetter))
        #expect((low.ratio, low.worst, low.best) == (2, "1", "0"))
        #expect(try frame([-1, 2], [1, 1]).ratio(.higherIsBetter).undefined?.code == "negative-value")
        #expect(
            try frame([0, 2], [1, 1]).ratio(.lowerIsBetter).undefined?.reason
                == "the best group's value is 0: no ratio to it")
        #expect(try frame([1], [1]).ratio(.lowerIsBetter).undefined?.code == "few-groups")
    }

    @Test("Identity: ratios of shares have Katz's error, as RiskRatio")
    func ratiosToReference() throws {
        let counts = [(3, 10), (8, 20), (0, 7)]
        let shares = try Stratified(Grouping(["a", "b", "c"])) { rows in
            .value(try Proportion(events: counts[rows[0]].0, of: counts[rows[0]].1).estimate)
        }
        let ratios = try shares.ratios(to: "b")
        let expected = try require(
            RiskRatio(treated: Proportion(events: 3, of: 10), control: Proportion(events: 8, of: 20)).estimate)
        let found = try require(ratios[0].estimate)
        #expect(agree(found.value, expected.value, 1e-13))
        #expect(agree(try require(found.standardError), try require(expected.standardError), 1e-13))
        #expect(try require(ratios[1].estimate).value == 0)
        #expect(try require(ratios[1].estimate).standardError.value == nil)
        #expect(
            try shares.ratios(to: "c")[0].estimate.undefined?.reason
                == "the reference group's value is 0: no ratio to it")
        #expect(try frame([-1, 1], [1, 1]).ratios(to: "1")[0].estimate.undefined?.code == "negative-value")
    }

    @Test("Closed form: with two groups the interval is that of their contrast")
    func twoGroups() throws {
        let interval = try require(frame([3, 1], [0.3, 0.4]).gapInterval(seed: 1))
        #expect(interval.difference == 2)
        #expect(agree(interval.interval.lower, 2 - 1.959963984540054 * 0.5, 1e-13))
        #expect(agree(interval.interval.upper, 2 + 1.959963984540054 * 0.5, 1e-13))
    }

    @Test("Published: for equal errors the critical value is Tukey's q/√2 (R: qtukey(0.95, k, Inf)/sqrt(2))")
    func tukey() throws {
        for (groups, expected) in [(3, 2.343701), (5, 2.727774), (8, 3.031325)] {
            let values = (0..<groups).map { Double($0) }
            let interval = try require(
                frame(values, values.map { _ in 1 }).gapInterval(seed: 7, draws: 200_000))
            // The 95 % quantile of 200,000 draws has a standard error of about 0.005.
            #expect(abs(interval.criticalValue - expected) < 0.02)
        }
    }

    @Test("Simulation: the interval holds the true gap at least as often as it says, with and without one")
    func coverage() throws {
        for truth in [[0.0, 0, 0, 0], [0, 0, 0.2, 1]] {
            let errors = [0.1, 0.2, 0.15, 0.1]
            let gap = (truth.max() ?? 0) - (truth.min() ?? 0)
            var held = 0
            for replicate in 0..<400 {
                var stream = RandomStream(seed: 11, purpose: .analysis, replicate: UInt32(replicate), patient: 1)
                let values = truth.indices.map { truth[$0] + errors[$0] * stream.nextNormal() }
                let interval = try require(frame(values, errors).gapInterval(seed: 3, draws: 2000)).interval
                if interval.lower <= gap, gap <= interval.upper { held += 1 }
            }
            // 0.95 less four binomial standard errors of 0.011.
            #expect(Double(held) / 400 > 0.906)
        }
    }

    @Test("The same bits for the same seed; groups without an error are named")
    func reproducible() throws {
        let groups = try frame([1, 2, 3, 9], [1, 1, 1, 0])
        let first = try require(groups.gapInterval(seed: 5))
        #expect(try require(groups.gapInterval(seed: 5)) == first)
        #expect(first.compared == ["0", "1", "2"])
        #expect(first.leftOut == ["3"])
        let few = try frame([1, 2], [1, 0]).gapInterval(seed: 1)
        #expect(few.undefined?.reason == "1 groups have a standard error: two are needed for an interval")
        let draws = #expect(throws: InvalidInput.self) { try groups.gapInterval(seed: 1, draws: 5) }
        #expect(draws?.description == "draws: found 5, allowed is 100 or more")
    }

    @Test("Bootstrap: the standard error of two groups' gap is that of their means' difference")
    func bootstrap() throws {
        var stream = RandomStream(seed: 2, purpose: .analysis, replicate: 0, patient: 0)
        let values = (0..<200).map { ($0 < 80 ? 0.0 : 3.0) + stream.nextNormal() }
        let grouping = Grouping((0..<200).map { $0 < 80 ? "a" : "b" })
        func mean(_ rows: [Int]) -> Estimated<Double> {
            .value(rows.reduce(0) { $0 + values[$1] } / Double(rows.count))
        }
        let gap = try BootstrapGap(grouping, seed: 4, replicates: 2000, metric: mean)
        let a = (0..<80).map { values[$0] }
        let b = (80..<200).map { values[$0] }
        let welch = try MeanDifference(treated: b, control: a)
        let error = try require(welch.estimate.standardError)
        #expect(agree(gap.gap.difference, welch.estimate.value, 1e-12))
        // 2,000 resamples: the error of a standard error is 1.6 %; four of them.
        #expect(abs(gap.standardError / error - 1) < 0.065)
        let interval = try require(welch.estimate.interval)
        #expect(abs(gap.interval.lower - interval.lower) < 0.5 * error)
        #expect(abs(gap.interval.upper - interval.upper) < 0.5 * error)
        #expect(gap.failures == 0)
        let again = try BootstrapGap(grouping, seed: 4, replicates: 2000, metric: mean)
        #expect(again.interval == gap.interval)
    }

    @Test("Groups of one patient: their resamples do not vary; one group has no gap")
    func onePatient() throws {
        let values = [1.0, 4.0]
        func first(_ rows: [Int]) -> Estimated<Double> { .value(values[rows[0]]) }
        let gap = try BootstrapGap(Grouping(["a", "b"]), seed: 1, replicates: 50, metric: first)
        #expect((gap.standardError, gap.interval.lower, gap.interval.upper) == (0, 3, 3))
        let one = #expect(throws: Undefined.self) {
            try BootstrapGap(Grouping(["a"]), seed: 1, replicates: 50, metric: first)
        }
        #expect(one?.reason == "1 groups have a value: two are needed to compare")
    }
}
