import NumericsCore

/// An interval for an estimate, over the episodes of a log.
package enum IntervalMethod: String, Sendable, CaseIterable {
    /// V̂ ± z · se, the standard error from the influence function, or from models fitted anew where that does not know all.
    case influence
    /// The quantiles of bootstrap estimates.
    case percentile
    /// The same, corrected for bias and acceleration (Efron 1987), the acceleration from the influence function.
    case bca
    /// The bootstrap of m < n episodes, m = ⌈n^0.9⌉ (Bickel, Götze and van Zwet 1997; Chakraborty, Laber and Zhao 2013): for
    /// estimates that change abruptly with the data, such as those of a policy chosen as the best.
    case outOf = "m-out-of-n"
}

package struct EstimateInterval: Sendable, Hashable {
    package let standardError: Double
    package let lower: Double
    package let upper: Double

    package struct Settings: Sendable, Hashable {
        package var method = IntervalMethod.influence
        package var level = 0.95
        package var resamples = 1000
        package var seed: UInt64 = 1
        package var threads = 1
        /// The multiplications that fitting models anew may take, see ``RefittedEstimates``: less than a minute.
        package var mostWork = 2e10

        package init() {}
    }

    /// - Parameter refitted: estimates on resamples with a model fitted anew in each, for an estimator that trusts its model:
    ///   their spread is the standard error. Nil where the estimate's influence knows all of its error.
    /// - Returns: Nil for fewer than two episodes, or where most resamples have no estimate.
    package init?(
        _ estimator: any OffPolicyEstimator, episodes: Int, _ settings: Settings,
        refitted: ResampledEstimates? = nil
    ) throws {
        guard episodes > 1 else { return nil }
        let value = estimator.value(counts: [Double](repeating: 1, count: episodes))
        let influence = estimator.influence()
        let squares = influence.reduce(0) { $0 + $1 * $1 }
        let error = (squares / (Double(episodes) * Double(episodes - 1))).squareRoot()
        guard let standardError = refitted.map({ $0.isEnough ? $0.standardError : nil }) ?? error,
            value.isFinite, standardError.isFinite
        else { return nil }
        self.standardError = standardError
        let tail = (1 - settings.level) / 2
        if settings.method == .influence {
            let half = Normal.quantile(1 - tail) * standardError
            (lower, upper) = (value - half, value + half)
            return
        }
        let values = try refitted ?? Self.resampled(estimator, episodes, settings)
        guard values.isEnough else { return nil }
        switch settings.method {
        case .bca:
            let bias = Normal.quantile(values.shareBelow(value))
            // The influence knows nothing of a model's error, and so nothing of the skewness that it brings.
            let cubes = influence.reduce(0) { $0 + $1 * $1 * $1 }
            let acceleration = refitted == nil && squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
            func corrected(_ z: Double) -> Double {
                Normal.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
            }
            lower = values.quantile(corrected(Normal.quantile(tail)))
            upper = values.quantile(corrected(Normal.quantile(1 - tail)))
        case .outOf:
            // √m (V̂* − V̂) stands for √n (V̂ − V).
            let shrink = values.share.squareRoot()
            lower = value - shrink * (values.quantile(1 - tail) - value)
            upper = value - shrink * (values.quantile(tail) - value)
        case .percentile, .influence:
            lower = values.quantile(tail)
            upper = values.quantile(1 - tail)
        }
    }

    /// Estimates of resampled episodes whose model, if there is one, stays as it was fitted.
    private static func resampled(
        _ estimator: any OffPolicyEstimator, _ episodes: Int, _ settings: Settings
    ) throws -> ResampledEstimates {
        let values = try settings.resampled(settings.resamples, none: Double.nan) {
            estimator.value(counts: settings.counts($0, episodes: episodes))
        }
        return ResampledEstimates(values, share: Double(settings.size(episodes)) / Double(episodes))
    }
}
