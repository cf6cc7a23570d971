import Outcomes
import Testing

@Suite struct MeanDifferenceTests {
    private func outcome(_ set: ReferenceSet) throws -> (values: [Double], treated: [Bool]) {
        (try set.column(set.comparisons.outcome), try set.column("group").map { $0 == 1 })
    }

    private func check(_ interval: Estimated<ConfidenceInterval>, _ expected: [Double]) throws {
        let interval = try require(interval)
        #expect(agree([interval.lower, interval.upper], expected))
    }

    @Test("R 4.2.2: mean and t interval", arguments: ReferenceSet.all)
    func meanAgreesWithR(_ set: ReferenceSet) throws {
        let mean = try SampleMean(outcome(set).values)
        #expect(agree(mean.estimate.value, set.comparisons.mean.mean))
        #expect(agree(try require(mean.standardDeviation), set.comparisons.mean.sd))
        #expect(agree(try require(mean.estimate.standardError), set.comparisons.mean.se))
        try check(mean.estimate.interval, set.comparisons.mean.interval)
    }

    @Test("R 4.2.2: Welch's t.test", arguments: ReferenceSet.all)
    func welchAgreesWithR(_ set: ReferenceSet) throws {
        let (values, treated) = try outcome(set)
        let welch = try MeanDifference(
            treated: values.indices.filter { treated[$0] }.map { values[$0] },
            control: values.indices.filter { !treated[$0] }.map { values[$0] })
        let expected = set.comparisons.welch
        #expect(agree(welch.estimate.value, expected.difference))
        #expect(agree(try require(welch.estimate.standardError), expected.se))
        try check(welch.estimate.interval, expected.interval)
        let test = try require(welch.test)
        #expect(agree([test.statistic, test.degreesOfFreedom, test.pValue], [expected.t, expected.df, expected.p]))
    }

    @Test("R 4.2.2: lm with covariates, with strata, and HC3 errors", arguments: ReferenceSet.all)
    func adjustedAgreesWithR(_ set: ReferenceSet) throws {
        let (values, treated) = try outcome(set)
        let covariates = try set.covariates(set.comparisons.covariates)
        let strata = try set.grouping("strat")
        for (strata, expected) in [(nil, set.comparisons.adjusted), (strata, set.comparisons.adjustedStrata)] {
            let plain = try AdjustedMeanDifference(values, treated: treated, covariates: covariates, strata: strata)
            #expect(agree(plain.estimate.value, expected.estimate))
            #expect(agree(try require(plain.estimate.standardError), expected.se))
            try check(plain.estimate.interval, expected.interval)
            let test = try require(plain.test)
            #expect(
                agree([test.statistic, test.degreesOfFreedom, test.pValue], [expected.t, expected.df, expected.p]))
            let robust = try AdjustedMeanDifference(
                values, treated: treated, covariates: covariates, strata: strata, errors: .robust)
            #expect(robust.estimate.value == plain.estimate.value)
            if let error = expected.robustSE {
                #expect(agree(try require(robust.estimate.standardError), error))
            } else {
                #expect(robust.estimate.standardError.undefined?.code == "full-leverage")
            }
        }
    }

    @Test("R 4.2.2, written out: average over strata with each weight", arguments: ReferenceSet.all)
    func stratifiedAgreesWithR(_ set: ReferenceSet) throws {
        let (values, treated) = try outcome(set)
        for weighting in StratifiedMeanDifference.Weighting.allCases {
            let average = try StratifiedMeanDifference(
                values, treated: treated, strata: set.grouping("strat"), weighting: weighting)
            let expected = try #require(set.comparisons.stratified[weighting.rawValue])
            let estimate = try require(average.estimate)
            #expect(agree(estimate.value, expected.estimate))
            #expect(agree(try require(estimate.standardError), expected.se))
        }
    }

    @Test("Identities: no covariate is the pooled t test; one stratum is Welch; a shift of the origin changes nothing")
    func identities() throws {
        let treated = [3.0, 5, 8, 9]
        let control = [1.0, 2, 4, 7, 6]
        let values = treated + control
        let arm = values.indices.map { $0 < 4 }
        let plain = try AdjustedMeanDifference(values, treated: arm)
        let mean = (25.0 / 4, 20.0 / 5)
        let squares =
            treated.reduce(0) { $0 + ($1 - mean.0) * ($1 - mean.0) }
            + control.reduce(0) { $0 + ($1 - mean.1) * ($1 - mean.1) }
        #expect(agree(plain.estimate.value, mean.0 - mean.1, 1e-14))
        #expect(agree(try require(plain.estimate.standardError), (squares / 7 * (0.25 + 0.2)).squareRoot(), 1e-14))
        let welch = try MeanDifference(treated: treated, control: control)
        let one = try Grouping(codes: values.map { _ in 0 }, labels: ["all", "nobody"])
        let stratified = try StratifiedMeanDifference(values, treated: arm, strata: one, weighting: .stratumSize)
        #expect(agree(try require(stratified.estimate).value, welch.estimate.value, 1e-15))
        #expect(
            agree(try require(require(stratified.estimate).standardError), try require(welch.estimate.standardError)))
        let shifted = try MeanDifference(treated: treated.map { $0 + 1e9 }, control: control.map { $0 + 1e9 })
        #expect(agree(try require(shifted.estimate.standardError), try require(welch.estimate.standardError), 1e-12))
    }

    @Test("Limits: one value, no spread, a patient alone in a stratum, a stratum without one arm")
    func undefined() throws {
        let one = try SampleMean([3])
        #expect(one.estimate.value == 3)
        #expect(
            one.estimate.interval.undefined?.reason == "one value has no spread: two are needed for an error")
        let flat = try MeanDifference(treated: [2, 2], control: [1, 1])
        #expect(flat.estimate.value == 1)
        #expect(flat.test.undefined?.reason == "all values within the groups are equal: there is no error")
        let alone = try AdjustedMeanDifference(
            [1, 2, 3, 5, 4], treated: [true, false, true, false, true],
            strata: Grouping(["a", "a", "a", "a", "b"]), errors: .robust)
        #expect(
            alone.estimate.standardError.undefined?.reason
                == "row 5 alone determines a coefficient, as a patient alone in a stratum does: its residual is 0")
        let missing = try StratifiedMeanDifference(
            [1, 2, 3, 5, 4], treated: [true, true, false, false, true], strata: Grouping(["a", "a", "a", "a", "b"]),
            weighting: .inverseVariance)
        #expect(
            missing.estimate.undefined?.reason
                == "stratum \"b\": 1 treated and 0 control: two of each are needed")
        #expect(missing.strata.map(\.treatedCount) == [2, 1])
    }

    @Test("Failure: holes, one arm only, columns that depend on each other, too few patients")
    func inputIsChecked() throws {
        let mean = #expect(throws: InvalidInput.self) { try SampleMean([]) }
        #expect(mean?.description == "value: found no values, allowed is at least one")
        let hole = #expect(throws: InvalidInput.self) { try MeanDifference(treated: [1, .nan], control: [1]) }
        #expect(hole?.description == "row 2, treated: found nan, allowed is a finite number")
        let arm = #expect(throws: InvalidInput.self) {
            try AdjustedMeanDifference([1, 2, 3], treated: [true, true, true])
        }
        #expect(arm?.description == "treated: found only true, allowed is both arms")
        func failure(_ columns: [CovariateColumn]) -> String? {
            #expect(throws: RegressionError.self) {
                try AdjustedMeanDifference(
                    [1, 2, 3, 5, 4], treated: [true, false, true, false, true], covariates: columns)
            }?.description
        }
        #expect(
            failure([.init("age", [1, 1, 1, 1, 1])])
                == "regression: column \"age\" has the same value in all patients; leave it out")
        #expect(
            failure([.init("sex", [0, 1, 0, 1, 0])])
                == "regression: column \"treated\" is a linear combination of the columns before it; leave one out")
        #expect(
            failure([.init("a", [1, 0, 0, 0, 0]), .init("b", [0, 1, 0, 0, 0]), .init("c", [0, 0, 1, 0, 0])])
                == "regression: found 5 patients, allowed are at least 6: one more than the coefficients")
    }
}
