import NumericsCore
import Regimes

/// Linear contextual bandits: LinUCB (Li, Chu, Langford and Schapire 2010, algorithm 1, disjoint models) and Thompson sampling
/// (Agrawal and Goyal 2013), in chunks of episodes.
///
/// They learn what a decision earns by itself, or with `reward=return` what it and all that follows earn. For problems of
/// one decision that is the whole of it; elsewhere they are short-sighted.
package struct LinearBandit: Learner {
    enum Exploration: Sendable, Hashable {
        case confidence(Double)
        case posterior(voters: Int)
    }

    let name: String
    let exploration: Exploration
    let terms: QuadraticTerms
    let prior: Double
    let chunk: Int
    let earnsReturn: Bool

    private static let shared: [LearningParameter] = [
        .choice("terms", ["linear", "quadratic"], "terms of the inputs"),
        .number("prior", 1, 1e-9...1e9, "κ, the prior's weight in decisions"),
        .whole("chunk", 50, 1...1_000_000, "episodes between policies"),
        .choice("reward", ["decision", "return"], "what a choice earns: the decision's reward, or all from it on"),
    ]

    package static let linUCB = LearningMethod(
        "linucb", "linear bandit with upper confidence bounds", learnsFromLogs: true,
        parameters: shared + [.number("alpha", 1, 0...100, "α, widths of the confidence bound")]
    ) { LinearBandit($0, name: "linucb", .confidence($0.number("alpha"))) }

    package static let thompson = LearningMethod(
        "thompson", "linear bandit with Thompson sampling", learnsFromLogs: true,
        parameters: shared + [.whole("voters", 16, 1...1000, "draws of the posterior that share a chunk's choices")]
    ) { LinearBandit($0, name: "thompson", .posterior(voters: $0.whole("voters"))) }

    init(_ settings: LearningSettings, name: String, _ exploration: Exploration) {
        self.name = name
        self.exploration = exploration
        terms = QuadraticTerms(rawValue: settings.word("terms")) ?? .linear
        prior = settings.number("prior")
        chunk = settings.whole("chunk")
        earnsReturn = settings.word("reward") == "return"
    }

    package func learn(_ task: LearningTask) throws -> Learned {
        var fresh = try task.log ?? task.collect(RandomPolicy(), 0..<min(chunk, task.episodes), exploration: 0)
        guard fresh.log.decisions > 0 else {
            throw LearningProblem.noData(method: name, reason: "there is no decision")
        }
        let inputs = PolicyInputs(of: fresh.log, time: nil)
        let seen = PolicyFile.Input.seen(in: fresh.log)
        var arms = BayesianArms(task.frame(inputs), terms: terms, prior: prior)
        var curve = LearningCurve()
        var (next, number, steps) = (min(chunk, task.episodes), 0, 0)
        while true {
            steps += fresh.steps
            let decisions = task.decisions(fresh, inputs: inputs, endsAtHorizon: true)
            arms.add(
                decisions, rewards: earnsReturn ? decisions.returns(discount: task.facts.discount) : decisions.reward)
            let posterior = try arms.posterior()
            curve.add(steps: steps, value: fresh.meanReturn, loss: posterior.deviation * posterior.deviation)
            guard task.log == nil, next < task.episodes else {
                return Learned(policy: posterior, curve: curve, steps: steps, inputs: seen)
            }
            let end = min(task.episodes, next + chunk)
            fresh = try task.collect(explorer(posterior, number, task.seed), next..<end, exploration: 0)
            (next, number) = (end, number + 1)
        }
    }

    /// The policy that gathers the next chunk.
    private func explorer(_ posterior: LinearBanditPolicy, _ number: Int, _ seed: UInt64) throws -> any Policy {
        switch exploration {
        case .confidence(let alpha):
            var policy = posterior
            policy.explores = alpha * posterior.deviation
            return policy
        case .posterior(let voters):
            return PolicyVote(
                voters: try (0..<voters).map { voter in
                    var stream = RandomStream(
                        seed: seed, purpose: .learning, replicate: UInt32(number), patient: UInt32(voter), substream: 6)
                    return try Self.drawn(posterior, &stream)
                })
        }
    }

    /// Weights drawn from N(μ, σ² A⁻¹).
    private static func drawn(_ posterior: LinearBanditPolicy, _ stream: inout RandomStream) throws
        -> LinearBanditPolicy
    {
        var policy = posterior
        let width = posterior.terms.count(posterior.frame.inputs.count)
        for level in posterior.means.indices {
            let covariance = Matrix(rows: width, columns: width, elements: posterior.covariances[level].values)
            let factor = try Cholesky(of: covariance).lower
            let normals = (0..<width).map { _ in stream.nextNormal() }
            var own = posterior.means[level].count > 0 ? posterior.means[level].values : normals.map { _ in 0 }
            for row in 0..<width {
                var sum = 0.0
                for column in 0...row { sum += factor[row, column] * normals[column] }
                own[row] += posterior.deviation * sum
            }
            policy.means[level] = NumberList(own)
        }
        return policy
    }
}
