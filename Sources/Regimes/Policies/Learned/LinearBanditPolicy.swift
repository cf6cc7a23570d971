import NumericsCore

/// A Bayesian linear model of the reward of each level: `r | z, a ~ N(μ_a · φ(z), σ²)`, `w_a ~ N(μ_a, σ² A_a⁻¹)`.
///
/// The best posterior mean is chosen; a policy that `explores` adds `α √(φᵀ A⁻¹ φ)` (Li et al. 2010, algorithm 1).
package struct LinearBanditPolicy: Sendable, Hashable, Codable {
    package var frame: PolicyFrame
    package var terms: QuadraticTerms
    /// `means[level]`, one for each term; empty for a level that was never tried, which is not chosen where another was.
    package var means: [NumberList]
    /// `covariances[level]`: A⁻¹, terms × terms.
    package var covariances: [NumberList]
    /// σ, the residual standard deviation.
    package var deviation: Double
    /// α; 0 chooses by the mean.
    package var explores: Double

    package init(
        frame: PolicyFrame, terms: QuadraticTerms, means: [NumberList], covariances: [NumberList], deviation: Double,
        explores: Double = 0
    ) {
        self.frame = frame
        self.terms = terms
        self.means = means
        self.covariances = covariances
        self.deviation = deviation
        self.explores = explores
    }
}

extension LinearBanditPolicy: ScoringPolicy {
    package static let kind = "bandit-linear"

    package var changesWithTime: Bool { frame.inputs.time != nil }

    package func makeScorer(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> ScoringWorker
    {
        let count = terms.count(frame.inputs.count)
        guard frame.fits, means.count == frame.levels.count, covariances.count == means.count,
            means.allSatisfy({ $0.count == 0 || $0.count == count }),
            covariances.allSatisfy({ $0.count == count * count }), deviation >= 0, explores >= 0
        else { throw .unsuitable("each level needs \(count) means and their covariances") }
        return try LinearBanditWorker(self, observing: observations, choosing: actions)
    }
}

private final class LinearBanditWorker: ScoringWorker {
    private let policy: LinearBanditPolicy
    private let terms: LanePointer
    private let count: Int

    init(_ policy: LinearBanditPolicy, observing observed: [String], choosing actions: ActionSpace)
        throws(PolicyError)
    {
        self.policy = policy
        count = policy.terms.count(policy.frame.inputs.count)
        terms = .allocate(capacity: count)
        terms.initialize(repeating: Lane(repeating: 0), count: count)
        try super.init(policy.frame, observing: observed, choosing: actions)
    }

    deinit { terms.deallocate() }

    override func score(decision _: Lane) {
        policy.terms.fill(z, policy.frame.inputs.count, into: terms)
        for level in policy.frame.levels.indices {
            var sum = Lane(repeating: 0)
            if policy.means[level].count > 0 {
                for term in 0..<count { sum += terms[term] * Lane(repeating: policy.means[level].values[term]) }
            } else if policy.explores == 0 {
                sum = Lane(repeating: -.infinity)
            }
            if policy.explores > 0 { sum += width(of: level) }
            scores[level] = sum
        }
    }

    /// α √(φᵀ A⁻¹ φ)
    private func width(of level: Int) -> Lane {
        var square = Lane(repeating: 0)
        policy.covariances[level].values.withUnsafeBufferPointer { covariance in
            for first in 0..<count {
                var row = Lane(repeating: 0)
                for second in 0..<count { row += terms[second] * Lane(repeating: covariance[first * count + second]) }
                square += terms[first] * row
            }
        }
        square.replace(with: Lane(repeating: 0), where: square .< Lane(repeating: 0))
        return Lane(repeating: policy.explores) * square.squareRoot()
    }
}
