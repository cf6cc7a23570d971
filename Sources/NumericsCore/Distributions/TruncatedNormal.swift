/// The standard normal distribution between two bounds.
enum TruncatedNormal {
    /// The p quantile of a standard normal number between `lower` and `upper`.
    static func quantile(_ p: Double, _ lower: Double, _ upper: Double) -> Double {
        // The distribution function is accurate on the negative side, so a range on the positive side is mirrored.
        if lower > 0 { return -quantile(1 - p, -upper, -lower) }
        if upper < 0 { return tailQuantile(p, lower, upper) }
        let below = Normal.cdf(lower)
        let x = Normal.quantile(below + p * (Normal.cdf(upper) - below))
        return min(max(x, lower), upper)
    }

    /// For `upper` < 0: ln Φ(x) = ln(Φ(lower) + p (Φ(upper) − Φ(lower))) with Φ(upper) taken out of the bracket.
    private static func tailQuantile(_ p: Double, _ lower: Double, _ upper: Double) -> Double {
        guard upper > -.infinity else { return upper }
        let logUpper = Normal.logCDF(upper)
        let ratio = Elementary.exp(Normal.logCDF(lower) - logUpper)
        let x = Normal.quantile(logProbability: logUpper + Elementary.log(ratio + p * (1 - ratio)))
        return min(max(x, lower), upper)
    }

    /// P(X ≤ x) for a standard normal number between `lower` and `upper`.
    static func cdf(_ x: Double, _ lower: Double, _ upper: Double) -> Double {
        if x <= lower { return 0 }
        if x >= upper { return 1 }
        if lower > 0 { return 1 - cdf(-x, -upper, -lower) }
        if upper < 0 {
            let (logLower, logX, logUpper) = (Normal.logCDF(lower), Normal.logCDF(x), Normal.logCDF(upper))
            let share = Elementary.expm1(logLower - logX) / Elementary.expm1(logLower - logUpper)
            return min(Elementary.exp(logX - logUpper) * share, 1)
        }
        let below = Normal.cdf(lower)
        return (Normal.cdf(x) - below) / (Normal.cdf(upper) - below)
    }

    /// Mean and variance by quadrature of the density relative to its largest value: the closed forms subtract nearly
    /// equal numbers when the range is narrow or far out.
    static func moments(_ lower: Double, _ upper: Double) -> (mean: Double, variance: Double) {
        let mode = min(max(0, lower), upper)
        // Where the density has fallen to exp(−50) of its largest value, what lies beyond does not count.
        let reach = (mode * mode + 100).squareRoot()
        let (a, b) = (max(lower, mode > 0 ? mode : -reach), min(upper, mode < 0 ? mode : reach))
        let rule = GaussLegendre(order: 20)
        func integral(_ function: (Double) -> Double) -> Double {
            let panels = 16
            var sum = 0.0
            for panel in 0..<panels {
                let from = a + (b - a) * Double(panel) / Double(panels)
                let to = a + (b - a) * Double(panel + 1) / Double(panels)
                sum += rule.integrate(from: from, to: to) { x in
                    function(x) * Elementary.exp(-0.5 * (x - mode) * (x + mode))
                }
            }
            return sum
        }
        let total = integral { _ in 1 }
        let offset = integral { $0 - mode } / total
        let variance = integral { ($0 - mode - offset) * ($0 - mode - offset) } / total
        return (mode + offset, variance)
    }
}
