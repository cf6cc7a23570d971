import NumericsCore
import Outcomes
import Testing

@Suite struct GroupCostTests {
    @Test("Cost: a hundred thousand patients in ten groups take no n² route between any two groups")
    func noQuadraticRoute() throws {
        let data = try SurvivalData.tied(count: 100_000, span: 5_000, seed: 9)
        var sequence = TestSequence(seed: 10)
        let scores = data.times.map { -$0 + 5_000 * sequence.uniform() }
        let grouping = Grouping(data.times.indices.map { $0 % 10 })
        let selected = scores.map { $0 > 0 }
        let covariates = [CovariateColumn("score", scores)]
        let clock = ContinuousClock()
        var taken: [(String, Duration)] = []
        func time(_ name: String, _ work: () throws -> Void) rethrows {
            let span = try clock.measure(work)
            taken.append((name, span))
        }
        try time("xAUC") {
            let areas = try CrossGroupAUC(data, scores: scores, grouping: grouping, horizon: 2_500)
            #expect(try require(areas.cells[0][9].auc).value > 0.6)
        }
        try time("concordance") {
            let cross = try CrossGroupConcordance(data, scores: scores, grouping: grouping)
            // Groups are drawn without regard to anything.
            #expect(try require(cross.imparity).difference < 0.02)
        }
        try time("decisions") {
            let frame = try Stratified<DecisionRates>(
                decisions: selected, data: data, horizon: 2_500, grouping: grouping)
            #expect(try require(frame.equalizedOddsDifference) < 0.1)
        }
        try time("thresholds") {
            let thresholds = try GroupThresholds(
                data, horizon: 2_500, scores: scores, grouping: grouping, common: 0, truePositiveRate: 0.8)
            #expect(try require(thresholds.reports()[0].gapAfter).difference < 0.01)
        }
        try time("worst group, logistic") {
            let training = try WorstGroupTraining(outcomes: data.events, covariates: covariates, grouping: grouping)
            #expect(training.dualityGap < 1e-4)
        }
        try time("worst group, Cox") {
            let training = try WorstGroupTraining(data, covariates: covariates, grouping: grouping)
            #expect(training.dualityGap < 1e-4)
        }
        let total = taken.reduce(Duration.zero) { $0 + $1.1 }
        // 10¹⁰ pairs would take minutes; the bound leaves room for a slow machine and an unoptimised build.
        #expect(total < .seconds(120), "\(taken)")
    }
}
