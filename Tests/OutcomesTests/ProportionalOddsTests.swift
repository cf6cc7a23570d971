import Foundation
import Outcomes
import Testing

@Suite struct ProportionalOddsTests {
    /// The quarters of time as models.R cuts them: right-closed at R's type 7 quantiles.
    private func quarters(_ times: [Double]) -> Grouping {
        let sorted = times.sorted()
        let cuts = [0.25, 0.5, 0.75].map { share in
            let position = Double(sorted.count - 1) * share
            let below = Int(position)
            return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
        }
        return Grouping(times.map { time in cuts.filter { time > $0 }.count })
    }

    @Test("R MASS polr to 1e-6, errors of ordinal's clm", arguments: ModelReference.all)
    func agreesWithR(_ reference: ModelReference) throws {
        let expected = reference.r.ordinal
        let model = try ProportionalOdds(
            quarters(reference.set.column("time")), covariates: reference.set.covariates(reference.r.covariates))
        #expect(agree(model.table.rows.map(\.estimate), expected.coef, 1e-6))
        #expect(agree(model.table.rows.map(\.estimate), expected.clm, 1e-6))
        #expect(agree(try model.table.rows.map { try require($0.standardError) }, expected.se, 1e-6))
        // polr's own errors come from a numerical Hessian.
        #expect(agree(try model.table.rows.map { try require($0.standardError) }, expected.polrSE, 1e-4))
        #expect(agree(model.logLikelihood, expected.loglik, 1e-10))
    }

    @Test("Identity: two levels are logistic regression with the intercept's sign changed")
    func twoLevels() throws {
        let set = try ReferenceSet.named("pbc")
        let columns = try set.covariates(["age", "logbili"])
        let status = try set.column("status")
        let ordinal = try ProportionalOdds(Grouping(status.map { Int($0) }), covariates: columns)
        let logistic = try GeneralizedLinearModel.logistic(status.map { $0 == 1 }, covariates: columns)
        #expect(agree(ordinal.coefficients.map(\.estimate), logistic.coefficients.dropFirst().map(\.estimate), 1e-10))
        #expect(agree(ordinal.thresholds[0].estimate, -logistic.coefficients[0].estimate, 1e-10))
        #expect(ordinal.thresholds[0].name == "0|1")
        #expect(agree(ordinal.logLikelihood, try require(logistic.logLikelihood), 1e-12))
        let shares = try require(ordinal.probabilities([50, 1]))
        #expect(agree(shares[1], try require(logistic.mean([50, 1])).value, 1e-11))
        #expect(agree(shares.reduce(0, +), 1, 1e-15))
    }

    @Test("Closed form: without covariates the observed shares; the gain against them is the likelihood ratio test")
    func shares() throws {
        let levels = Grouping([1, 1, 1, 2, 2, 3, 3, 3, 3, 3])
        let model = try ProportionalOdds(levels)
        #expect(agree(try require(model.probabilities([])), [0.3, 0.2, 0.5], 1e-13))
        #expect(agree(model.logLikelihood, model.nullLogLikelihood, 1e-13))
        #expect(model.likelihoodRatioTest.undefined?.code == "no-covariates")
    }

    @Test("Failure: separation, one level, an empty level")
    func failures() throws {
        func message(_ levels: Grouping, _ columns: [CovariateColumn]) -> String? {
            do {
                _ = try ProportionalOdds(levels, covariates: columns)
                return nil
            } catch { return "\(error)" }
        }
        #expect(
            message(Grouping([1, 1, 2, 2, 3, 3]), [.init("x", [1, 2, 3, 4, 5, 6])])?.hasPrefix(
                "proportional odds model: ")
                == true)
        #expect(message(Grouping([1, 1]), []) == "levels: found 1, allowed is two or more")
        #expect(
            message(try Grouping(codes: [0, 2], labels: ["low", "middle", "high"]), [])
                == "levels: found no patient in \"middle\", allowed is at least one in each level")
    }
}
