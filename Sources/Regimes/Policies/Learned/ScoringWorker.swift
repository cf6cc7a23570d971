import NumericsCore

/// A policy that scores every level and takes the best that is allowed: the one place where learned policies meet masks.
///
/// A level is open where the environment allows it and the policy's frame permits it. Where nothing is open, what the
/// environment allows decides, and the policy takes its first. Of equal scores the first level is taken.
package class ScoringWorker: PolicyWorker {
    package let actions: ActionSpace
    let frame: PolicyFrame
    private let places: [Int]
    /// The inputs of sixteen patients.
    package let z: LanePointer
    /// A score for each level.
    package let scores: LanePointer

    init(_ frame: PolicyFrame, observing observed: [String], choosing actions: ActionSpace) throws(PolicyError) {
        try frame.check(actions)
        places = try frame.inputs.places(among: observed)
        self.frame = frame
        self.actions = actions
        z = .allocate(capacity: max(1, frame.inputs.count))
        z.initialize(repeating: Lane(repeating: 0), count: max(1, frame.inputs.count))
        scores = .allocate(capacity: frame.levels.count)
        scores.initialize(repeating: Lane(repeating: 0), count: frame.levels.count)
    }

    deinit {
        z.deallocate()
        scores.deallocate()
    }

    /// Writes ``scores`` from ``z``; −∞ for a level of which nothing is known.
    package func score(decision _: Lane) {}

    /// The scores from the inputs, and what is best of them.
    package func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        frame.inputs.fill(point, places: places, into: z)
        score(decision: point.decision)
        let chosen = best(allowed: point.allowed).level
        for level in frame.levels.indices {
            var weight = Lane(repeating: 0)
            weight.replace(with: Lane(repeating: 1), where: chosen .== Lane(repeating: Double(level)))
            weights[level] = weight
        }
    }

    /// The best open level in each lane and its score.
    package func best(allowed: LanePointer) -> (level: Lane, score: Lane) {
        let zero = Lane(repeating: 0)
        var level = Lane(repeating: -1)
        var best = Lane(repeating: -.infinity)
        for index in frame.levels.indices where frame.permitted[index] {
            let isFirst = (allowed[index] .> zero) .& (level .< zero)
            level.replace(with: Lane(repeating: Double(index)), where: isFirst)
            let isBetter = (allowed[index] .> zero) .& (scores[index] .> best)
            level.replace(with: Lane(repeating: Double(index)), where: isBetter)
            best.replace(with: scores[index], where: isBetter)
        }
        guard any(level .< zero) else { return (level, best) }
        for index in frame.levels.indices.reversed() {
            let isOnly = (allowed[index] .> zero) .& (level .< zero)
            best.replace(with: scores[index], where: isOnly)
        }
        for lane in 0..<laneCount where level[lane] < 0 {
            level[lane] = Double(frame.levels.indices.first { allowed[$0][lane] > 0 } ?? 0)
        }
        return (level, best)
    }
}

/// A frozen policy whose choice is the best of its scores.
package protocol ScoringPolicy: FrozenPolicy {
    var frame: PolicyFrame { get }
    func makeScorer(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> ScoringWorker
}

extension ScoringPolicy {
    package func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        try makeScorer(observing: observations, choosing: actions)
    }
}
