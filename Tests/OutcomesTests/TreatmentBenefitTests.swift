import NumericsCore
import Outcomes
import Testing

@Suite struct TreatmentBenefitTests {
    @Test("Reference: coxph and survfit of R in each stratum", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let reference = try BiasReference.of(set)
        let data = try set.survival()
        let treated = try set.column("group").map { $0 == 1 }
        let hazard = try TreatmentBenefit(
            data, treated: treated, grouping: set.grouping("strat"), measure: .logHazardRatio)
        let risk = try TreatmentBenefit(
            data, treated: treated, grouping: set.grouping("strat"), measure: .riskDifference(at: reference.horizon))
        for (code, effect) in reference.effects.enumerated() {
            if let expected = effect.loghr, let se = effect.se {
                let estimate = try require(hazard.byGroup.groups[code].estimate)
                #expect(agree(estimate.value, expected, 1e-8))
                #expect(agree(try require(estimate.standardError), se, 1e-8))
            }
            guard let expected = effect.risk, let se = effect.riskSE else {
                // R stops after the last time; a curve that has reached 0 by then has a value here, but no error.
                let found = risk.byGroup.groups[code].estimate
                #expect(["beyond-follow-up", nil].contains(found.undefined?.code))
                #expect(found.value?.standardError.value == nil)
                continue
            }
            // R gives the difference of survival, control minus treated: the risk's, treated minus control.
            let estimate = try require(risk.byGroup.groups[code].estimate)
            #expect(agree(estimate.value, expected, 1e-10))
            #expect(agree(try require(estimate.standardError), se, 1e-10))
        }
    }

    @Test("Second route: restricted means by a plain mask; interaction and gap are those of the effects")
    func restrictedMeans() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let treated = try set.column("group").map { $0 == 1 }
        let codes = try set.column("meno")
        let benefit = try TreatmentBenefit(
            data, treated: treated, grouping: set.grouping("meno"), measure: .restrictedMeanDifference(to: 1500))
        for group in benefit.byGroup.groups {
            func mean(_ arm: Bool) throws -> Estimate {
                let rows = codes.indices.filter { "\(Int(codes[$0]))" == group.label && treated[$0] == arm }
                return try require(KaplanMeier(data.subset(rows)).restrictedMean(to: 1500)).estimate
            }
            let (one, zero) = try (mean(true), mean(false))
            let errors = try (require(one.standardError), require(zero.standardError))
            let estimate = try require(group.estimate)
            #expect(agree(estimate.value, one.value - zero.value, 1e-12))
            let squared = errors.0 * errors.0 + errors.1 * errors.1
            #expect(agree(try require(estimate.standardError), squared.squareRoot(), 1e-12))
        }
        let gap = try #require(benefit.gaps(to: "0").first)
        let z = try require(gap.estimate).value / (try require(require(gap.estimate).standardError))
        #expect(agree(try require(benefit.interaction).test.statistic, z * z, 1e-10))
        #expect(agree(try require(gap.adjustedPValue), 2 * Normal.survival(abs(z)), 1e-12))
        #expect(gap.truth.undefined != nil)
    }

    /// Exponential outcomes under both arms with a gain in one group only, each patient under one of them.
    private func trial(
        _ replicate: UInt32, count: Int
    ) throws -> (data: SurvivalData, treated: [Bool], grouping: Grouping, twins: PotentialOutcomes) {
        var stream = RandomStream(seed: 31, purpose: .analysis, replicate: replicate, patient: 0)
        var one: [Double] = []
        var zero: [Double] = []
        var treated: [Bool] = []
        var seen: [(time: Double, event: Bool)] = []
        for row in 0..<count {
            let threshold = -Elementary.log(stream.nextUniform())
            one.append(threshold / (row % 2 == 0 ? 0.05 : 0.1))
            zero.append(threshold / 0.1)
            treated.append(stream.nextUniform() < 0.5)
            let censoring = 30 * stream.nextUniform()
            let time = treated[row] ? one[row] : zero[row]
            seen.append((min(time, censoring), time <= censoring))
        }
        let always = [Bool](repeating: true, count: count)
        return (
            try SurvivalData(times: seen.map(\.time), events: seen.map(\.event)), treated,
            Grouping((0..<count).map { $0 % 2 == 0 ? "gains" : "does not" }),
            try PotentialOutcomes(
                treated: SurvivalData(times: one, events: always), control: SurvivalData(times: zero, events: always))
        )
    }

    @Test(
        "Simulation: the gap estimated agrees with the twins' on average, within four standard errors",
        arguments: [TreatmentBenefit.Measure.riskDifference(at: 8), .restrictedMeanDifference(to: 10), .logHazardRatio])
    func twins(_ measure: TreatmentBenefit.Measure) throws {
        var biases: [Double] = []
        var truths: [Double] = []
        for replicate in 0..<60 {
            let trial = try trial(UInt32(replicate), count: 400)
            let benefit = try TreatmentBenefit(
                trial.data, treated: trial.treated, grouping: trial.grouping, measure: measure, twins: trial.twins)
            let gap = try #require(benefit.gaps(to: "does not").first)
            biases.append(try require(gap.bias).value)
            truths.append(try require(gap.truth).value)
            #expect(
                agree(
                    try require(gap.bias).value, try require(gap.estimate).value - (try require(gap.truth).value), 1e-12
                ))
        }
        let bias = try SampleMean(biases).estimate
        #expect(abs(bias.value) < 4 * (try require(bias.standardError)))
        // Truth by the law: e^−0.8 − e^−0.4; (1 − e^−0.5)/0.05 − (1 − e^−1)/0.1; log ½. Within four standard errors.
        let expected =
            switch measure {
            case .riskDifference: 0.449329 - 0.670320
            case .restrictedMeanDifference: 7.869387 - 6.321206
            case .logHazardRatio: -0.693147
            }
        let truth = try SampleMean(truths).estimate
        #expect(abs(truth.value - expected) < 4 * (try require(truth.standardError)))
    }

    @Test("Identity: where treatment does nothing twins agree exactly, and the true effect is 0 in every group")
    func noEffect() throws {
        let trial = try trial(0, count: 100)
        let same = try PotentialOutcomes(treated: trial.twins.control, control: trial.twins.control)
        for measure in [TreatmentBenefit.Measure.riskDifference(at: 8), .restrictedMeanDifference(to: 10)] {
            let benefit = try TreatmentBenefit(
                trial.data, treated: trial.treated, grouping: trial.grouping, measure: measure, twins: same)
            for group in benefit.byGroup.groups {
                let effect = try require(group.result)
                #expect(try require(effect.truth).value == 0)
                #expect(try require(effect.bias).value == effect.estimate.value)
            }
        }
    }

    @Test("Undefined: a group in one arm, a censored twin, no event; failure: twins of other patients")
    func undefined() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4, 5, 6], events: [true, false, true, true, false, true])
        let grouping = Grouping(["a", "a", "b", "b", "b", "b"])
        let treated = [true, true, true, false, true, false]
        let twins = try PotentialOutcomes(treated: data, control: data)
        let benefit = try TreatmentBenefit(
            data, treated: treated, grouping: grouping, measure: .riskDifference(at: 5.5), twins: twins)
        #expect(
            benefit.byGroup.groups[0].estimate.undefined?.reason
                == "2 treated and 0 control patients: an effect needs both")
        let early = try TreatmentBenefit(
            data, treated: treated, grouping: grouping, measure: .riskDifference(at: 4.5), twins: twins)
        #expect(try require(early.byGroup.groups[1].result).truth.value?.value == 0)
        #expect(
            early.byGroup.overall.result.value?.truth.undefined?.reason
                == "a potential outcome of row 2 is censored before the horizon")
        let quiet = try SurvivalData(times: data.times, events: data.events.map { _ in false })
        let hazard = try TreatmentBenefit(quiet, treated: treated, grouping: grouping, measure: .logHazardRatio)
        #expect(
            hazard.byGroup.groups[1].estimate.undefined?.reason
                == "Cox model: there is no event; at least one is needed")
        let short = try SurvivalData(times: [1], events: [true])
        let error = #expect(throws: InvalidInput.self) {
            try TreatmentBenefit(
                data, treated: [true], grouping: grouping, measure: .logHazardRatio,
                twins: PotentialOutcomes(treated: short, control: short))
        }
        #expect(
            error?.description == """
                treated: found 1 rows, allowed is 6 rows, one for each patient
                potential outcomes: found 1 rows, allowed is 6 rows, one for each patient
                """)
        let pair = #expect(throws: InvalidInput.self) { try PotentialOutcomes(treated: data, control: short) }
        #expect(pair?.description == "control outcomes: found 1 rows, allowed is 6 rows, one for each patient")
    }
}
