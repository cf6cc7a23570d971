import NumericsCore
@testable import Outcomes
import Testing

@Suite struct CalibrationTests {
    // MARK: Reference software

    @Test(
        "survival 3.5-3: observed risk and its error; O/E is their ratio to the mean risk",
        arguments: CalibrationReference.all)
    func inTheLarge(_ reference: CalibrationReference) throws {
        let result = try ObservedExpected(
            reference.set.survival(), risks: reference.horizonRisks(), horizon: reference.r.horizon)
        let observed = try require(result.observed.estimate)
        #expect(agree(observed.value, 1 - reference.r.survival, 1e-12))
        #expect(agree(try require(observed.standardError), reference.r.survivalSE, 1e-10))
        #expect(agree(result.expected, reference.r.expected, 1e-10))
        let ratio = try require(result.ratio)
        #expect(agree(ratio.value, (1 - reference.r.survival) / reference.r.expected, 1e-10))
        #expect(
            agree(try require(ratio.standardError), reference.r.survivalSE / (1 - reference.r.survival), 1e-9))
        #expect(agree(try require(result.difference).value, 1 - reference.r.survival - reference.r.expected, 1e-9))
    }

    @Test("survival 3.5-3, multi-state: Aalen–Johansen incidence with the infinitesimal jackknife's error")
    func aalenJohansen() throws {
        let reference = CalibrationReference.competing
        let set = try ReferenceSet.named("pbc")
        let event = try set.column("event")
        let data = try SurvivalData(times: set.column("time"), events: event.map { $0 > 0 })
        for (index, time) in reference.times.enumerated() {
            let risk = try require(ObservedRisk(data, horizon: time, competing: event.map { $0 == 2 }).estimate)
            #expect(agree(risk.value, reference.incidence[index], 1e-12))
            #expect(agree(try require(risk.standardError), reference.se[index], 1e-10))
        }
    }

    @Test("survival 3.5-3: each group's risk; the test is the sum of the squares", arguments: CalibrationReference.all)
    func groups(_ reference: CalibrationReference) throws {
        let table = try CalibrationGroups(
            reference.set.survival(), risks: reference.horizonRisks(), horizon: reference.r.horizon)
        let r = reference.r.groups
        #expect(table.groups.map(\.count) == r.count)
        var statistic = 0.0
        var complete = true
        for (index, group) in table.groups.enumerated() {
            let survival = try #require(r.survival[index])
            #expect(agree(group.predicted, try #require(r.predicted[index]), 1e-10))
            // R carries the last value on where the follow-up of a group ends before the horizon.
            guard let observed = group.observed.value else {
                complete = false
                continue
            }
            #expect(agree(observed.value, 1 - survival, 1e-11))
            guard let error = observed.standardError.value, let se = r.se[index] else {
                complete = false
                continue
            }
            #expect(agree(error, se, 1e-9))
            statistic += (observed.value - group.predicted) * (observed.value - group.predicted) / (se * se)
        }
        if complete {
            #expect(agree(try require(table.test).statistic, statistic, 1e-8))
            #expect(try require(table.test).degreesOfFreedom == 9)
        } else {
            #expect(table.test.undefined?.reason.hasPrefix("risk group ") == true)
        }
    }

    @Test("coxph on log(−log(1 − p)), follow-up cut at the horizon", arguments: CalibrationReference.all)
    func slope(_ reference: CalibrationReference) throws {
        let result = try CalibrationSlope(
            reference.set.survival(), risks: reference.horizonRisks(), horizon: reference.r.horizon)
        #expect(agree(result.slope.value, reference.r.coxSlope[0], 1e-7))
        #expect(agree(try require(result.slope.standardError), reference.r.coxSlope[1], 1e-7))
    }

    @Test("glm(poisson) with the expected events: ratio, slope, intercept", arguments: CalibrationReference.all)
    func poisson(_ reference: CalibrationReference) throws {
        let result = try HazardCalibration(
            reference.set.survival(), cumulativeHazards: reference.ownHazards(),
            linearPredictors: reference.relative.map(Elementary.log))
        let ratio = try require(result.ratio)
        #expect(agree(Elementary.log(ratio.value), reference.r.poissonLarge.coef, 1e-8))
        #expect(agree(try require(ratio.standardError), reference.r.poissonLarge.se, 1e-6))
        let r = reference.r.poissonSlope
        #expect(agree(try require(result.intercept).value, r.coef[0], 1e-7))
        #expect(agree(try require(result.slope).value, r.coef[1], 1e-7))
        #expect(agree(try require(require(result.intercept).standardError), r.se[0], 1e-6))
        #expect(agree(try require(require(result.slope).standardError), r.se[1], 1e-6))
    }

    @Test(
        "glm(binomial): intercept at slope 1, slope and intercept; Hosmer–Lemeshow", arguments: CalibrationReference.all
    )
    func logistic(_ reference: CalibrationReference) throws {
        let data = try reference.set.survival()
        let outcomes = data.times.indices.map { data.events[$0] && data.times[$0] <= reference.r.horizon }
        let risks = try reference.horizonRisks()
        let result = try LogisticCalibration(outcomes: outcomes, risks: risks)
        #expect(agree(try require(result.inTheLarge).value, reference.r.logisticLarge.coef, 1e-8))
        #expect(agree(try require(require(result.inTheLarge).standardError), reference.r.logisticLarge.se, 1e-6))
        let r = reference.r.logisticSlope
        #expect(agree(try require(result.intercept).value, r.coef[0], 1e-7))
        #expect(agree(try require(result.slope).value, r.coef[1], 1e-7))
        #expect(agree(try require(require(result.intercept).standardError), r.se[0], 1e-6))
        #expect(agree(try require(require(result.slope).standardError), r.se[1], 1e-6))
        let hosmer = try HosmerLemeshow(outcomes: outcomes, risks: risks)
        #expect(agree(try require(hosmer.test).statistic, reference.r.hosmer, 1e-9))
        #expect(try require(hosmer.test).degreesOfFreedom == 8)
    }

    @Test("Hmisc splines in coxph: the curve, ICI, E50, E90, largest distance", arguments: CalibrationReference.all)
    func splineCurve(_ reference: CalibrationReference) throws {
        let curve = try CalibrationCurve(
            reference.set.survival(), risks: reference.horizonRisks(), horizon: reference.r.horizon,
            method: .spline(knots: 4))
        let fit = try require(curve.fit)
        let smooth = reference.r.smooth
        #expect(agree(Array(fit.observed.prefix(20)), smooth.first, 1e-6))
        #expect(agree(fit.index, smooth.ici, 1e-6))
        #expect(agree(fit.e50, smooth.e50, 1e-6))
        #expect(agree(fit.e90, smooth.e90, 1e-6))
        #expect(agree(fit.largest, smooth.emax, 1e-6))
    }

    @Test("numpy from the definition: D-calibration", arguments: CalibrationReference.all)
    func dCalibration(_ reference: CalibrationReference) throws {
        let survival = try reference.ownHazards().map { Elementary.exp(-$0) }
        let result = try DCalibration(reference.set.survival(), survival: survival)
        #expect(agree(result.counts, reference.python.dCalibration.mass, 1e-9))
        #expect(agree(result.test.statistic, reference.python.dCalibration.statistic, 1e-9))
        #expect(agree(result.test.pValue, reference.python.dCalibration.p, 1e-9))
        #expect(agree(result.counts.reduce(0, +), Double(survival.count), 1e-12))
    }

    @Test(
        "prodlim's jackknife: pseudo-values of the risk, with and without competing events",
        arguments: CalibrationReference.all)
    func pseudoValues(_ reference: CalibrationReference) throws {
        let values = try require(
            PseudoRisk.values(reference.set.survival(), competing: nil, horizon: reference.r.horizon))
        // prodlim's are of the survival probability and rounded where they cancel.
        #expect(zip(values, reference.r.pseudo).allSatisfy { abs(1 - $0 - $1) < 1e-10 })
        let set = try ReferenceSet.named("pbc")
        let event = try set.column("event")
        let data = try SurvivalData(times: set.column("time"), events: event.map { $0 > 0 })
        let competing = try require(PseudoRisk.values(data, competing: event.map { $0 == 2 }, horizon: 1840))
        #expect(zip(competing, CalibrationReference.competing.pseudo).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    // MARK: Second routes and identities

    @Test("Second route: pseudo-values from left-out curves, ties, all horizons; influences from numerical derivatives")
    func leaveOneOut() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 30, span: 8, seed: seed)
            var sequence = TestSequence(seed: 60 + seed)
            let competing = data.events.map { $0 && sequence.uniform() < 0.4 }
            for horizon in [1.0, 3, 5.5, 7] {
                let whole = try require(ObservedRisk(data, horizon: horizon, competing: competing).estimate).value
                let values = try require(PseudoRisk.values(data, competing: competing, horizon: horizon))
                for left in 0..<30 {
                    let rows = (0..<30).filter { $0 != left }
                    let part = try require(
                        ObservedRisk(data.subset(rows), horizon: horizon, competing: rows.map { competing[$0] })
                            .estimate)
                    #expect(
                        agree(values[left], 30 * whole - 29 * part.value, 1e-9, floor: 1e-3), "seed \(seed) row \(left)"
                    )
                }
            }
            // Each patient 1000 times, one of them 1001 times: the change is the influence to about a thousandth.
            let risk = HorizonRisk(data, competing: competing, horizon: 5)
            let place = Dictionary(uniqueKeysWithValues: data.order.enumerated().map { ($1, $0) })
            for extra in [0, 7, 19] {
                let rows = (0..<30).flatMap { row in [Int](repeating: row, count: row == extra ? 1001 : 1000) }
                let more = try require(
                    ObservedRisk(data.subset(rows), horizon: 5, competing: rows.map { competing[$0] }).estimate)
                let change = (more.value - (try require(risk.value))) * 1000
                #expect(abs(change - risk.influences[try #require(place[extra])]) < 2e-4)
            }
        }
    }

    @Test("A calibrated model: the slope is 1, O/E is 1, no test rejects, the curves lie on the diagonal (4 SE)")
    func calibratedModel() throws {
        var sequence = TestSequence(seed: 77)
        let hazards = (0..<4_000).map { _ in Elementary.exp(2 * sequence.uniform() - 2) }
        let deaths = hazards.map { -Elementary.log(sequence.uniform()) / $0 }
        let ends = hazards.map { _ in 3 * sequence.uniform() }
        let data = try SurvivalData(times: zip(deaths, ends).map(min), events: zip(deaths, ends).map { $0 <= $1 })
        let risks = hazards.map { 1 - Elementary.exp(-$0) }
        func near(_ estimate: Estimate, _ truth: Double) throws {
            let value = estimate.scale == .log ? Elementary.log(estimate.value / truth) : estimate.value - truth
            #expect(abs(value) < 4 * (try require(estimate.standardError)))
        }
        try near(try require(ObservedExpected(data, risks: risks, horizon: 1).ratio), 1)
        try near(CalibrationSlope(data, risks: risks, horizon: 1).slope, 1)
        let hazard = try HazardCalibration(
            data, cumulativeHazards: zip(hazards, data.times).map { $0 * $1 },
            linearPredictors: hazards.map(Elementary.log))
        try near(try require(hazard.ratio), 1)
        try near(try require(hazard.slope), 1)
        #expect(try require(hazard.test).pValue > 1e-4)
        #expect(try require(CalibrationGroups(data, risks: risks, horizon: 1).test).pValue > 1e-4)
        #expect(
            try DCalibration(data, survival: zip(hazards, data.times).map { Elementary.exp(-$0 * $1) }).test.pValue
                > 1e-4)
        for method in [CalibrationCurve.Method.spline(knots: 3), .pseudoValues(span: 0.75)] {
            // A group of 400 has a standard error of 0.025; the curves use more than that.
            #expect(try require(CalibrationCurve(data, risks: risks, horizon: 1, method: method).fit).index < 0.025)
        }
        // Predictions twice as extreme on the log hazard scale: slope 1/2.
        let extreme = hazards.map { 1 - Elementary.exp(-$0 * $0) }
        try near(CalibrationSlope(data, risks: extreme, horizon: 1).slope, 0.5)
    }

    @Test("Local linear smoothing gives back a line exactly; equal risks and separated outcomes are named")
    func limits() throws {
        var sequence = TestSequence(seed: 12)
        let x = (0..<500).map { _ in sequence.uniform() }
        let line = try require(LocalLinear.smooth(x, x.map { 0.2 + 0.5 * $0 }, span: 0.3))
        #expect(zip(line, x).allSatisfy { abs($0 - 0.2 - 0.5 * $1) < 1e-9 })
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, false, true])
        let equal = [Double](repeating: 0.5, count: 4)
        #expect(
            try CalibrationCurve(data, risks: equal, horizon: 2, method: .pseudoValues(span: 1)).fit.undefined?.reason
                == "all predicted risks are alike: there is no curve")
        #expect(
            try CalibrationCurve(data, risks: equal, horizon: 2).fit.undefined?.reason
                == "the predicted risks have too few different values for 3 knots")
        #expect(throws: CoxError.constant(covariate: "predicted risk")) {
            try CalibrationSlope(data, risks: equal, horizon: 2)
        }
        #expect(
            try LogisticCalibration(outcomes: [false, false, true, true], risks: [0.1, 0.2, 0.3, 0.4]).slope.undefined?
                .reason == "the predictions separate the outcomes: the slope has no finite estimate")
        #expect(
            try LogisticCalibration(outcomes: [true, true], risks: [0.1, 0.2]).inTheLarge.undefined?.reason
                == "2 of 2 have the event: the binomial error has no estimate")
        let one = try SurvivalData(times: [1], events: [true])
        let single = try CalibrationGroups(one, risks: [0.5], horizon: 1)
        #expect(single.groups.count == 1 && single.groups[0].events == 1)
        #expect(single.test.undefined?.code == "one-group")
        #expect(
            try HazardCalibration(one, cumulativeHazards: [0.5], linearPredictors: [1]).slope.undefined?.code
                == "equal-predictions")
        #expect(try ObservedRisk(data, horizon: 9).estimate.value?.value == 1)
        let censored = try SurvivalData(times: [1, 2], events: [true, false])
        #expect(
            try ObservedRisk(censored, horizon: 3).estimate.undefined?.reason
                == "time 3.0 is after the last observed time 2.0, where the curve has not reached 0")
    }

    @Test("Failure: risks of 0 or 1 for a log-log, hazards, knots, spans, bins, groups")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, false])
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: InvalidInput.self, performing: body)?.description
        }
        #expect(
            message { _ = try CalibrationSlope(data, risks: [0, 1], horizon: .nan) } == """
                row 1, risk: found 0.0, allowed is a probability strictly between 0 and 1
                row 2, risk: found 1.0, allowed is a probability strictly between 0 and 1
                horizon: found nan, allowed is a finite number ≥ 0
                """)
        #expect(
            message { _ = try HazardCalibration(data, cumulativeHazards: [0, -1]) } == """
                row 1, cumulative hazard: found 0 for a patient with the event, allowed is a number > 0
                row 2, cumulative hazard: found -1.0, allowed is a finite number ≥ 0
                """)
        #expect(
            message { _ = try CalibrationCurve(data, risks: [0.1, 0.2], horizon: 1, method: .spline(knots: 7)) }
                == "knots: found 7, allowed is 3 to 5")
        #expect(
            message { _ = try CalibrationCurve(data, risks: [0.1, 0.2], horizon: 1, method: .pseudoValues(span: 0)) }
                == "span: found 0.0, allowed is a share over 0 and at most 1")
        #expect(
            message { _ = try DCalibration(data, survival: [0.1, 0.2], bins: 1) }
                == "bins: found 1, allowed is at least 2")
        #expect(
            message { _ = try CalibrationGroups(data, risks: [0.1, 0.2], horizon: 1, groups: 0) }
                == "groups: found 0, allowed is at least 1")
        #expect(
            message { _ = try HosmerLemeshow(outcomes: [], risks: []) }
                == "outcome: found no rows, allowed is at least one patient")
    }
}
