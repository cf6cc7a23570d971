import Outcomes
import Testing

@Suite struct CostTests {
    /// 10¹⁰ pairs would take minutes; the bound leaves room for a slow machine and an unoptimised build.
    @Test("Cost: a hundred thousand patients with tied times take no n² route in any estimator")
    func noQuadraticRoute() throws {
        let data = try SurvivalData.tied(count: 100_000, span: 5_000, seed: 9)
        var sequence = TestSequence(seed: 10)
        let scores = data.times.map { -$0 + 5_000 * sequence.uniform() }
        let start = ContinuousClock.now
        let median = try require(KaplanMeier(data).median().time)
        let test = try require(LogRank(data, groups: Grouping(data.times.indices.map { $0 % 3 })).test)
        let model = try CoxModel(
            data, covariates: [.init("score", scores), .init("noise", data.times.map { _ in sequence.uniform() })])
        let concordance = try require(Concordance(data, scores: scores).estimate)
        let uno = try require(Concordance(data, scores: scores, weighting: .uno, horizon: 4_000).estimate)
        let auc = try TimeDependentAUC(data, scores: scores, times: [1_000, 2_500, 4_000])
        let incident = try require(IncidentDynamicAUC(data, scores: scores, logHazardRatio: 0.001).mean(horizon: 4_000))
        let gonenHeller = try require(GonenHeller(linearPredictors: scores.map { 0.001 * $0 }).value)
        let groups = try CensoringWeights(data, model: .stratified(Grouping(data.times.indices.map { $0 % 7 })))
        let weighted = try TimeDependentAUC(data, scores: scores, times: [2_500], censoring: groups)
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(incident > 0.5 && gonenHeller > 0.5)
        #expect(agree(try require(weighted.points[0].auc).value, try require(auc.points[1].auc).value, 0.01))
        #expect(median > 2_500 && median < 5_000)
        // Groups and noise are drawn without regard to time: within four standard errors of nothing.
        #expect(test.pValue > 1e-4)
        #expect(abs(try require(model.coefficients[1].statistic)) < 4)
        #expect(try require(model.coefficients[0].statistic) > 100)
        #expect(concordance.value > 0.6 && uno.value > 0.6)
        #expect(try auc.points.allSatisfy { try require($0.auc).value > 0.6 })
    }
}
