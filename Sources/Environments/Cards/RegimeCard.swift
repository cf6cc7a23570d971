import NumericsCore
import Regimes

/// What is asked for with a regime card.
package struct CardRequest: Sendable {
    package var environment: any Environment
    /// The policy as a command line names it, `rule:NAME` or a file.
    package var policy: String
    package var renderings: [any CardRendering]
    package var limits: CardLimits
    /// The policy itself, where it stands in no file that the name could lead to.
    package var file: PolicyFile?
    /// Whether renderings may read what is hidden from clinicians, where the policy reads it.
    package var withHidden = false
    /// Episodes to measure on, 2 at least; as many others are rendered from.
    package var episodes: Int
    package var seed: UInt64
    package var threads: Int
    /// One patient whose decision is explained, `age=50,inr=2.1`.
    package var patient: String?

    package init(
        _ environment: any Environment, policy: String, renderings: [any CardRendering] = CardRenderings.all,
        limits: CardLimits, episodes: Int = 1000, seed: UInt64 = 1, threads: Int = 1, patient: String? = nil
    ) {
        self.environment = environment
        self.policy = policy
        self.renderings = renderings
        self.limits = limits
        self.episodes = episodes
        self.seed = seed
        self.threads = threads
        self.patient = patient
    }
}

/// A regime as a clinician reads it: what it is, in one or more forms with their fidelity, how it was learned, why it does what
/// it does with one patient, and where it must not be used.
///
/// Renderings are made from the episodes N..<2N of a seed; value, agreement and value lost are measured on the episodes 0..<N,
/// which are those of ``EpisodeRunner`` with the same seed.
package struct RegimeCard: Sendable {
    package let facts: EnvironmentFacts
    /// As it was named.
    package let policy: String
    /// `linear-q` of a file; otherwise `rule`, `constant`, `random` or `optimal`.
    package let kind: String
    /// How it was learned, as its file says.
    package let training: [String: String]
    /// Episodes that were measured, without those that failed.
    package let episodes: Int
    /// Decisions that were measured.
    package let decisions: Int
    package let seed: UInt64
    package let value: Double?
    package let valueSE: Double?
    package let renderings: [Rendering]
    /// Renderings that this policy does not have, with the reason.
    package let refusals: [(name: String, reason: String)]
    package let support: CardSupport
    package let reasons: DecisionReasons?

    /// A form of the policy, and how true it is.
    package struct Rendering: Sendable {
        package let name: String
        package let policy: any ReadablePolicy
        package let lines: [String]
        package let fidelity: CardFidelity
    }

    /// - Throws: ``CardProblem``; what the policy's file and the environment throw. A single rendering that cannot be made is an
    ///   error, one of several stands among ``refusals``.
    package init(_ request: CardRequest) throws {
        let environment = request.environment
        facts = environment.facts
        (policy, seed) = (request.policy, request.seed)
        let choice = request.file == nil ? try PolicyChoice(request.policy) : .file(request.policy)
        var file = request.file
        if file == nil, case .file(let path) = choice { file = try PolicyFile.read(path) }
        let chosen = try file.map(\.policy) ?? environment.policy(choice)
        kind = file.map { type(of: $0.policy).kind } ?? choice.kind
        training =
            file.map { file in
                file.training.merging(["learned in": "\(file.environment) (\(file.variant))"]) { _, own in own }
            } ?? [:]

        let count = request.episodes
        let visited = try Self.visits(chosen, request)
        support = CardSupport(visited, file: file, facts)
        let made = try Self.made(chosen, visited, request)
        refusals = made.refusals

        let record = try CardEpisodes(
            environment: environment, policy: chosen, seed: seed, asked: made.policies.map(\.policy)
        ).run(0..<count, threads: request.threads)
        let moments = RunningMoments(record.returns.filter { !$0.isNaN })
        (value, valueSE, episodes) = (moments.mean, moments.standardError, moments.count)
        decisions = Int(record.steps.reduce(0, +))
        let components = facts.actions.isNominal ? [] : facts.actions.components.map(\.name)
        let actions = facts.actions
        // A form says what it does without a variable, whether that has been seen or not.
        let missing = Set(support.inputs.map(\.name))
        renderings = try made.policies.enumerated().map { index, own in
            let returns = try CardEpisodes(environment: environment, policy: own.policy, seed: request.seed)
                .run(0..<count, threads: request.threads).returns
            return Rendering(
                name: own.name, policy: own.policy, lines: own.policy.lines(actions, missing: missing),
                fidelity: CardFidelity(record, index: index, own: returns, components: components))
        }
        reasons = try request.patient.map { text in
            try DecisionReasons(chosen, Self.patient(text, environment.facts), visited)
        }
    }

    /// The decisions that renderings are made from.
    private static func visits(_ policy: any Policy, _ request: CardRequest) throws -> VisitedStates {
        let facts = request.environment.facts
        let names = facts.observed
        let seen = facts.observations.indices
        let hidden = try PolicyProbe.missing(policy, given: facts.observations.map(\.name), actions: facts.actions)
            .compactMap { names.firstIndex(of: $0) }
        let visits = try CardEpisodes(
            environment: request.environment, policy: policy, seed: request.seed, recorded: Array(seen) + hidden,
            observed: request.withHidden ? seen.count + hidden.count : seen.count
        ).run(request.episodes..<(2 * request.episodes), threads: request.threads).visits
        guard visits.count > 0 else { throw CardProblem.noVisits }
        return visits
    }

    private struct Made {
        var policies: [(name: String, policy: any ReadablePolicy)] = []
        var refusals: [(name: String, reason: String)] = []
    }

    private static func made(_ policy: any Policy, _ visited: VisitedStates, _ request: CardRequest) throws -> Made {
        var made = Made()
        for rendering in request.renderings {
            do {
                made.policies.append((rendering.name, try rendering.render(policy, visited, limits: request.limits)))
            } catch {
                // A pattern in the catch itself keeps the compiler (6.3.1) busy for ever.
                guard case .cannotRender(let name, let reason) = error, request.renderings.count > 1 else {
                    throw error
                }
                made.refusals.append((name, reason))
            }
        }
        return made
    }

    /// A patient whose inputs lie in the ranges that the environment gives them.
    private static func patient(_ text: String, _ facts: EnvironmentFacts) throws(CardProblem) -> PatientInputs {
        let patient = try PatientInputs(text, variables: facts.observed)
        for variable in facts.observations + facts.hidden {
            guard let value = patient.values[variable.name], value < variable.low || value > variable.high else {
                continue
            }
            throw .inputOutside(variable.name, found: value, low: variable.low, high: variable.high)
        }
        if let horizon = facts.horizon, patient.decision >= Double(horizon) {
            throw .inputOutside(
                ScoreTerms.decision, found: patient.decision, low: 0, high: Double(max(0, horizon - 1)))
        }
        return patient
    }

    /// The rendering that loses least beyond two standard errors, which chance explains; of equals the one that agrees more,
    /// then the first. Nil where a file can hold none.
    package var best: Rendering? {
        renderings.filter { $0.policy is any FrozenPolicy }.reduce(nil as Rendering?) { best, next in
            guard let best else { return next }
            let (old, new) = (best.fidelity, next.fidelity)
            if old.certainLoss != new.certainLoss { return new.certainLoss < old.certainLoss ? next : best }
            return (new.agreement ?? 0) > (old.agreement ?? 0) ? next : best
        }
    }

    /// The best rendering as a file that `regime evaluate` takes; it remembers what it was made from.
    ///
    /// - Throws: ``CardProblem/nothingToWrite``.
    package func file() throws(CardProblem) -> PolicyFile {
        guard let best, let frozen = best.policy as? any FrozenPolicy else { throw .nothingToWrite }
        var training = training
        training["rendering"] = best.name
        training["rendering_of"] = policy
        training["rendering_seed"] = "\(seed)"
        training["rendering_episodes"] = "\(episodes)"
        training["rendering_agreement"] = best.fidelity.agreement.map { "\($0)" } ?? ""
        training["rendering_value"] = best.fidelity.value.map { "\($0)" } ?? ""
        training["rendering_value_lost"] = best.fidelity.valueLost.map { "\($0)" } ?? ""
        return PolicyFile(
            environment: facts.name, variant: facts.variant,
            inputs: support.inputs.compactMap { input in
                guard let low = input.low, let high = input.high else { return nil }
                return PolicyFile.Input(name: input.name, low: low, high: high, missing: input.missing)
            }, actions: facts.actions, training: training, policy: frozen)
    }
}

extension PolicyChoice {
    /// What kind of policy it is, in a word.
    fileprivate var kind: String {
        switch self {
        case .random: "random"
        case .constant: "constant"
        case .rule: "rule"
        case .optimal: "optimal"
        case .file: "file"
        }
    }
}
