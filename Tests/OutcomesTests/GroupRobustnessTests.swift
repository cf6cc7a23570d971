import Outcomes
import Testing

/// Small data in which groups are empty, of one patient, all tied, all censored or all alike: every answer is a finite number
/// or a reason.
@Suite struct GroupRobustnessTests {
    private struct Sample {
        let data: SurvivalData
        let scores: [Double]
        let risks: [Double]
        let selected: [Bool]
        let grouping: Grouping

        init(_ seed: UInt64) throws {
            var sequence = TestSequence(seed: seed)
            let count = 1 + sequence.integer(below: 14)
            let span = 1 + sequence.integer(below: 6)
            let share = [0.0, 0.3, 0.7, 1][sequence.integer(below: 4)]
            data = try SurvivalData(
                times: (0..<count).map { _ in Double(sequence.integer(below: span)) },
                events: (0..<count).map { _ in sequence.uniform() < share })
            let values = 1 + sequence.integer(below: 4)
            scores = (0..<count).map { _ in Double(sequence.integer(below: values)) }
            risks = (0..<count).map { _ in Double(1 + sequence.integer(below: values)) / 6 }
            selected = (0..<count).map { _ in sequence.uniform() < 0.5 }
            let groups = 1 + sequence.integer(below: 4)
            grouping = try Grouping(
                codes: (0..<count).map { _ in sequence.integer(below: groups) }, labels: ["a", "b", "c", "d"])
        }
    }

    private func check(_ result: Estimated<Estimate>, _ seed: UInt64, within range: ClosedRange<Double>? = nil) {
        guard let estimate = result.value else {
            #expect(result.undefined?.reason.isEmpty == false)
            return
        }
        #expect(estimate.value.isFinite, "seed \(seed)")
        if let range { #expect(range.contains(estimate.value), "seed \(seed)") }
        if let error = estimate.standardError.value { #expect(error.isFinite && error >= 0, "seed \(seed)") }
        if let interval = estimate.interval.value {
            #expect(interval.lower <= estimate.value && estimate.value <= interval.upper, "seed \(seed)")
        }
    }

    @Test("Invariant: comparisons between groups answer with finite numbers or reasons", arguments: 0..<8)
    func comparisons(_ block: Int) throws {
        for seed in UInt64(block * 100)..<UInt64(block * 100 + 100) {
            let sample = try Sample(seed)
            let (data, grouping) = (sample.data, sample.grouping)
            for horizon in [0.0, 1, 2.5] {
                let areas = try CrossGroupAUC(data, scores: sample.scores, grouping: grouping, horizon: horizon)
                for cell in areas.cells.joined() { check(cell.auc, seed, within: 0...1) }
                for disparity in areas.disparities { check(disparity.difference, seed, within: -1...1) }
                let frame = try Stratified<DecisionRates>(
                    decisions: sample.selected, data: data, horizon: horizon, grouping: grouping)
                for view in [
                    frame.equalOpportunity, frame.falsePositives, frame.predictiveParity,
                    frame.negativePredictiveParity, frame.demographicParity,
                ] {
                    for group in view.groups + [view.overall] { check(group.estimate, seed, within: 0...1) }
                    for contrast in try view.contrasts(to: "a") + view.ratios(to: "a") {
                        check(contrast.estimate, seed)
                    }
                    if let gap = try view.gapInterval(seed: 1, draws: 200).value {
                        #expect(gap.interval.lower <= gap.difference && gap.difference <= gap.interval.upper)
                    }
                }
                for group in frame.groups {
                    if let rates = group.result.value { check(rates.netBenefit(atThreshold: 0.3), seed) }
                }
                let observed = try GroupObservedExpected(
                    data, predicted: sample.risks, horizon: horizon, grouping: grouping)
                for group in observed.byGroup.groups { check(group.estimate, seed) }
                for measure in [
                    TreatmentBenefit.Measure.riskDifference(at: horizon), .restrictedMeanDifference(to: horizon),
                    .logHazardRatio,
                ] {
                    let benefit = try TreatmentBenefit(
                        data, treated: sample.selected, grouping: grouping, measure: measure,
                        twins: PotentialOutcomes(treated: data, control: data))
                    for gap in try benefit.gaps(to: "b") { check(gap.estimate, seed) }
                }
            }
            for weighting in Concordance.Weighting.allCases {
                let cross = try CrossGroupConcordance(
                    data, scores: sample.scores, grouping: grouping, weighting: weighting)
                for cell in cross.cells.joined() { check(cell.concordance, seed, within: 0...1) }
                for group in cross.fractions.groups { check(group.estimate, seed, within: 0...1) }
            }
            let funnel = try AccessFunnel(
                grouping, steps: [.init("one", passed: sample.selected), .init("two", passed: data.events)],
                reference: "a")
            for step in funnel.steps {
                for ratio in step.ratios { check(ratio.estimate, seed) }
                if let test = step.test.value { #expect((0...1).contains(test.pValue)) }
            }
        }
    }

    @Test("Invariant: steps against bias answer with finite numbers or say why they cannot", arguments: 0..<4)
    func mitigation(_ block: Int) throws {
        var fitted = 0
        for seed in UInt64(block * 100)..<UInt64(block * 100 + 100) {
            let sample = try Sample(seed)
            let (data, grouping) = (sample.data, sample.grouping)
            let column = [CovariateColumn("score", sample.scores)]
            let reweighing = try Reweighing(outcomes: data.events, grouping: grouping)
            #expect(reweighing.weights.allSatisfy { $0.isFinite && $0 > 0 }, "seed \(seed)")
            for cell in reweighing.outcomeReport.groups { check(cell.after, seed, within: -0.001...1.001) }
            let thresholds = try GroupThresholds(
                data, horizon: 1, scores: sample.scores, grouping: grouping, common: 1, truePositiveRate: 0.7)
            for group in try thresholds.reports()[0].groups { check(group.after, seed, within: 0...1) }
            let recalibration = try GroupRecalibration(
                outcomes: data.events, predicted: sample.risks, grouping: grouping)
            #expect(recalibration.risks.after.allSatisfy { (0...1).contains($0) }, "seed \(seed)")
            let hazards = try GroupRecalibration(data, horizon: 2, predicted: sample.risks, grouping: grouping)
            #expect(hazards.risks.after.allSatisfy { (0...1).contains($0) }, "seed \(seed)")
            do {
                let training = try WorstGroupTraining(outcomes: data.events, covariates: column, grouping: grouping)
                #expect(training.scores.after.allSatisfy { (0...1).contains($0) }, "seed \(seed)")
                #expect(training.dualityGap >= 0 && training.dualityGap.isFinite, "seed \(seed)")
                let losses = training.lossReport.groups
                let before = losses.compactMap(\.before.value?.value).max() ?? 0
                #expect((losses.compactMap(\.after.value?.value).max() ?? 0) <= before + 1e-9, "seed \(seed)")
                fitted += 1
            } catch is ScoreFitError {}
            do { _ = try reweighing.retrained(column) } catch is ScoreFitError {}
            do {
                let training = try WorstGroupTraining(data, covariates: column, grouping: grouping)
                #expect(training.scores.after.allSatisfy { $0.isFinite }, "seed \(seed)")
            } catch is ScoreFitError {} catch is CoxError {}
        }
        #expect(fitted > 10)
    }
}
