import Outcomes
import Testing

@Suite struct BenefitHarmTests {
    @Test("Closed form: number needed for benefit and harm, intervals through infinity, zero, one bound at zero")
    func numberNeeded() throws {
        func number(_ value: Double, _ lower: Double, _ upper: Double, _ event: NumberNeeded.Event = .harmful) throws
            -> NumberNeeded
        {
            let level = ConfidenceLevel.ninetyFivePercent
            return try NumberNeeded(
                Estimate(
                    value: value, standardError: .value(0.1),
                    interval: .value(.init(lower: lower, upper: upper, level: level))), event: event)
        }
        let benefit = try number(-0.125, -0.25, -0.05)
        #expect(benefit.direction == .benefit && benefit.value == .value(8))
        #expect(benefit.interval == .value(.oneSided(.benefit, lower: 4, upper: 20)))
        #expect(benefit.description == "NNTB 8.0 (NNTB 4.0 to 20)")
        let harm = try number(0.125, 0.0625, 0.25)
        #expect(harm.interval == .value(.oneSided(.harm, lower: 4, upper: 16)))
        let through = try number(-0.125, -0.25, 0.03125)
        #expect(through.interval == .value(.throughInfinity(harm: 32, benefit: 4)))
        #expect(through.description == "NNTB 8.0 (NNTB 4.0 to ∞ to NNTH 32)")
        #expect(try number(0.125, -0.03125, 0.25).description == "NNTH 8.0 (NNTH 4.0 to ∞ to NNTB 32)")
        #expect(try number(0.125, 0.0625, 0.25, .beneficial).direction == .benefit)
        #expect(try number(-0.125, -0.25, 0).interval == .value(.oneSided(.benefit, lower: 4, upper: .infinity)))
        let none = try number(0, -0.25, 0.5)
        #expect(none.value.undefined?.reason == "the risks do not differ: the number is infinite")
        #expect(none.direction == nil && none.description == "∞ (NNTB 4.0 to ∞ to NNTH 2.0)")
        #expect(
            #expect(throws: InvalidInput.self) { try number(2, 1, 3) }?.description
                == "risk difference: found 2.0, allowed is a number from -1 to 1")
    }

    @Test("Rate difference: the value and its error by hand; the interval holds without an event in either group")
    func rateDifference() throws {
        let difference = try RateDifference(
            treated: IncidenceRate(events: 8, personTime: 100), control: IncidenceRate(events: 5, personTime: 50))
        #expect(agree(difference.estimate.value, -0.02, 1e-12))
        #expect(agree(try require(difference.estimate.standardError), (8 / 1e4 + 5 / 2500.0).squareRoot(), 1e-12))
        let empty = try RateDifference(
            treated: IncidenceRate(events: 0, personTime: 100), control: IncidenceRate(events: 0, personTime: 100))
        #expect(empty.estimate.standardError.undefined?.code == "no-events")
        let interval = try require(empty.estimate.interval)
        #expect(interval.lower < 0 && agree(interval.lower, -interval.upper, 1e-12))
        // One of the two at 0: the interval of the other alone (its bound by −log 0.025 = 3.689).
        #expect(agree(interval.upper, 0.03688879454, 1e-9))
    }

    @Test("Alerts counted by hand without censoring; with it, the survival curve of those alerted")
    func alerts() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4, 5, 6], events: [true, true, false, true, true, true])
        let risks = [0.9, 0.4, 0.8, 0.7, 0.3, 0.6]
        let sure = try AlertBurden(data, risks: risks, threshold: 0.5, horizon: 2)
        // Of rows 1, 3, 4, 6 the first has the event by 2.
        #expect(sure.alerts == 4 && sure.count == 6)
        #expect(try require(sure.predictiveValue).value == 0.25)
        #expect(try require(sure.wrongPerRight).value == 3)
        #expect(try require(sure.alertsPerRight).value == 4)
        #expect(agree(try require(sure.sensitivity).value, 0.5, 1e-13))
        let value = try require(require(sure.predictiveValue).interval)
        let burden = try require(require(sure.wrongPerRight).interval)
        #expect(agree(burden.lower, 1 / value.upper - 1, 1e-12) && agree(burden.upper, 1 / value.lower - 1, 1e-12))
        // SE 0.25·0.75/4 binomial: log((1 − F)/F) has the error SE/(F·(1 − F)).
        #expect(
            agree(try require(require(sure.wrongPerRight).standardError), (0.1875 / 4).squareRoot() / 0.1875, 1e-12))
        // By 4: S = 3/4 · 1/2 with the censoring at 3.
        #expect(
            agree(
                try require(AlertBurden(data, risks: risks, threshold: 0.5, horizon: 4).predictiveValue).value, 0.625,
                1e-13))
        let early = try AlertBurden(data, risks: risks, threshold: 0.5, horizon: 0.5)
        #expect(early.wrongPerRight.undefined?.reason == "no event by time 0.5")
        #expect(early.sensitivity.undefined?.code == "no-cases")
        let nobody = try AlertBurden(data, risks: risks, threshold: 1, horizon: 2)
        #expect(nobody.predictiveValue.undefined?.reason == "there is no patient in the group")
        #expect(
            #expect(throws: InvalidInput.self) { try AlertBurden(data, risks: risks, threshold: 2, horizon: 1) }?
                .description
                == "threshold: found 2.0, allowed is a probability from 0 to 1")
    }

    @Test("A table pairs every benefit with its harms, and refuses a benefit alone")
    func table() throws {
        let stroke = try ArmOutcome(
            "stroke", treated: Proportion(events: 10, of: 200), control: Proportion(events: 30, of: 200))
        let bleeding = try ArmOutcome(
            "major bleeding", treated: Proportion(events: 9, of: 200), control: Proportion(events: 4, of: 200))
        let falls = try ArmOutcome(
            "falls", treated: IncidenceRate(events: 12, personTime: 180),
            control: IncidenceRate(events: 12, personTime: 180))
        let table = try BenefitHarmTable(benefits: [stroke], harms: [bleeding, falls])
        // 5 bleedings more for 20 strokes less.
        #expect(agree(try require(table.pairs[0].harmsPerBenefit[0]), 0.25, 1e-12))
        #expect(
            table.pairs[0].harmsPerBenefit[1].undefined?.reason == "\"falls\" is a rate and \"stroke\" a risk")
        #expect(stroke.numberNeeded?.description.hasPrefix("NNTB 10 (NNTB ") == true)
        #expect(bleeding.numberNeeded?.direction == .harm)
        let lines = table.description.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[2].hasPrefix("| benefit: stroke | 0.05 | 0.15 | -0.1 (-0.16"))
        #expect(lines[4].hasPrefix("| harm: falls | 0.0667 | 0.0667 | 0.0 (") && lines[4].hasSuffix("| – |"))
        #expect(
            #expect(throws: InvalidInput.self) { try BenefitHarmTable(benefits: [stroke], harms: []) }?.description
                == "harms: found none beside the benefit \"stroke\", allowed is at least one adverse event, also when nobody had it"
        )
        let pair = try BenefitHarm(benefit: bleeding, harms: [stroke])
        #expect(
            pair.harmsPerBenefit[0].undefined?.reason == "the treated arm is not better off in \"major bleeding\"")
    }

    @Test("Risks under censoring in two arms: the difference with the intervals of both")
    func censoredRisks() throws {
        let data = try ReferenceSet.named("veteran").survival()
        let halves = [0, 1].map { part in data.times.indices.filter { $0 % 2 == part } }
        let risks = try halves.map { try ObservedRisk(data.subset($0), horizon: 100) }
        let outcome = try require(try ArmOutcome.risk("death", treated: risks[0], control: risks[1]))
        let (a, b) = (try require(risks[0].estimate), try require(risks[1].estimate))
        #expect(outcome.difference.value == a.value - b.value)
        let variance = try [a, b].reduce(0) { sum, risk in
            let error = try require(risk.standardError)
            return sum + error * error
        }
        #expect(agree(try require(outcome.difference.standardError), variance.squareRoot(), 1e-12))
        let interval = try require(outcome.difference.interval)
        #expect(interval.lower < outcome.difference.value && outcome.difference.value < interval.upper)
        let late = try ObservedRisk(SurvivalData(times: [1], events: [false]), horizon: 2)
        #expect(try ArmOutcome.risk("death", treated: late, control: risks[1]).undefined?.code == "beyond-follow-up")
    }
}
