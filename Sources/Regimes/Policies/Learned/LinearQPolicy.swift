import NumericsCore

/// A linear value function for each decision (or one for all) and level: `Q(s, a) = w_a · φ(z)`. The best level is chosen.
package struct LinearQPolicy: Sendable, Hashable, Codable {
    package var frame: PolicyFrame
    package var terms: QuadraticTerms
    /// `weights[stage][level]`, one for each term; empty for a level that was never tried there, which is not chosen. The
    /// last stage serves all decisions after it.
    package var weights: [[NumberList]]

    package init(frame: PolicyFrame, terms: QuadraticTerms, weights: [[NumberList]]) {
        self.frame = frame
        self.terms = terms
        self.weights = weights
    }
}

extension LinearQPolicy: ScoringPolicy {
    package static let kind = "linear-q"

    package var changesWithTime: Bool { weights.count > 1 || frame.inputs.time != nil }

    package func makeScorer(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> ScoringWorker
    {
        let count = terms.count(frame.inputs.count)
        guard frame.fits, !weights.isEmpty,
            weights.allSatisfy({ stage in
                stage.count == frame.levels.count && stage.allSatisfy { $0.count == 0 || $0.count == count }
            })
        else { throw .unsuitable("each stage needs \(count) weights for each of \(frame.levels.count) levels") }
        return try LinearQWorker(self, observing: observations, choosing: actions)
    }
}

private final class LinearQWorker: ScoringWorker {
    private let policy: LinearQPolicy
    private let terms: LanePointer
    private let termCount: Int
    /// `[stage][level][term]` in one array, and whether each (stage, level) is known.
    private let weights: [Double]
    private let isKnown: [Bool]

    init(_ policy: LinearQPolicy, observing observed: [String], choosing actions: ActionSpace) throws(PolicyError) {
        self.policy = policy
        termCount = policy.terms.count(policy.frame.inputs.count)
        terms = .allocate(capacity: termCount)
        terms.initialize(repeating: Lane(repeating: 0), count: termCount)
        var flat: [Double] = []
        for list in policy.weights.joined() {
            flat += list.count == 0 ? [Double](repeating: 0, count: termCount) : list.values
        }
        weights = flat
        isKnown = policy.weights.joined().map { $0.count > 0 }
        try super.init(policy.frame, observing: observed, choosing: actions)
    }

    deinit { terms.deallocate() }

    override func score(decision: Lane) {
        policy.terms.fill(z, policy.frame.inputs.count, into: terms)
        let last = policy.weights.count - 1
        var left = LaneMask(repeating: true)
        // Usually all lanes are at one stage; otherwise one stage after the other.
        while any(left) {
            var open = LaneSet(left)
            guard let first = open.next() else { return }
            let stage = last == 0 ? 0 : max(0, min(last, Int(decision[first])))
            let here = last == 0 ? left : left .& stageMask(decision, stage, last)
            score(stage: stage, in: here)
            left = left .& .!here
        }
    }

    private func stageMask(_ decision: Lane, _ stage: Int, _ last: Int) -> LaneMask {
        let number = Lane(repeating: Double(stage))
        return stage == last ? decision .>= number : decision .== number
    }

    private func score(stage: Int, in lanes: LaneMask) {
        let levels = policy.frame.levels.count
        weights.withUnsafeBufferPointer { weights in
            for level in 0..<levels {
                let row = stage * levels + level
                var sum = Lane(repeating: isKnown[row] ? 0 : -.infinity)
                if isKnown[row] {
                    for term in 0..<termCount { sum += terms[term] * Lane(repeating: weights[row * termCount + term]) }
                }
                scores[level].replace(with: sum, where: lanes)
            }
        }
    }
}
