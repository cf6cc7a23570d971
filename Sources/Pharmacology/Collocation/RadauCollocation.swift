import NumericsCore

/// Collocation at the Radau IIA points of 0…1: the polynomial whose derivative satisfies the equations there.
///
/// The points are the zeros of `P_s − P_{s−1}` (shifted Legendre polynomials), the last one the end of the step. The method
/// has order 2s − 1 at the end of a step and order s within it, and is L-stable (Hairer & Wanner 1996, section IV.5).
struct RadauCollocation: Sendable {
    let count: Int
    /// The points, growing; the last is 1.
    let nodes: [Double]
    /// `integrals[i][j]`: the integral from 0 to node `i` of the polynomial that is 1 at node `j` and 0 at the others.
    let integrals: [[Double]]
    /// `coefficients[k][j]`: what the value at node `j` gives to the Legendre coefficient `k` of the polynomial.
    let coefficients: [[Double]]

    init(_ count: Int) {
        self.count = count
        let nodes = Self.points(count)
        let values = nodes.map { Self.legendre(through: count, at: $0) }
        // Radau's weights integrate polynomials of degree 2s − 2 exactly, so that sums over the nodes give the coefficients.
        let weights = nodes.indices.map { j in
            j == count - 1
                ? 1 / Double(count * count)
                : nodes[j] / (Double(count * count) * values[j][count - 1] * values[j][count - 1])
        }
        let coefficients = (0..<count).map { k in
            nodes.indices.map { j in Double(2 * k + 1) * weights[j] * values[j][k] }
        }
        integrals = nodes.map { node in
            let terms = Self.integrals(below: count, at: node)
            return nodes.indices.map { j in
                var sum = 0.0
                for k in 0..<count { sum += coefficients[k][j] * terms[k] }
                return sum
            }
        }
        self.nodes = nodes
        self.coefficients = coefficients
    }

    /// `P_0 … P_n` of the shifted Legendre polynomials.
    static func legendre(through n: Int, at x: Double) -> [Double] {
        let t = 2 * x - 1
        var values: [Double] = [1, t]
        for k in 1..<max(2, n) {
            let order = Double(k)
            let product: Double = (2 * order + 1) * t * values[k]
            values.append((product - order * values[k - 1]) / (order + 1))
        }
        return values
    }

    /// The integrals from 0 to `x` of `P_0 … P_{n−1}`.
    static func integrals(below n: Int, at x: Double) -> [Double] {
        let values = legendre(through: n, at: x)
        return [x]
            + (1..<max(1, n)).map { k in
                let difference = values[k + 1] - values[k - 1]
                return difference / Double(4 * k + 2)
            }
    }

    /// The zeros of `P_s − P_{s−1}`: a bracket for each by the change of sign, then bisection to the last bit.
    private static func points(_ count: Int) -> [Double] {
        func value(_ x: Double) -> Double {
            let values = legendre(through: count, at: x)
            return values[count] - values[count - 1]
        }
        let steps = 64 * count * count
        var found: [Double] = []
        for step in 0..<steps where found.count < count - 1 {
            var low = Double(step) / Double(steps)
            var high = Double(step + 1) / Double(steps)
            let sign = value(low)
            guard sign * value(high) < 0 else { continue }
            while case let middle = 0.5 * (low + high), middle > low, middle < high {
                if value(middle) * sign > 0 { low = middle } else { high = middle }
            }
            found.append(low)
        }
        return found + [1]
    }
}
