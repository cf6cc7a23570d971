import NumericsCore

/// Weighted sums of stages, one for each row of a tableau, without its zeros. The owner deallocates it.
struct StageSums {
    private let starts: UnsafeMutablePointer<Int>
    private let offsets: UnsafeMutablePointer<Int>
    private let weights: UnsafeMutablePointer<Double>

    /// - Parameter stride: how far apart two stages of one state stand.
    init(_ rows: [[Double]], stride: Int) {
        let terms = rows.map { row in row.enumerated().filter { $0.element != 0 } }
        let count = max(1, terms.reduce(0) { $0 + $1.count })
        starts = .allocate(capacity: rows.count + 1)
        offsets = .allocate(capacity: count)
        weights = .allocate(capacity: count)
        var place = 0
        for (row, own) in terms.enumerated() {
            starts[row] = place
            for (stage, weight) in own {
                offsets[place] = stage * stride
                weights[place] = weight
                place += 1
            }
        }
        starts[rows.count] = place
    }

    func deallocate() {
        starts.deallocate()
        offsets.deallocate()
        weights.deallocate()
    }

    /// The sum of one row over the stages of the state whose first stage stands at `k`.
    @inline(__always)
    func sum(_ row: Int, _ k: LanePointer) -> Lane {
        var sum = Lane(repeating: 0)
        for place in starts[row]..<starts[row + 1] {
            sum.addProduct(Lane(repeating: weights[place]), k[offsets[place]])
        }
        return sum
    }
}
