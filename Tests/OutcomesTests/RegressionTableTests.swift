import Foundation
import Outcomes
import Testing

@Suite struct RegressionTableTests {
    @Test("Every model gives one kind of table; Cox's rows are its coefficients")
    func tables() throws {
        let set = try ReferenceSet.named("lung")
        let data = try set.survival()
        let columns = try set.covariates(["age", "female"])
        let cox = try CoxModel(data, covariates: columns)
        let models: [any RegressionModel] = [
            cox, try AFTModel(data, covariates: columns), try RoystonParmar(data, covariates: columns),
            try LinearRegression(data.times, covariates: columns),
            try GeneralizedLinearModel.logistic(data.events, covariates: columns),
            try ProportionalOdds(set.grouping("strat"), covariates: columns),
        ]
        #expect(
            models.map(\.table.model) == [
                "Cox model", "Weibull regression", "Royston-Parmar model, hazard scale", "linear regression",
                "logistic regression", "proportional odds model",
            ])
        for model in models {
            let row = try #require(model.table["female"])
            let interval = try require(row.interval())
            #expect(interval.lower < row.estimate && interval.upper > row.estimate)
            #expect(model.table.count == data.count)
        }
        let row = try #require(cox.table["female"])
        #expect(row.estimate == cox.coefficients[1].value)
        #expect(agree(try require(row.pValue), cox.coefficients[1].pValue, 1e-12))
        let ratio = try require(row.ratio().interval)
        let expected = try require(cox.coefficients[1].hazardRatio().interval)
        #expect(agree([ratio.lower, ratio.upper], [expected.lower, expected.upper], 1e-12))
    }
}
