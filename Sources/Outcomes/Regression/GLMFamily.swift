import NumericsCore

extension GeneralizedLinearModel {
    /// The distribution of the response, which gives its variance as a function of its mean.
    public enum Family: String, CaseIterable, Sendable {
        /// Variance φ.
        case gaussian
        /// A share of successes, variance μ(1 − μ)/weight.
        case binomial
        /// Counts, variance μ.
        case poisson
        /// Positive values, variance φμ².
        case gamma

        /// The link of R where none is named.
        public var canonicalLink: Link {
            switch self {
            case .gaussian: .identity
            case .binomial: .logit
            case .poisson: .log
            case .gamma: .inverse
            }
        }

        /// Whether φ is estimated; it is 1 in the binomial and Poisson families.
        public var hasDispersion: Bool { self == .gaussian || self == .gamma }

        var allowed: String {
            switch self {
            case .gaussian: "a finite number"
            case .binomial: "0 to 1"
            case .poisson: "a number ≥ 0"
            case .gamma: "a number > 0"
            }
        }

        func allows(_ y: Double) -> Bool {
            switch self {
            case .gaussian: y.isFinite
            case .binomial: y >= 0 && y <= 1
            case .poisson: y >= 0 && y.isFinite
            case .gamma: y > 0 && y.isFinite
            }
        }

        /// Whether a mean lies inside the family's range.
        @inline(__always)
        func allows(_ mean: Link.Mean) -> Bool {
            switch self {
            case .gaussian: mean.value.isFinite
            case .binomial: mean.value > 0 && mean.complement > 0
            case .poisson, .gamma: mean.value > 0 && mean.value.isFinite
            }
        }

        @inline(__always)
        func variance(_ mean: Link.Mean) -> Double {
            switch self {
            case .gaussian: 1
            case .binomial: mean.value * mean.complement
            case .poisson: mean.value
            case .gamma: mean.value * mean.value
            }
        }

        /// The derivative of the variance by the mean.
        @inline(__always)
        func varianceSlope(_ mean: Link.Mean) -> Double {
            switch self {
            case .gaussian: 0
            case .binomial: mean.complement - mean.value
            case .poisson: 1
            case .gamma: 2 * mean.value
            }
        }

        /// The contribution of a response to the deviance.
        func deviance(_ y: Double, _ mean: Link.Mean) -> Double {
            switch self {
            case .gaussian: (y - mean.value) * (y - mean.value)
            case .binomial: 2 * (term(y, mean.value) + term(1 - y, mean.complement))
            case .poisson: 2 * (term(y, mean.value) - (y - mean.value))
            case .gamma: 2 * ((y - mean.value) / mean.value - Elementary.log(y / mean.value))
            }
        }

        /// y·log(y/μ), 0 at y = 0.
        private func term(_ y: Double, _ mean: Double) -> Double { y > 0 ? y * Elementary.log(y / mean) : 0 }
    }

    /// The function of the mean that is linear in the covariates.
    public enum Link: String, CaseIterable, Sendable {
        /// μ.
        case identity
        /// log μ: ratios.
        case log
        /// log(μ/(1 − μ)): odds ratios.
        case logit
        /// Φ⁻¹(μ).
        case probit
        /// log(−log(1 − μ)): hazard ratios of grouped times.
        case complementaryLogLog
        /// 1/μ.
        case inverse

        /// A mean with what is left to 1 and the first two derivatives by the predictor.
        struct Mean {
            let value, complement, slope, bend: Double
        }

        @inline(__always)
        func mean(_ eta: Double) -> Mean {
            switch self {
            case .identity: return Mean(value: eta, complement: 1 - eta, slope: 1, bend: 0)
            case .log:
                let value = Elementary.exp(eta)
                return Mean(value: value, complement: -Elementary.expm1(eta), slope: value, bend: value)
            case .logit:
                let small = Elementary.exp(-abs(eta))
                let (low, high) = (small / (1 + small), 1 / (1 + small))
                let (value, complement) = eta < 0 ? (low, high) : (high, low)
                let slope = low * high
                return Mean(value: value, complement: complement, slope: slope, bend: slope * (complement - value))
            case .probit:
                let density = Normal.density(eta)
                return Mean(
                    value: Normal.cdf(eta), complement: Normal.cdf(-eta), slope: density, bend: -eta * density)
            case .complementaryLogLog:
                let hazard = Elementary.exp(eta)
                let complement = Elementary.exp(-hazard)
                let slope = hazard * complement
                return Mean(
                    value: -Elementary.expm1(-hazard), complement: complement, slope: slope,
                    bend: slope * (1 - hazard))
            case .inverse:
                let value = 1 / eta
                return Mean(
                    value: value, complement: 1 - value, slope: -value * value, bend: 2 * value * value * value)
            }
        }

        /// The predictor of a mean inside the range.
        func predictor(_ mean: Double) -> Double {
            switch self {
            case .identity: mean
            case .log: Elementary.log(mean)
            case .logit: Elementary.log(mean) - Elementary.log1p(-mean)
            case .probit: Normal.quantile(mean)
            case .complementaryLogLog: Elementary.log(-Elementary.log1p(-mean))
            case .inverse: 1 / mean
            }
        }
    }
}
