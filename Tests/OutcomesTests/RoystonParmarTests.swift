import Foundation
import Outcomes
import Testing

@Suite struct RoystonParmarTests {
    @Test("SciPy maximum of the textbook likelihood: coefficients, errors, predictions", arguments: ModelReference.all)
    func agreesWithSciPy(_ reference: ModelReference) throws {
        let columns = try reference.set.covariates(reference.scipy.covariates)
        for scale in RoystonParmar.Scale.allCases {
            for (knots, delayed) in [(0, false), (1, false), (3, false), (2, true)] {
                let name = "\(scale.rawValue)\(knots)\(delayed ? "delayed" : "")"
                let expected = try #require(reference.scipy.flexible[name])
                let data = try delayed ? reference.set.delayedSurvival() : reference.set.survival()
                let model = try RoystonParmar(data, covariates: columns, scale: scale, knots: .inner(knots))
                let rows = model.table.rows
                #expect(agree(model.knots, expected.knots, 1e-12), "\(name)")
                #expect(agree(rows.map(\.estimate), expected.coef, 1e-6), "\(name)")
                #expect(agree(try rows.map { try require($0.standardError) }, expected.se, 1e-6), "\(name)")
                #expect(agree(model.logLikelihood, expected.loglik, 1e-10), "\(name)")
                let survival = try require(model.survival(at: expected.time, covariates: expected.means))
                let hazard = try require(model.hazard(at: expected.time, covariates: expected.means))
                let mean = try require(
                    model.restrictedMean(to: expected.restrictedMean[0], covariates: expected.means)
                ).estimate
                #expect(agree(survival.value, expected.survival[0], 1e-8), "\(name)")
                #expect(agree(try require(survival.standardError), expected.survival[1], 1e-6), "\(name)")
                #expect(agree(hazard.value, expected.hazard[0], 1e-7), "\(name)")
                #expect(agree(try require(hazard.standardError), expected.hazard[1], 1e-6), "\(name)")
                #expect(agree(mean.value, expected.restrictedMean[1], 1e-8), "\(name)")
                #expect(agree(try require(mean.standardError), expected.restrictedMean[2], 1e-6), "\(name)")
            }
        }
    }

    @Test(
        "Identity: without inner knots the Weibull, log-logistic and log-normal models", arguments: ModelReference.all)
    func noKnots(_ reference: ModelReference) throws {
        let columns = try reference.set.covariates(reference.r.covariates)
        let pairs: [(RoystonParmar.Scale, AFTModel.Family)] = [
            (.hazard, .weibull), (.odds, .logLogistic), (.probit, .logNormal),
        ]
        for data in [try reference.set.survival(), try reference.set.delayedSurvival()] {
            for (scale, family) in pairs {
                let spline = try RoystonParmar(data, covariates: columns, scale: scale, knots: .inner(0))
                let model = try AFTModel(data, covariates: columns, family: family)
                let sigma = model.scales[0]
                #expect(agree(spline.logLikelihood, model.logLikelihood, 1e-11))
                #expect(agree(spline.splineCoefficients[1].estimate, 1 / sigma, 1e-9))
                #expect(
                    agree(
                        spline.coefficients.map(\.estimate),
                        model.coefficients.dropFirst().map { -$0.estimate / sigma },
                        1e-8))
                // A function of the parameters has one delta-method error, whatever the parametrisation.
                let x = columns.map { $0.values[3] }
                let time = data.times[5]
                let ours = try require(spline.survival(at: time, covariates: x))
                let theirs = try require(model.survival(at: time, covariates: x))
                #expect(agree(ours.value, theirs.value, 1e-9))
                #expect(agree(try require(ours.standardError), try require(theirs.standardError), 1e-8))
            }
        }
    }

    @Test("Closed form: restricted mean of an exponential fit, to the last digits")
    func restrictedMean() throws {
        // Times at quantiles of an exponential law with all events: the Weibull fit is some shape and scale; its restricted
        // mean with shape k and scale b is b/k·γ(1/k, (τ/b)^k), checked here by the trapezoid of 200 000 steps in t^k.
        let data = try SurvivalData.tied(count: 200, span: 60, seed: 31)
        let model = try RoystonParmar(data, knots: .inner(0))
        let horizon = 45.0
        let mean = try require(model.restrictedMean(to: horizon)).estimate.value
        let steps = 20_000
        var sum = 0.0
        for index in 0..<steps {
            let time = horizon * (Double(index) + 0.5) / Double(steps)
            sum += try require(model.survival(at: time)).value
        }
        // The midpoint rule's error is h²/24·(f′(τ) − f′(0)).
        #expect(agree(mean, sum * horizon / Double(steps), 1e-7))
    }

    @Test("Second route: the hazard is minus the slope of log survival")
    func hazard() throws {
        let set = try ReferenceSet.named("gbsg2")
        for scale in RoystonParmar.Scale.allCases {
            let model = try RoystonParmar(
                set.survival(), covariates: set.covariates(["age", "nodes"]), scale: scale, knots: .inner(3))
            for time in [300.0, 900, 2000] {
                let h = 1e-3 * time
                func logS(_ t: Double) throws -> Double {
                    log(try require(model.survival(at: t, covariates: [50, 3])).value)
                }
                let slope =
                    try (8 * (logS(time - h) - logS(time + h)) - (logS(time - 2 * h) - logS(time + 2 * h))) / (12 * h)
                #expect(agree(try require(model.hazard(at: time, covariates: [50, 3])).value, slope, 1e-7))
            }
        }
    }

    @Test("Invariant: the unit of time moves nothing but the spline")
    func units() throws {
        let set = try ReferenceSet.named("pbc")
        let data = try set.survival()
        let columns = try set.covariates(["age", "logbili"])
        let years = try SurvivalData(times: data.times.map { $0 / 365.25 }, events: data.events)
        let days = try RoystonParmar(data, covariates: columns, knots: .inner(2))
        let short = try RoystonParmar(years, covariates: columns, knots: .inner(2))
        #expect(agree(days.coefficients.map(\.estimate), short.coefficients.map(\.estimate), 1e-8))
        #expect(
            agree(
                try require(days.restrictedMean(to: 3652.5, covariates: [50, 1])).estimate.value,
                365.25 * (try require(short.restrictedMean(to: 10, covariates: [50, 1])).estimate.value), 1e-9))
        let named = try RoystonParmar(data, covariates: columns, knots: .times(days.knots))
        #expect(agree(named.logLikelihood, days.logLikelihood, 1e-12))
        #expect(agree(days.akaike, 2 * 6 - 2 * days.logLikelihood, 1e-14))
    }

    @Test("Failure: knots that are not allowed, that coincide, and no event")
    func failures() throws {
        let data = try SurvivalData(times: [1, 2, 2, 2, 2, 3], events: [true, true, true, true, true, true])
        func message(_ data: SurvivalData, _ knots: RoystonParmar.Knots) -> String? {
            do {
                _ = try RoystonParmar(data, knots: knots)
                return nil
            } catch { return "\(error)" }
        }
        #expect(message(data, .inner(-1)) == "knots: found -1 inner knots, allowed is 0 or more")
        #expect(
            message(data, .times([3, 1]))
                == "knots: found [3.0, 1.0], allowed is two or more positive finite times, ascending"
        )
        #expect(
            message(data, .inner(3))
                == "Royston-Parmar model: two knots fall on time 2.0; ask for fewer knots or give their times")
        #expect(
            message(try SurvivalData(times: [1, 2], events: [false, false]), .inner(1))
                == "Royston-Parmar model: there is no event; at least one is needed")
        let model = try RoystonParmar(data, knots: .inner(0))
        #expect(model.survival(at: 1, covariates: [1]).undefined?.code == "covariates")
        #expect(model.hazard(at: 0).undefined?.code == "time")
        #expect(model.restrictedMean(to: 0).undefined?.code == "horizon")
    }
}
