import Foundation
import Outcomes
import Testing

@Suite struct LinearRegressionTests {
    @Test("R lm: coefficients, errors, tests, HC0 to HC3", arguments: ModelReference.all)
    func agreesWithR(_ reference: ModelReference) throws {
        let expected = reference.r.lm
        let values = try reference.set.column(expected.response)
        let columns = try reference.set.covariates(expected.covariates)
        let model = try LinearRegression(values, covariates: columns)
        #expect(agree(model.coefficients.map(\.estimate), expected.coef))
        #expect(agree(try model.coefficients.map { try require($0.standardError) }, expected.se))
        #expect(agree(try model.coefficients.map { try require($0.pValue) }, expected.p, 1e-8))
        #expect(agree(model.residualStandardError, expected.sigma))
        #expect(agree(try require(model.rSquared), expected.r2))
        #expect(agree(try require(model.logLikelihood), expected.loglik))
        for errors in [LinearRegression.Errors.hc0, .hc1, .hc2, .hc3] {
            let robust = try LinearRegression(values, covariates: columns, errors: errors)
            let theirs = try #require(expected.hc[errors.rawValue])
            #expect(agree(try robust.coefficients.map { try require($0.standardError) }, theirs, 1e-8), "\(errors)")
            #expect(robust.coefficients.map(\.estimate) == model.coefficients.map(\.estimate))
        }
    }

    @Test("Closed form: a line through four points by hand")
    func byHand() throws {
        // x = 0, 1, 2, 3; y = 1, 3, 2, 6: slope 7/5, intercept 9/10, residual squares 4.2, σ² = 2.1, var = 2.1/5.
        let model = try LinearRegression([1, 3, 2, 6], covariates: [.init("x", [0, 1, 2, 3])])
        #expect(agree(model.coefficients.map(\.estimate), [0.9, 1.4], 1e-13))
        #expect(agree(try require(model.coefficients[1].standardError), 0.42.squareRoot(), 1e-13))
        #expect(agree(model.leverages, [0.7, 0.3, 0.3, 0.7], 1e-13))
        let middle = try require(model.mean([1.5]))
        #expect(agree(middle.value, 3, 1e-13))
        #expect(agree(try require(middle.standardError), (2.1 / 4).squareRoot(), 1e-13))
    }

    @Test("Identity: no covariates give the mean with its t interval; a group gives the adjusted difference")
    func means() throws {
        let set = try ReferenceSet.named("veteran")
        let values = try set.column("karno")
        let mean = try SampleMean(values).estimate
        let model = try LinearRegression(values)
        #expect(agree(model.coefficients[0].estimate, mean.value, 1e-13))
        let interval = try require(model.coefficients[0].interval())
        let expected = try require(mean.interval)
        #expect(agree([interval.lower, interval.upper], [expected.lower, expected.upper], 1e-12))
        let group = try set.column("group")
        for (errors, kind) in [
            (LinearRegression.Errors.hc3, AdjustedMeanDifference.ErrorModel.robust), (.equalVariance, .equalVariance),
        ] {
            let fit = try LinearRegression(values, covariates: [.init("group", group)], errors: errors)
            let difference = try AdjustedMeanDifference(values, treated: group.map { $0 == 1 }, errors: kind)
            #expect(agree(fit.coefficients[1].estimate, difference.estimate.value, 1e-11))
            #expect(
                agree(
                    try require(fit.coefficients[1].standardError), try require(difference.estimate.standardError),
                    1e-10))
        }
    }

    @Test("Invariant: an outcome and a covariate far from 0 lose no digits that count")
    func farFromZero() throws {
        let x = (0..<50).map { Double($0) }
        let y = x.map { 3 * $0 + ($0.truncatingRemainder(dividingBy: 3) - 1) }
        let near = try LinearRegression(y, covariates: [.init("x", x)])
        let far = try LinearRegression(y.map { $0 + 1e9 }, covariates: [.init("x", x.map { $0 + 1e8 })])
        #expect(agree(near.coefficients[1].estimate, far.coefficients[1].estimate, 1e-7))
        #expect(agree(near.residualStandardError, far.residualStandardError, 1e-6))
    }

    @Test("Failure: too few patients, constant and collinear columns, values that are not finite; undefined errors")
    func failures() throws {
        func message(_ values: [Double], _ columns: [CovariateColumn]) -> String? {
            do {
                _ = try LinearRegression(values, covariates: columns)
                return nil
            } catch { return "\(error)" }
        }
        #expect(
            message([1, 2], [.init("x", [1, 2])])
                == "linear regression: found 2 patients, allowed are at least 3: one more than the coefficients")
        #expect(
            message([1, 2, 3, 4], [.init("x", [1, 1, 1, 1])])
                == "linear regression: covariate \"x\" has the same value in all patients; leave it out")
        #expect(
            message([1, 2, 3, 4], [.init("x", [1, 2, 3, 5]), .init("y", [3, 5, 7, 11])])
                == "linear regression: covariate \"y\" is a linear combination of the covariates before it; leave it out"
        )
        #expect(message([1, .nan, 3], []) == "row 2, value: found nan, allowed is a finite number")
        let exact = try LinearRegression([1, 1, 1], covariates: [.init("x", [1, 2, 4])])
        #expect(exact.coefficients[1].statistic.undefined?.code == "no-spread")
        #expect(exact.rSquared.undefined?.code == "no-spread")
        let alone = try LinearRegression([1, 2, 3, 7], covariates: [.init("last", [0, 0, 0, 1])], errors: .hc3)
        #expect(alone.coefficients[1].standardError.undefined?.code == "full-leverage")
        #expect(agree(alone.coefficients[1].estimate, 5, 1e-12))
    }
}
