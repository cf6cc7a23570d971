import NumericsCore
import Outcomes
import Testing

@Suite struct ProbabilityIntervalTests {
    @Test("Closed form: the ends lie z standard errors from the logit; the value and its error stay")
    func closedForm() throws {
        for (p, error) in [(0.5, 0.1), (0.9, 0.05), (0.02, 0.3), (0.999, 0.0001)] {
            let estimate = Estimate(normal: p, standardError: error).withInterval(.logit)
            let interval = try require(estimate.interval)
            let reach = interval.level.normalQuantile * error / (p * (1 - p))
            func logit(_ x: Double) -> Double { Elementary.log(x / (1 - x)) }
            // Next to 1 the logit of a rounded number has few digits: an end of 1 − 4e-12 has five.
            #expect(agree(logit(interval.lower), logit(p) - reach, 1e-6))
            #expect(agree(logit(interval.upper), logit(p) + reach, 1e-6))
            #expect(estimate.value == p && estimate.standardError.value == error)
            #expect(interval.lower > 0 && interval.upper < 1)
        }
    }

    @Test("Identity: plain is what the estimators give; an error out of all proportion stays inside 0 to 1")
    func plain() throws {
        let set = try ReferenceSet.named("lung")
        let c = try require(Concordance(set.survival(), scores: set.r.lp).estimate)
        #expect(c.withInterval(.plain) == c)
        let wide = try require(Estimate(normal: 0.5, standardError: 1e3).withInterval(.logit).interval)
        #expect(wide.lower == 0 && wide.upper == 1)
    }

    @Test("Undefined: a value at 0, at 1 or outside, and one without an error; an error on the log scale stays")
    func undefined() throws {
        for value in [0, 1, 1.2] as [Double] {
            let estimate = Estimate(normal: value, standardError: 0.1).withInterval(.logit)
            #expect(estimate.interval.undefined?.reason == "the value is \(value): its logit needs one inside 0 to 1")
        }
        let data = try SurvivalData(times: [1, 2, 3], events: [true, true, true])
        let perfect = try require(Concordance(data, scores: [3, 2, 1]).estimate)
        #expect(perfect.withInterval(.logit).interval.undefined?.code == "no-variation")
        let ratio = Estimate(normal: 0.5, standardError: 0.1, scale: .log)
        #expect(ratio.withInterval(.logit) == ratio)
    }

    /// Two normal scores one SD and a half apart: AUC = Φ(1.5/√2). 4,000 trials have a coverage within 0.0145 (four standard
    /// errors) of the true one.
    @Test(
        "Simulation, n = 50, seed 11: the logit interval of AUC holds the truth in 95 % ± 1.5 %, the plain one less often"
    )
    func coverage() throws {
        var sequence = TestSequence(seed: 11)
        func normal() -> Double { Normal.quantile(sequence.uniform()) }
        let truth = Normal.cdf(1.5 / 2.0.squareRoot())
        var held = (plain: 0, logit: 0)
        let trials = 4_000
        for _ in 0..<trials {
            let isCase = (0..<50).map { $0 < 20 }
            let scores = isCase.map { ($0 ? 1.5 : 0) + normal() }
            let data = try SurvivalData(times: isCase.map { $0 ? 1 : 2 }, events: isCase)
            let auc = try require(TimeDependentAUC(data, scores: scores, times: [1]).points[0].auc)
            func holds(_ kind: ProbabilityInterval) -> Bool {
                guard let interval = auc.withInterval(kind).interval.value else { return false }
                return interval.lower <= truth && truth <= interval.upper
            }
            held.plain += holds(.plain) ? 1 : 0
            held.logit += holds(.logit) ? 1 : 0
        }
        let (plain, logit) = (Double(held.plain) / Double(trials), Double(held.logit) / Double(trials))
        #expect(abs(logit - 0.95) < 0.0145, "plain \(plain), logit \(logit)")
        #expect(abs(plain - 0.95) > abs(logit - 0.95), "plain \(plain), logit \(logit)")
    }
}
