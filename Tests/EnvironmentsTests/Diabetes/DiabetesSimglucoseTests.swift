import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by the public package simglucose 0.2.11, run by `References/diabetes_simglucose.py`.
@Suite struct DiabetesSimglucoseTests {
    private func policy(_ name: String, _ environment: DiabetesEnvironment) throws -> any Policy {
        let choice =
            switch name {
            case "basal_only": "rule:basal-only"
            case "basal_bolus": "rule:basal-bolus"
            case "pid": "rule:pid"
            default: "constant:" + name.dropFirst("constant_".count)
            }
        return try environment.policy(PolicyChoice(choice))
    }

    /// dopri5 at the package's tolerance is itself off by up to 5e-4 mg/dL.
    @Test("Every patient's day is the package's to 1e-3 mg/dL", arguments: ["basal_only", "basal_bolus"])
    func days(_ name: String) throws {
        let runs = try DiabetesReference.runs().filter { $0.policy == name && $0.patient != nil }
        try #require(runs.count == 30)
        for run in runs {
            let patient = run.patient ?? ""
            let environment = try DiabetesEnvironment(variant: "simglucose", population: patient)
            let day = try DiabetesDay(environment, policy(name, environment), episode: 0)
            #expect(Double(day.steps) == run.n, "\(patient)")
            #expect((day.ending != .truncated) == run.endedEarly, "\(patient)")
            for (measure, value, tolerance) in [
                ("percent_in_range", 100 * run.tir, 1e-10), ("percent_below_70", 100 * run.hypo, 1e-10),
                ("percent_above_180", 100 * run.hyper, 1e-10), ("mean_glucose", run.mean, 1e-3),
                ("sd_glucose", run.sd ?? .nan, 1e-3), ("min_glucose", run.min ?? .nan, 1e-3),
                ("max_glucose", run.max ?? .nan, 1e-3), ("lbgi", run.lbgi, 1e-3), ("hbgi", run.hbgi, 1e-3),
            ] {
                let found = day.measures[measure] ?? .nan
                #expect(abs(found - value) < tolerance, "\(patient) \(measure): \(found), \(value)")
            }
            #expect(abs(day.final - (run.final ?? .nan)) < 1e-3, "\(patient)")
        }
    }

    @Test(
        "The means of a group's days are the package's", arguments: ["pid", "constant_0", "constant_2.5", "constant_5"])
    func groups(_ name: String) throws {
        for group in VirtualPatients.groups {
            let runs = try DiabetesReference.runs()
            let run = try #require(
                runs.first { $0.policy == name && $0.group == group && $0.meals == "fixed" })
            let environment = try DiabetesEnvironment(variant: "simglucose", population: group)
            let totals = try environment.simulate(policy(name, environment), episodes: 10, seed: 1, threads: 2)
            let measures = environment.facts.measures
            for (measure, value, tolerance) in [
                ("percent_in_range", 100 * run.tir, 1e-9), ("percent_below_70", 100 * run.hypo, 1e-9),
                ("percent_above_180", 100 * run.hyper, 1e-9), ("mean_glucose", run.mean, 1e-3),
                ("sd_glucose", run.sd ?? .nan, 1e-3), ("lbgi", run.lbgi, 1e-3), ("hbgi", run.hbgi, 1e-3),
            ] {
                let place = try #require(measures.firstIndex(of: measure))
                let found = totals.measures[place].mean ?? .nan
                #expect(abs(found - value) < tolerance, "\(group) \(measure): \(found), \(value)")
            }
            #expect(abs(Double(totals.steps) / 10 - (run.n ?? .nan)) < 1e-9)
            #expect(abs(Double(totals.ends.reduce(0, +)) / 10 - (run.early ?? .nan)) < 1e-9)
        }
    }

    /// Ours is the mean of 400 days, whose error is a fifth of theirs.
    @Test(
        "With random meals and errors the share of time in range is the package's within 4 standard errors of its 20 days"
    )
    func randomMeals() throws {
        for group in VirtualPatients.groups {
            let runs = try DiabetesReference.runs()
            let run = try #require(runs.first { $0.meals == "random" && $0.group == group })
            let environment = try DiabetesEnvironment(variant: "simglucose-random", population: group)
            let totals = try environment.simulate(DiabetesRule.basalBolus, episodes: 400, seed: 3, threads: 2)
            let ours = try #require(totals.measures[0].mean)
            #expect(abs(ours / 100 - run.tir) < 4 * (run.seTir ?? 0), "\(group): \(ours), \(run.tir)")
        }
    }
}
