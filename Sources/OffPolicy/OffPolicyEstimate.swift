/// One estimator's answer, with what speaks against it.
package struct OffPolicyEstimate: Sendable, Hashable {
    package let estimator: String
    /// Nil where the answer is refused.
    package let value: Double?
    package let standardError: Double?
    package let lower: Double?
    package let upper: Double?
    package let effectiveSampleSize: Double
    /// The resamples in which the model was fitted anew for the interval; nil where it stays as it was fitted.
    package let refits: Int?
    /// Whether the value must not be relied upon.
    package var isFlagged: Bool { reason != nil }
    /// Why it is flagged or refused.
    package let reason: String?

    /// Fewer equally weighted episodes than this carry no estimate.
    package static let smallestSampleSize = 10.0

    /// - Parameter estimate: the estimator on the evidence; nil where it needs a model that could not be fitted.
    init(
        _ type: any OffPolicyEstimator.Type, _ estimate: (any OffPolicyEstimator)?, _ evidence: OffPolicyEvidence,
        support: ActionSupport, modelProblem: String?, modelError: ModelError, cutOff: Int,
        _ settings: EstimateInterval.Settings
    ) throws {
        estimator = type.name
        func refused() -> (Double?, Double?, Double?, Double?) { (nil, nil, nil, nil) }
        var refitted: ResampledEstimates?
        if case .refitted(let estimates) = modelError { refitted = estimates }
        refits = refitted?.drawn
        guard let estimate else {
            (value, standardError, lower, upper) = refused()
            (effectiveSampleSize, reason) = (0, "refused: \(modelProblem ?? "there is no model")")
            return
        }
        effectiveSampleSize = estimate.effectiveSampleSize.isFinite ? estimate.effectiveSampleSize : 0
        if type.needsWeights, (0..<evidence.episodes).allSatisfy({ evidence.lastWeight($0) == 0 }) {
            (value, standardError, lower, upper) = refused()
            reason =
                "refused: no episode of the log goes as the policy would have it; log more episodes or one nearer to the policy"
            return
        }
        let point = estimate.value(counts: [Double](repeating: 1, count: evidence.episodes))
        guard point.isFinite else {
            (value, standardError, lower, upper) = refused()
            reason = "refused: the weights overflow; the episodes are too long for this estimator"
            return
        }
        value = point
        let interval = try EstimateInterval(estimate, episodes: evidence.episodes, settings, refitted: refitted)
        (standardError, lower, upper) = (interval?.standardError, interval?.lower, interval?.upper)
        var reasons: [String] = []
        if effectiveSampleSize < Self.smallestSampleSize {
            reasons.append(
                "effective sample size \(ShownNumber.short(effectiveSampleSize)) is below 10: too few episodes carry the estimate; "
                    + "log more of them, or behave more like the policy")
        }
        if interval == nil { reasons.append("there is no standard error from \(evidence.episodes) episode(s)") }
        if case .held(let why) = modelError {
            reasons.append("the interval holds the fitted model fixed and is too narrow: \(why)")
        }
        if let doubt = support.doubt { reasons.append(doubt) }
        if type.needsWeights, let doubt = WeightSummary(evidence).doubt { reasons.append(doubt) }
        if cutOff > 0 {
            let what = type.needsModel ? "a model stands for" : "nothing is counted of"
            reasons.append("\(cutOff) episode(s) were cut off before their end, and \(what) what followed")
        }
        reason = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }
}
