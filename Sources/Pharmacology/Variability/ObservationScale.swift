import NumericsCore

/// The scale on which residual error is added: an observation is h⁻¹(h(f) + error).
package enum ObservationScale: Sendable, Hashable {
    /// h(y) = y.
    case identity
    /// h(y) = ln y (`lnorm`).
    case logarithm
    /// h(y) = ln((y − low) / (high − y)) (`logitNorm`).
    case logit(low: Double, high: Double)
    /// h(y) = Φ⁻¹((y − low) / (high − low)) (`probitNorm`).
    case probit(low: Double, high: Double)
    /// h(y) = (y^λ − 1) / λ, ln y for λ = 0 (`boxCox`; Box and Cox 1964, equation 1).
    case boxCox(Double)
    /// Box and Cox's scale of y + 1, mirrored with 2 − λ below 0 (`yeoJohnson`; Yeo and Johnson 2000, equation 2.1).
    case yeoJohnson(Double)

    /// h(y); NaN outside the scale's range, infinite at its ends.
    package func transformed(_ y: Double) -> Double {
        switch self {
        case .identity: y
        case .logarithm: Elementary.log(y)
        case .logit(let low, let high): Elementary.log((y - low) / (high - y))
        case .probit(let low, let high): Normal.quantile((y - low) / (high - low))
        case .boxCox(let lambda): Self.power(y, lambda)
        case .yeoJohnson(let lambda): y >= 0 ? Self.powerFromOne(y, lambda) : -Self.powerFromOne(-y, 2 - lambda)
        }
    }

    /// h⁻¹(x). Beyond what the powers of Box and Cox can reach, the end of the range.
    package func observed(_ x: Double) -> Double {
        switch self {
        case .identity: x
        case .logarithm: Elementary.exp(x)
        case .logit(let low, let high): low + (high - low) / (1 + Elementary.exp(-x))
        case .probit(let low, let high): low + (high - low) * Normal.cdf(x)
        case .boxCox(let lambda): Self.root(x, lambda)
        case .yeoJohnson(let lambda): x >= 0 ? Self.rootFromOne(x, lambda) : -Self.rootFromOne(-x, 2 - lambda)
        }
    }

    private static func power(_ y: Double, _ lambda: Double) -> Double {
        // (e^(λ ln y) − 1) / λ keeps its digits as λ goes to 0.
        lambda == 0 ? Elementary.log(y) : Elementary.expm1(lambda * Elementary.log(y)) / lambda
    }

    private static func powerFromOne(_ y: Double, _ lambda: Double) -> Double {
        lambda == 0 ? Elementary.log1p(y) : Elementary.expm1(lambda * Elementary.log1p(y)) / lambda
    }

    private static func root(_ x: Double, _ lambda: Double) -> Double {
        if lambda == 0 { return Elementary.exp(x) }
        guard lambda * x > -1 else { return lambda > 0 ? 0 : .infinity }
        return Elementary.exp(Elementary.log1p(lambda * x) / lambda)
    }

    private static func rootFromOne(_ x: Double, _ lambda: Double) -> Double {
        if lambda == 0 { return Elementary.expm1(x) }
        guard lambda * x > -1 else { return .infinity }
        return Elementary.expm1(Elementary.log1p(lambda * x) / lambda)
    }

    /// What is wrong with the scale's numbers, or with a prediction on it; nil where nothing is.
    func problem(prediction f: Double) -> String? {
        switch self {
        case .identity, .yeoJohnson: return nil
        case .logarithm: return f >= 0 ? nil : "lnorm: the prediction is \(f), but must be at least 0"
        case .boxCox: return f > 0 ? nil : "boxCox: the prediction is \(f), but must be positive"
        case .logit(let low, let high), .probit(let low, let high):
            let name = if case .logit = self { "logitNorm" } else { "probitNorm" }
            guard low < high, low.isFinite, high.isFinite else {
                return "\(name): the bounds are \(low) and \(high), but must be finite and ascending"
            }
            return f >= low && f <= high ? nil : "\(name): the prediction is \(f), but must be from \(low) to \(high)"
        }
    }
}
