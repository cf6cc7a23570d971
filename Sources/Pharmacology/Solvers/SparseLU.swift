import NumericsCore

/// The triangular factors of sixteen sparse matrices of one pattern, by an ``EliminationPlan``.
final class SparseLU {
    let n: Int
    /// The matrix, then its factors: `values[row * n + column]`.
    let values: LanePointer
    private let inversePivots: LanePointer
    private let eliminations: Tape
    private let forward: Tape
    private let backward: Tape
    private let pattern: Tape

    init(_ plan: EliminationPlan) {
        n = plan.n
        values = Lanes.allocate(n * n)
        inversePivots = Lanes.allocate(n)
        eliminations = Tape(plan.eliminations)
        pattern = Tape(plan.pattern)
        forward = Tape(plan.forward)
        backward = Tape(plan.backward)
    }

    deinit {
        values.deallocate()
        inversePivots.deallocate()
    }

    /// Sets the matrix to 0.
    func clear() { for place in 0..<pattern.count { values[pattern[place]] = Lane(repeating: 0) } }

    /// Factors the matrix in place.
    @inline(never)
    func factor() {
        let one = Lane(repeating: 1)
        var pivot = -1
        var place = 0
        while place < eliminations.count {
            let entry = eliminations[place]
            let count = eliminations[place + 2]
            if eliminations[place + 1] != pivot {
                pivot = eliminations[place + 1]
                inversePivots[pivot] = one / values[pivot * n + pivot]
            }
            let factor = values[entry] * inversePivots[pivot]
            values[entry] = factor
            place += 3
            for _ in 0..<count {
                values[eliminations[place]] -= factor * values[eliminations[place + 1]]
                place += 2
            }
        }
        // Those below which nothing stands have not been inverted yet; the others again, to the same bits.
        for k in 0..<n { inversePivots[k] = one / values[k * n + k] }
    }

    /// Solves for the right-hand side in `b`, in place.
    @inline(never)
    func solve(_ b: LanePointer) {
        var place = 0
        while place < forward.count {
            let row = forward[place]
            let count = forward[place + 1]
            place += 2
            guard count > 0 else { continue }
            var sum = b[row]
            for _ in 0..<count {
                sum -= values[forward[place]] * b[forward[place + 1]]
                place += 2
            }
            b[row] = sum
        }
        place = 0
        while place < backward.count {
            let row = backward[place]
            let count = backward[place + 1]
            place += 2
            var sum = b[row]
            for _ in 0..<count {
                sum -= values[backward[place]] * b[backward[place + 1]]
                place += 2
            }
            b[row] = sum * inversePivots[row]
        }
    }
}
