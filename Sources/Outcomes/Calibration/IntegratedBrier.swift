extension BrierScore {
    /// How B(t) is averaged over the times t₁ < … < t_m.
    public enum Integration: String, CaseIterable, Sendable {
        /// The trapezoid rule, divided by t_m − t₁ (scikit-survival).
        case trapezoid
        /// Σ B(t_k)·(t_{k+1} − t_k)/t_m, each score holding until the next time and nothing before t₁ (riskRegression,
        /// `summary = "ibs"`, the last of its column).
        case steps
    }

    /// The integrated Brier score with its error at fixed weights.
    ///
    /// The two definitions differ by more than any two models: compare scores of the same definition and times only.
    ///
    /// - Returns: undefined where a score that counts is undefined, and for the trapezoid rule of a single time.
    public func integrated(_ integration: Integration = .trapezoid) -> Estimated<Estimate> {
        Self.timeWeights(points.map(\.time), integration).flatMap { weights in
            var sum = 0.0
            for (point, weight) in zip(points, weights) where weight > 0 {
                switch point.score {
                case .undefined(let reason): return .undefined(reason)
                case .value(let score): sum += weight * score.value
                }
            }
            let terms = weights.indices.filter { weights[$0] > 0 }.map { (index: $0, weight: weights[$0]) }
            let error: Estimated<Double> =
                errors == .none ? .undefined(.errorNotAsked) : BrierSweep.error(sweep.influences(terms))
            return .value(Estimate(probability: sum, standardError: error, level: level))
        }
    }

    private static func timeWeights(_ times: [Double], _ integration: Integration) -> Estimated<[Double]> {
        guard let first = times.first, let last = times.last, last > first else {
            return .undefined(
                .init(code: "one-time", reason: "an integral over time needs two times or more"))
        }
        return .value(
            times.indices.map { k in
                let next = k + 1 < times.count ? times[k + 1] : last
                switch integration {
                case .trapezoid: return (next - (k > 0 ? times[k - 1] : first)) / 2 / (last - first)
                case .steps: return (next - times[k]) / last
                }
            })
    }
}
