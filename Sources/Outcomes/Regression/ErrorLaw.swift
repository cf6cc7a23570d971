import NumericsCore

/// The law of the standardised error of a model in log time, equally the link of a survival curve to a linear predictor.
enum ErrorLaw {
    /// S = exp(−eᶻ): Weibull; log cumulative hazard.
    case extremeValue
    /// S = 1/(1 + eᶻ): log-logistic; log cumulative odds.
    case logistic
    /// S = Φ(−z): log-normal; probit.
    case normal

    /// A function of z with its first two derivatives.
    struct Curve {
        let value, first, second: Double

        static let zero = Curve(value: 0, first: 0, second: 0)
    }

    /// log f.
    @inline(__always)
    func logDensity(_ z: Double) -> Curve {
        switch self {
        case .extremeValue:
            let hazard = Elementary.exp(z)
            return Curve(value: z - hazard, first: 1 - hazard, second: -hazard)
        case .logistic:
            let (odds, share) = Self.logistic(z)
            return Curve(value: z - 2 * odds, first: 1 - 2 * share, second: -2 * share * (1 - share))
        case .normal:
            return Curve(value: Normal.logDensity(z), first: -z, second: -1)
        }
    }

    /// log S.
    @inline(__always)
    func logSurvival(_ z: Double) -> Curve {
        switch self {
        case .extremeValue:
            let hazard = Elementary.exp(z)
            return Curve(value: -hazard, first: -hazard, second: -hazard)
        case .logistic:
            let (odds, share) = Self.logistic(z)
            return Curve(value: -odds, first: -share, second: -share * (1 - share))
        case .normal:
            let hazard = Normal.hazard(z)
            return Curve(value: Normal.logCDF(-z), first: -hazard, second: -hazard * (hazard - z))
        }
    }

    /// S.
    func survival(_ z: Double) -> Double { Elementary.exp(logSurvival(z).value) }
    /// f = −dS/dz.
    func density(_ z: Double) -> Double { Elementary.exp(logDensity(z).value) }

    /// z with P(Z ≤ z) = p, 0 < p < 1.
    func quantile(_ p: Double) -> Double {
        switch self {
        case .extremeValue: Elementary.log(-Elementary.log1p(-p))
        case .logistic: Elementary.log(p) - Elementary.log1p(-p)
        case .normal: Normal.quantile(p)
        }
    }

    /// log(1 + eᶻ) and eᶻ/(1 + eᶻ) without overflow.
    private static func logistic(_ z: Double) -> (Double, Double) {
        let small = Elementary.exp(-abs(z))
        let odds = max(z, 0) + Elementary.log1p(small)
        return (odds, z < 0 ? small / (1 + small) : 1 / (1 + small))
    }
}
