/// Σ aᵢ·xᵢ·xᵢᵀ over rows of four-covariate blocks, of which the blocks on and below the diagonal are kept.
///
/// Sums run row by row within chunks, so they do not depend on how the compiler arranges them.
struct SymmetricSum {
    /// Rows that are multiplied while they are near the processor.
    private static let chunk = 128

    let blocks: Int
    private var cells: [SIMD4<Double>]

    init(blocks: Int) {
        self.blocks = blocks
        cells = [SIMD4<Double>](repeating: .zero, count: 2 * blocks * (blocks + 1))
    }

    mutating func add(_ x: UnsafePointer<SIMD4<Double>>, _ factors: UnsafePointer<Double>, count: Int) {
        let blocks = blocks
        cells.withUnsafeMutableBufferPointer { cells in
            var start = 0
            while start < count {
                let end = min(start + Self.chunk, count)
                var cell = 0
                for upper in 0..<blocks {
                    for lower in 0...upper {
                        var (c0, c1, c2, c3) = (cells[cell], cells[cell + 1], cells[cell + 2], cells[cell + 3])
                        for row in start..<end {
                            let ax = x[row * blocks + upper] * factors[row]
                            let y = x[row * blocks + lower]
                            c0 += y * ax.x
                            c1 += y * ax.y
                            c2 += y * ax.z
                            c3 += y * ax.w
                        }
                        (cells[cell], cells[cell + 1], cells[cell + 2], cells[cell + 3]) = (c0, c1, c2, c3)
                        cell += 4
                    }
                }
                start = end
            }
        }
    }

    /// Takes another sum away.
    mutating func subtract(_ other: SymmetricSum) {
        for cell in cells.indices { cells[cell] -= other.cells[cell] }
    }

    /// The first `width` rows and columns.
    func matrix(width: Int) -> [[Double]] {
        var result = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
        for i in 0..<width {
            let upper = i / 4
            for j in 0...i {
                let value = cells[4 * (upper * (upper + 1) / 2 + j / 4) + i % 4][j % 4]
                result[i][j] = value
                result[j][i] = value
            }
        }
        return result
    }
}
