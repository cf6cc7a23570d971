import NumericsCore
import Regimes

/// What linear bandits know of each level's reward: `A = κ I + Σ φ φᵀ`, `b = Σ φ r`, and the sums behind the residual variance.
struct BayesianArms {
    let frame: PolicyFrame
    let terms: QuadraticTerms
    let prior: Double
    private var grams: [[Double]]
    private var moments: [[Double]]
    private var counts: [Int]
    private var squares = 0.0
    private let width: Int

    init(_ frame: PolicyFrame, terms: QuadraticTerms, prior: Double) {
        self.frame = frame
        self.terms = terms
        self.prior = prior
        width = terms.count(frame.inputs.count)
        var identity = [Double](repeating: 0, count: width * width)
        for index in 0..<width { identity[index * width + index] = prior }
        grams = frame.levels.map { _ in identity }
        moments = frame.levels.map { [width] _ in [Double](repeating: 0, count: width) }
        counts = frame.levels.map { _ in 0 }
    }

    /// Adds decisions and what each earned.
    mutating func add(_ decisions: Decisions, rewards: [Double]) {
        var phi = [Double](repeating: 0, count: width)
        for row in 0..<decisions.count {
            let (level, weight) = (Int(decisions.level[row]), decisions.weight[row])
            decisions.z.withUnsafeBufferPointer { z in
                phi.withUnsafeMutableBufferPointer { phi in
                    guard let base = z.baseAddress, let target = phi.baseAddress else { return }
                    terms.fill(base + row * decisions.width, decisions.width, into: target)
                }
            }
            counts[level] += 1
            squares += weight * rewards[row] * rewards[row]
            for first in 0..<width {
                let own = weight * phi[first]
                moments[level][first] += own * rewards[row]
                for second in 0..<width { grams[level][first * width + second] += own * phi[second] }
            }
        }
    }

    /// The posterior: means, A⁻¹ and σ.
    func posterior() throws -> LinearBanditPolicy {
        var (means, covariances) = ([NumberList](), [NumberList]())
        var explained = 0.0
        for level in frame.levels.indices {
            let factor = try Cholesky(of: Matrix(rows: width, columns: width, elements: grams[level]))
            let mean = factor.solve(moments[level])
            for index in 0..<width { explained += mean[index] * moments[level][index] }
            means.append(NumberList(counts[level] > 0 ? mean : []))
            covariances.append(NumberList(factor.inverse().elements))
        }
        let count = Double(max(1, counts.reduce(0, +)))
        return LinearBanditPolicy(
            frame: frame, terms: terms, means: means, covariances: covariances,
            deviation: (max(0, squares - explained) / count).squareRoot())
    }
}

/// Several policies, each followed equally often: the choice of Thompson sampling, as probabilities.
struct PolicyVote: Policy {
    let voters: [LinearBanditPolicy]

    func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        var workers: [any PolicyWorker] = []
        for voter in voters { workers.append(try voter.makeWorker(observing: observations, choosing: actions)) }
        return VoteWorker(workers, actions)
    }

    private final class VoteWorker: PolicyWorker {
        let actions: ActionSpace
        private let workers: [any PolicyWorker]
        private let own: LanePointer

        init(_ workers: [any PolicyWorker], _ actions: ActionSpace) {
            self.workers = workers
            self.actions = actions
            own = .allocate(capacity: actions.levels.count)
            own.initialize(repeating: Lane(repeating: 0), count: actions.levels.count)
        }

        deinit { own.deallocate() }

        func weigh(_ point: PolicyPoint, into weights: LanePointer) {
            let share = Lane(repeating: 1 / Double(workers.count))
            for level in actions.levels.indices { weights[level] = Lane(repeating: 0) }
            for worker in workers {
                worker.weigh(point, into: own)
                for level in actions.levels.indices { weights[level] += share * own[level] }
            }
        }
    }
}
