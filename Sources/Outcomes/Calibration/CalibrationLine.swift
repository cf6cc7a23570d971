import NumericsCore

/// A straight line on the scale of the link, c + b·x + offset: the recalibration of predictions by logistic or Poisson regression.
///
/// Newton's method on the centred predictor; both likelihoods are concave.
struct CalibrationLine {
    enum Family { case logistic, poisson }

    static let iterationLimit = 100
    /// The line has converged when a step would raise the likelihood by less than half of this.
    static let decrementAtEnd = 1e-18
    /// A predictor of the fit beyond this means that the likelihood rises for ever: the outcomes are separated.
    static let separated = 30.0

    let b: Double
    let c: Double
    /// Var b, Var c, Cov(b, c).
    let variance: (b: Double, c: Double, both: Double)

    /// - Parameter offset: one for each y, or empty for 0.
    static func fit(_ x: [Double], _ y: [Double], offset: [Double] = [], family: Family) -> Estimated<CalibrationLine> {
        guard let low = x.min(), let high = x.max(), low < high else {
            return .undefined(.init(code: "equal-predictions", reason: "all predictions are alike: they have no slope"))
        }
        let mean = x.reduce(0, +) / Double(x.count)
        let outcome = y.reduce(0, +) / Double(y.count)
        var b = 0.0
        var a = family == .poisson ? Elementary.log(outcome) : Elementary.log(outcome / (1 - outcome))
        if !offset.isEmpty {
            // The Poisson mean at slope 1 is right at once; from there the steps are short.
            b = 1
            let expected = x.indices.reduce(0) { $0 + Elementary.exp(offset[$1] + x[$1] - mean) }
            a = Elementary.log(y.reduce(0, +) / expected)
        }
        for _ in 0..<iterationLimit {
            let sums = Sums(x, y, offset, mean: mean, a: a, b: b, family: family)
            let determinant = sums.w * sums.wxx - sums.wx * sums.wx
            guard determinant > 1e-12 * sums.w * sums.wxx, determinant.isFinite else { break }
            let stepA = (sums.wxx * sums.u - sums.wx * sums.ux) / determinant
            let stepB = (sums.w * sums.ux - sums.wx * sums.u) / determinant
            let decrement = stepA * sums.u + stepB * sums.ux
            if decrement < decrementAtEnd * max(1, sums.w) {
                return .value(
                    CalibrationLine(
                        b: b, c: a - b * mean,
                        variance: (
                            sums.w / determinant,
                            (sums.wxx + 2 * mean * sums.wx + mean * mean * sums.w) / determinant,
                            -(sums.wx + mean * sums.w) / determinant
                        )))
            }
            // Steps that move a predictor far are cut: the curvature does not hold there.
            let reach = max(abs(stepA + stepB * (low - mean)), abs(stepA + stepB * (high - mean)))
            let length = min(1, 4 / max(reach, 4))
            a += length * stepA
            b += length * stepB
            if family == .logistic, min(abs(a + b * (low - mean)), abs(a + b * (high - mean))) > separated { break }
        }
        return .undefined(
            .init(code: "separated", reason: "the predictions separate the outcomes: the slope has no finite estimate"))
    }

    private struct Sums {
        var u = 0.0
        var ux = 0.0
        var w = 0.0
        var wx = 0.0
        var wxx = 0.0

        init(_ x: [Double], _ y: [Double], _ offset: [Double], mean: Double, a: Double, b: Double, family: Family) {
            for row in x.indices {
                let centred = x[row] - mean
                let eta = a + b * centred + (offset.isEmpty ? 0 : offset[row])
                let fitted: Double
                let weight: Double
                switch family {
                case .poisson:
                    fitted = Elementary.exp(eta)
                    weight = fitted
                case .logistic:
                    fitted = 1 / (1 + Elementary.exp(-eta))
                    weight = fitted * (1 - fitted)
                }
                u += y[row] - fitted
                ux += (y[row] - fitted) * centred
                w += weight
                wx += weight * centred
                wxx += weight * centred * centred
            }
        }
    }

    func slope(level: ConfidenceLevel) -> Estimate {
        Estimate(normal: b, standardError: variance.b.squareRoot(), level: level)
    }

    func intercept(level: ConfidenceLevel) -> Estimate {
        Estimate(normal: c, standardError: variance.c.squareRoot(), level: level)
    }

    /// Wald's test of b = 1 and c = 0 together.
    var test: ChiSquareTest {
        let determinant = variance.b * variance.c - variance.both * variance.both
        let off = b - 1
        let form = variance.c * off * off - 2 * variance.both * off * c + variance.b * c * c
        return ChiSquareTest(statistic: max(0, form / determinant), degreesOfFreedom: 2)
    }
}
