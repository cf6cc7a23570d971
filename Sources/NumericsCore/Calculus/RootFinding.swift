/// Why no root was found.
public enum RootFindingError: Error, Equatable, Sendable {
    /// The function has the same sign at both ends, so that no sign change is enclosed.
    case notBracketed(lower: Double, valueAtLower: Double, upper: Double, valueAtUpper: Double)
    /// The bracket was still wider than the tolerance when the evaluations ran out.
    case notConverged(lower: Double, upper: Double, evaluations: Int)
    /// The function is NaN at `x`.
    case notANumber(x: Double)
    /// The bounds are not finite or not in ascending order.
    case invalidBracket(lower: Double, upper: Double)
}

extension RootFindingError: CustomStringConvertible {
    /// What was found, with the numbers of the case, and what could be changed.
    public var description: String {
        switch self {
        case .notBracketed(let lower, let valueAtLower, let upper, let valueAtUpper):
            "No root is enclosed: the function is \(valueAtLower) at \(lower) and \(valueAtUpper) at \(upper), but the"
                + " signs must differ."
        case .notConverged(let lower, let upper, let evaluations):
            "The root lies between \(lower) and \(upper), which is wider than the tolerance after \(evaluations)"
                + " evaluations: widen the tolerance or allow more evaluations."
        case .notANumber(let x):
            "The function is not a number at \(x), inside the bracket of its root."
        case .invalidBracket(let lower, let upper):
            "A root cannot be sought from \(lower) to \(upper): the bounds must be finite and ascending."
        }
    }
}

/// Roots of functions of one variable.
public enum RootFinding {
    /// A point between `lower` and `upper` where `function` changes its sign.
    ///
    /// Brent's method: inverse quadratic interpolation and secants, with halving whenever they do not shrink the bracket
    /// fast enough. It never needs many more evaluations than halving does, and usually about ten.
    ///
    /// Source: Brent (1973), "Algorithms for minimization without derivatives", chapter 4.
    ///
    /// - Parameters:
    ///   - lower: lower bound, finite.
    ///   - upper: upper bound, finite and above `lower`.
    ///   - absoluteTolerance: accepted error of the root in its own unit.
    ///   - relativeTolerance: accepted error as a share of the root. Both are added; 0 and 0 ask for the last bit.
    ///   - maximumEvaluations: how often `function` may be called.
    ///   - function: continuous; an infinite value counts by its sign.
    /// - Returns: the root; a bound itself if the function is zero there.
    /// - Throws: ``RootFindingError``, and what `function` throws.
    public static func root(
        from lower: Double, to upper: Double, absoluteTolerance: Double = 0, relativeTolerance: Double = 1e-12,
        maximumEvaluations: Int = 200, of function: (Double) throws -> Double
    ) throws -> Double {
        guard lower.isFinite, upper.isFinite, lower < upper else {
            throw RootFindingError.invalidBracket(lower: lower, upper: upper)
        }
        func value(_ x: Double) throws -> Double {
            let value = try function(x)
            guard !value.isNaN else { throw RootFindingError.notANumber(x: x) }
            return value
        }
        var bracket = BrentBracket(
            best: upper, valueAtBest: try value(upper), contra: lower, valueAtContra: try value(lower))
        guard bracket.changesSign else {
            throw RootFindingError.notBracketed(
                lower: lower, valueAtLower: bracket.valueAtContra, upper: upper, valueAtUpper: bracket.valueAtBest)
        }
        for _ in 2..<max(maximumEvaluations, 2) {
            bracket.putBestFirst()
            let tolerance =
                0.5 * absoluteTolerance + (0.5 * relativeTolerance + 2 * .ulpOfOne) * abs(bracket.best)
            if bracket.valueAtBest == 0 || abs(bracket.halfWidth) <= tolerance { return bracket.best }
            let next = bracket.nextPoint(tolerance: tolerance)
            bracket.accept(next, try value(next))
        }
        throw RootFindingError.notConverged(
            lower: min(bracket.best, bracket.contra), upper: max(bracket.best, bracket.contra),
            evaluations: maximumEvaluations)
    }
}

/// The three points of Brent's method: the best so far, the one before it, and one on the other side of the root.
private struct BrentBracket {
    var best: Double
    var valueAtBest: Double
    var contra: Double
    var valueAtContra: Double
    var previous: Double
    var valueAtPrevious: Double
    /// The last step and the one before it; interpolation has to halve the latter to be trusted.
    var step: Double
    var stepBefore: Double

    init(best: Double, valueAtBest: Double, contra: Double, valueAtContra: Double) {
        (self.best, self.valueAtBest, self.contra, self.valueAtContra) = (best, valueAtBest, contra, valueAtContra)
        (previous, valueAtPrevious) = (contra, valueAtContra)
        step = best - contra
        stepBefore = step
    }

    var changesSign: Bool { (valueAtBest <= 0) != (valueAtContra <= 0) || valueAtBest == 0 || valueAtContra == 0 }
    var halfWidth: Double { 0.5 * (contra - best) }

    mutating func putBestFirst() {
        guard abs(valueAtContra) < abs(valueAtBest) else { return }
        (previous, valueAtPrevious) = (best, valueAtBest)
        swap(&best, &contra)
        swap(&valueAtBest, &valueAtContra)
    }

    mutating func nextPoint(tolerance: Double) -> Double {
        let middle = halfWidth
        if let interpolated = interpolatedStep(), abs(interpolated) < 0.5 * abs(stepBefore),
            interpolated * middle > 0, abs(interpolated) < 1.5 * abs(middle) - 0.5 * tolerance
        {
            (stepBefore, step) = (step, interpolated)
        } else {
            (stepBefore, step) = (middle, middle)
        }
        return best + (abs(step) > tolerance ? step : (middle > 0 ? tolerance : -tolerance))
    }

    /// The step to the root of the inverse parabola through the three points, or of the secant when two coincide.
    private func interpolatedStep() -> Double? {
        guard abs(stepBefore) > 0, abs(valueAtPrevious) > abs(valueAtBest), valueAtPrevious.isFinite,
            valueAtContra.isFinite
        else { return nil }
        let s = valueAtBest / valueAtPrevious
        let result: Double
        if previous == contra {
            result = -2 * halfWidth * s / (1 - s)
        } else {
            let q = valueAtPrevious / valueAtContra
            let r = valueAtBest / valueAtContra
            let p = s * (2 * halfWidth * q * (q - r) - (best - previous) * (r - 1))
            result = -p / ((q - 1) * (r - 1) * (s - 1))
        }
        return result.isFinite ? result : nil
    }

    mutating func accept(_ x: Double, _ value: Double) {
        (previous, valueAtPrevious) = (best, valueAtBest)
        (best, valueAtBest) = (x, value)
        if (valueAtBest > 0) == (valueAtContra > 0) {
            (contra, valueAtContra) = (previous, valueAtPrevious)
            step = best - previous
            stepBefore = step
        }
    }
}
