/// The Gauss–Legendre rule, exact for polynomials up to degree 2 · order − 1.
///
/// ```swift
/// let rule = GaussLegendre(order: 5)
/// let nine = rule.integrate(from: 0, to: 3) { $0 * $0 }      // 9
/// ```
public struct GaussLegendre: Sendable {
    /// The roots of the Legendre polynomial of this order, ascending in (−1, 1), symmetric to the last bit.
    public let nodes: [Double]
    /// The weights of the nodes; they add up to 2.
    public let weights: [Double]

    /// The rule with `order` ≥ 1 nodes, by Newton's iteration on the three-term recurrence from Tricomi's approximation
    /// of the roots (Abramowitz and Stegun 1964, 22.16.6 and 25.4.29).
    public init(order: Int) {
        precondition(order >= 1, "A Gauss–Legendre rule of order \(order) does not exist: the order is at least 1.")
        var nodes = [Double](repeating: 0, count: order)
        var weights = nodes
        for i in 0..<(order + 1) / 2 {
            let isCentre = 2 * i + 1 == order
            let x = isCentre ? 0 : Self.root(order, from: Self.rootGuess(order, index: i))
            let slope = Self.legendre(order, x).slope
            let weight = 2 / ((1 - x) * (1 + x) * slope * slope)
            nodes[i] = isCentre ? 0 : -x
            nodes[order - 1 - i] = x
            weights[i] = weight
            weights[order - 1 - i] = weight
        }
        self.nodes = nodes
        self.weights = weights
    }

    /// The integral of `function` from `lower` to `upper`, finite bounds; 0 when they are equal.
    public func integrate(
        from lower: Double, to upper: Double, _ function: (Double) throws -> Double
    ) rethrows -> Double {
        let half = 0.5 * (upper - lower)
        let middle = 0.5 * (lower + upper)
        var sum = 0.0
        for (node, weight) in zip(nodes, weights) { sum += weight * (try function(middle + half * node)) }
        return half * sum
    }

    private static func rootGuess(_ order: Int, index: Int) -> Double {
        let n = Double(order)
        let angle = Double.pi * (Double(index) + 0.75) / (n + 0.5)
        return (1 - (n - 1) / (8 * n * n * n)) * Elementary.cos(angle)
    }

    private static func root(_ order: Int, from start: Double) -> Double {
        var x = start
        // Quadratic convergence from a guess good to 1/order⁴ needs three steps; the fourth settles the last bit.
        for _ in 0..<4 {
            let (value, slope) = legendre(order, x)
            x -= value / slope
        }
        return x
    }

    /// Pₙ(x) and its derivative for |x| < 1.
    private static func legendre(_ order: Int, _ x: Double) -> (value: Double, slope: Double) {
        var (before, value) = (1.0, x)
        for k in stride(from: 2, through: order, by: 1) {
            let n = Double(k)
            (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n)
        }
        return (value, Double(order) * (before - x * value) / ((1 - x) * (1 + x)))
    }
}
