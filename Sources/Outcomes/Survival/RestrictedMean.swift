/// Restricted mean survival time: the mean time free of the event up to a horizon.
public struct RestrictedMean: Hashable, Sendable {
    /// τ, in the unit of the times.
    public let horizon: Double
    /// The mean with its standard error and normal interval, in the unit of the times.
    public let estimate: Estimate

    /// The mean time lost to the event before the horizon: horizon − mean.
    public var timeLost: Double { horizon - estimate.value }

    /// The mean time lost with the standard error of the mean and its interval turned over.
    public var timeLostEstimate: Estimate {
        Estimate(
            value: timeLost, standardError: estimate.standardError,
            interval: estimate.interval.map {
                ConfidenceInterval(lower: horizon - $0.upper, upper: horizon - $0.lower, level: $0.level)
            })
    }
}

extension KaplanMeier {
    /// The largest horizon with a restricted mean: the last observed time, or infinity when the curve has reached 0 by then.
    public var maximumHorizon: Double {
        survival.last == 0 ? .infinity : times.last ?? 0
    }

    /// ∫₀^τ S(t) dt with variance Σ_{tᵢ ≤ τ} (∫_{tᵢ}^τ S)²·dᵢ/(nᵢ(nᵢ − dᵢ)) (Irwin 1949; Uno et al. 2014, J Clin Oncol 32:2380).
    ///
    /// - Parameter horizon: τ, in the unit of the times.
    /// - Returns: undefined for a horizon that is not positive and finite or is beyond ``maximumHorizon``.
    public func restrictedMean(
        to horizon: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<RestrictedMean> {
        guard horizon > 0, horizon.isFinite else {
            return .undefined(.horizonNotPositive(horizon))
        }
        guard horizon <= maximumHorizon else {
            return .undefined(.beyondFollowUp(horizon, last: maximumHorizon))
        }
        let last = times.partitioningIndex { $0 > horizon }
        var areaAfter = 0.0
        var variance = 0.0
        var right = horizon
        for index in (0..<last).reversed() {
            areaAfter += survival[index] * (right - times[index])
            right = times[index]
            let n = Double(atRisk[index])
            let d = Double(events[index])
            // At n = d the area that follows is 0, faster than its factor grows: the term's limit is 0.
            if d > 0, n > d { variance += areaAfter * areaAfter * d / (n * (n - d)) }
        }
        let mean = areaAfter + right
        return .value(
            RestrictedMean(
                horizon: horizon,
                estimate: Estimate(normal: mean, standardError: variance.squareRoot(), level: level)))
    }
}

extension Undefined {
    static func horizonNotPositive(_ horizon: Double) -> Undefined {
        .init(code: "horizon", reason: "horizon \(horizon) is not a positive finite time")
    }
}
