import Outcomes
import Testing

@Suite struct NegativeBinomialModelTests {
    @Test("R MASS 7.3-58.2: glm.nb with an offset, one rate and two covariates")
    func agreesWithGlmNb() throws {
        let counts = try StatesReference.counts()
        for (name, columns) in [("null", []), ("two", counts.covariates)] {
            let expected = try #require(StatesReference.shared.recurrent.nb[name])
            let model = try NegativeBinomialModel(
                counts: counts.data.eventCounts, exposures: counts.data.exposures, covariates: columns)
            #expect(agree(model.coefficients.map(\.estimate), expected.coef, 1e-6))
            #expect(agree(try model.coefficients.map { try require($0.standardError) }, expected.se, 1e-6))
            #expect(agree(model.theta.value, expected.theta, 1e-6))
            #expect(agree(try require(model.theta.standardError), expected.thetaSE, 1e-6))
            #expect(agree(model.logLikelihood, expected.loglik, 1e-10))
        }
    }

    @Test("Identities: units of exposure and covariates move the coefficients as they must and nothing else")
    func units() throws {
        let counts = try StatesReference.counts()
        let model = try NegativeBinomialModel(
            counts: counts.data.eventCounts, exposures: counts.data.exposures, covariates: counts.covariates)
        let scaled = try NegativeBinomialModel(
            counts: counts.data.eventCounts, exposures: counts.data.exposures.map { $0 * 12 },
            covariates: counts.covariates.map { .init($0.name, $0.values.map { 100 * $0 + 7 }) })
        #expect(agree(scaled.coefficients[1].estimate * 100, model.coefficients[1].estimate, 1e-8))
        #expect(
            agree(
                try require(scaled.coefficients[2].standardError) * 100,
                try require(model.coefficients[2].standardError), 1e-8))
        #expect(agree(scaled.theta.value, model.theta.value, 1e-7))
        #expect(agree(scaled.logLikelihood, model.logLikelihood, 1e-11))
        let intercept =
            model.coefficients[0].estimate - logarithm(12) - 7
            * (scaled.coefficients[1].estimate + scaled.coefficients[2].estimate)
        #expect(agree(scaled.coefficients[0].estimate, intercept, 1e-8))
    }

    @Test("Closed form: counts 0 and 2m in equal shares have rate m, and θ solves its likelihood equation")
    func twoValues() throws {
        let values = (0..<40).map { $0 % 2 == 0 ? 0 : 6 }
        let model = try NegativeBinomialModel(counts: values)
        #expect(agree(model.coefficients[0].estimate, logarithm(3), 1e-10))
        let theta = model.theta.value
        let slope = (0..<6).reduce(0) { $0 + 0.5 / (theta + Double($1)) } - logarithm(1 + 3 / theta)
        #expect(abs(slope) < 1e-7)
    }

    @Test("Failure: no event, no overdispersion, a group without events, bad columns")
    func failures() throws {
        func failure(_ counts: [Int], _ columns: [CovariateColumn] = []) -> String? {
            #expect(throws: NegativeBinomialError.self) {
                try NegativeBinomialModel(counts: counts, covariates: columns)
            }?.description
        }
        #expect(failure([0, 0]) == "negative binomial model: there is no event; at least one is needed")
        #expect(
            failure([2, 2, 2, 3])
                == "negative binomial model: the counts vary no more than Poisson counts, theta has no "
                + "finite estimate; use a Poisson rate")
        #expect(
            failure([1, 9, 0, 4], [.init("x", [2, 2, 2, 2])])
                == "negative binomial model: covariate \"x\" has the same value in all patients; leave it out")
        #expect(
            failure([1, 9, 0, 4, 7], [.init("x", [1, 2, 3, 4, 9]), .init("y", [2, 4, 6, 8, 18])])
                == "negative binomial model: covariate \"y\" is a linear combination of the covariates before it; leave "
                + "it out")
        #expect(
            failure([1, 12, 0, 7, 0, 0, 0], [.init("x", [0, 0, 0, 0, 1, 1, 1])])?.contains(
                "a group without any event has no finite rate ratio") == true)
        let error = #expect(throws: InvalidInput.self) {
            try NegativeBinomialModel(counts: [1, -2], exposures: [0, 1, 2], covariates: [.init("x", [1])])
        }
        #expect(
            error?.description == """
                row 2, count: found -2, allowed is 0 to 1000000
                exposure: found 3 rows, allowed is 2 rows, one for each patient
                row 1, exposure: found 0.0, allowed is a finite number > 0
                x: found 1 rows, allowed is 2 rows, one for each patient
                """)
    }
}
