/// The cumulative/dynamic AUC of a score for one of several causes of which only the first is observed.
///
/// Cases at t have the event of the cause by t, weighted by 1/G(T−). Who is a control is a matter of the question:
/// those free of any event (weighted alike), or all who do not have this event by t, which adds those with another one,
/// weighted by 1/G(T−) beside 1/G(t) of the event-free. O(n log n), and O(n) for each time.
/// Source: Blanche et al. 2013, Stat Med 32:5381, definitions (i) and (ii); Saha and Heagerty 2010.
public struct CompetingRiskAUC: Sendable {
    /// Who is a control at t.
    public enum Controls: String, CaseIterable, Sendable {
        /// T > t: `AUC_1` of timeROC.
        case eventFree
        /// T > t, or an event of another cause by t: `AUC_2` of timeROC, and `Score` of riskRegression.
        case eventFreeOrOtherCause
    }

    /// The code of the cause that is predicted.
    public let cause: Int
    /// Who is a control.
    public let controls: Controls
    /// One for each time asked, in the same order.
    public let points: [TimeDependentAUC.Point]

    private let ranking: AUCRanking

    /// Ranks the patients once and finds AUC at each time.
    ///
    /// - Parameters:
    ///   - times: n follow-up times, finite and ≥ 0.
    ///   - causes: n codes: 0 for the censored, others for the cause of the event.
    ///   - cause: the one that is predicted, not 0.
    ///   - scores: n finite scores.
    ///   - evaluationTimes: finite and strictly ascending.
    ///   - controls: who is a control.
    ///   - convention: the case set and the weights; the average is that over time.
    ///   - censoring: G of ``SurvivalData`` with these times and an event for every code but 0; nil for the Kaplan–Meier
    ///     estimate of all patients.
    /// - Throws: ``InvalidInput`` for input that is not allowed.
    public init(
        times: [Double], causes: [Int], cause: Int, scores: [Double], evaluationTimes: [Double],
        direction: ScoreDirection = .higherIsEarlier, controls: Controls = .eventFreeOrOtherCause,
        convention: TimeDependentAUC.Convention = .riskRegression, censoring: CensoringWeights? = nil,
        withErrors: Bool = true, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        let data = try SurvivalData(times: times, events: causes.map { $0 != 0 })
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count)
        problems += TimeDependentAUC.problems(evaluationTimes)
        problems += causes.indices.filter { causes[$0] < 0 }.map {
            .init(row: $0 + 1, column: "cause", found: "\(causes[$0])", allowed: "0 (censored) or a positive code")
        }
        if cause <= 0 { problems.append(.init(column: "cause", found: "\(cause)", allowed: "a positive code")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        try censoring?.require(data)
        self.cause = cause
        self.controls = controls
        ranking = AUCRanking(
            data, risk: direction.risk(scores), cases: convention.caseSet, weights: convention.caseWeight,
            censoring: censoring, isCase: causes.map { $0 == cause },
            othersAreControls: controls == .eventFreeOrOtherCause)
        points = ranking.points(evaluationTimes, withErrors: withErrors, level: level)
    }

    /// This AUC less that of another score on the same patients, at each time.
    ///
    /// - Returns: one for each of ``points``; undefined where one of the two is.
    /// - Throws: ``InvalidInput`` for another cause, other controls, other times or another number of patients.
    public func differences(
        from other: CompetingRiskAUC, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> [Estimated<PairedDifference>] {
        guard cause == other.cause, controls == other.controls, ranking.isAlike(other.ranking) else {
            throw InvalidInput(
                .init(
                    column: "other AUC", found: "another cause, other controls or another convention",
                    allowed: "those of the first"))
        }
        guard points.map(\.time) == other.points.map(\.time) else {
            throw InvalidInput(.init(column: "other AUC", found: "other times", allowed: "the times of the first"))
        }
        try requireSamePatients(ranking.count, other.ranking.count)
        return points.map { point in
            ranking.influence(at: point.time).flatMap { first in
                other.ranking.influence(at: point.time).map {
                    PairedDifference(first, $0, correction: first.sampleCorrection, level: level)
                }
            }
        }
    }
}

extension AUCRanking {
    /// Whether cases and weights are chosen as in another.
    func isAlike(_ other: AUCRanking) -> Bool { cases == other.cases && weights == other.weights }
}
