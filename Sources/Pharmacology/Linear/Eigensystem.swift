import NumericsCore

/// Eigenvalues and eigenvectors of sixteen patients' linear systems at once, in closed form.
///
/// The system is block triangular: groups of one to three states, each behind those that feed it. The eigenvalues are
/// those of the groups (the entry itself, the roots of a quadratic or a cubic); an eigenvector is the group's null vector,
/// carried on to the groups that it feeds. Left eigenvectors come from the transposed system in the same way.
final class Eigensystem {
    let part: LinearPart
    private let n: Int
    /// The matrix, row by row.
    let matrix: LanePointer
    let values: LanePointer
    /// Right eigenvectors: `right[row * n + mode]`.
    let right: LanePointer
    /// Left eigenvectors, scaled to the right ones: `left[mode * n + column]`.
    let left: LanePointer
    /// Lanes whose eigenvalues are real and far enough apart for the eigenvectors to be exact to about 1e-9.
    private(set) var isSound = LaneMask(repeating: true)

    private let vector: LanePointer
    /// Group of each position.
    private let group: [Int]

    /// Eigenvalues of connected states closer than this, relative to the larger, count as one, and so do several whose
    /// distances multiply to this.
    private static let separation = 1e-6

    init(_ part: LinearPart) {
        self.part = part
        n = part.count
        matrix = Lanes.allocate(n * n)
        values = Lanes.allocate(n)
        right = Lanes.allocate(n * n)
        left = Lanes.allocate(n * n)
        vector = Lanes.allocate(n)
        group = part.groupOfPosition
    }

    deinit { for pointer in [matrix, values, right, left, vector] { pointer.deallocate() } }

    /// Decomposes what stands in ``matrix``.
    func decompose() {
        isSound = LaneMask(repeating: true)
        for range in part.groups {
            switch range.count {
            case 1: values[range.lowerBound] = matrix[range.lowerBound * (n + 1)]
            case 2: pair(range.lowerBound)
            default: triple(range.lowerBound)
            }
        }
        judgeSeparation()
        for mode in 0..<n {
            trace(mode, isTransposed: false)
            for row in 0..<n { right[row * n + mode] = vector[row] }
            trace(mode, isTransposed: true)
            var scale = Lane(repeating: 0)
            for row in 0..<n where part.couples(row: row, mode: mode) { scale += vector[row] * right[row * n + mode] }
            for column in 0..<n { left[mode * n + column] = vector[column] / scale }
        }
    }

    // MARK: Eigenvalues

    /// The roots of a quadratic, the larger first and the smaller from the determinant, so that neither cancels.
    private func pair(_ first: Int) {
        let a = matrix[first * n + first]
        let b = matrix[first * n + first + 1]
        let c = matrix[(first + 1) * n + first]
        let d = matrix[(first + 1) * n + first + 1]
        let half = Lane(repeating: 0.5) * (a - d)
        let discriminant = half * half + b * c
        isSound = isSound .& (discriminant .> Lane(repeating: 0))
        let root = discriminant.squareRoot()
        let mean = Lane(repeating: 0.5) * (a + d)
        let large = mean + root.replacing(with: -root, where: mean .< Lane(repeating: 0))
        values[first] = large
        values[first + 1] = (a * d - b * c) / large
    }

    /// The three real roots of the characteristic cubic (F. Viète's trigonometric form), each polished by Newton steps.
    private func triple(_ first: Int) {
        func entry(_ row: Int, _ column: Int) -> Lane { matrix[(first + row) * n + first + column] }
        let trace = entry(0, 0) + entry(1, 1) + entry(2, 2)
        let m01 = entry(0, 0) * entry(1, 1) - entry(0, 1) * entry(1, 0)
        let m02 = entry(0, 0) * entry(2, 2) - entry(0, 2) * entry(2, 0)
        let m12 = entry(1, 1) * entry(2, 2) - entry(1, 2) * entry(2, 1)
        let minors = m01 + m02 + m12
        let x = entry(1, 2) * entry(2, 0) - entry(1, 0) * entry(2, 2)
        let y = entry(1, 0) * entry(2, 1) - entry(1, 1) * entry(2, 0)
        let determinant = entry(0, 0) * m12 + entry(0, 1) * x + entry(0, 2) * y
        let third = trace * Lane(repeating: 1.0 / 3)
        let p = third * third - minors * Lane(repeating: 1.0 / 3)
        let q = third * (third * third - Lane(repeating: 0.5) * minors) + Lane(repeating: 0.5) * determinant
        isSound = isSound .& (p .> Lane(repeating: 0)) .& (q * q .< p * p * p)
        let radius = p.squareRoot()
        for lane in LaneSet(isSound) {
            let angle = Elementary.acos(q[lane] / (p[lane] * radius[lane]))
            for root in 0..<3 {
                let turned = (angle + 2 * Double.pi * Double(root)) / 3
                var value = third[lane] + 2 * radius[lane] * Elementary.cos(turned)
                for _ in 0..<3 {
                    let polynomial = ((value - trace[lane]) * value + minors[lane]) * value - determinant[lane]
                    let slope = (3 * value - 2 * trace[lane]) * value + minors[lane]
                    if slope != 0 { value -= polynomial / slope }
                }
                values[first + root][lane] = value
            }
        }
    }

    /// Connected states with nearly the same eigenvalue leave no usable eigenvectors.
    ///
    /// A response through several states is a divided difference of exponentials: what is lost grows with the product of
    /// the distances, so that rates a thousandth apart, harmless in a pair, cost all digits in a chain of six.
    private func judgeSeparation() {
        // The vector is not in use yet: it holds the loss of each mode.
        for mode in 0..<n { vector[mode] = Lane(repeating: 1) }
        for i in 0..<n {
            for j in 0..<i where group[i] == group[j] || part.reaches[group[j]][group[i]] {
                let a = magnitude(values[i])
                let b = magnitude(values[j])
                let largest = a.replacing(with: b, where: b .> a)
                let distance = magnitude(values[i] - values[j])
                isSound = isSound .& (distance .> largest * Lane(repeating: Self.separation))
                let ratio = larger(largest / distance, Lane(repeating: 1))
                vector[i] *= ratio
                vector[j] *= ratio
            }
        }
        for mode in 0..<n { isSound = isSound .& (vector[mode] .< Lane(repeating: 1 / Self.separation)) }
    }

    // MARK: Eigenvectors

    /// The eigenvector of one mode into ``vector``: of the matrix, or of its transpose.
    private func trace(_ mode: Int, isTransposed: Bool) {
        for row in 0..<n { vector[row] = Lane(repeating: 0) }
        let source = group[mode]
        nullVector(part.groups[source], values[mode], isTransposed)
        let others = part.groups.indices
        for target in isTransposed ? Array(others.reversed()) : Array(others) where target != source {
            let isFed = isTransposed ? part.reaches[target][source] : part.reaches[source][target]
            if isFed { carry(to: part.groups[target], values[mode], isTransposed) }
        }
    }

    private func element(_ row: Int, _ column: Int, _ isTransposed: Bool) -> Lane {
        isTransposed ? matrix[column * n + row] : matrix[row * n + column]
    }

    /// A vector that the group's own block, less the eigenvalue, takes to 0.
    private func nullVector(_ range: Range<Int>, _ value: Lane, _ isTransposed: Bool) {
        let first = range.lowerBound
        func entry(_ row: Int, _ column: Int) -> Lane {
            let element = element(first + row, first + column, isTransposed)
            return row == column ? element - value : element
        }
        switch range.count {
        case 1: vector[first] = Lane(repeating: 1)
        case 2:
            // Of the two rows the one with the larger diagonal, which cancels less.
            let (a, b, c, d) = (entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1))
            let takesFirst = magnitude(a) .>= magnitude(d)
            vector[first] = (-d).replacing(with: b, where: takesFirst)
            vector[first + 1] = c.replacing(with: -a, where: takesFirst)
        default:
            var best = Lane(repeating: -1)
            for (i, j) in [(0, 1), (0, 2), (1, 2)] {
                let x = entry(i, 1) * entry(j, 2) - entry(i, 2) * entry(j, 1)
                let y = entry(i, 2) * entry(j, 0) - entry(i, 0) * entry(j, 2)
                let z = entry(i, 0) * entry(j, 1) - entry(i, 1) * entry(j, 0)
                let size = x * x + y * y + z * z
                let isBetter = size .> best
                best.replace(with: size, where: isBetter)
                vector[first].replace(with: x, where: isBetter)
                vector[first + 1].replace(with: y, where: isBetter)
                vector[first + 2].replace(with: z, where: isBetter)
            }
        }
    }

    /// Solves `(block − value) v = −(what the groups before give)` for the group's share of the eigenvector.
    private func carry(to range: Range<Int>, _ value: Lane, _ isTransposed: Bool) {
        let first = range.lowerBound
        func entry(_ row: Int, _ column: Int) -> Lane {
            let element = element(first + row, first + column, isTransposed)
            return row == column ? element - value : element
        }
        func given(_ row: Int) -> Lane {
            var sum = Lane(repeating: 0)
            for column in 0..<n where !range.contains(column) {
                sum -= element(first + row, column, isTransposed) * vector[column]
            }
            return sum
        }
        switch range.count {
        case 1: vector[first] = given(0) / entry(0, 0)
        case 2:
            let (x, y) = (given(0), given(1))
            let determinant = entry(0, 0) * entry(1, 1) - entry(0, 1) * entry(1, 0)
            vector[first] = (x * entry(1, 1) - entry(0, 1) * y) / determinant
            vector[first + 1] = (entry(0, 0) * y - entry(1, 0) * x) / determinant
        default:
            let right = (given(0), given(1), given(2))
            func cofactor(_ i: Int, _ j: Int) -> Lane {
                let (a, b) = ((i + 1) % 3, (i + 2) % 3)
                let (c, d) = ((j + 1) % 3, (j + 2) % 3)
                return entry(a, c) * entry(b, d) - entry(a, d) * entry(b, c)
            }
            let determinant =
                entry(0, 0) * cofactor(0, 0) + entry(0, 1) * cofactor(0, 1) + entry(0, 2) * cofactor(0, 2)
            for j in 0..<3 {
                let sum = cofactor(0, j) * right.0 + cofactor(1, j) * right.1 + cofactor(2, j) * right.2
                vector[first + j] = sum / determinant
            }
        }
    }
}
