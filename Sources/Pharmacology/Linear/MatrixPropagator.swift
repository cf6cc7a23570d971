import NumericsCore

/// `exp(A h)` and the integral of `exp(A s) u` over the step for sixteen patients, by scaling and squaring of the Taylor
/// series: the route of the patients whose linear system has no usable eigenvectors (equal rates in a chain).
///
/// Source: C. Moler, C. Van Loan, SIAM Review 45 (2003) 3–49, method 3; the constant input is a further column of zeros'
/// row below (C. Van Loan, IEEE Trans. Automat. Control 23 (1978) 395).
final class MatrixPropagator {
    private let n: Int
    private let size: Int
    private let scaled: LanePointer
    private let term: LanePointer
    private let product: LanePointer
    /// The propagator: `result[row * (n + 1) + column]`; the last column belongs to the constant input.
    let result: LanePointer
    private var step = Lane(repeating: .nan)

    /// The Taylor terms that leave less than 1e-17 where the scaled norm is at most 1/2.
    private static let terms = 15

    init(count: Int) {
        n = count
        size = count + 1
        scaled = Lanes.allocate(size * size)
        term = Lanes.allocate(size * size)
        product = Lanes.allocate(size * size)
        result = Lanes.allocate(size * size)
    }

    deinit { for pointer in [scaled, term, product, result] { pointer.deallocate() } }

    /// Forgets what was computed: the matrix or the input has changed.
    func invalidate() { step = Lane(repeating: .nan) }

    /// Computes the propagator over each lane's own step.
    ///
    /// - Parameter rows: 0 for a row of the matrix that counts as 0, else 1.
    func compute(matrix: LanePointer, rows: LanePointer, input: LanePointer, step h: Lane) {
        guard any(h .!= step) else { return }
        step = h
        var norm = Lane(repeating: 0)
        for row in 0..<size {
            var sum = Lane(repeating: 0)
            for column in 0..<size {
                var value = Lane(repeating: 0)
                if row < n { value = h * (column < n ? rows[row] * matrix[row * n + column] : input[row]) }
                scaled[row * size + column] = value
                if column < n { sum += magnitude(value) }
            }
            norm.replace(with: sum, where: sum .> norm)
        }
        let halvings = scale(norm)
        taylor()
        square(halvings)
    }

    /// Halves each lane's matrix until its norm is at most 1/2; returns how often.
    private func scale(_ norm: Lane) -> Lane {
        var halvings = Lane(repeating: 0)
        var factor = Lane(repeating: 1)
        for lane in 0..<laneCount where norm[lane] > 0.5 && norm[lane].isFinite {
            let count = max(0, norm[lane].exponent + 2)
            halvings[lane] = Double(count)
            factor[lane] = Double(sign: .plus, exponent: -Int(count), significand: 1)
        }
        for i in 0..<(size * size) { scaled[i] *= factor }
        return halvings
    }

    private func taylor() {
        for i in 0..<(size * size) {
            let isDiagonal = i % (size + 1) == 0
            term[i] = Lane(repeating: isDiagonal ? 1 : 0)
            result[i] = term[i]
        }
        for order in 1...Self.terms {
            multiply(term, scaled, into: product)
            let share = Lane(repeating: 1 / Double(order))
            for i in 0..<(size * size) {
                term[i] = product[i] * share
                result[i] += term[i]
            }
        }
    }

    private func square(_ halvings: Lane) {
        var done = 0.0
        while any(halvings .> Lane(repeating: done)) {
            multiply(result, result, into: product)
            let goesOn = halvings .> Lane(repeating: done)
            for i in 0..<(size * size) { result[i].replace(with: product[i], where: goesOn) }
            done += 1
        }
    }

    private func multiply(_ a: LanePointer, _ b: LanePointer, into r: LanePointer) {
        for row in 0..<size {
            for column in 0..<size {
                var sum = Lane(repeating: 0)
                for k in 0..<size { sum += a[row * size + k] * b[k * size + column] }
                r[row * size + column] = sum
            }
        }
    }
}
