/// Numbers at places 0 to n − 1 that come one by one, with the largest and the smallest sum of a beginning at any time.
///
/// A complete binary tree over the places: a node holds the sum of its places and the extreme sums of their beginnings (the
/// empty one among them), so that adding a number changes log₂ n nodes.
struct PrefixTree {
    private let size: Int
    private let nodes: UnsafeMutablePointer<SIMD4<Double>>

    init(places: Int) {
        var size = 1
        while size < places { size *= 2 }
        self.size = size
        nodes = .allocate(capacity: 2 * size)
        clear()
    }

    func free() { nodes.deallocate() }

    func clear() { nodes.update(repeating: SIMD4(0, 0, 0, 0), count: 2 * size) }

    /// The largest and the smallest sum of a beginning.
    @inline(__always)
    var extremes: (largest: Double, smallest: Double) { (nodes[1].y, nodes[1].z) }

    @inline(__always)
    func add(_ value: Double, at place: Int) {
        var index = size + place
        let sum = nodes[index].x + value
        nodes[index] = SIMD4(sum, Swift.max(0, sum), Swift.min(0, sum), 0)
        index >>= 1
        while index > 0 {
            let low = nodes[2 * index]
            let high = nodes[2 * index + 1]
            nodes[index] = SIMD4(
                low.x + high.x, Swift.max(low.y, low.x + high.y), Swift.min(low.z, low.x + high.z), 0)
            index >>= 1
        }
    }
}
