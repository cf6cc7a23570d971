import NumericsCore
import Regimes

/// `max Q(s, a)` over the open levels of logged rows, by the policy's own worker: what is bootstrapped from is what would be
/// chosen, masks and caps included.
enum BestValues {
    private static let blockSize = 4096

    /// - Parameter rows: the rows of `decisions` to value.
    /// - Returns: A value for each of `rows`; −∞ where no open level is known.
    static func of(
        _ policy: any ScoringPolicy, _ decisions: Decisions, rows: [Int32], choosing actions: ActionSpace, threads: Int
    ) throws -> [Double] {
        var values = [Double](repeating: 0, count: rows.count)
        let blocks = (rows.count + blockSize - 1) / blockSize
        try values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let values = values
            try ParallelBlocks.run(count: blocks, threads: threads, stop: StopSignal()) {
                try Scorer(policy, decisions, actions)
            } run: { scorer, block in
                let first = block * blockSize
                for start in stride(from: first, to: min(rows.count, first + blockSize), by: laneCount) {
                    scorer.best(rows, start, into: values)
                }
            }
        }
        return values
    }

    private final class Scorer {
        let worker: ScoringWorker
        let decisions: Decisions
        let levels: Int
        let allowed: LanePointer

        init(_ policy: any ScoringPolicy, _ decisions: Decisions, _ actions: ActionSpace) throws {
            worker = try policy.makeScorer(observing: decisions.inputs.names, choosing: actions)
            self.decisions = decisions
            levels = actions.levels.count
            allowed = .allocate(capacity: levels)
            allowed.initialize(repeating: Lane(repeating: 1), count: levels)
        }

        deinit { allowed.deallocate() }

        func best(_ rows: [Int32], _ start: Int, into values: UnsafeMutableBufferPointer<Double>) {
            let count = min(laneCount, rows.count - start)
            let width = decisions.width
            var stage = Lane(repeating: 0)
            decisions.z.withUnsafeBufferPointer { z in
                for lane in 0..<laneCount {
                    let row = Int(rows[start + min(lane, count - 1)])
                    for input in 0..<width { worker.z[input][lane] = z[row * width + input] }
                    stage[lane] = decisions.stage[row]
                    let open = decisions.open[row]
                    for level in 0..<levels { allowed[level][lane] = open >> UInt64(level) & 1 == 1 ? 1 : 0 }
                }
            }
            worker.score(decision: stage)
            let best = worker.best(allowed: allowed).score
            for lane in 0..<count { values[start + lane] = best[lane] }
        }
    }
}
