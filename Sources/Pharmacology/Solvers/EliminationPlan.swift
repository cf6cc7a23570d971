/// The operations that factor sparse matrices of one pattern and solve with them, as fixed lists.
///
/// The pattern is known when the model is compiled, so fill-in and order (H. Markowitz, Management Sci. 3 (1957) 255) are
/// settled once. Rows are not exchanged: the matrices are `c/h − J`, whose diagonal grows as the step shrinks, and a step
/// that lost its accuracy shows in its error.
struct EliminationPlan {
    let n: Int
    /// Eliminations, one after the other: entry, pivot, number of updates, then target and source of each.
    let eliminations: [Int]
    /// Substitutions, row by row: row, number of terms, then entry and column of each.
    let forward: [Int]
    let backward: [Int]
    /// The places of the matrix and its fill.
    let pattern: [Int]

    /// - Parameter entries: the places `row * n + column` of the entries that may differ from 0; the diagonal always may.
    init(count n: Int, entries: [Int]) {
        self.n = n
        var filled = [Bool](repeating: false, count: n * n)
        for entry in entries { filled[entry] = true }
        for i in 0..<n { filled[i * n + i] = true }
        let order = Self.pivotOrder(n, filled)
        var steps: [Int] = []
        for (step, k) in order.enumerated() {
            let rest = order[(step + 1)...]
            for i in rest where filled[i * n + k] {
                let columns = rest.filter { filled[k * n + $0] }
                for j in columns { filled[i * n + j] = true }
                steps += [i * n + k, k, columns.count] + columns.flatMap { [i * n + $0, k * n + $0] }
            }
        }
        let final = filled
        func substitution(_ row: Int, _ columns: ArraySlice<Int>) -> [Int] {
            let own = columns.filter { final[row * n + $0] }
            return [row, own.count] + own.flatMap { [row * n + $0, $0] }
        }
        eliminations = steps
        pattern = final.indices.filter { final[$0] }
        forward = order.indices.flatMap { substitution(order[$0], order[..<$0]) }
        backward = order.indices.reversed().flatMap { substitution(order[$0], order[($0 + 1)...]) }
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
}

/// A fixed list of numbers that an inner loop reads.
final class Tape {
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
