import NumericsCore

/// The triangular factors of sixteen sparse matrices of one pattern, as a fixed list of operations.
///
/// The pattern is known when the model is compiled, so fill-in and order (H. Markowitz, Management Sci. 3 (1957) 255) are
/// settled once. Rows are not exchanged: the matrices are `1/(γh) − J`, whose diagonal grows as the step shrinks, and a
/// step that lost its accuracy shows in its error.
final class SparseLU {
    let n: Int
    /// The matrix, then its factors: `values[row * n + column]`.
    let values: LanePointer
    private let inversePivots: LanePointer
    /// Eliminations, one after the other: entry, pivot, number of updates, then target and source of each.
    private let eliminations: Tape
    /// Substitutions, row by row: row, number of terms, then entry and column of each.
    private let forward: Tape
    private let backward: Tape
    /// The places of the matrix and its fill.
    private let pattern: Tape

    /// - Parameter entries: the places `row * n + column` of the entries that may differ from 0; the diagonal always may.
    init(count n: Int, entries: [Int]) {
        self.n = n
        values = Lanes.allocate(n * n)
        inversePivots = Lanes.allocate(n)
        var filled = [Bool](repeating: false, count: n * n)
        for entry in entries { filled[entry] = true }
        for i in 0..<n { filled[i * n + i] = true }
        let order = SparseLU.pivotOrder(n, filled)
        var steps: [Int] = []
        for (step, k) in order.enumerated() {
            let rest = order[(step + 1)...]
            for i in rest where filled[i * n + k] {
                let columns = rest.filter { filled[k * n + $0] }
                for j in columns { filled[i * n + j] = true }
                steps += [i * n + k, k, columns.count] + columns.flatMap { [i * n + $0, k * n + $0] }
            }
        }
        eliminations = Tape(steps)
        pattern = Tape(filled.indices.filter { filled[$0] })
        func substitution(_ row: Int, _ columns: ArraySlice<Int>) -> [Int] {
            let own = columns.filter { filled[row * n + $0] }
            return [row, own.count] + own.flatMap { [row * n + $0, $0] }
        }
        forward = Tape(order.indices.flatMap { substitution(order[$0], order[..<$0]) })
        backward = Tape(order.indices.reversed().flatMap { substitution(order[$0], order[($0 + 1)...]) })
    }

    deinit {
        values.deallocate()
        inversePivots.deallocate()
    }

    /// The order of the pivots: at each the one that fills least.
    private static func pivotOrder(_ n: Int, _ original: [Bool]) -> [Int] {
        var pattern = original
        var left = Array(0..<n)
        var order: [Int] = []
        while !left.isEmpty {
            func cost(_ k: Int) -> Int {
                let row = left.filter { $0 != k && pattern[k * n + $0] }.count
                let column = left.filter { $0 != k && pattern[$0 * n + k] }.count
                return row * column
            }
            guard let best = left.min(by: { (cost($0), $0) < (cost($1), $1) }) else { break }
            left.removeAll { $0 == best }
            order.append(best)
            for i in left where pattern[i * n + best] {
                for j in left where pattern[best * n + j] { pattern[i * n + j] = true }
            }
        }
        return order
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

/// A fixed list of numbers that an inner loop reads.
private final class Tape {
    private let numbers: UnsafeMutablePointer<Int>
    let count: Int

    init(_ list: [Int]) {
        count = list.count
        numbers = .allocate(capacity: max(1, count))
        numbers.initialize(from: list, count: count)
    }

    deinit { numbers.deallocate() }

    @inline(__always)
    subscript(_ place: Int) -> Int { numbers[place] }
}
