import Foundation
import Outcomes
import Testing

@Suite struct GeneralizedLinearModelTests {
    private func check(_ model: GeneralizedLinearModel, _ expected: RModels.General, _ name: String) throws {
        #expect(agree(model.coefficients.map(\.estimate), expected.coef, 1e-8), "\(name)")
        #expect(agree(try model.coefficients.map { try require($0.standardError) }, expected.se, 1e-8), "\(name)")
        // A two-sided p of 1e-40 has z = 13: its relative error is 170 times that of z.
        #expect(agree(try model.coefficients.map { try require($0.pValue) }, expected.p, 1e-5), "\(name)")
        #expect(agree(model.deviance, expected.deviance, 1e-10), "\(name)")
        #expect(agree(model.nullDeviance, expected.nullDeviance, 1e-10), "\(name)")
        #expect(agree(model.dispersion, expected.dispersion, 1e-8), "\(name)")
        #expect(agree(try require(model.logLikelihood), expected.loglik, 1e-10), "\(name)")
    }

    @Test("R glm: families, links, offset, weights", arguments: ModelReference.all)
    func agreesWithR(_ reference: ModelReference) throws {
        let set = reference.set
        let columns = try set.covariates(reference.r.covariates)
        let status = try set.column("status")
        let times = try set.column("time")
        func expected(_ name: String) throws -> RModels.General { try #require(reference.r.glm[name]) }
        func fit(
            _ y: [Double], _ family: GeneralizedLinearModel.Family, _ link: GeneralizedLinearModel.Link? = nil,
            weights: [Double]? = nil
        ) throws -> GeneralizedLinearModel {
            try GeneralizedLinearModel(y, covariates: columns, family: family, link: link, weights: weights)
        }
        let logistic = try GeneralizedLinearModel.logistic(status.map { $0 == 1 }, covariates: columns)
        try check(logistic, expected("logistic"), "logistic")
        try check(fit(status, .binomial, .probit), expected("probit"), "probit")
        try check(fit(status, .binomial, .complementaryLogLog), expected("cloglog"), "cloglog")
        let rates = try GeneralizedLinearModel.poisson(status.map { Int($0) }, covariates: columns, personTime: times)
        try check(rates, expected("poisson"), "poisson")
        try check(fit(times.map { ($0 / 50).rounded(.toNearestOrEven) }, .poisson), expected("counts"), "counts")
        try check(fit(times, .gamma), expected("gamma"), "gamma")
        try check(fit(times, .gamma, .log), expected("gammaLog"), "gammaLog")
        try check(fit(times, .gaussian), expected("gaussian"), "gaussian")
        let share = try set.column("strat").map { $0.truncatingRemainder(dividingBy: 5) / 5 }
        try check(fit(share, .binomial, weights: share.map { _ in 5 }), expected("weighted"), "weighted")
    }

    @Test("Closed form: a 2 × 2 table's log odds ratio and two groups' rate ratio")
    func tables() throws {
        // 10 of 40 against 6 of 50.
        let outcomes = (0..<40).map { $0 < 10 } + (0..<50).map { $0 < 6 }
        let arm = CovariateColumn("arm", (0..<90).map { $0 < 40 ? 1 : 0 })
        let logistic = try GeneralizedLinearModel.logistic(outcomes, covariates: [arm])
        #expect(agree(logistic.coefficients[1].estimate, log(10.0 / 30 * 44 / 6), 1e-12))
        #expect(
            agree(
                try require(logistic.coefficients[1].standardError),
                (1.0 / 10 + 1.0 / 30 + 1.0 / 6 + 1.0 / 44).squareRoot(), 1e-12))
        #expect(agree(try require(logistic.mean([1])).value, 0.25, 1e-12))
        let rate = try GeneralizedLinearModel.poisson(
            [3, 5, 2, 8], covariates: [.init("arm", [0, 0, 1, 1])], personTime: [10, 20, 7, 9])
        #expect(agree(rate.coefficients[1].ratio().value, 10.0 / 16 / (8.0 / 30), 1e-12))
        #expect(agree(try require(rate.coefficients[1].standardError), (1.0 / 10 + 1.0 / 8).squareRoot(), 1e-12))
        #expect(agree(try require(rate.mean([1], offset: log(16))).value, 10, 1e-12))
    }

    @Test("Identity: the Gaussian family is linear regression, the score at a canonical fit is 0")
    func identities() throws {
        let set = try ReferenceSet.named("gbsg2")
        let columns = try set.covariates(["age", "nodes"])
        let size = try set.column("size")
        let general = try GeneralizedLinearModel(size, covariates: columns, family: .gaussian)
        let linear = try LinearRegression(size, covariates: columns)
        #expect(agree(general.coefficients.map(\.estimate), linear.coefficients.map(\.estimate), 1e-10))
        #expect(
            agree(
                try general.coefficients.map { try require($0.standardError) },
                try linear.coefficients.map { try require($0.standardError) }, 1e-10))
        let nodes = try GeneralizedLinearModel(columns[1].values, covariates: [columns[0]], family: .poisson)
        let rest = zip(columns[1].values, nodes.fittedValues).map { $0.0 - $0.1 }
        #expect(abs(rest.reduce(0, +)) < 1e-8)
        #expect(abs(zip(rest, columns[0].values).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-6)
    }

    // MARK: Failures

    private func message(_ fit: () throws -> GeneralizedLinearModel) -> String? {
        do {
            _ = try fit()
            return nil
        } catch { return "\(error)" }
    }

    @Test("Failure: complete and quasi-complete separation are named, also beside another covariate")
    func separation() throws {
        let words =
            "logistic regression: the covariates separate the outcomes, \"marker\" most of all: the likelihood keeps "
            + "rising as its coefficient grows; merge categories or leave it out"
        let outcomes = [false, false, false, true, true, true]
        let complete = CovariateColumn("marker", [1, 2, 3, 4, 5, 6])
        let quasi = CovariateColumn("marker", [1, 2, 3, 3, 5, 6])
        let other = CovariateColumn("age", [3, 1, 4, 1, 5, 9])
        for marker in [complete, quasi] {
            #expect(message { try .logistic(outcomes, covariates: [marker]) } == words)
        }
        var sequence = TestSequence(seed: 3)
        let many = (0..<300).map { _ in sequence.uniform() < 0.4 }
        let rare = CovariateColumn("marker", many.indices.map { many[$0] && $0 % 17 == 0 ? 1 : 0 })
        let noise = CovariateColumn("noise", many.map { _ in sequence.uniform() })
        #expect(message { try .logistic(many, covariates: [noise, rare]) } == words)
        let probit = message {
            try GeneralizedLinearModel(
                outcomes.map { $0 ? 1 : 0 }, covariates: [complete], family: .binomial, link: .probit)
        }
        #expect(probit?.hasPrefix("binomial regression, probit link: the covariates separate the outcomes") == true)
        #expect(message { try .logistic([false, true, false, true, true, false], covariates: [other]) } == nil)
    }

    @Test("Failure: a group without events in a Poisson model, one outcome, responses outside the range")
    func failures() throws {
        #expect(
            message { try .poisson([0, 0, 2, 3], covariates: [.init("arm", [0, 0, 1, 1])]) }
                == "Poisson regression: \"arm\" has no finite estimate: the likelihood keeps rising as it grows; one "
                + "value of a covariate may have no event")
        #expect(
            message { try .logistic([true, true], covariates: []) }
                == "logistic regression: the outcome is 1 in all patients; there is nothing to explain")
        #expect(
            message { try .poisson([0, 0]) }
                == "Poisson regression: the outcome is 0 in all patients; there is nothing to explain")
        #expect(
            message {
                try GeneralizedLinearModel([0.5, 2], family: .binomial, offset: [1, .infinity], weights: [0, 1])
            }
                == """
                row 2, response: found 2.0, allowed is 0 to 1
                row 2, offset: found inf, allowed is a finite number
                row 1, weight: found 0.0, allowed is a finite number > 0
                """)
        #expect(
            message { try GeneralizedLinearModel([0, 1], family: .gamma) }
                == "row 1, response: found 0.0, allowed is a number > 0")
        #expect(
            message { try GeneralizedLinearModel([1, 2], covariates: [.init("x", [1, 2])], family: .gaussian) }
                == "gaussian regression, identity link: found 2 patients, allowed are at least 3: one more than the "
                + "coefficients")
        #expect(
            message { try .poisson([1], personTime: [0]) }
                == "row 1, person time: found 0.0, allowed is a finite number > 0")
    }
}
