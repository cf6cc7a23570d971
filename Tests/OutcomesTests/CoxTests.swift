import Foundation
import Outcomes
import Testing

@Suite struct CoxTests {
    // MARK: Reference software

    private func check(_ model: CoxModel, _ expected: RReference.Cox, _ set: ReferenceSet) throws {
        #expect(agree(model.coefficients.map(\.estimate), expected.coef))
        #expect(agree(try model.coefficients.map { try require($0.standardError) }, expected.se))
        #expect(agree([model.nullLogLikelihood, model.logLikelihood], expected.loglik))
        #expect(agree(model.scoreTest.statistic, expected.score))
        #expect(agree(model.waldTest.statistic, expected.wald))
        #expect(agree(model.likelihoodRatioTest.statistic, 2 * (expected.loglik[1] - expected.loglik[0])))
        guard let hazards = expected.hazard else { return }
        let zero = [Double](repeating: 0, count: expected.coef.count)
        for (time, hazard) in zip(set.r.times, hazards) {
            #expect(agree(try require(model.baselines[0].cumulativeHazard(at: time, covariates: zero)), hazard, 5e-9))
        }
    }

    @Test("R survival 3.5-3: Efron and Breslow, tests, baseline hazard", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let covariates = try set.covariates(set.r.cox.efron.covariates)
        try check(CoxModel(data, covariates: covariates), set.r.cox.efron, set)
        try check(CoxModel(data, covariates: covariates, ties: .breslow), set.r.cox.breslow, set)
    }

    @Test("R survival 3.5-3: stratified", arguments: ReferenceSet.all)
    func stratifiedAgreesWithR(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let covariates = try set.covariates(set.r.coxStratified.efron.covariates)
        let strata = try set.grouping("strat")
        try check(CoxModel(data, covariates: covariates, strata: strata), set.r.coxStratified.efron, set)
        try check(
            CoxModel(data, covariates: covariates, strata: strata, ties: .breslow), set.r.coxStratified.breslow, set)
    }

    @Test("R survival 3.5-3: delayed entry", arguments: ReferenceSet.all)
    func delayedEntryAgreesWithR(_ set: ReferenceSet) throws {
        let data = try set.delayedSurvival()
        let covariates = try set.covariates(set.r.coxDelayed.efron.covariates)
        try check(CoxModel(data, covariates: covariates), set.r.coxDelayed.efron, set)
        try check(CoxModel(data, covariates: covariates, ties: .breslow), set.r.coxDelayed.breslow, set)
    }

    /// lifelines stops its search at a fixed step, which leaves 1e-6 under heavy ties.
    @Test("lifelines 0.30.3: Efron coefficients and errors to 1e-6", arguments: ReferenceSet.all)
    func agreesWithLifelines(_ set: ReferenceSet) throws {
        let model = try CoxModel(set.survival(), covariates: set.covariates(set.r.cox.efron.covariates))
        #expect(agree(model.coefficients.map(\.estimate), set.python.coxEfron, 1e-6))
        #expect(agree(try model.coefficients.map { try require($0.standardError) }, set.python.coxEfronSE, 1e-6))
    }

    // MARK: Second routes and identities

    @Test("Second route: the likelihood is largest at the fit, by central differences of a naive sum")
    func naiveLikelihood() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 60, span: 25, seed: seed, delayed: seed % 2 == 0)
            var sequence = TestSequence(seed: 77 + seed)
            let x = [data.times.map { _ in sequence.uniform() * 4 }, data.times.map { _ in sequence.uniform() }]
            for ties in [CoxModel.Ties.efron, .breslow] {
                let model = try CoxModel(data, covariates: [.init("a", x[0]), .init("b", x[1])], ties: ties)
                let beta = model.coefficients.map(\.estimate)
                #expect(agree(naive(data, x, beta, ties), model.logLikelihood, 1e-12), "seed \(seed), \(ties)")
                #expect(agree(naive(data, x, [0, 0], ties), model.nullLogLikelihood, 1e-12))
                // Second derivatives by differences of step h: error of order h² and rounding of order ulp/h².
                let h = 1e-4
                for j in 0..<2 {
                    func shifted(_ by: Double) -> [Double] { beta.indices.map { beta[$0] + ($0 == j ? by : 0) } }
                    let up = naive(data, x, shifted(h), ties)
                    let down = naive(data, x, shifted(-h), ties)
                    #expect(abs(up - down) / (2 * h) < 1e-5, "seed \(seed): slope at the maximum")
                }
                let score = naiveCurvature(data, x, beta, ties, h)
                let determinant = score[0][0] * score[1][1] - score[0][1] * score[0][1]
                #expect(agree(model.covariance[0][0], score[1][1] / determinant, 1e-4), "seed \(seed), \(ties)")
            }
        }
    }

    private func naive(_ data: SurvivalData, _ x: [[Double]], _ beta: [Double], _ ties: CoxModel.Ties) -> Double {
        func eta(_ i: Int) -> Double { x[0][i] * beta[0] + x[1][i] * beta[1] }
        var sum = 0.0
        for time in Set(data.times).sorted() {
            let died = data.times.indices.filter { data.times[$0] == time && data.events[$0] }
            let risk = data.times.indices.filter { data.times[$0] >= time && data.entries?[$0] ?? -1 < time }
            let total = risk.reduce(0) { $0 + exp(eta($1)) }
            let tied = died.reduce(0) { $0 + exp(eta($1)) }
            for (rank, row) in died.enumerated() {
                let share = ties == .efron ? Double(rank) / Double(died.count) : 0
                sum += eta(row) - log(total - share * tied)
            }
        }
        return sum
    }

    private func naiveCurvature(
        _ data: SurvivalData, _ x: [[Double]], _ beta: [Double], _ ties: CoxModel.Ties, _ h: Double
    ) -> [[Double]] {
        func at(_ a: Double, _ b: Double) -> Double { naive(data, x, [beta[0] + a, beta[1] + b], ties) }
        let centre = at(0, 0)
        let aa = -(at(h, 0) - 2 * centre + at(-h, 0)) / (h * h)
        let bb = -(at(0, h) - 2 * centre + at(0, -h)) / (h * h)
        let ab = -(at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h)
        return [[aa, ab], [ab, bb]]
    }

    @Test("Closed form: three patients, hazard ratio 1/√2")
    func closedForm() throws {
        // Events at 1 (x=1), 2 (x=0), 3 (x=1): log L = β − log(2e^β+1) − log(e^β+1); slope 0 at e^β = 1/√2.
        let data = try SurvivalData(times: [1, 2, 3], events: [true, true, true])
        let model = try CoxModel(data, covariates: [.init("x", [1, 0, 1])])
        #expect(agree(model.coefficients[0].estimate, -0.5 * log(2), 1e-12))
        #expect(agree(model.coefficients[0].ratio().value, 0.5.squareRoot(), 1e-12))
    }

    @Test("Identity: without ties the score test of a group indicator is the log-rank test")
    func scoreTestIsLogRank() throws {
        var sequence = TestSequence(seed: 5)
        let times = (0..<80).map { _ in sequence.uniform() }
        let events = times.map { _ in sequence.uniform() < 0.7 }
        let group = times.map { _ in sequence.integer(below: 2) }
        let data = try SurvivalData(times: times, events: events)
        let model = try CoxModel(data, covariates: [.init("arm", group.map(Double.init))])
        let test = try LogRank(data, groups: Grouping(group))
        #expect(agree(model.scoreTest.statistic, try require(test.test).statistic, 1e-11))
    }

    @Test("Invariant: units and origin of a covariate change its coefficient alone")
    func unitsDoNotMatter() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let age = try set.column("age")
        let nodes = CovariateColumn("nodes", try set.column("nodes"))
        let plain = try CoxModel(data, covariates: [.init("age", age), nodes])
        let scaled = try CoxModel(data, covariates: [.init("age", age.map { $0 * 1e9 + 1e11 }), nodes])
        #expect(agree(scaled.coefficients[0].estimate * 1e9, plain.coefficients[0].estimate, 1e-7))
        #expect(agree(scaled.coefficients[1].estimate, plain.coefficients[1].estimate, 1e-9))
        #expect(agree(scaled.logLikelihood, plain.logLikelihood, 1e-12))
    }

    @Test("Prediction: survival is exp(-H), hazards are proportional, strata have their own")
    func prediction() throws {
        let set = try ReferenceSet.named("pbc")
        let columns = try set.covariates(["age", "logbili"])
        let model = try CoxModel(set.survival(), covariates: columns, strata: set.grouping("strat"))
        #expect(model.baselines.map(\.stratum) == (try set.grouping("strat").labels))
        let low = try require(model.baselines[0].cumulativeHazard(at: 1000, covariates: [50, 0]))
        let high = try require(model.baselines[0].cumulativeHazard(at: 1000, covariates: [50, 1]))
        #expect(agree(high / low, model.coefficients[1].ratio().value, 1e-12))
        #expect(agree(try require(model.baselines[0].survival(at: 1000, covariates: [50, 1])), exp(-high), 1e-12))
        #expect(
            model.baselines[0].survival(at: 1e6, covariates: [50, 1]).undefined?.code == "beyond-follow-up")
        #expect(
            model.baselines[0].survival(at: 9, covariates: [50]).undefined?.reason
                == "1 covariates given to a model of 2")
        let scores = try model.linearPredictors(columns)
        #expect(scores[7] == (try model.linearPredictor([columns[0].values[7], columns[1].values[7]])))
    }

    // MARK: Failures

    private func failure(_ x: [[Double]], times: [Double], events: [Bool]) throws -> String? {
        let data = try SurvivalData(times: times, events: events)
        let columns = x.enumerated().map { CovariateColumn(["age", "weight", "dose"][$0.offset], $0.element) }
        let error = #expect(throws: CoxError.self) { try CoxModel(data, covariates: columns) }
        return error?.description
    }

    @Test("Failure: no event, constant, collinear and monotone covariates are named")
    func failuresNameTheCovariate() throws {
        let times: [Double] = [1, 2, 3, 4, 5, 6]
        let all = [Bool](repeating: true, count: 6)
        let mixed: [Double] = [3, 1, 4, 1, 5, 9]
        #expect(
            try failure([mixed], times: times, events: times.map { _ in false })
                == "Cox model: there is no event; at least one is needed")
        #expect(
            try failure([mixed, [2, 2, 2, 2, 2, 2]], times: times, events: all)
                == "Cox model: covariate \"weight\" has the same value in all patients compared; leave it out")
        let sum = zip(mixed, [2, 7, 1, 8, 2, 8.0]).map { 2 * $0 - $1 + 3 }
        #expect(
            try failure([mixed, [2, 7, 1, 8, 2, 8], sum], times: times, events: all)
                == "Cox model: covariate \"dose\" is a linear combination of the covariates before it; leave it out")
        #expect(
            try failure([[1, 1, 1, 0, 0, 0]], times: times, events: [true, true, true, false, false, false])
                == "Cox model: the coefficient of \"age\" has no finite estimate: the likelihood keeps rising as it "
                + "grows (3 events; one value of it may have none); merge categories or leave it out")
        #expect(
            try failure([[6, 5, 4, 3, 2, 1]], times: times, events: all)?.hasPrefix(
                "Cox model: the coefficient of \"age\" has no finite estimate") == true)
    }

    @Test("Failure: a rare category without events, among patients with events, is monotone")
    func rareCategoryWithoutEvents() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let censored = data.events.indices.filter { !data.events[$0] }.suffix(3)
        let rare = data.events.indices.map { censored.contains($0) ? 1.0 : 0 }
        let error = #expect(throws: CoxError.self) {
            try CoxModel(data, covariates: [.init("age", try set.column("age")), .init("rare", rare)])
        }
        #expect(error == .monotone(covariate: "rare", events: data.eventCount))
    }

    @Test("Failure: a covariate that differs only between strata is constant where patients are compared")
    func constantWithinStrata() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, true])
        let error = #expect(throws: CoxError.self) {
            try CoxModel(
                data, covariates: [.init("site", [0, 0, 1, 1])],
                strata: try Grouping(codes: [0, 0, 1, 1], labels: ["a", "b"]))
        }
        #expect(error == .constant(covariate: "site"))
    }

    @Test("Failure: no covariates, a name twice, a hole in a column")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        func message(_ columns: [CovariateColumn]) -> String? {
            #expect(throws: InvalidInput.self) { try CoxModel(data, covariates: columns) }?.description
        }
        #expect(message([]) == "covariates: found none, allowed is at least one")
        #expect(
            message([.init("age", [1, .nan]), .init("age", [1])]) == """
                row 2, age: found nan, allowed is a finite number
                covariates: found "age" twice, allowed is each name once
                age: found 1 rows, allowed is 2 rows, one for each patient
                """)
    }
}
