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
    private let causes: [Int]
    private let level: ConfidenceLevel

    /// Ranks the patients once and finds AUC at each time.
    ///
    /// - Parameters:
    ///   - times: n follow-up times, finite and ≥ 0.
    ///   - causes: n codes: 0 for the censored, others for the cause of the event.
    ///   - cause: the one that is predicted, not 0.
    ///   - scores: n finite scores.
    ///   - evaluationTimes: finite and strictly ascending.
    ///   - controls: who is a control.
    ///   - convention: the case set and the weights; the average is a choice of ``mean(_:)``.
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
        self.causes = causes
        self.level = level
        ranking = AUCRanking(
            data, risk: direction.risk(scores), cases: convention.caseSet, weights: convention.caseWeight,
            censoring: censoring, isCase: causes.map { $0 == cause },
            othersAreControls: controls == .eventFreeOrOtherCause)
        points = ranking.points(evaluationTimes, withErrors: withErrors, level: level)
    }

    /// The average of AUC(t) over the times asked, with its standard error at fixed weights.
    ///
    /// ```
    /// Σ AUC(t_k)·(F(t_k) − F(t_{k−1})) / F(t_m),     F(t₀) = 0
    /// ```
    ///
    /// F is the cumulative incidence of the cause (Aalen and Johansen), after the last follow-up time its last value: with
    /// one cause F = 1 − S, and the average is that of ``TimeDependentAUC`` by the survival drop.
    ///
    /// - Parameter averaging: by the share of events of the cause in each step, or the trapezoid rule over time.
    /// - Returns: undefined when AUC is undefined at one of the times (with that reason), when no event of the cause lies in
    ///   their range, and for a time average of a single time.
    public func mean(_ averaging: TimeDependentAUC.Averaging = .survivalDrop) -> Estimated<Estimate> {
        let times = points.map(\.time)
        let weights = averaging.weights(times) { incidence(times) }
        return weights.flatMap { ranking.influence(averaging: times, weights: $0) }.map {
            ranking.estimate($0.value, influences: $0.influences, level: level)
        }
    }

    /// F at each time, from one pass over the time order.
    private func incidence(_ times: [Double]) -> [Double] {
        let (order, data) = (ranking.order, ranking.data)
        var survival = ProductLimitRatio()
        var sum = 0.0
        var found: [Double] = []
        for step in order.steps {
            while found.count < times.count, times[found.count] < order.times[step.first] { found.append(sum) }
            let events = step.firstCensored - step.first
            guard events > 0 else { continue }
            let own = (step.first..<step.firstCensored).reduce(0) { $0 + (causes[data.order[$1]] == cause ? 1 : 0) }
            let atRisk = data.count - step.first
            sum += survival.value * Double(own) / Double(atRisk)
            survival.pass(events, atRisk: atRisk)
        }
        while found.count < times.count { found.append(sum) }
        return found
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
