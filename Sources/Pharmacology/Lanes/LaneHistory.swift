import NumericsCore

/// The paths that lanes have taken, step by step, for equations that look back.
///
/// Each accepted step leaves its continuous extension behind. Before its start a patient was in its initial state.
final class LaneHistory {
    private let n: Int
    /// How many terms each state's extension has: `y + θ (a + (1 − θ) (b + θ (c + (1 − θ) (d + …))))`.
    let termCount: Int
    /// Start times and extensions of each lane's steps: `values[lane]` holds for each step its length, and for each state
    /// the value at the start and the terms.
    private var starts = [[Double]](repeating: [], count: laneCount)
    private var values = [[Double]](repeating: [], count: laneCount)
    private var initial: [[Double]]

    init(states n: Int, terms: Int) {
        self.n = n
        termCount = terms
        initial = Array(repeating: Array(repeating: 0, count: n), count: laneCount)
    }

    private var stride: Int { 1 + n * (1 + termCount) }

    func begin(_ y: LanePointer) { for lane in 0..<laneCount { begin(lane, y) } }

    func begin(_ lane: Int, _ y: LanePointer) {
        starts[lane].removeAll(keepingCapacity: true)
        values[lane].removeAll(keepingCapacity: true)
        for i in 0..<n { initial[lane][i] = y[i][lane] }
    }

    /// Keeps a step of the lanes in `mask`: call it before the step is taken.
    func keep(_ mask: LaneMask, start: Lane, step: Lane, y: LanePointer, terms: LanePointer) {
        for lane in LaneSet(mask) {
            starts[lane].append(start[lane])
            values[lane].append(step[lane])
            for i in 0..<n {
                values[lane].append(y[i][lane])
                for term in 0..<termCount { values[lane].append(terms[term * n + i][lane]) }
            }
        }
    }

    /// The states at a time of each lane's own, into `target[state]`; beyond the last step, its end.
    func read(at time: Lane, into target: LanePointer) {
        for lane in 0..<laneCount { read(lane, at: time[lane], into: target) }
    }

    private func read(_ lane: Int, at time: Double, into target: LanePointer) {
        guard let first = starts[lane].first, time >= first else {
            for i in 0..<n { target[i][lane] = initial[lane][i] }
            return
        }
        // The last step that starts at or before the time.
        var low = 0
        var high = starts[lane].count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[lane][middle] <= time { low = middle } else { high = middle }
        }
        let base = low * stride
        let length = values[lane][base]
        let fraction = length > 0 ? min(1, (time - starts[lane][low]) / length) : 0
        for i in 0..<n {
            let own = base + 1 + i * (1 + termCount)
            var value = 0.0
            for term in (0..<termCount).reversed() {
                value = (value + values[lane][own + 1 + term]) * (term % 2 == 0 ? fraction : 1 - fraction)
            }
            target[i][lane] = values[lane][own] + value
        }
    }
}
