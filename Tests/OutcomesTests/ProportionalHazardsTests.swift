import NumericsCore
import Outcomes
import Testing

@Suite struct ProportionalHazardsTests {
    private static let scales: [String: ProportionalHazardsTest.TimeScale] = [
        "km": .kaplanMeier, "rank": .rank, "identity": .identity, "log": .log,
    ]

    private func check(_ model: CoxModel, _ expected: [String: [Double]], _ comment: String) throws {
        for (name, statistics) in expected {
            let test = try model.proportionalHazards(try #require(Self.scales[name]))
            let found =
                try test.coefficients.map { try require($0.test).statistic } + [try require(test.global).statistic]
            for (a, b) in zip(found, statistics) {
                #expect(agree(a, b, 1e-7, floor: 1e-3), "\(comment), \(name): \(a) and \(b)")
            }
            #expect(try require(test.global).degreesOfFreedom == statistics.count - 1)
        }
    }

    @Test(
        "R survival 3.5-3: cox.zph with all transforms, strata, delayed entry, heavy ties", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let columns = try CoxReference.Columns(set)
        for ties in weightedTies {
            let expected = try #require(CoxReference.set(set).ties[ties.rawValue])
            let x = columns.covariates
            try check(CoxModel(columns.plain, covariates: x, ties: ties), expected.zph, "plain, \(ties)")
            try check(
                CoxModel(columns.plain, covariates: columns.within, strata: columns.strata, ties: ties),
                expected.zphStratified,
                "stratified, \(ties)")
            try check(CoxModel(columns.late, covariates: x, ties: ties), expected.zphLate, "late, \(ties)")
            try check(CoxModel(columns.coarse, covariates: x, ties: ties), expected.zphCoarse, "coarse, \(ties)")
            try check(
                CoxModel(columns.plain, covariates: x, weights: columns.weights, ties: ties), expected.zphWeighted,
                "weighted, \(ties)")
        }
    }

    @Test("R survival 3.5-3: spans of changing covariates")
    func spans() throws {
        let spans = try CoxReference.SpanColumns("cox-spans")
        for ties in weightedTies {
            let model = try CoxModel(spans.data, covariates: spans.covariates(["x1", "x2"]), ties: ties)
            try check(model, try #require(CoxReference.all.spans[ties.rawValue]).zph, "\(ties)")
        }
    }

    /// β = 1 before time 1 and −1 after it.
    @Test("Simulation: a hazard ratio that turns round is found; the mean of scaled residuals is the coefficient")
    func crossingHazards() throws {
        var sequence = TestSequence(seed: 14)
        let x = (0..<400).map { Double($0 % 2) }
        let times = x.map { x in
            let early = -Elementary.log(sequence.uniform()) / Elementary.exp(x)
            return early <= 1 ? early : 1 - Elementary.log(sequence.uniform()) / Elementary.exp(-x)
        }
        let data = try SurvivalData(times: times, events: times.map { _ in true })
        let model = try CoxModel(data, covariates: [.init("x", x)])
        let test = try model.proportionalHazards()
        #expect(try require(test.global).pValue < 1e-6)
        #expect(try require(test.coefficients[0].test).statistic == (try require(test.global).statistic))
        let mean = test.scaledSchoenfeld.reduce(0) { $0 + $1[0] } / Double(data.eventCount)
        #expect(agree(mean, model.coefficients[0].estimate, 1e-9))
        #expect(test.transformedTimes == test.transformedTimes.sorted())
    }

    @Test("Limits: one event tells no trend; log time of an event at 0 is refused")
    func limits() throws {
        let one = try SurvivalData(times: [2, 1, 3, 4], events: [false, true, false, false])
        let model = try CoxModel(one, covariates: [.init("x", [1, 2, 3, 1])], ties: .breslow)
        #expect(try model.proportionalHazards().global.undefined?.code == "no-time-trend")
        let zero = try SurvivalData(times: [0, 1, 2, 3, 4], events: [true, true, true, true, false])
        let early = try CoxModel(zero, covariates: [.init("x", [1, 3, 2, 1, 2])])
        let error = #expect(throws: InvalidInput.self) { try early.proportionalHazards(.log) }
        #expect(
            error?.description
                == "row 1, time: found 0.0, allowed is a number > 0 for an event on the scale of log time")
    }
}
