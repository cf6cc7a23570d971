import Outcomes
import Testing

@Suite struct IncidentDynamicAUCTests {
    /// risksetROC takes equal scores in the order of the rows; lung, whose covariates are whole numbers, has many.
    @Test("risksetROC 1.0.4.1: AUC at event times and the rescaled average", arguments: ReferenceSet.all)
    func agreesWithRisksetROC(_ set: ReferenceSet) throws {
        let expected = try #require(DiscriminationGolden.r.sets[set.name])
        let tolerance = set.name == "lung" ? 2e-4 : 1e-9
        let auc = try IncidentDynamicAUC(set.survival(), scores: set.r.lp)
        // Some of the times have censorings only, for which risksetROC answers too.
        var compared = 0
        for (index, time) in expected.times.enumerated() {
            guard let value = auc.value(at: time).value else { continue }
            #expect(agree(value, expected.auc[index], tolerance), "t \(time)")
            compared += 1
        }
        #expect(compared > 0)
        #expect(agree(try require(auc.mean(horizon: expected.horizon)), expected.mean, tolerance))
    }

    @Test("Second route: every pair at risk, ties in time and score, γ fitted and given")
    func agreesWithAllPairs() throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 40, span: 12, seed: seed)
            var sequence = TestSequence(seed: 40 + seed)
            let scores = data.times.map { _ in Double(sequence.integer(below: 7)) / 3 }
            for gamma in [0.7, nil] {
                let auc = try IncidentDynamicAUC(data, scores: scores, logHazardRatio: gamma)
                for (index, time) in auc.times.enumerated() {
                    let atRisk = data.times.indices.filter { data.times[$0] >= time }
                    let controls = atRisk.filter { !(data.times[$0] == time && data.events[$0]) }
                    guard !controls.isEmpty else {
                        #expect(auc.auc[index] == nil)
                        continue
                    }
                    var (won, all) = (0.0, 0.0)
                    for k in atRisk {
                        let weight = exponential(auc.logHazardRatio * scores[k])
                        all += weight * Double(controls.count)
                        for j in controls {
                            won += weight * (scores[k] > scores[j] ? 1 : scores[k] == scores[j] ? 0.5 : 0)
                        }
                    }
                    #expect(agree(try #require(auc.auc[index]), won / all, 1e-12), "seed \(seed), t \(time)")
                }
            }
        }
    }

    /// A Taylor series, in eight steps of a small argument.
    private func exponential(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for k in 1...20 {
            term *= x / 8 / Double(k)
            sum += term
        }
        return (0..<3).reduce(sum) { value, _ in value * value }
    }

    @Test("Identities: γ = 0 and equal scores give 1/2; the direction and the sign of γ go together")
    func identities() throws {
        let set = try ReferenceSet.named("veteran")
        let data = try set.survival()
        let flat = try IncidentDynamicAUC(data, scores: data.times.map { _ in 2 })
        #expect(flat.auc.allSatisfy { $0.map { agree($0, 0.5, 1e-12) } ?? true })
        let up = try IncidentDynamicAUC(data, scores: set.r.lp)
        let down = try IncidentDynamicAUC(data, scores: set.r.lp.map { -$0 }, direction: .higherIsLater)
        #expect(up.auc == down.auc)
    }

    @Test("Undefined and failure: a time without event, no event, all have the event, γ and scores that are not finite")
    func limits() throws {
        let data = try SurvivalData(times: [1, 2, 2], events: [true, true, true])
        let auc = try IncidentDynamicAUC(data, scores: [3, 2, 1])
        #expect(auc.value(at: 1.5).undefined?.reason == "nobody has the event at time 1.5")
        #expect(auc.value(at: 2).undefined?.reason == "nobody is under observation after time 2.0")
        #expect(auc.auc[1] == nil)
        #expect(auc.mean(horizon: 0.5).undefined?.reason == "no event by time 0.5")
        let later = try SurvivalData(times: [1, 2, 3], events: [true, true, false])
        let far = try IncidentDynamicAUC(later, scores: [2_000, 1, 0])
        let reason = "all at risk at time 2.0 have hazards too small beside the largest for a ratio"
        #expect(far.value(at: 2).undefined?.reason == reason)
        #expect(far.mean().undefined?.reason == reason)
        let none = try SurvivalData(times: [1, 2], events: [false, false])
        #expect(try IncidentDynamicAUC(none, scores: [1, 2]).mean().undefined?.code == "no-cases")
        let problem = #expect(throws: InvalidInput.self) {
            try IncidentDynamicAUC(data, scores: [1, .nan, 2], logHazardRatio: .infinity)
        }
        #expect(
            problem?.description == """
                row 2, score: found nan, allowed is a finite number
                log hazard ratio: found inf, allowed is a finite number
                """)
    }
}
