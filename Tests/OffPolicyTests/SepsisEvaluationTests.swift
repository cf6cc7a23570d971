import Environments
import NumericsCore
import Regimes
import Testing

@testable import OffPolicy

/// Backed by simulation against exact values: fixed seeds, 4 standard errors.
@Suite struct SepsisEvaluationTests {
    /// The rule, followed in 7 of 10 decisions by the log and in 8 of 10 by the policy.
    private struct Case {
        let environment: TabularEnvironment
        let behaviour: SoftPolicy
        let policy: SoftPolicy
        let truth: ExactValue

        init() throws {
            environment = try OberstSepsis.environment(.paper)
            let rule = try environment.rule("by-vital")
            behaviour = SoftPolicy(inner: rule, share: 0.3)
            policy = SoftPolicy(inner: rule, share: 0.2)
            truth = try environment.exactValue(of: policy)
        }

        func log(_ episodes: Int, seed: UInt64) throws -> LoggedEpisodes {
            try EpisodeLog(environment, behaviour, seed: seed, withHidden: true).run(episodes, threads: 2)
        }
    }

    /// What the policy may see, and its state, which makes the problem Markov.
    private static func settings(_ names: [String]) -> OffPolicySettings {
        var settings = OffPolicySettings()
        settings.estimators = names
        settings.horizon = 40
        settings.folds = 2
        settings.variables = ["heart_rate", "blood_pressure", "oxygen", "glucose", "diabetes"]
        return settings
    }

    /// Unbiased: IS, PDIS, and DR with any model that has not seen the episodes it is used for.
    @Test func estimatorsAreUnbiased() throws {
        let sepsis = try Case()
        var means = [String: RunningMoments]()
        for seed in 1...60 {
            let study = try OffPolicyStudy(sepsis.log(200, seed: UInt64(seed)), Self.settings(["is", "pdis", "dr"]))
            for estimate in try study.evaluate(sepsis.policy).estimates {
                means[estimate.estimator, default: RunningMoments()].add(try #require(estimate.value))
            }
        }
        for (name, moments) in means {
            let mean = try #require(moments.mean)
            let error = try #require(moments.standardError)
            #expect(
                abs(mean - sepsis.truth.value) < 4 * error, "\(name): \(mean) against \(sepsis.truth.value), \(error)")
        }
        #expect(means.count == 3)
    }

    /// 95 % intervals of 150 logs: between 95 % less 4 standard errors (1.8 % each) and 100 %.
    @Test func intervalsCover() throws {
        let sepsis = try Case()
        var covered = [String: Int]()
        let names = ["wis", "wpdis", "wdr"]
        for seed in 1...150 {
            let study = try OffPolicyStudy(sepsis.log(300, seed: UInt64(1000 + seed)), Self.settings(names))
            for estimate in try study.evaluate(sepsis.policy).estimates {
                let (lower, upper) = (try #require(estimate.lower), try #require(estimate.upper))
                if lower <= sepsis.truth.value, sepsis.truth.value <= upper {
                    covered[estimate.estimator, default: 0] += 1
                }
            }
        }
        for name in names {
            let share = Double(covered[name] ?? 0) / 150
            #expect(share > 0.95 - 4 * 0.018, "\(name): \(share)")
        }
    }

    @Test func aLongLogComesNearTheTruthByGroupToo() throws {
        let sepsis = try Case()
        var settings = Self.settings(OffPolicyEstimators.names.filter { $0 != "dm" })
        (settings.interval.resamples, settings.interval.threads) = (40, 2)
        let study = try OffPolicyStudy(sepsis.log(6000, seed: 5), settings)
        let evaluation = try study.evaluate(sepsis.policy)
        let truth = try OffPolicyTruth(of: sepsis.policy, in: sepsis.environment, episodes: 2, seed: 1, threads: 1)
        #expect(truth.isExact)
        for estimate in evaluation.estimates {
            let error = try #require(truth.errorInStandardErrors(estimate))
            #expect(abs(error) < 4, "\(estimate.estimator): \(error)")
        }
        let groups = try #require(evaluation.by.first { $0.grouping == "diabetes" }?.groups)
        #expect(groups.map(\.name) == ["no", "yes"])
        #expect(groups.reduce(0) { $0 + $1.episodes } == 6000)
        for group in groups {
            let known = try #require(sepsis.truth.by["diabetes"]?[group.name])
            for estimate in group.estimates {
                let (value, error) = (try #require(estimate.value), try #require(estimate.standardError))
                #expect(abs(value - known) < 4 * error, "\(group.name), \(estimate.estimator)")
            }
        }
    }

    /// MAGIC is a mixture: it lies between the least and the greatest partial return, and errs no more than both ends by its
    /// own account.
    @Test func magicLiesBetween() throws {
        let sepsis = try Case()
        let study = try OffPolicyStudy(sepsis.log(300, seed: 9), Self.settings(["magic"]))
        let evidence = try study.evidence(for: sepsis.policy).evidence
        let ones = [Double](repeating: 1, count: evidence.episodes)
        let magic = Magic(evidence)
        let averages = StageAverages(evidence, counts: ones)
        let partial = magic.steps.map { averages.partial($0, evidence) }
        let value = magic.value(counts: ones)
        let (least, most) = (try #require(partial.min()), try #require(partial.max()))
        #expect(value >= least - 1e-12 && value <= most + 1e-12)
        #expect(abs(magic.mixture.reduce(0, +) - 1) < 1e-12 && magic.mixture.allSatisfy { $0 >= 0 })
        #expect(abs(partial[0] - DirectMethod(evidence).value(counts: ones)) < 1e-12)
        let last = try #require(partial.last)
        #expect(abs(last - WeightedDoublyRobust(evidence).value(counts: ones)) < 1e-12)
    }

    @Test func threadsDoNotMatter() throws {
        let sepsis = try Case()
        let log = try sepsis.log(1500, seed: 3)
        #expect(
            try EpisodeLog(sepsis.environment, sepsis.behaviour, seed: 3, withHidden: true).run(1500, threads: 1)
                .rewards == log.rewards)
        var settings = Self.settings(["wis", "wdr"])
        settings.interval.resamples = 200
        for method in IntervalMethod.allCases {
            settings.interval.method = method
            var answers: [[OffPolicyEstimate]] = []
            for threads in [1, 2, 3] {
                settings.interval.threads = threads
                answers.append(try OffPolicyStudy(log, settings).evaluate(sepsis.policy).estimates)
            }
            #expect(answers[0] == answers[1] && answers[1] == answers[2])
        }
    }

    /// The best of several policies looks better on the episodes that chose it than on others, on average over logs.
    @Test func selectionReportsWhereItDidNotChoose() throws {
        let sepsis = try Case()
        let shares = [0.0, 0.1, 0.2, 0.25, 0.3, 0.4]
        let candidates = try shares.map {
            ("share \($0)", SoftPolicy(inner: try sepsis.environment.rule("by-vital"), share: $0) as any Policy)
        }
        var (held, own) = (RunningMoments(), RunningMoments())
        for seed in 1...40 {
            var settings = Self.settings(["wis"])
            settings.seed = UInt64(seed)
            let selection = try PolicySelection(candidates, on: sepsis.log(200, seed: UInt64(7000 + seed)), settings)
            let truth = try sepsis.environment.exactValue(of: candidates[selection.chosen].1).value
            let chosen = selection.candidates[selection.chosen].estimate
            held.add(try #require(selection.report.estimates[0].value) - truth)
            own.add(try #require(chosen.value) - truth)
            #expect(selection.reporting.log.episodes == 100)
        }
        let (fair, error) = (try #require(held.mean), try #require(held.standardError))
        #expect(abs(fair) < 4 * error)
        let flattering = try #require(own.mean)
        #expect(flattering > fair)
    }
}
