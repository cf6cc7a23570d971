import Foundation
import Outcomes
import Testing

@Suite struct CoxCurveTests {
    private func check(_ curves: [CoxCurve], _ expected: CoxReference.Curve, _ comment: Comment) throws {
        for (patient, curve) in curves.enumerated() {
            for (row, time) in expected.times.enumerated() {
                let hazard = try require(curve.cumulativeHazard(at: time))
                let survival = try require(curve.survival(at: time))
                let interval = try require(survival.interval)
                #expect(agree(hazard.value, expected.hazard[row][patient], 1e-8), comment)
                #expect(agree(try require(hazard.standardError), expected.se[row][patient], 1e-8), comment)
                #expect(agree(survival.value, exp(-expected.hazard[row][patient]), 1e-8), comment)
                #expect(agree(interval.lower, expected.lower[row][patient], 1e-7), comment)
                #expect(agree(interval.upper, expected.upper[row][patient], 1e-7), comment)
            }
        }
    }

    @Test("R survival 3.5-3: survfit of a Cox model with errors and log intervals", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let columns = try CoxReference.Columns(set)
        let known = try CoxReference.set(set)
        let within = try known.within.map { known.new[0][try #require(known.covariates.firstIndex(of: $0))] }
        for ties in weightedTies {
            let expected = try #require(known.ties[ties.rawValue])
            let x = columns.covariates
            try check(
                CoxModel(columns.plain, covariates: x, ties: ties).curves(known.new), expected.curve, "plain, \(ties)")
            try check(
                CoxModel(columns.coarse, covariates: x, ties: ties).curves(known.new), expected.curveCoarse,
                "coarse, \(ties)")
            try check(
                CoxModel(columns.late, covariates: x, ties: ties).curves(known.new), expected.curveLate, "late, \(ties)"
            )
            try check(
                CoxModel(columns.plain, covariates: x, weights: columns.weights, ties: ties).curves(known.new),
                expected.curveWeighted, "weighted, \(ties)")
            try check(
                CoxModel(columns.plain, covariates: columns.within, strata: columns.strata, ties: ties)
                    .curves([within], stratum: "\(known.stratum)"), expected.curveStratified,
                "stratified, \(ties)")
        }
    }

    @Test("Identity: curves have the hazards of the baselines; the hazard relative to the means multiplies them")
    func baselines() throws {
        let set = try ReferenceSet.named("pbc")
        let columns = try set.covariates(["age", "logbili"])
        let model = try CoxModel(set.survival(), covariates: columns, strata: set.grouping("strat"))
        let curve = try model.curves([[50, 1]], stratum: "1")[0]
        let expected = try require(model.baselines[1].cumulativeHazard(at: 1500, covariates: [50, 1]))
        #expect(model.baselines[1].stratum == "1")
        #expect(agree(try require(curve.cumulativeHazard(at: 1500)).value, expected, 1e-12))
        let relative = try model.relativeHazards(
            columns.map { CovariateColumn($0.name, [$0.values[3], $0.values[8]]) })
        let scores = try model.linearPredictors(columns)
        #expect(agree(relative[0] / relative[1], exp(scores[3] - scores[8]), 1e-12))
    }

    @Test("Simulation: the interval holds the true survival in 95 % of 300 samples, within four standard errors")
    func coverage() throws {
        var sequence = TestSequence(seed: 31)
        var held = 0
        for _ in 0..<300 {
            let x = (0..<150).map { _ in sequence.uniform() }
            let times = x.map { -log(sequence.uniform()) / exp(0.8 * $0) }
            let data = try SurvivalData(times: times.map { min($0, 1.5) }, events: times.map { $0 < 1.5 })
            let curve = try CoxModel(data, covariates: [.init("x", x)]).curves([[0.7]])[0]
            let interval = try require(require(curve.survival(at: 0.5, .logLog)).interval)
            let truth = exp(-0.5 * exp(0.8 * 0.7))
            if interval.lower <= truth, truth <= interval.upper { held += 1 }
        }
        #expect(abs(Double(held) / 300 - 0.95) < 4 * (0.95 * 0.05 / 300).squareRoot())
    }

    @Test("Limits: before the first event, after the last time, an empty stratum; wrong requests are refused")
    func limits() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, false])
        let column = CovariateColumn("x", [1, 3, 2, 1])
        let strata = try Grouping(codes: [0, 0, 0, 0], labels: ["a", "empty"])
        let model = try CoxModel(data, covariates: [column], strata: strata)
        let curve = try model.curves([[1]], stratum: "a")[0]
        #expect(try require(curve.survival(at: 0.5)).value == 1)
        #expect(try require(curve.survival(at: 4)).value == curve.survival[2])
        #expect(
            curve.survival(at: 5).undefined?.reason == "time 5.0 is after the last observed time 4.0")
        #expect(try model.curves([[1]], stratum: "empty")[0].survival(at: 1).undefined?.code == "empty-stratum")
        func message(_ patients: [[Double]], _ stratum: String?) -> String? {
            #expect(throws: InvalidInput.self) { try model.curves(patients, stratum: stratum) }?.description
        }
        #expect(message([[1]], nil) == "stratum: found none, allowed is a, empty")
        #expect(
            message([[1, 2], [.infinity]], "a") == """
                row 1, covariates: found 2 values, allowed is 1, one for each coefficient
                row 2, x: found inf, allowed is a finite number
                """)
        let plain = try CoxModel(data, covariates: [column])
        #expect(
            #expect(throws: InvalidInput.self) { try plain.curves([[1]], stratum: "a") }?.description
                == "stratum: found a, allowed is none: the model has no strata")
    }
}
