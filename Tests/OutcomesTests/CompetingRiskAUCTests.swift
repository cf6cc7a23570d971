import Outcomes
import Testing

@Suite struct CompetingRiskAUCTests {
    private func pbc() throws -> (times: [Double], causes: [Int], set: ReferenceSet) {
        let set = try ReferenceSet.named("pbc")
        return (try set.column("time"), try set.column("event").map { Int($0) }, set)
    }

    @Test("timeROC 0.4.1: AUC_1 and AUC_2 of Fine and Gray's linear predictor")
    func agreesWithTimeROC() throws {
        let (times, causes, set) = try pbc()
        let expected = DiscriminationGolden.r.competing
        let columns = try set.covariates(expected.covariates)
        let scores = times.indices.map { row in
            columns.indices.reduce(0) { $0 + expected.coef[$1] * columns[$1].values[row] }
        }
        for controls in CompetingRiskAUC.Controls.allCases {
            let auc = try CompetingRiskAUC(
                times: times, causes: causes, cause: 1, scores: scores, evaluationTimes: expected.times,
                controls: controls, convention: .timeROC)
            let values = try auc.points.map { try require($0.auc).value }
            #expect(agree(values, controls == .eventFree ? expected.auc1 : expected.auc2))
        }
        let score = try CompetingRiskAUC(
            times: times, causes: causes, cause: 1, scores: scores, evaluationTimes: expected.times)
        #expect(agree(try score.points.map { try require($0.auc).value }, expected.scoreAUC))
    }

    @Test("riskRegression: cases T ≤ t, controls with the other cause too, with standard error")
    func agreesWithRiskRegression() throws {
        let (times, causes, set) = try pbc()
        let expected = DiscriminationReference.r.competing
        let auc = try CompetingRiskAUC(
            times: times, causes: causes, cause: 1, scores: set.r.lp, evaluationTimes: expected.times)
        for (index, point) in auc.points.enumerated() {
            #expect(agree(try require(point.auc).value, expected.auc[index]))
            let se = try require(require(point.auc).standardError)
            #expect(agree(se, expected.se[index], 1e-8), "\(se) \(expected.se[index]) \(se / expected.se[index] - 1)")
        }
    }

    @Test("Second route: every pair by the definition, ties, both sets of controls and all conventions")
    func agreesWithAllPairs() throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            var sequence = TestSequence(seed: seed)
            let times = (0..<50).map { _ in Double(1 + sequence.integer(below: 12)) }
            let causes = times.map { _ in sequence.integer(below: 3) }
            let scores = times.map { _ in Double(sequence.integer(below: 9)) }
            let data = try SurvivalData(times: times, events: causes.map { $0 > 0 })
            let g = CensoringDistribution(data)
            for controls in CompetingRiskAUC.Controls.allCases {
                for convention in TimeDependentAUC.Convention.allCases {
                    let auc = try CompetingRiskAUC(
                        times: times, causes: causes, cause: 1, scores: scores, evaluationTimes: [4, 7.5],
                        controls: controls, convention: convention)
                    for point in auc.points {
                        let t = point.time
                        func past(_ i: Int) -> Bool { convention.caseSet == .before ? times[i] < t : times[i] <= t }
                        func own(_ i: Int) -> Double {
                            1 / (convention.caseWeight == .atEvent ? g.at(times[i]) : g.before(times[i]))
                        }
                        var (won, all) = (0.0, 0.0)
                        for i in times.indices where causes[i] == 1 && past(i) {
                            for j in times.indices {
                                var weight = times[j] > t ? 1 / g.at(t) : 0
                                if controls == .eventFreeOrOtherCause, causes[j] == 2, past(j) { weight = own(j) }
                                all += own(i) * weight
                                won += own(i) * weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
                            }
                        }
                        #expect(agree(try require(point.auc).value, won / all, 1e-12), "seed \(seed)")
                    }
                }
            }
        }
    }

    @Test("Identity: with one cause only, both definitions are the plain AUC; a score differs from itself by nothing")
    func oneCause() throws {
        let set = try ReferenceSet.named("lung")
        let data = try set.survival()
        let plain = try require(TimeDependentAUC(data, scores: set.r.lp, times: [300]).points[0].auc)
        for controls in CompetingRiskAUC.Controls.allCases {
            let auc = try CompetingRiskAUC(
                times: data.times, causes: data.events.map { $0 ? 2 : 0 }, cause: 2, scores: set.r.lp,
                evaluationTimes: [300], controls: controls)
            let value = try require(auc.points[0].auc)
            #expect(agree(value.value, plain.value, 1e-13))
            #expect(agree(try require(value.standardError), try require(plain.standardError), 1e-11))
            let none = try require(auc.differences(from: auc)[0])
            #expect(none.estimate.value == 0)
            #expect(none.pValue.undefined?.code == "same-order")
        }
    }

    @Test("Second route: the average is AUC weighted by the steps of the Aalen–Johansen estimate, in all conventions")
    func meanByIncidence() throws {
        let (times, causes, set) = try pbc()
        let at = [700.0, 1191.5, 2000, 3000]
        for cause in [1, 2] {
            let incidence = try CumulativeIncidence(CompetingRisksData(times: times, causes: causes))
            let steps = try at.map { try require(incidence.incidence(at: $0, cause: cause)) }
            for convention in TimeDependentAUC.Convention.allCases {
                let auc = try CompetingRiskAUC(
                    times: times, causes: causes, cause: cause, scores: set.r.lp, evaluationTimes: at,
                    convention: convention)
                let values = try auc.points.map { try require($0.auc).value }
                var (sum, span) = (0.0, 0.0)
                for k in at.indices { sum += values[k] * (steps[k] - (k == 0 ? 0 : steps[k - 1])) / steps[3] }
                #expect(agree(try require(auc.mean()).value, sum, 1e-12))
                for k in at.indices.dropFirst() { span += (values[k] + values[k - 1]) / 2 * (at[k] - at[k - 1]) }
                #expect(agree(try require(auc.mean(.time)).value, span / (at[3] - at[0]), 1e-12))
            }
        }
    }

    @Test(
        "Identity: with one cause only, the average and its error are those by the survival drop; of one time its AUC")
    func meanOfOneCause() throws {
        let set = try ReferenceSet.named("veteran")
        let data = try set.survival()
        let at = [30.0, 90, 180]
        let plain = try require(TimeDependentAUC(data, scores: set.r.lp, times: at).mean(.survivalDrop))
        let auc = try CompetingRiskAUC(
            times: data.times, causes: data.events.map { $0 ? 3 : 0 }, cause: 3, scores: set.r.lp, evaluationTimes: at)
        let mean = try require(auc.mean())
        #expect(agree(mean.value, plain.value, 1e-13))
        #expect(agree(try require(mean.standardError), try require(plain.standardError), 1e-11))
        let one = try CompetingRiskAUC(
            times: [1, 2, 3], causes: [1, 2, 0], cause: 1, scores: [3, 1, 2], evaluationTimes: [1.5])
        #expect(one.mean().value?.value == 1)
        #expect(one.mean(.time).undefined?.code == "one-time")
        let none = try CompetingRiskAUC(
            times: [1, 2, 3], causes: [2, 1, 0], cause: 1, scores: [3, 1, 2], evaluationTimes: [1.5, 2])
        #expect(none.mean().undefined?.reason == "no event by time 1.5")
    }

    @Test("Undefined and failure: no case of the cause, no control; codes, causes and lengths that are not allowed")
    func limits() throws {
        let auc = try CompetingRiskAUC(
            times: [1, 2, 3], causes: [2, 1, 0], cause: 1, scores: [3, 2, 1], evaluationTimes: [1, 2, 3],
            controls: .eventFree)
        #expect(auc.points[0].auc.undefined?.reason == "no event by time 1.0")
        #expect(auc.points[1].controls == 1)
        #expect(auc.points[2].auc.undefined?.reason == "nobody is under observation after time 3.0")
        let problem = #expect(throws: InvalidInput.self) {
            try CompetingRiskAUC(
                times: [1, 2], causes: [1, -1], cause: 0, scores: [1], evaluationTimes: [2, 1])
        }
        #expect(
            problem?.description == """
                score: found 1 rows, allowed is 2 rows, one for each patient
                row 2, evaluation time: found 1.0 after 2.0, allowed is strictly ascending times
                row 2, cause: found -1, allowed is 0 (censored) or a positive code
                cause: found 0, allowed is a positive code
                """)
    }
}
