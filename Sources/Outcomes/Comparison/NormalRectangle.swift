import NumericsCore

/// The probability that standard normal numbers with given correlations fall inside or outside a rectangle.
///
/// Along the path of correlations t·R from independence to R the probability changes by
///
/// ```
/// dP/dt = Σ_{i<j} ρ_ij · Σ_{corners (s, u) of i and j} ± φ₂(s, u; tρ_ij) · P(the others inside | Z_i = s, Z_j = u)
/// ```
///
/// (Plackett 1954, Biometrika 41:351), which leaves two dimensions fewer to integrate. With t = sin θ the integrand is smooth
/// to the end, also where R is singular. Deterministic; about nine digits of the smaller of the two probabilities as long as
/// the pairs' correlations are not below 0.
package struct NormalRectangle: Sendable {
    private let lower: [Double]
    private let upper: [Double]
    private let correlation: [[Double]]

    /// - Parameters:
    ///   - lower: lower bounds, −∞ allowed.
    ///   - upper: upper bounds, +∞ allowed, none below its lower bound.
    ///   - correlation: symmetric, 1 on the diagonal, positive semidefinite.
    package init(lower: [Double], upper: [Double], correlation: [[Double]]) {
        // Numbers that are one number up to the sign have one, narrower, interval.
        var (low, high): ([Double], [Double]) = ([], [])
        var kept: [Int] = []
        for index in lower.indices {
            guard let place = kept.firstIndex(where: { abs(correlation[$0][index]) >= 1 - 1e-12 }) else {
                kept.append(index)
                low.append(lower[index])
                high.append(upper[index])
                continue
            }
            let isSame = correlation[kept[place]][index] > 0
            low[place] = max(low[place], isSame ? lower[index] : -upper[index])
            high[place] = max(low[place], min(high[place], isSame ? upper[index] : -lower[index]))
        }
        self.lower = low
        self.upper = high
        self.correlation = kept.map { row in kept.map { correlation[row][$0] } }
    }

    /// The probability that some number is outside its bounds.
    ///
    /// - Throws: ``QuadratureError`` where the integrand has no finite value.
    package func outside() throws -> Double {
        try independentOutside - changeFromIndependence(relative: 1e-9, absolute: 1e-9 * independentOutside)
    }

    /// The probability that every number is inside its bounds.
    private func inside(absolute tolerance: Double) throws -> Double {
        switch lower.count {
        case 0: 1
        case 1: Self.mass(lower[0], upper[0])
        default: max(0, try 1 - independentOutside + changeFromIndependence(relative: 0, absolute: tolerance))
        }
    }

    /// 1 − ∏ (1 − qᵢ), with all digits where the qᵢ are small.
    private var independentOutside: Double {
        var logInside = 0.0
        for index in lower.indices {
            let outside = Normal.cdf(lower[index]) + Normal.survival(upper[index])
            logInside += outside < 1 ? Elementary.log1p(-outside) : -.infinity
        }
        return -Elementary.expm1(logInside)
    }

    private func changeFromIndependence(relative: Double, absolute: Double) throws -> Double {
        do {
            switch lower.count {
            case 0, 1: return 0
            case 2:
                return try Quadrature.integrate(
                    from: 0, to: Elementary.asin(correlation[0][1]), absoluteTolerance: absolute,
                    relativeTolerance: relative, maximumIntervals: 100, slopeOfPair
                ).value
            default:
                return try Quadrature.integrate(
                    from: 0, to: .pi / 2, absoluteTolerance: absolute, relativeTolerance: relative,
                    maximumIntervals: 100
                ) { angle in try slope(Elementary.sin(angle)) * Elementary.cos(angle) }.value
            }
        } catch QuadratureError.notConverged(let value, _, _, _) {
            return value
        }
    }

    /// dP/dθ of two numbers with the correlation sin θ.
    private func slopeOfPair(_ angle: Double) -> Double {
        let (sine, cosine) = (Elementary.sin(angle), Elementary.cos(angle))
        func corner(_ s: Double, _ u: Double) -> Double {
            guard s.isFinite, u.isFinite else { return 0 }
            let square = (s - u) * (s - u) + 2 * (1 - sine) * s * u
            return Elementary.exp(-square / (2 * cosine * cosine))
        }
        let same = corner(upper[0], upper[1]) + corner(lower[0], lower[1])
        return (same - corner(upper[0], lower[1]) - corner(lower[0], upper[1])) / (2 * .pi)
    }

    /// dP/dt of three or more numbers at correlations t·R.
    private func slope(_ t: Double) throws -> Double {
        // A rectangle about 0 looks alike from opposite corners.
        let isSymmetric = zip(lower, upper).allSatisfy { $0 == -$1 }
        var sum = 0.0
        for j in lower.indices {
            for i in 0..<j where correlation[i][j] != 0 {
                let rho = t * correlation[i][j]
                let ofFirst = isSymmetric ? [(upper[i], 2.0)] : [(upper[i], 1.0), (lower[i], -1.0)]
                for (s, signS) in ofFirst where s.isFinite {
                    for (u, signU) in [(upper[j], 1.0), (lower[j], -1.0)] where u.isFinite {
                        let density = Self.density(s, u, rho)
                        guard density > 0 else { continue }
                        let rest = try conditional(i, j, s, u, t).inside(absolute: 1e-10)
                        sum += correlation[i][j] * signS * signU * density * rest
                    }
                }
            }
        }
        return sum
    }

    /// The other numbers, standardised, given Zᵢ = s and Zⱼ = u under correlations t·R.
    private func conditional(_ i: Int, _ j: Int, _ s: Double, _ u: Double, _ t: Double) -> NormalRectangle {
        let rho = t * correlation[i][j]
        let determinant = (1 - rho) * (1 + rho)
        let others = lower.indices.filter { $0 != i && $0 != j }
        // Regression coefficients on Zᵢ and Zⱼ.
        let first = others.map { t * (correlation[$0][i] - rho * correlation[$0][j]) / determinant }
        let second = others.map { t * (correlation[$0][j] - rho * correlation[$0][i]) / determinant }
        func covariance(_ a: Int, _ b: Int) -> Double {
            let (p, q) = (others[a], others[b])
            let own = p == q ? 1 : t * correlation[p][q]
            return own - t * (first[a] * correlation[q][i] + second[a] * correlation[q][j])
        }
        let deviations = others.indices.map { max(covariance($0, $0), 1e-30).squareRoot() }
        let means = others.indices.map { first[$0] * s + second[$0] * u }
        return NormalRectangle(
            lower: others.indices.map { (lower[others[$0]] - means[$0]) / deviations[$0] },
            upper: others.indices.map { (upper[others[$0]] - means[$0]) / deviations[$0] },
            correlation: others.indices.map { a in
                others.indices.map { b in
                    a == b ? 1 : min(1, max(-1, covariance(a, b) / (deviations[a] * deviations[b])))
                }
            })
    }

    /// The standard bivariate normal density.
    private static func density(_ x: Double, _ y: Double, _ rho: Double) -> Double {
        let determinant = (1 - rho) * (1 + rho)
        let square = (x - y) * (x - y) + 2 * (1 - rho) * x * y
        return Elementary.exp(-square / (2 * determinant)) / (2 * .pi * determinant.squareRoot())
    }

    /// P(a ≤ Z ≤ b), from the nearer tail.
    private static func mass(_ a: Double, _ b: Double) -> Double {
        a > 0 ? Normal.survival(a) - Normal.survival(b) : Normal.cdf(b) - Normal.cdf(a)
    }
}
