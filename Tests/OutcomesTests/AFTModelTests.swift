import Foundation
import Outcomes
import Testing

@Suite struct AFTModelTests {
    // MARK: Reference software

    private func check(
        _ model: AFTModel, _ expected: RModels.AFT, _ means: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let rows = model.table.rows
        #expect(agree(rows.map(\.estimate), expected.coef, 1e-8), sourceLocation: sourceLocation)
        #expect(
            agree(try rows.map { try require($0.standardError) }, expected.se, 1e-8), sourceLocation: sourceLocation)
        #expect(agree(try rows.map { try require($0.statistic) }, expected.z, 1e-7), sourceLocation: sourceLocation)
        #expect(agree(try rows.map { try require($0.pValue) }, expected.p, 1e-5), sourceLocation: sourceLocation)
        #expect(
            agree([model.nullLogLikelihood, model.logLikelihood], expected.loglik, 1e-10),
            sourceLocation: sourceLocation)
        let largest = expected.covariance.map { $0.map(abs).max() ?? 0 }.max() ?? 0
        for (ours, theirs) in zip(model.covariance, expected.covariance) {
            #expect(agree(ours, theirs, 1e-7, floor: 1e-3 * largest), sourceLocation: sourceLocation)
        }
        let quantiles = try [0.1, 0.5, 0.9].map { try require(model.quantile($0, covariates: means)) }
        #expect(agree(quantiles.map(\.value), expected.quantile, 1e-8), sourceLocation: sourceLocation)
        #expect(
            agree(try quantiles.map { try require($0.standardError) }, expected.quantileSE, 1e-7),
            sourceLocation: sourceLocation)
    }

    private func means(_ columns: [CovariateColumn]) -> [Double] {
        columns.map { $0.values.reduce(0, +) / Double($0.values.count) }
    }

    @Test("R survival 3.5-3: survreg in every family", arguments: ModelReference.all)
    func agreesWithR(_ reference: ModelReference) throws {
        let data = try reference.set.survival()
        let columns = try reference.set.covariates(reference.r.covariates)
        for family in AFTModel.Family.allCases {
            let expected = try #require(reference.r.aft[family.rawValue])
            try check(AFTModel(data, covariates: columns, family: family), expected, means(columns))
        }
    }

    @Test("R survival 3.5-3: a fixed scale, and a scale for each stratum", arguments: ModelReference.all)
    func scales(_ reference: ModelReference) throws {
        let data = try reference.set.survival()
        let columns = try reference.set.covariates(reference.r.covariates)
        let rayleigh = try AFTModel(data, covariates: columns, family: .weibull, fixedScale: 0.5)
        #expect(rayleigh.logScales.isEmpty && rayleigh.scales == [0.5])
        try check(rayleigh, reference.r.rayleigh, means(columns))
        let strata = try AFTModel(data, covariates: columns, family: .weibull, strata: reference.set.grouping("strat"))
        #expect(strata.strataLabels == (try reference.set.grouping("strat").labels))
        try check(strata, reference.r.aftStrata, means(columns))
    }

    @Test("SciPy maximum of the likelihood with delayed entry", arguments: ModelReference.all)
    func delayedEntry(_ reference: ModelReference) throws {
        let data = try reference.set.delayedSurvival()
        let columns = try reference.set.covariates(reference.scipy.covariates)
        for (family, scale) in [(AFTModel.Family.weibull, "hazard"), (.logLogistic, "odds"), (.logNormal, "probit")] {
            let expected = try #require(reference.scipy.delayed[scale])
            let model = try AFTModel(data, covariates: columns, family: family)
            #expect(agree(model.table.rows.map(\.estimate), expected.coef, 1e-8), "\(family)")
            #expect(agree(try model.table.rows.map { try require($0.standardError) }, expected.se, 1e-6), "\(family)")
            #expect(agree(model.logLikelihood, expected.loglik, 1e-10), "\(family)")
        }
    }

    // MARK: Closed forms and identities

    @Test("Closed form: exponential without covariates is events over person-time, with delayed entry too")
    func exponential() throws {
        for delayed in [false, true] {
            let data = try SurvivalData.tied(count: 90, span: 30, seed: 4, delayed: delayed)
            let model = try AFTModel(data, family: .exponential)
            let mean = data.personTime / Double(data.eventCount)
            #expect(agree(model.coefficients[0].estimate, log(mean), 1e-12))
            #expect(
                agree(
                    try require(model.coefficients[0].standardError), 1 / Double(data.eventCount).squareRoot(), 1e-12))
            #expect(agree(model.logLikelihood, -Double(data.eventCount) * (log(mean) + 1), 1e-12))
            let survival = try require(model.survival(at: mean))
            #expect(agree(survival.value, exp(-1), 1e-12))
        }
    }

    @Test("Closed form: two exponential groups give the logarithm of the ratio of their rates")
    func twoGroups() throws {
        let data = try SurvivalData.tied(count: 120, span: 40, seed: 8)
        let arm = data.times.indices.map { Double($0 % 2) }
        let model = try AFTModel(data, covariates: [.init("arm", arm)], family: .exponential)
        func meanTime(_ group: Double) -> Double {
            let rows = arm.indices.filter { arm[$0] == group }
            return rows.reduce(0) { $0 + data.times[$1] } / Double(rows.filter { data.events[$0] }.count)
        }
        #expect(agree(model.coefficients[1].estimate, log(meanTime(1) / meanTime(0)), 1e-11))
        #expect(agree(model.coefficients[1].ratio().value, meanTime(1) / meanTime(0), 1e-11))
    }

    @Test("Closed form: log-normal without censoring is the regression of log time with divisor n")
    func logNormal() throws {
        let set = try ReferenceSet.named("veteran")
        let times = try set.column("time")
        let data = try SurvivalData(times: times, events: times.map { _ in true })
        let columns = try set.covariates(["karno", "age"])
        let model = try AFTModel(data, covariates: columns, family: .logNormal)
        let linear = try LinearRegression(times.map { log($0) }, covariates: columns)
        #expect(agree(model.coefficients.map(\.estimate), linear.coefficients.map(\.estimate), 1e-9))
        let squares = linear.residuals.reduce(0) { $0 + $1 * $1 }
        #expect(agree(model.scales[0], (squares / Double(times.count)).squareRoot(), 1e-10))
    }

    @Test("Invariant: the unit of time moves the intercept alone, that of a covariate its coefficient")
    func units() throws {
        let set = try ReferenceSet.named("lung")
        let data = try set.survival()
        let years = try SurvivalData(times: data.times.map { $0 / 365.25 }, events: data.events)
        let columns = try set.covariates(["age", "female"])
        let far = [CovariateColumn("age", columns[0].values.map { 1e6 + 1e3 * $0 }), columns[1]]
        for family in [AFTModel.Family.weibull, .logNormal, .logLogistic] {
            let days = try AFTModel(data, covariates: columns, family: family)
            let short = try AFTModel(years, covariates: columns, family: family)
            #expect(agree(short.coefficients[0].estimate + log(365.25), days.coefficients[0].estimate, 1e-10))
            #expect(agree(short.coefficients[1].estimate, days.coefficients[1].estimate, 1e-9))
            let scaled = try AFTModel(data, covariates: far, family: family)
            #expect(agree(scaled.coefficients[1].estimate * 1e3, days.coefficients[1].estimate, 1e-7))
            #expect(agree(scaled.logLikelihood, days.logLikelihood, 1e-11))
        }
    }

    @Test("Prediction: survival at a quantile is its complement, inside its interval")
    func prediction() throws {
        let set = try ReferenceSet.named("gbsg2")
        let columns = try set.covariates(["age", "hormon"])
        for family in AFTModel.Family.allCases {
            let model = try AFTModel(set.survival(), covariates: columns, family: family)
            let median = try require(model.quantile(0.4, covariates: [50, 1]))
            let survival = try require(model.survival(at: median.value, covariates: [50, 1]))
            #expect(agree(survival.value, 0.6, 1e-12), "\(family)")
            let interval = try require(survival.interval)
            #expect(interval.lower < 0.6 && interval.upper > 0.6 && interval.lower > 0 && interval.upper < 1)
        }
        let model = try AFTModel(set.survival(), covariates: columns)
        #expect(try require(model.survival(at: 0, covariates: [50, 1])).value == 1)
        #expect(model.survival(at: 9).undefined?.reason == "0 covariates given to a model of 2")
        #expect(model.quantile(1, covariates: [50, 1]).undefined?.code == "probability")
        #expect(model.survival(at: -1, covariates: [50, 1]).undefined?.code == "time")
        #expect(model.survival(at: 1, covariates: [50, 1], stratum: 1).undefined?.code == "stratum")
    }

    @Test("Cases: one event, heavy censoring, censorings at time 0")
    func edges() throws {
        let one = try SurvivalData(times: [1, 2, 3, 4], events: [false, true, false, false])
        #expect(agree(try AFTModel(one, family: .exponential).coefficients[0].estimate, log(10), 1e-12))
        let alone = try SurvivalData(times: [5], events: [true])
        #expect(agree(try AFTModel(alone, family: .exponential).coefficients[0].estimate, log(5), 1e-12))
        let zero = try SurvivalData(times: [0, 1, 2, 3, 5], events: [false, true, true, false, true])
        let without = try SurvivalData(times: [1, 2, 3, 5], events: [true, true, false, true])
        #expect(agree(try AFTModel(zero).logLikelihood, try AFTModel(without).logLikelihood, 1e-12))
        var sequence = TestSequence(seed: 12)
        let times = (0..<400).map { _ in 0.01 + sequence.uniform() }
        let rare = try SurvivalData(times: times, events: times.indices.map { $0 % 50 == 0 })
        let model = try AFTModel(rare, covariates: [.init("x", times.map { _ in sequence.uniform() })])
        #expect(model.eventCount == 8 && model.iterations < 30)
    }

    // MARK: Failures

    private func failure(
        _ columns: [CovariateColumn], _ times: [Double], _ events: [Bool], _ family: AFTModel.Family = .weibull
    ) throws -> String? {
        let data = try SurvivalData(times: times, events: events)
        return #expect(throws: FitError.self) { try AFTModel(data, covariates: columns, family: family) }?.description
    }

    @Test("Failure: no event, constant, collinear and unbounded coefficients, everybody tied")
    func failures() throws {
        let times: [Double] = [1, 2, 3, 4, 5, 6]
        let all = times.map { _ in true }
        let mixed = CovariateColumn("age", [3, 1, 4, 1, 5, 9])
        #expect(
            try failure([mixed], times, times.map { _ in false })
                == "Weibull regression: there is no event; at least one is needed")
        #expect(
            try failure([mixed, .init("weight", [2, 2, 2, 2, 2, 2])], times, all, .logNormal)
                == "log-normal regression: covariate \"weight\" has the same value in all patients; leave it out")
        #expect(
            try failure([mixed, .init("twice", [6, 2, 8, 2, 10, 18])], times, all, .logLogistic)
                == "log-logistic regression: covariate \"twice\" is a linear combination of the covariates before it; "
                + "leave it out")
        #expect(
            try failure([.init("arm", [0, 0, 0, 1, 1, 1])], times, [true, true, true, false, false, false])
                == "Weibull regression: \"arm\" has no finite estimate: the likelihood keeps rising as it grows; one "
                + "value of a covariate may have no event")
        #expect(
            try failure([], [2, 2, 2], [true, false, true])
                == "Weibull regression: the outcome is time 2.0 in all patients; there is nothing to explain")
        // Each group has one time: the scale falls to 0.
        #expect(
            try failure([.init("arm", [0, 0, 1, 1])], [2, 2, 3, 3], [true, true, true, true])?
                .hasPrefix("Weibull regression: ") == true)
    }

    @Test("Failure: events at time 0, a scale that is not allowed, strata of a fixed scale")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [0, 2, 3], events: [true, true, false])
        func message(_ family: AFTModel.Family, _ scale: Double?, _ strata: Grouping?) -> String? {
            #expect(throws: InvalidInput.self) {
                try AFTModel(data, family: family, fixedScale: scale, strata: strata)
            }?.description
        }
        #expect(
            message(.weibull, -1, nil) == """
                row 1, time: found an event at 0, allowed is an event at a time > 0
                scale: found -1.0, allowed is a positive finite number
                """)
        #expect(
            message(.exponential, 2, Grouping([1, 2])) == """
                row 1, time: found an event at 0, allowed is an event at a time > 0
                scale: found 2.0, allowed is 1, that of an exponential model
                strata: found strata of a fixed scale, allowed is strata of an estimated scale
                stratum: found 2 rows, allowed is 3 rows, one for each patient
                """)
        // A model of time itself may have an event at 0.
        #expect(try AFTModel(data, family: .gaussian).eventCount == 2)
    }
}
