import Outcomes
import Testing

@Suite struct ConcordanceTests {
    private func check(_ concordance: Concordance, _ expected: RReference.Concordance) throws {
        let estimate = try require(concordance.estimate)
        #expect(agree(estimate.value, expected.c))
        #expect(agree(try require(estimate.standardError), expected.se))
        #expect(agree(concordance.concordant, expected.concordant))
        #expect(agree(concordance.discordant, expected.discordant))
        #expect(agree(concordance.tiedScores, expected.tied))
    }

    @Test("R survival 3.5-3: Harrell, heavy score ties, a horizon, Uno", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let coarse = try set.column(try #require(set.r.cox.efron.covariates.first))
        try check(Concordance(data, scores: set.r.lp), set.r.concordance)
        try check(Concordance(data, scores: coarse), set.r.concordanceCoarse)
        try check(Concordance(data, scores: set.r.lp, horizon: set.r.horizon), set.r.concordanceHorizon)
        try check(Concordance(data, scores: set.r.lp, weighting: .uno, horizon: set.r.horizon), set.r.uno)
    }

    @Test("scikit-survival 0.28: Harrell's C", arguments: ReferenceSet.all)
    func agreesWithScikitSurvival(_ set: ReferenceSet) throws {
        let concordance = try Concordance(set.survival(), scores: set.r.lp)
        #expect(agree(try require(concordance.estimate).value, set.python.harrell))
    }

    @Test("Second route: every pair, with tied times and scores; influences by the definition")
    func agreesWithAllPairs() throws {
        for seed in 1...30 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 40, span: 12, seed: seed)
            var sequence = TestSequence(seed: 300 + seed)
            let scores = data.times.map { _ in Double(sequence.integer(below: 6)) }
            var credit = [Double](repeating: 0, count: data.count)
            var pairs = credit
            for i in 0..<data.count where data.events[i] {
                for j in 0..<data.count {
                    let later = data.times[j] > data.times[i] || (data.times[j] == data.times[i] && !data.events[j])
                    guard later else { continue }
                    let won = scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0
                    for k in [i, j] {
                        credit[k] += won
                        pairs[k] += 1
                    }
                }
            }
            let total = pairs.reduce(0, +) / 2
            let c = credit.reduce(0, +) / 2 / total
            let concordance = try Concordance(data, scores: scores)
            let estimate = try require(concordance.estimate)
            #expect(agree(estimate.value, c, 1e-13), "seed \(seed)")
            let influences = credit.indices.map { (credit[$0] - c * pairs[$0]) / total }
            #expect(agree(concordance.influences, influences, 1e-9, floor: 1e-6), "seed \(seed)")
            let error = influences.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(agree(try require(estimate.standardError), error, 1e-12), "seed \(seed)")
        }
    }

    @Test(
        "Second route: every pair with weights 1/G(T)², as scikit-survival; a weight that is not finite is said to be so"
    )
    func weightsAtTheEvent() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 50, span: 9, seed: seed)
            var sequence = TestSequence(seed: 40 + seed)
            let scores = data.times.map { _ in Double(sequence.integer(below: 7)) }
            let g = CensoringDistribution(data)
            var (won, all) = (0.0, 0.0)
            for i in data.times.indices where data.events[i] && data.times[i] <= 7 {
                let weight = 1 / (g.at(data.times[i]) * g.at(data.times[i]))
                for j in data.times.indices {
                    guard data.times[j] > data.times[i] || (data.times[j] == data.times[i] && !data.events[j])
                    else { continue }
                    all += weight
                    won += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
                }
            }
            let c = try Concordance(data, scores: scores, weighting: .uno, weights: .atEvent, horizon: 7)
            #expect(agree(try require(c.estimate).value, won / all, 1e-12), "seed \(seed)")
        }
        let last = try SurvivalData(times: [1, 2, 2], events: [true, true, false])
        let c = try Concordance(last, scores: [3, 2, 1], weighting: .uno, weights: .atEvent)
        #expect(c.estimate.undefined?.code == "vanishing-censoring-probability")
        let problem = #expect(throws: InvalidInput.self) { try Concordance(last, scores: [3, 2, 1], horizon: .nan) }
        #expect(problem?.description == "horizon: found nan, allowed is a time, or none")
    }

    @Test("Identity: reversing the direction gives 1 − C, and so does a survival time as score")
    func direction() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let risk = try require(Concordance(data, scores: set.r.lp).estimate)
        let time = try require(Concordance(data, scores: set.r.lp, direction: .higherIsLater).estimate)
        #expect(agree(risk.value + time.value, 1, 1e-15))
        #expect(risk.standardError == time.standardError)
    }

    @Test("Identity: without censoring Uno's weights are 1")
    func unoWithoutCensoring() throws {
        let data = try SurvivalData(times: [4, 1, 3, 2, 5], events: [true, true, true, true, true])
        let scores: [Double] = [1, 4, 2, 5, 3]
        let harrell = try Concordance(data, scores: scores)
        #expect(try Concordance(data, scores: scores, weighting: .uno).estimate == harrell.estimate)
    }

    @Test("Limits: perfect order, all scores tied, one patient, all events at one time, no events")
    func limits() throws {
        let data = try SurvivalData(times: [1, 2, 3], events: [true, true, false])
        let perfect = try require(Concordance(data, scores: [3, 2, 1]).estimate)
        #expect(perfect.value == 1)
        #expect(
            perfect.standardError.undefined?.reason == "all pairs are ordered alike: their error has no estimate")
        #expect(perfect.interval.undefined?.code == "no-variation")
        #expect(try require(Concordance(data, scores: [2, 2, 2]).estimate).value == 0.5)
        let reason = "no event has another patient still under observation after it"
        let one = try SurvivalData(times: [1], events: [true])
        #expect(try Concordance(one, scores: [1]).estimate.undefined?.reason == reason)
        let tied = try SurvivalData(times: [2, 2, 2], events: [true, true, true])
        #expect(try Concordance(tied, scores: [1, 2, 3]).estimate.undefined?.reason == reason)
        let none = try SurvivalData(times: [1, 2], events: [false, false])
        #expect(try Concordance(none, scores: [1, 2]).estimate.undefined?.reason == reason)
        #expect(try Concordance(data, scores: [3, 2, 1], horizon: 0.5).estimate.undefined?.reason == reason)
    }

    @Test("Failure: scores of another length or not finite; delayed entry")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        let length = #expect(throws: InvalidInput.self) { try Concordance(data, scores: [1]) }
        #expect(length?.description == "score: found 1 rows, allowed is 2 rows, one for each patient")
        let hole = #expect(throws: InvalidInput.self) { try Concordance(data, scores: [1, .nan]) }
        #expect(hole?.description == "row 2, score: found nan, allowed is a finite number")
        let delayed = try SurvivalData(times: [1, 2], events: [true, true], entries: [0, 1])
        let entry = #expect(throws: InvalidInput.self) { try Concordance(delayed, scores: [1, 2]) }
        #expect(
            entry?.description == "entry: found delayed entry, allowed is no entry times for the concordance index")
    }
}
