import ArgumentParser
import Environments
import EpisodeFiles
import Foundation
import ModelEnvironments
import OffPolicy
import Regimes

/// `trialist regime ope DATA --policy POLICY`
struct RegimeOpeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ope",
        abstract: "Say what a policy is worth from logged episodes in which somebody else acted.",
        discussion: """
            Beside each estimate stands its effective sample size, flagged below 10, and the share of decisions for which the \
            log shows nothing of what the policy would do. With --environment the truth stands beside all of them. With \
            --policies A.json B.json --select the best is chosen on one half of the episodes and reported on the other.
            """)

    @Argument(help: "Logged episodes: CSV, or HDF5 with the extension h5 or hdf5.")
    var data: String

    @Option(
        help: ArgumentHelp(
            "The policy: a file, random, constant:X, or rule:NAME with --environment.", valueName: "policy"))
    var policy: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Several policies to choose from, with --select.", valueName: "policy"))
    var policies: [String] = []

    @Flag(help: "Choose among --policies on one half of the episodes, and report on the other.")
    var select = false

    @Option(help: ArgumentHelp("The environment that the episodes come from, for the truth.", valueName: "name"))
    var environment: String?

    @Option(help: ArgumentHelp("Its variant; the first of the list by default.", valueName: "name"))
    var variant: String?

    @Option(
        help: ArgumentHelp("Estimators: is, wis, pdis, wpdis, dm, dr, wdr, magic; all by default.", valueName: "a,b"))
    var estimators: String?

    @Option(help: ArgumentHelp("influence, percentile, bca or m-out-of-n.", valueName: "method"))
    var interval = IntervalMethod.influence

    @Option(help: ArgumentHelp("The confidence level of intervals.", valueName: "share"))
    var level = 0.95

    @Option(help: ArgumentHelp("Bootstrap resamples.", valueName: "n"))
    var resamples = 1000

    @Option(help: ArgumentHelp("Parts in which models are cross-fitted; 1 for none.", valueName: "n"))
    var folds = 5

    @Option(help: ArgumentHelp("The model of values: table, quadratic or linear.", valueName: "basis"))
    var model: FittedQEvaluation.Basis?

    @Option(help: ArgumentHelp("stages (a model for each decision) or pooled (one for all).", valueName: "kind"))
    var time: FittedQEvaluation.Time?

    @Option(help: ArgumentHelp("What the model may use; all that is observed by default.", valueName: "a,b"))
    var modelVariables: String?

    @Option(help: ArgumentHelp("The number of decisions of a whole episode.", valueName: "n"))
    var horizon: Int?

    @Option(help: ArgumentHelp("γ; the environment's or the file's by default, else 1.", valueName: "share"))
    var discount: Double?

    @Option(help: ArgumentHelp("Episodes that the truth is simulated with, where it is not exact.", valueName: "n"))
    var truthEpisodes = 100_000

    @Option(help: ArgumentHelp("The seed of all random numbers.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if select ? policies.count < 2 || policy != nil : policies.isEmpty == (policy == nil) || policies.count > 1 {
            throw ValidationError("give one --policy, or several --policies with --select")
        }
        if !(level > 0 && level < 1) { throw ValidationError("--level: found \(level), allowed: above 0 and below 1") }
        for (name, value, allowed) in [
            ("resamples", resamples, 10...1_000_000), ("folds", folds, 1...100),
            ("horizon", horizon ?? 1, 1...1_000_000),
            ("truth-episodes", truthEpisodes, 2...1_000_000_000), ("threads", threads ?? 1, 1...4096),
        ] where !allowed.contains(value) {
            throw ValidationError(
                "--\(name): found \(value), allowed: \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        if let discount, !(discount > 0 && discount <= 1) {
            throw ValidationError("--discount: found \(discount), allowed: above 0 to 1")
        }
    }

    func run() throws {
        let environment = try environment.map { try EnvironmentCatalog().find($0).make(variant: variant) }
        let names = policy.map { [$0] } ?? policies
        let log = try EpisodeFile.read(
            data, actions: environment?.facts.actions ?? Self.actions(names),
            discount: discount ?? environment?.facts.discount)
        let settings = settings(environment?.facts, log)
        let candidates = try names.map { ($0, try chosen($0, environment, log)) }
        func truth(_ policy: any Policy) throws -> OffPolicyTruth? {
            try environment.map {
                try OffPolicyTruth(
                    of: policy, in: $0, episodes: truthEpisodes, seed: seed, threads: settings.interval.threads)
            }
        }
        if select {
            let selection = try PolicySelection(candidates, on: log, settings)
            let report = SelectionReport(selection, truth: try truth(candidates[selection.chosen].1))
            print(json ? try report.json() : report.text)
        } else {
            let study = try OffPolicyStudy(log, settings)
            let report = OffPolicyReport(
                policy: names[0], study, try study.evaluate(candidates[0].1), truth: try truth(candidates[0].1))
            print(json ? try report.json() : report.text)
        }
    }

    private func settings(_ facts: EnvironmentFacts?, _ log: LoggedEpisodes) -> OffPolicySettings {
        func list(_ text: String?) -> [String]? { text.map { $0.split(separator: ",").map(String.init) } }
        var settings = OffPolicySettings()
        if let names = list(estimators) { settings.estimators = names }
        settings.interval.method = interval
        settings.interval.level = level
        settings.interval.resamples = resamples
        settings.interval.seed = seed
        settings.interval.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        (settings.folds, settings.basis, settings.time, settings.seed) = (folds, model, time, seed)
        settings.horizon = horizon ?? facts?.horizon
        // What is hidden from learners is hidden from models too, unless they are told to look.
        let hidden = facts?.hidden.map(\.name) ?? []
        settings.variables = list(modelVariables) ?? log.variables.filter { !hidden.contains($0) }
        return settings
    }

    /// What the first policy file among these chooses from.
    private static func actions(_ names: [String]) throws -> ActionSpace? {
        for name in names {
            if case .file(let path) = try PolicyChoice(name) { return try PolicyFile.read(path).actions }
        }
        return nil
    }

    private func chosen(_ name: String, _ environment: (any Environment)?, _ log: LoggedEpisodes) throws -> any Policy {
        let choice = try PolicyChoice(name)
        if let environment { return try environment.policy(choice) }
        switch choice {
        case .random: return RandomPolicy()
        case .file(let path): return try PolicyFile.read(path).policy
        case .constant(let text):
            guard let values = log.actions.values(named: text) else {
                throw EnvironmentError.unknownAction(text, environment: data, allowed: log.actions)
            }
            return ConstantPolicy(values)
        case .rule, .optimal:
            throw OffPolicyError.unsuitable("'\(name)' is known to an environment only; give --environment")
        }
    }
}

extension IntervalMethod: ExpressibleByArgument {}
extension FittedQEvaluation.Basis: ExpressibleByArgument {}
extension FittedQEvaluation.Time: ExpressibleByArgument {}
