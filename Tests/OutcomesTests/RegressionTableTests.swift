import Foundation
import NumericsCore
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
            try FineGrayModel(
                CompetingRisksData(times: data.times, causes: data.events.map { $0 ? 1 : 0 }), covariates: columns),
            try NegativeBinomialModel(counts: data.times.map { Int($0) }, covariates: columns),
        ]
        #expect(
            models.map(\.table.model) == [
                "Cox model", "Weibull regression", "Royston-Parmar model, hazard scale", "linear regression",
                "logistic regression", "proportional odds model", "Fine-Gray model", "negative binomial regression",
            ])
        for model in models {
            let row = try #require(model.table["female"])
            let interval = try require(row.interval())
            #expect(interval.lower < row.estimate && interval.upper > row.estimate)
            #expect(model.table.count == data.count)
        }
        let row = try #require(cox.table["female"])
        #expect(row == cox.coefficients[1])
        let z = row.estimate / cox.covariance[1][1].squareRoot()
        #expect(agree(try require(row.pValue), 2 * Normal.survival(abs(z)), 1e-12))
        let ratio = try require(row.ratio().interval)
        let linear = try require(row.linear().interval)
        #expect(agree([ratio.lower, ratio.upper], [exponential(linear.lower), exponential(linear.upper)], 1e-12))
    }
}
