import Outcomes
import Testing

@Suite struct CensoringWeightsTests {
    /// The error's censoring part sums over tied censorings as Breslow does; riskRegression's follows the fit by Efron. In
    /// veteran, with nine censorings at nine times, they are the same.
    @Test("riskRegression: AUC(t) weighted by a Cox model of censoring; errors to 3e-3", arguments: ReferenceSet.all)
    func coxAgreesWithRiskRegression(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let expected = try #require(DiscriminationReference.r.sets[set.name])
        let weights = try CensoringWeights(data, model: .cox(set.covariates(expected.censoring)))
        let auc = try TimeDependentAUC(data, scores: set.r.lp, times: set.r.times, censoring: weights)
        let estimates = try auc.points.map { try require($0.auc) }
        #expect(agree(estimates.map(\.value), expected.coxWeighted, 1e-6))
        let tolerance = set.name == "veteran" ? 1e-8 : 3e-3
        #expect(agree(try estimates.map { try require($0.standardError) }, expected.coxWeightedSE, tolerance))
    }

    @Test("Second route: Kaplan–Meier within each group is that of the group's patients alone")
    func strataAreApart() throws {
        let data = try SurvivalData.tied(count: 60, span: 15, seed: 4)
        let groups = Grouping(data.times.indices.map { $0 % 3 })
        let weights = try CensoringWeights(data, model: .stratified(groups))
        for rows in groups.rows {
            let alone = CensoringDistribution(try data.subset(rows))
            #expect(rows.map { weights.beforeOwnTime[$0] } == rows.map { alone.before(data.times[$0]) })
            #expect(rows.map { weights.atOwnTime[$0] } == rows.map { alone.at(data.times[$0]) })
            for time in [0, 3, 7.5, 20] {
                let at = weights.probabilities(at: time)
                #expect(rows.allSatisfy { at[$0] == alone.at(time) })
            }
        }
    }

    /// AUC over all pairs with the weights as the definition says.
    private func naive(_ data: SurvivalData, _ scores: [Double], _ time: Double, _ g: CensoringWeights) -> Double {
        let later = g.probabilities(at: time)
        var (won, all) = (0.0, 0.0)
        for i in data.times.indices where data.events[i] && data.times[i] <= time {
            for j in data.times.indices where data.times[j] > time {
                let weight = 1 / (g.beforeOwnTime[i] * later[j])
                all += weight
                won += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
            }
        }
        return won / all
    }

    @Test("Second route: AUC and Uno's C over all pairs, weights by group and by covariate")
    func agreesWithAllPairs() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 60, span: 12, seed: seed)
            var sequence = TestSequence(seed: 70 + seed)
            let scores = data.times.map { _ in Double(sequence.integer(below: 9)) }
            let groups = Grouping(data.times.indices.map { $0 % 2 })
            let column = CovariateColumn("x", data.times.map { _ in sequence.uniform() })
            for model in [CensoringModel.stratified(groups), .cox([column])] {
                let g = try CensoringWeights(data, model: model)
                for point in try TimeDependentAUC(data, scores: scores, times: [3, 6], censoring: g).points {
                    let expected = naive(data, scores, point.time, g)
                    #expect(agree(try require(point.auc).value, expected, 1e-12), "seed \(seed)")
                }
                var (won, all) = (0.0, 0.0)
                for i in data.times.indices where data.events[i] {
                    let weight = 1 / (g.beforeOwnTime[i] * g.beforeOwnTime[i])
                    for j in data.times.indices {
                        guard data.times[j] > data.times[i] || (data.times[j] == data.times[i] && !data.events[j])
                        else { continue }
                        all += weight
                        won += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
                    }
                }
                let uno = try Concordance(data, scores: scores, weighting: .uno, censoring: g)
                #expect(agree(try require(uno.estimate).value, won / all, 1e-12), "seed \(seed)")
            }
        }
    }

    /// Leaving a patient out changes an estimate by its influence and by terms of the order 1/n².
    @Test("Second route: influences with weights by group and by covariate are those of leaving patients out, to 1 %")
    func influencesAgreeWithJackknife() throws {
        var sequence = TestSequence(seed: 5)
        let n = 1_600
        let x = (0..<n).map { _ in sequence.uniform() * 2 }
        let risk = x.map { 0.8 * $0 + sequence.uniform() }
        let event = risk.map { (2.7 - $0) * sequence.uniform() }
        let leave = x.map { (3 - 1.2 * $0) * sequence.uniform() }
        let data = try SurvivalData(
            times: event.indices.map { min(event[$0], leave[$0]) }, events: event.indices.map { event[$0] <= leave[$0] }
        )
        func fit(_ rows: [Int], cox: Bool) throws -> TimeDependentAUC {
            let part = try data.subset(rows)
            let model: CensoringModel =
                cox ? .cox([.init("x", rows.map { x[$0] })]) : .stratified(Grouping(rows.map { x[$0] > 1 ? 1 : 0 }))
            return try TimeDependentAUC(
                part, scores: rows.map { risk[$0] }, times: [0.9], censoring: CensoringWeights(part, model: model))
        }
        for cox in [false, true] {
            let whole = try fit(Array(0..<n), cox: cox)
            let value = try require(whole.points[0].auc).value
            let influences = try require(whole.influences(at: 0))
            var (squares, misses) = (0.0, 0.0)
            for out in stride(from: 0, to: n, by: 32) {
                let change = value - (try require(fit((0..<n).filter { $0 != out }, cox: cox).points[0].auc).value)
                squares += change * change
                misses += (change - influences[out]) * (change - influences[out])
            }
            #expect((misses / squares).squareRoot() < 0.01, "cox \(cox): \((misses / squares).squareRoot())")
        }
    }

    /// Leaving a patient out changes an estimate by its influence and by terms of the order 1/n².
    @Test(
        "Second route: influences of the Brier score with the model of censoring are those of leaving patients out, to 1 %"
    )
    func brierInfluencesAgreeWithJackknife() throws {
        var sequence = TestSequence(seed: 6)
        let n = 1_200
        let x = (0..<n).map { _ in sequence.uniform() * 2 }
        let risk = x.map { 0.3 * $0 + 0.3 * sequence.uniform() }
        let event = risk.map { (1.7 - $0) * sequence.uniform() * 2 }
        let leave = x.map { (3 - 1.2 * $0) * sequence.uniform() }
        let data = try SurvivalData(
            times: event.indices.map { min(event[$0], leave[$0]) }, events: event.indices.map { event[$0] <= leave[$0] }
        )
        func fit(_ rows: [Int]) throws -> BrierScore {
            let part = try data.subset(rows)
            return try BrierScore(
                part, risks: PredictedRisks(times: [0.8], rows: rows.map { risk[$0] }),
                censoring: CensoringWeights(part, model: .cox([.init("x", rows.map { x[$0] })])))
        }
        let whole = try fit(Array(0..<n))
        let value = try require(whole.points[0].score).value
        let influences = whole.influences(atIndex: 0)
        #expect(abs(influences.reduce(0, +)) < 1e-8)
        var (squares, misses) = (0.0, 0.0)
        for out in stride(from: 0, to: n, by: 24) {
            let change = value - (try require(fit((0..<n).filter { $0 != out }).points[0].score).value)
            let influence = influences[out] / Double(n)
            squares += change * change
            misses += (change - influence) * (change - influence)
        }
        #expect((misses / squares).squareRoot() < 0.01, "\((misses / squares).squareRoot())")
    }

    @Test("Identities: one group is no group; without censoring every weight is 1 and no model is fitted")
    func limits() throws {
        let data = try SurvivalData.tied(count: 50, span: 9, seed: 2)
        let one = Grouping([Int](repeating: 0, count: 50))
        let plain = try CensoringWeights(data)
        #expect(try CensoringWeights(data, model: .stratified(one)).beforeOwnTime == plain.beforeOwnTime)
        var sequence = TestSequence(seed: 3)
        let scores = data.times.map { _ in sequence.uniform() }
        let a = try require(TimeDependentAUC(data, scores: scores, times: [5]).points[0].auc)
        let b = try require(
            TimeDependentAUC(
                data, scores: scores, times: [5], censoring: CensoringWeights(data, model: .stratified(one))
            ).points[0].auc)
        #expect(agree(a.value, b.value, 1e-13))
        #expect(agree(try require(a.standardError), try require(b.standardError), 1e-11))
        let everybody = try SurvivalData(times: [1, 2, 3], events: [true, true, true])
        let weights = try CensoringWeights(everybody, model: .cox([.init("x", [1, 2, 3])]))
        #expect(weights.beforeOwnTime == [1, 1, 1])
        #expect(weights.probabilities(at: 9) == [1, 1, 1])
    }

    @Test("Failure: groups of another length, weights of other data, delayed entry, weights beyond reach")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2, 3], events: [true, false, true])
        let length = #expect(throws: InvalidInput.self) {
            try CensoringWeights(data, model: .stratified(Grouping([1, 2])))
        }
        #expect(length?.description == "censoring group: found 2 rows, allowed is 3 rows, one for each patient")
        let other = try CensoringWeights(SurvivalData(times: [1, 2, 4], events: [true, false, true]))
        let mixed = #expect(throws: InvalidInput.self) {
            try TimeDependentAUC(data, scores: [1, 2, 3], times: [1], censoring: other)
        }
        #expect(
            mixed?.description == "censoring weights: found weights of other data, allowed is weights of the same data")
        let delayed = try SurvivalData(times: [1, 2], events: [true, true], entries: [0, 1])
        let entry = #expect(throws: InvalidInput.self) { try CensoringWeights(delayed) }
        #expect(entry?.description == "entry: found delayed entry, allowed is no entry times for censoring weights")
        // All of the first group are censored at 2, when its event at 2 reads G(2) = 0; the second group goes on.
        let groups = Grouping([0, 0, 1, 1])
        let split = try SurvivalData(times: [2, 2, 3, 4], events: [true, false, true, false])
        let g = try CensoringWeights(split, model: .stratified(groups))
        let auc = try TimeDependentAUC(split, scores: [1, 2, 3, 4], times: [2.5], weights: .atEvent, censoring: g)
        #expect(
            auc.points[0].auc.undefined?.reason
                == "the chance of being uncensored is too close to 0 for a weight to be finite")
    }
}
