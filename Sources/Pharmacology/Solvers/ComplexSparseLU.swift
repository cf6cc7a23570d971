import NumericsCore

/// The triangular factors of sixteen sparse complex matrices of one pattern, by an ``EliminationPlan``.
final class ComplexSparseLU {
    let n: Int
    /// The matrix, then its factors: real parts `values[2 * (row * n + column)]`, each with its imaginary part behind it.
    let values: LanePointer
    private let inversePivots: LanePointer
    private let eliminations: Tape
    private let forward: Tape
    private let backward: Tape
    private let pattern: Tape

    init(_ plan: EliminationPlan) {
        n = plan.n
        values = Lanes.allocate(2 * n * n)
        inversePivots = Lanes.allocate(2 * n)
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
    func clear() {
        for place in 0..<pattern.count {
            values[2 * pattern[place]] = Lane(repeating: 0)
            values[2 * pattern[place] + 1] = Lane(repeating: 0)
        }
    }

    /// Factors the matrix in place.
    @inline(never)
    func factor() {
        var pivot = -1
        var place = 0
        while place < eliminations.count {
            let entry = values + 2 * eliminations[place]
            let count = eliminations[place + 2]
            if eliminations[place + 1] != pivot {
                pivot = eliminations[place + 1]
                invert(pivot)
            }
            let (re, im) = product(entry, inversePivots + 2 * pivot)
            entry[0] = re
            entry[1] = im
            place += 3
            for _ in 0..<count {
                subtract(values + 2 * eliminations[place + 1], times: entry, from: values + 2 * eliminations[place])
                place += 2
            }
        }
        // Those below which nothing stands have not been inverted yet; the others again, to the same bits.
        for k in 0..<n { invert(k) }
    }

    /// Solves for the right-hand side in `b` (`b[2 * row]`, `b[2 * row + 1]`), in place.
    @inline(never)
    func solve(_ b: LanePointer) {
        substitute(forward, b, dividing: false)
        substitute(backward, b, dividing: true)
    }

    @inline(__always)
    private func substitute(_ tape: Tape, _ b: LanePointer, dividing: Bool) {
        var place = 0
        while place < tape.count {
            let row = b + 2 * tape[place]
            let pivot = inversePivots + 2 * tape[place]
            let count = tape[place + 1]
            place += 2
            for _ in 0..<count {
                subtract(values + 2 * tape[place], times: b + 2 * tape[place + 1], from: row)
                place += 2
            }
            guard dividing else { continue }
            let (re, im) = product(row, pivot)
            row[0] = re
            row[1] = im
        }
    }

    private func invert(_ k: Int) {
        let entry = values + 2 * (k * n + k)
        let size = Lane(repeating: 1) / (entry[0] * entry[0] + entry[1] * entry[1])
        inversePivots[2 * k] = entry[0] * size
        inversePivots[2 * k + 1] = -entry[1] * size
    }

    @inline(__always)
    private func product(_ a: LanePointer, _ b: LanePointer) -> (Lane, Lane) {
        ((a[0] * b[0]).addingProduct(-a[1], b[1]), (a[0] * b[1]).addingProduct(a[1], b[0]))
    }

    @inline(__always)
    private func subtract(_ a: LanePointer, times b: LanePointer, from c: LanePointer) {
        let (re, im) = (-a[0], -a[1])
        c[0] = c[0].addingProduct(re, b[0]).addingProduct(a[1], b[1])
        c[1] = c[1].addingProduct(re, b[1]).addingProduct(im, b[0])
    }
}
