/// Why an integral could not be computed.
public enum QuadratureError: Error, Equatable, Sendable {
    /// The integrand is NaN or infinite at `x`.
    case notFinite(x: Double, value: Double)
    /// The tolerance was not reached within the allowed number of intervals; the best value and its error are given.
    case notConverged(value: Double, errorEstimate: Double, tolerance: Double, intervals: Int)
}

extension QuadratureError: CustomStringConvertible {
    /// What was found, with the numbers of the case, and what could be changed.
    public var description: String {
        switch self {
        case .notFinite(let x, let value):
            "The integrand is \(value) at \(x); it must be finite between the bounds."
        case .notConverged(let value, let error, let tolerance, let intervals):
            "The integral is \(value) with an estimated error of \(error) after \(intervals) intervals, but \(tolerance) was"
                + " asked for: widen the tolerance, allow more intervals, or split the range where the integrand jumps."
        }
    }
}

/// Adaptive integration.
public enum Quadrature {
    /// An integral and how well it is known.
    public struct Integral: Sendable, Equatable {
        /// The value found.
        public let value: Double
        /// An estimate of |value − integral|, usually far too large.
        public let errorEstimate: Double
        /// How often the integrand was evaluated.
        public let evaluations: Int
    }

    /// The integral of `function` from `lower` to `upper`, by globally adaptive 21-point Gauss–Kronrod rules: the interval
    /// with the largest error is halved until the sum of errors is small enough.
    ///
    /// Source: Piessens et al. (1983), QUADPACK, routines QAG and QAGI (without its extrapolation).
    ///
    /// - Parameters:
    ///   - lower: lower bound; −∞ is allowed.
    ///   - upper: upper bound; +∞ is allowed. Below `lower` the integral changes its sign; equal bounds give 0.
    ///   - absoluteTolerance: accepted error in the unit of the integral.
    ///   - relativeTolerance: accepted error as a share of the integral. The larger of the two tolerances counts.
    ///   - maximumIntervals: how many intervals may be in use at once.
    ///   - function: the integrand; it is not evaluated at the bounds.
    /// - Throws: ``QuadratureError``, and what `function` throws.
    public static func integrate(
        from lower: Double, to upper: Double, absoluteTolerance: Double = 0, relativeTolerance: Double = 1e-10,
        maximumIntervals: Int = 500, _ function: (Double) throws -> Double
    ) throws -> Integral {
        precondition(!lower.isNaN && !upper.isNaN, "The bounds \(lower) and \(upper) of an integral must be numbers.")
        if lower == upper { return Integral(value: 0, errorEstimate: 0, evaluations: 0) }
        if lower > upper {
            let forward = try integrate(
                from: upper, to: lower, absoluteTolerance: absoluteTolerance, relativeTolerance: relativeTolerance,
                maximumIntervals: maximumIntervals, function)
            return Integral(
                value: -forward.value, errorEstimate: forward.errorEstimate, evaluations: forward.evaluations)
        }
        return try withoutActuallyEscaping(function) { function in
            try adapt(
                FiniteRange(lower: lower, upper: upper, function), absoluteTolerance: absoluteTolerance,
                relativeTolerance: relativeTolerance, maximumIntervals: maximumIntervals)
        }
    }

    private static func adapt(
        _ problem: FiniteRange, absoluteTolerance: Double, relativeTolerance: Double, maximumIntervals: Int
    ) throws -> Integral {
        var intervals = [try GaussKronrod.estimate(problem, problem.lower, problem.upper)]
        while true {
            let value = intervals.reduce(0) { $0 + $1.value }
            let error = intervals.reduce(0) { $0 + $1.error }
            let tolerance = max(absoluteTolerance, relativeTolerance * abs(value))
            let evaluations = (2 * intervals.count - 1) * GaussKronrod.points
            if error <= tolerance {
                return Integral(value: value, errorEstimate: error, evaluations: evaluations)
            }
            var worst = 0
            for (index, interval) in intervals.enumerated() where interval.error > intervals[worst].error {
                worst = index
            }
            let (a, b) = (intervals[worst].lower, intervals[worst].upper)
            let middle = a + 0.5 * (b - a)
            guard intervals.count < maximumIntervals, middle > a, middle < b else {
                throw QuadratureError.notConverged(
                    value: value, errorEstimate: error, tolerance: tolerance, intervals: intervals.count)
            }
            // The halves take the place of the whole, so that sums run from left to right.
            intervals.replaceSubrange(
                worst...worst,
                with: [
                    try GaussKronrod.estimate(problem, a, middle), try GaussKronrod.estimate(problem, middle, b),
                ])
        }
    }
}

/// An integrand on a finite range; an infinite one is mapped to it.
struct FiniteRange {
    let lower: Double
    let upper: Double
    let value: (Double) throws -> Double

    init(lower: Double, upper: Double, _ function: @escaping (Double) throws -> Double) {
        switch (lower.isInfinite, upper.isInfinite) {
        case (false, false):
            (self.lower, self.upper, value) = (lower, upper, { try Self.checked($0, function) })
        case (false, true):
            (self.lower, self.upper) = (0, 1)
            // x = lower + (1 − t)/t runs from ∞ to lower.
            value = { t in try Self.checked(lower + (1 - t) / t, function) / (t * t) }
        case (true, false):
            (self.lower, self.upper) = (0, 1)
            value = { t in try Self.checked(upper - (1 - t) / t, function) / (t * t) }
        case (true, true):
            (self.lower, self.upper) = (0, 1)
            value = { t in
                let x = (1 - t) / t
                return (try Self.checked(x, function) + Self.checked(-x, function)) / (t * t)
            }
        }
    }

    private static func checked(_ x: Double, _ function: (Double) throws -> Double) throws -> Double {
        let value = try function(x)
        guard value.isFinite else { throw QuadratureError.notFinite(x: x, value: value) }
        return value
    }
}
