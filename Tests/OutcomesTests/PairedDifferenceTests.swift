import Outcomes
import Testing

@Suite struct PairedDifferenceTests {
    @Test("R survival 3.5-3: difference of Harrell's and Uno's C by dfbeta", arguments: ReferenceSet.all)
    func concordance(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let expected = try #require(DiscriminationReference.r.sets[set.name])
        let other = try set.column(try #require(set.r.cox.efron.covariates.first))
        let harrell = try require(
            Concordance(data, scores: set.r.lp).difference(from: Concordance(data, scores: other)))
        #expect(agree(harrell.estimate.value, expected.concordance.difference))
        #expect(agree(try require(harrell.estimate.standardError), expected.concordance.se))
        let horizon = set.r.horizon
        let uno = try require(
            Concordance(data, scores: set.r.lp, weighting: .uno, horizon: horizon)
                .difference(from: Concordance(data, scores: other, weighting: .uno, horizon: horizon)))
        #expect(agree(uno.estimate.value, expected.uno.difference))
        #expect(agree(try require(uno.estimate.standardError), expected.uno.se))
    }

    @Test("riskRegression: contrasts of AUC(t) with error and p-value", arguments: ReferenceSet.all)
    func timeDependent(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let expected = try #require(DiscriminationReference.r.sets[set.name])
        let other = try set.column(try #require(set.r.cox.efron.covariates.first))
        let first = try TimeDependentAUC(data, scores: set.r.lp, times: set.r.times)
        let second = try TimeDependentAUC(data, scores: other, times: set.r.times)
        for (index, difference) in try first.differences(from: second).enumerated() {
            let difference = try require(difference)
            #expect(agree(difference.estimate.value, expected.difference[index]))
            #expect(agree(try require(difference.estimate.standardError), expected.differenceSE[index], 1e-8))
            #expect(agree(try require(difference.pValue), expected.differenceP[index], 1e-6))
        }
    }

    @Test(
        "Invariants: the difference of averages is the average difference; exchanging the scores changes the sign only")
    func averages() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let other = try set.column("nodes")
        for convention in TimeDependentAUC.Convention.allCases {
            let a = try TimeDependentAUC(data, scores: set.r.lp, times: [400, 800, 1600], convention: convention)
            let b = try TimeDependentAUC(data, scores: other, times: [400, 800, 1600], convention: convention)
            let difference = try require(a.meanDifference(from: b))
            #expect(agree(difference.estimate.value, try require(a.mean()).value - require(b.mean()).value, 1e-12))
            let reversed = try require(b.meanDifference(from: a))
            #expect(reversed.estimate.value == -difference.estimate.value)
            #expect(reversed.estimate.standardError == difference.estimate.standardError)
            #expect(reversed.pValue == difference.pValue)
            let separate = try require(require(a.mean()).standardError) + require(require(b.mean()).standardError)
            #expect(try require(difference.estimate.standardError) < separate)
        }
    }

    @Test("Undefined: scores of one order have no error; the reason of an undefined AUC; C made without error")
    func undefined() throws {
        let set = try ReferenceSet.named("veteran")
        let data = try set.survival()
        let first = try Concordance(data, scores: set.r.lp)
        let same = try require(first.difference(from: Concordance(data, scores: set.r.lp.map { 3 * $0 + 1 })))
        #expect(same.estimate.value == 0)
        #expect(
            same.pValue.undefined?.reason == "both scores order the patients alike: their difference has no error")
        let quick = try Concordance(data, scores: set.r.lp, withError: false)
        #expect(try first.difference(from: quick).undefined?.reason == "no standard error was asked for")
        let early = try TimeDependentAUC(data, scores: set.r.lp, times: [0.5])
        #expect(try early.differences(from: early)[0].undefined?.reason == "no event by time 0.5")
    }

    @Test("Failure: other weighting, convention, times or patients")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, false])
        let less = try SurvivalData(times: [1, 2, 3], events: [true, true, false])
        let scores: [Double] = [4, 2, 3, 1]
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: InvalidInput.self, performing: body)?.description
        }
        let harrell = try Concordance(data, scores: scores)
        #expect(
            message { _ = try harrell.difference(from: Concordance(data, scores: scores, weighting: .uno)) }
                == "other concordance: found weighting uno, allowed is harrell as in the first")
        #expect(
            message { _ = try harrell.difference(from: Concordance(less, scores: [2, 3, 1])) }
                == "other score: found 3 patients, allowed is 4, those of the first")
        let auc = try TimeDependentAUC(data, scores: scores, times: [2])
        #expect(
            message {
                _ = try auc.differences(from: TimeDependentAUC(data, scores: scores, times: [2], convention: .timeROC))
            }
                == "other AUC: found cases before, weights beforeEvent, allowed is atOrBefore, beforeEvent as in the first"
        )
        #expect(
            message { _ = try auc.meanDifference(from: TimeDependentAUC(data, scores: scores, times: [3])) }
                == "other AUC: found other times, allowed is the times of the first")
        #expect(
            message { _ = try auc.differences(from: TimeDependentAUC(less, scores: [2, 3, 1], times: [2])) }
                == "other score: found 3 patients, allowed is 4, those of the first")
    }
}
