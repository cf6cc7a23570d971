import Foundation
import NumericsCore
import Regimes
import Testing

@testable import OffPolicy

/// Intervals that know of the model's error: by simulation against a value known by backward induction, fixed seeds.
@Suite struct ModelErrorTests {
    private let policy = CoinPolicy(atZero: 0.8, elsewhere: 0.3)

    private static func settings(_ names: [String], folds: Int = 2) -> OffPolicySettings {
        var settings = OffPolicySettings()
        settings.estimators = names
        settings.folds = folds
        settings.basis = .table
        settings.interval.resamples = 100
        settings.interval.threads = 2
        return settings
    }

    /// 400 logs of 100 episodes: intervals of 95 % hold the value in 95 % of the logs but for chance, three standard errors being
    /// 3·√(0.95·0.05/400) = 3.3 %; standard errors are the spread of the estimates within 11 % (three of √(1/800)).
    @Test func intervalsCover() throws {
        let found = try LoggedCoverage(policy, logs: 400, Self.settings(LoggedCoverage.names), episodes: 100)
        for name in LoggedCoverage.names {
            #expect(abs(found.share(name) - 0.95) < 0.033, "\(found.text(name))")
            #expect(abs(found.error(name) / found.spread(name) - 1) < 0.11, "\(found.text(name))")
        }
        // What the refits are for.
        #expect(found.share("dm, model held") < 0.8, "\(found.text("dm, model held"))")
    }

    /// The table of the documentation: `TRIALIST_COVERAGE=2000 swift test --filter loggedCoverageTable` prints it.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["TRIALIST_COVERAGE"] != nil))
    func loggedCoverageTable() throws {
        let logs = Int(ProcessInfo.processInfo.environment["TRIALIST_COVERAGE"] ?? "") ?? 2000
        for episodes in [50, 100, 400] {
            var settings = Self.settings(LoggedCoverage.names, folds: 5)
            settings.interval.resamples = 200
            let found = try LoggedCoverage(policy, logs: logs, settings, episodes: episodes)
            for name in LoggedCoverage.names + ["dm, model held"] {
                FileHandle.standardError.write(Data("\(episodes) episodes, \(found.text(name))\n".utf8))
                #expect(found.share(name) > 0.3)
            }
        }
    }

    /// A fit to resampled episodes is the fit to a log in which they stand as often.
    @Test(arguments: [FittedQEvaluation.Basis.table, .linear], FittedQEvaluation.Time.allCases)
    func countsAreRepetitions(_ basis: FittedQEvaluation.Basis, _ time: FittedQEvaluation.Time) throws {
        let log = ThreeStates.log(30, seed: 9)
        let counts = (0..<30).map { Double([2, 0, 1, 1, 3][$0 % 5]) }
        let repeated = log.subset((0..<30).flatMap { [Int](repeating: $0, count: Int(counts[$0])) })
        let plan = FittedQEvaluation(basis: basis, time: time, folds: 1, horizon: 3)
        func prepared(_ log: LoggedEpisodes) throws -> PreparedQEvaluation {
            try PreparedQEvaluation(
                plan, log, target: TargetProbabilities(policy, on: log), cells: StateCells(log, variables: [0]),
                variables: [0], seed: 1)
        }
        let drawn = try prepared(log).fit(counts: counts).values
        let plain = try prepared(repeated).fit(counts: [Double](repeating: 1, count: repeated.episodes)).values
        // A linear basis is standardised over the log that it was made for, which moves only the penalty of a slope.
        let allowed = basis == .table ? 1e-12 : 1e-2
        for (episode, place) in [(0, 0), (2, 2), (29, repeated.episodes - 1)] {
            #expect(abs(drawn.v[log.starts[episode]] - plain.v[repeated.starts[place]]) < allowed)
        }
        #expect(drawn.v[log.starts[1]] == 0)
    }

    @Test func whatIsTooDearIsSaid() throws {
        var settings = Self.settings(["wdr", "dm"])
        settings.interval.mostWork = 20_000
        let log = ThreeStates.log(100, seed: 3)
        let estimates = try OffPolicyStudy(log, settings).evaluate(policy).estimates
        // Two folds learn from 150 decisions each, at two levels: 600 multiplications, of which 33 fits were allowed.
        #expect(estimates[0].reason == nil && estimates[0].refits == nil)
        #expect(estimates[1].refits == nil)
        #expect(
            estimates[1].reason
                == "the interval holds the fitted model fixed and is too narrow: a fit takes 6e+02 multiplications and all may "
                + "take 2e+04; take a simpler model or fewer resamples")
        // An error is content with 50 fits.
        settings.interval.mostWork = 40_000
        #expect(try OffPolicyStudy(log, settings).evaluate(policy).estimates[1].refits == 66)
    }

    @Test func withoutCrossFittingDoublyRobustIsRefitted() throws {
        let log = ThreeStates.log(60, seed: 4)
        let estimates = try OffPolicyStudy(log, Self.settings(["dr", "wis"], folds: 1)).evaluate(policy).estimates
        #expect(estimates.map(\.refits) == [100, nil])
    }

    @Test func threadsDoNotMatter() throws {
        var log = ThreeStates.log(60, seed: 5)
        log.groups = [(name: "half", labels: (0..<60).map { $0 % 2 == 0 ? "even" : "odd" })]
        for method in IntervalMethod.allCases {
            var settings = Self.settings(["dm", "magic"])
            settings.interval.method = method
            var answers: [[OffPolicyEstimate]] = []
            for threads in [1, 3] {
                settings.interval.threads = threads
                let evaluation = try OffPolicyStudy(log, settings).evaluate(policy)
                answers.append(evaluation.estimates + evaluation.by[0].groups.flatMap(\.estimates))
            }
            #expect(answers[0] == answers[1])
            for estimate in answers[0] {
                let (value, error) = (try #require(estimate.value), try #require(estimate.standardError))
                let (lower, upper) = (try #require(estimate.lower), try #require(estimate.upper))
                #expect(error > 0 && lower < value && value < upper, "\(method), \(estimate)")
            }
        }
    }
}
