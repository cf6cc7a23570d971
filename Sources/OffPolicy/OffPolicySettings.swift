import Regimes

/// How policies are evaluated on a log.
package struct OffPolicySettings: Sendable {
    /// Names of ``OffPolicyEstimators``, in the order of the report.
    package var estimators = OffPolicyEstimators.names
    package var interval = EstimateInterval.Settings()
    /// The parts in which models are cross-fitted; 1 for none.
    package var folds = 5
    /// Nil for a table where what is observed takes few values, else a quadratic basis.
    package var basis: FittedQEvaluation.Basis?
    /// Nil for a model of each decision where there are at most ``mostStages`` of them, else one for all.
    package var time: FittedQEvaluation.Time?
    /// What models may use; nil for all that is observed.
    package var variables: [String]?
    /// The number of decisions of a whole episode; nil for what the log shows.
    package var horizon: Int?
    package var seed: UInt64 = 1

    static let mostStages = 8
    /// A quadratic basis of more variables has too many columns.
    static let mostQuadratic = 12

    package init() {}
}

extension LoggedEpisodes {
    /// The horizon that a log shows: the length of the longest episode where all that were cut off have it; nil where no episode
    /// was cut off, or at different lengths.
    package var shownHorizon: Int? {
        let lengths = (0..<episodes).map { range(of: $0).count }
        let cut = (0..<episodes).filter { !endedByEvent[$0] }.map { lengths[$0] }
        guard let first = cut.first, first == lengths.max(), cut.allSatisfy({ $0 == first }) else { return nil }
        return first
    }
}
