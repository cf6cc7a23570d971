/// Least values of functions of one variable.
public enum Minimization {
    /// Where a function is least, and how small it is there.
    public struct Minimum: Sendable, Equatable {
        /// The point found.
        public let x: Double
        /// The function's value there, the smallest of all that were seen.
        public let value: Double
    }

    /// 2 − the golden ratio: the share of an interval that a golden step takes.
    private static let golden = 0.381_966_011_250_105_15

    /// A local minimum of `function` between `lower` and `upper`, the only one if it has one.
    ///
    /// Brent's method: parabolas through the best three points, with golden sections where they do not help. The place is
    /// known to √ε of its size, 1.5e-8, and no better: nearer by, the values are equal to rounding. Where a derivative is
    /// at hand, its root (``RootFinding``) is the better place.
    ///
    /// Source: Brent (1973), "Algorithms for minimization without derivatives", chapter 5.
    ///
    /// - Parameters:
    ///   - lower: lower bound, finite.
    ///   - upper: upper bound, finite and not below `lower`.
    ///   - function: continuous; it is not evaluated at the bounds.
    /// - Returns: the best point that was evaluated.
    public static func minimum(
        from lower: Double, to upper: Double, of function: (Double) throws -> Double
    ) rethrows -> Minimum {
        precondition(lower <= upper, "A minimum cannot be sought from \(lower) to \(upper).")
        var (low, high) = (lower, upper)
        var best = low + golden * (high - low)
        var valueAtBest = try function(best)
        var (second, third) = (best, best)
        var (valueAtSecond, valueAtThird) = (valueAtBest, valueAtBest)
        var (step, stepBefore) = (0.0, 0.0)
        // A golden section alone shrinks the bracket by 0.62 each time: 100 steps leave nothing of it.
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            let tolerance = 1e-8 * abs(best) + 1e-10 * (upper - lower) + .leastNormalMagnitude
            guard abs(best - middle) > 2 * tolerance - 0.5 * (high - low) else { break }
            var next: Double?
            if abs(stepBefore) > tolerance {
                let r = (best - second) * (valueAtBest - valueAtThird)
                let q = (best - third) * (valueAtBest - valueAtSecond)
                let numerator = (best - third) * q - (best - second) * r
                let denominator = 2 * (q - r)
                let parabolic = -numerator / denominator
                // The new step must be inside and less than half the step before the last.
                if parabolic.isFinite, abs(parabolic) < 0.5 * abs(stepBefore), best + parabolic > low,
                    best + parabolic < high
                {
                    next = parabolic
                }
            }
            stepBefore = next == nil ? (best < middle ? high - best : low - best) : step
            step = next ?? golden * stepBefore
            let x = best + (abs(step) >= tolerance ? step : (step > 0 ? tolerance : -tolerance))
            let value = try function(x)
            if value <= valueAtBest {
                if x < best { high = best } else { low = best }
                (third, valueAtThird) = (second, valueAtSecond)
                (second, valueAtSecond) = (best, valueAtBest)
                (best, valueAtBest) = (x, value)
            } else {
                if x < best { low = x } else { high = x }
                if value <= valueAtSecond || second == best {
                    (third, valueAtThird) = (second, valueAtSecond)
                    (second, valueAtSecond) = (x, value)
                } else if value <= valueAtThird || third == best || third == second {
                    (third, valueAtThird) = (x, value)
                }
            }
        }
        return Minimum(x: best, value: valueAtBest)
    }
}
