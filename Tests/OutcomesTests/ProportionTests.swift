import Outcomes
import Testing

@Suite struct ProportionTests {
    @Test("R 4.2.2: Wilson's interval, exact rate and rate ratio", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let rows = try set.grouping("group").rows
        let (control, treated) = (try data.subset(rows[0]), try data.subset(rows[1]))
        let share = try Proportion(treated.events)
        #expect(agree([share.interval.lower, share.interval.upper], set.comparisons.wilson))
        let rate = try IncidenceRate(treated)
        #expect(agree(rate.estimate.value, set.comparisons.rate.rate))
        #expect(agree([rate.interval.lower, rate.interval.upper], set.comparisons.rate.interval))
        let ratio = try require(RateRatio(treated: rate, control: try IncidenceRate(control)).estimate)
        let interval = try require(ratio.interval)
        #expect(agree(ratio.value, set.comparisons.rateRatio.ratio))
        #expect(agree([interval.lower, interval.upper], set.comparisons.rateRatio.interval))
    }

    @Test("Published: Newcombe 1998, Stat Med 17:857, table I: Wilson intervals to four decimals")
    func publishedWilson() throws {
        for (events, count, lower, upper) in [
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
        ] {
            let interval = try Proportion(events: events, of: count).interval
            #expect(abs(interval.lower - lower) < 5e-5 && abs(interval.upper - upper) < 5e-5, "\(events)/\(count)")
        }
    }

    @Test("Published: Newcombe 1998, Stat Med 17:873, table II, method 10: differences to four decimals")
    func publishedNewcombe() throws {
        for (a, m, b, n, lower, upper) in [
            (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
            (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
            (10, 10, 0, 20, 0.6791, 1), (10, 10, 0, 10, 0.6075, 1),
        ] {
            let difference = try RiskDifference(
                treated: Proportion(events: a, of: m), control: Proportion(events: b, of: n))
            let interval = try require(difference.estimate.interval)
            #expect(abs(interval.lower - lower) < 5e-5 && abs(interval.upper - upper) < 5e-5, "\(a)/\(m) - \(b)/\(n)")
        }
    }

    @Test("Closed form by hand: risk ratio 20/100 over 10/100, and rate ratio on the log scale")
    func ratiosByHand() throws {
        let ratio = RiskRatio(
            treated: try Proportion(events: 20, of: 100), control: try Proportion(events: 10, of: 100))
        let estimate = try require(ratio.estimate)
        #expect(agree(estimate.value, 2, 1e-15))
        #expect(agree(try require(estimate.standardError), 0.13.squareRoot(), 1e-14))
        #expect(estimate.scale == .log)
        let interval = try require(estimate.interval)
        #expect(agree(interval.lower * interval.upper, 4, 1e-14))
        let rates = RateRatio(
            treated: try IncidenceRate(events: 20, personTime: 100),
            control: try IncidenceRate(events: 5, personTime: 50), interval: .log)
        #expect(agree(try require(require(rates.estimate).standardError), 0.5, 1e-14))
        #expect(try require(rates.estimate).value == 2)
    }

    @Test("Identity: exact Poisson bounds leave half the error in each tail")
    func exactPoissonTails() throws {
        for events in [0, 1, 4, 17, 120] {
            let rate = try IncidenceRate(events: events, personTime: 1)
            func cdf(_ mean: Double, through last: Int) -> Double {
                guard last >= 0 else { return 0 }
                var term = 1.0
                var sum = 1.0
                for k in stride(from: 1, through: last, by: 1) {
                    term *= mean / Double(k)
                    sum += term
                }
                return sum * poissonZero(mean)
            }
            #expect(agree(cdf(rate.interval.upper, through: events), 0.025, 1e-9), "\(events) events")
            #expect(agree(1 - cdf(rate.interval.lower, through: events - 1), events == 0 ? 1 : 0.025, 1e-9))
        }
    }

    /// e^−mean from its series at mean/1024, squared ten times: no call to the library's exponential.
    private func poissonZero(_ mean: Double) -> Double {
        var x = 1.0
        var term = 1.0
        let small = -mean / 1024
        for k in 1...20 {
            term *= small / Double(k)
            x += term
        }
        for _ in 0..<10 { x *= x }
        return x
    }

    @Test("Undefined: no event, only events; nothing is added to a zero cell")
    func undefined() throws {
        let none = try Proportion(events: 0, of: 8)
        let some = try Proportion(events: 3, of: 9)
        let all = try Proportion(events: 8, of: 8)
        #expect(none.interval.lower == 0)
        #expect(all.interval.upper == 1)
        #expect(
            none.estimate.standardError.undefined?.reason
                == "0 of 8 have the event: the binomial error has no estimate")
        #expect(
            RiskRatio(treated: some, control: none).estimate.undefined?.reason
                == "the control group has no event to divide by")
        let zero = try require(RiskRatio(treated: none, control: some).estimate)
        #expect(zero.value == 0)
        #expect(zero.interval.undefined?.reason == "the treated group has no event: log 0 has no error")
        #expect(RiskDifference(treated: all, control: none).estimate.standardError.undefined?.code == "one-outcome")
        #expect(try require(RiskRatio(treated: all, control: all).estimate).standardError.undefined != nil)
        let quiet = try IncidenceRate(events: 0, personTime: 10)
        #expect(quiet.estimate.standardError.undefined?.reason == "there is no event: log 0 has no error")
        let busy = try IncidenceRate(events: 5, personTime: 10)
        let exact = try require(RateRatio(treated: quiet, control: busy).estimate)
        #expect(exact.value == 0)
        #expect(try require(exact.interval).lower == 0)
        // Zero of 5 binomial: π ≤ 1 − 0.025^(1/5) = 0.521824, odds 1.09129.
        #expect(agree(try require(exact.interval).upper, 0.5218237501 / 0.4781762499, 1e-8))
        #expect(RateRatio(treated: busy, control: quiet).estimate.undefined?.code == "no-control-events")
    }

    @Test("Failure: counts and person-times that cannot be")
    func inputIsChecked() {
        let events = #expect(throws: InvalidInput.self) { try Proportion(events: 5, of: 4) }
        #expect(events?.description == "events: found 5, allowed is 0 to 4")
        let count = #expect(throws: InvalidInput.self) { try Proportion([]) }
        #expect(count?.description == "count: found 0 patients, allowed is at least one")
        let rate = #expect(throws: InvalidInput.self) { try IncidenceRate(events: -1, personTime: 0) }
        #expect(
            rate?.description == """
                events: found -1, allowed is 0 or more
                person-time: found 0.0, allowed is a finite number > 0
                """)
    }
}
