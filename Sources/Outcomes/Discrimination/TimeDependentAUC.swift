/// The cumulative/dynamic time-dependent area under the ROC curve with inverse-probability-of-censoring weights.
///
/// ```
/// AUC(t) = Σᵢⱼ wᵢ·1{i case by t}·1{Tⱼ > t}·(1{rᵢ > rⱼ} + ½·1{rᵢ = rⱼ}) / (Σᵢ wᵢ·1{i case by t} · Σⱼ 1{Tⱼ > t})
/// ```
///
/// G is the Kaplan–Meier estimate of remaining uncensored, from the same patients, or that of ``CensoringWeights``. The
/// standard error is that of the influence function, with the part that G's estimation adds. O(n log n) and O(n) for each
/// time asked. Two scores on the same patients are compared by ``PairedDifference``.
/// Sources: Uno et al. 2007, J Am Stat Assoc 102:527; Hung and Chiang 2010; Blanche et al. 2013, Stat Med 32:5381.
public struct TimeDependentAUC: Sendable {
    /// Who is a case at t. Everyone with T > t is a control.
    public enum CaseSet: String, CaseIterable, Sendable {
        /// Events with T ≤ t (riskRegression, scikit-survival).
        case atOrBefore
        /// Events with T < t (timeROC); a patient with the event at t is neither case nor control.
        case before
    }

    /// The weight of a case with the event at T.
    public enum CaseWeight: String, CaseIterable, Sendable {
        /// 1/G(T−): the chance of having been seen up to the event (riskRegression).
        case beforeEvent
        /// 1/G(T) (scikit-survival).
        case atEvent
    }

    /// How AUC(t) is averaged over the times t₁ < … < t_m.
    public enum Averaging: String, CaseIterable, Sendable {
        /// Σ AUC(t_k)·(S(t_{k−1}) − S(t_k)) / (1 − S(t_m)) with the Kaplan–Meier curve S and S(t₀) = 1, as
        /// scikit-survival: by the share of events in each step. With competing events the share is that of the cause,
        /// F(t_k) − F(t_{k−1}) over F(t_m), see ``CompetingRiskAUC/mean(_:)``.
        case survivalDrop
        /// The trapezoid rule over time, divided by t_m − t₁.
        case time
    }

    /// The choices of one piece of software, all at once.
    public enum Convention: String, CaseIterable, Sendable {
        /// `Score` of riskRegression: cases T ≤ t, weights 1/G(T−); an average over time by the trapezoid rule, as the
        /// package integrates its Brier score.
        case riskRegression
        /// `cumulative_dynamic_auc` of scikit-survival: cases T ≤ t, weights 1/G(T), an average by the survival drop.
        case scikitSurvival
        /// timeROC: cases T < t, weights 1/G(T−). It has no average: that of riskRegression is taken.
        case timeROC

        /// Who is a case.
        public var caseSet: CaseSet { self == .timeROC ? .before : .atOrBefore }
        /// The weight of a case.
        public var caseWeight: CaseWeight { self == .scikitSurvival ? .atEvent : .beforeEvent }
        /// How ``TimeDependentAUC/mean(_:)`` averages unless it is told.
        public var averaging: Averaging { self == .scikitSurvival ? .survivalDrop : .time }
    }

    /// AUC at one time.
    public struct Point: Hashable, Sendable {
        /// t, in the unit of the data.
        public let time: Double
        /// Observed cases by this time.
        public let cases: Int
        /// Patients who are controls: under observation after this time.
        public let controls: Int
        /// AUC with standard error and normal interval, cut to [0, 1]. Undefined without a case or without a control.
        public let auc: Estimated<Estimate>
    }

    /// Who counts as a case.
    public let caseSet: CaseSet
    /// How cases are weighted for censoring.
    public let caseWeight: CaseWeight
    /// How ``mean(_:)`` averages unless it is told.
    public let averaging: Averaging
    /// One for each time asked, in the same order.
    public let points: [Point]

    /// The number of patients.
    var count: Int { ranking.count }

    private let ranking: AUCRanking
    private let level: ConfidenceLevel

    /// Ranks the patients once and finds AUC at each time.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores, larger for an earlier event unless `direction` says otherwise. Survival
    ///     probabilities are not accepted as risks: say `.higherIsLater` for them.
    ///   - times: times in the unit of the data, finite and strictly ascending.
    ///   - censoring: G of the same data; nil for the Kaplan–Meier estimate of all patients. Where it differs between
    ///     patients, controls are weighted by 1/G(t | x), which else cancels.
    ///   - withErrors: false leaves out the standard errors and intervals, which cost three times as much as AUC.
    /// - Throws: ``InvalidInput`` for scores or times that are not allowed, for delayed entry, and for censoring weights
    ///   of other patients.
    public init(
        _ data: SurvivalData, scores: [Double], times: [Double], direction: ScoreDirection = .higherIsEarlier,
        cases: CaseSet = .atOrBefore, weights: CaseWeight = .beforeEvent, averaging: Averaging = .survivalDrop,
        censoring: CensoringWeights? = nil, withErrors: Bool = true, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the time-dependent AUC")
        let problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count) + Self.problems(times)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        try censoring?.require(data)
        let ranking = AUCRanking(
            data, risk: direction.risk(scores), cases: cases, weights: weights, censoring: censoring)
        self.ranking = ranking
        self.level = level
        self.averaging = averaging
        caseSet = cases
        caseWeight = weights
        points = ranking.points(times, withErrors: withErrors, level: level)
    }

    /// AUC with the choices of one piece of software.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores.
    ///   - times: times in the unit of the data, finite and strictly ascending.
    ///   - convention: the case set, the weights and the average.
    ///   - censoring: G of the same data; nil for the Kaplan–Meier estimate of all patients.
    /// - Throws: as ``init(_:scores:times:direction:cases:weights:averaging:censoring:withErrors:level:)``.
    public init(
        _ data: SurvivalData, scores: [Double], times: [Double], direction: ScoreDirection = .higherIsEarlier,
        convention: Convention, censoring: CensoringWeights? = nil, withErrors: Bool = true,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try self.init(
            data, scores: scores, times: times, direction: direction, cases: convention.caseSet,
            weights: convention.caseWeight, averaging: convention.averaging, censoring: censoring,
            withErrors: withErrors, level: level)
    }

    /// The average of AUC(t) over the times asked, with its standard error at fixed weights.
    ///
    /// - Parameter averaging: nil for ``averaging``.
    /// - Returns: undefined when AUC is undefined at one of the times (with that reason), when no event lies in their
    ///   range, and for a time average of a single time.
    public func mean(_ averaging: Averaging? = nil) -> Estimated<Estimate> {
        averageInfluence(averaging).map { ranking.estimate($0.value, influences: $0.influences, level: level) }
    }

    /// Each patient's influence on AUC at one of ``points``: they sum to 0, and the sum of their squares times n/(n − 1) is
    /// the squared standard error. O(n).
    ///
    /// - Parameter index: of the point; undefined where its AUC is, and for an index that does not exist.
    public func influences(at index: Int) -> Estimated<[Double]> {
        influence(at: index).map(\.influences)
    }

    /// AUC at one of ``points`` with each patient's influence.
    func influence(at index: Int) -> Estimated<MetricInfluence> {
        guard points.indices.contains(index) else {
            return .undefined(
                .init(code: "no-point", reason: "there is no point \(index): \(points.count) were asked for"))
        }
        return ranking.influence(at: points[index].time)
    }

    /// The average with each patient's influence at fixed weights, by row.
    func meanInfluence(_ averaging: Averaging? = nil) -> Estimated<MetricInfluence> {
        averageInfluence(averaging).map { .init(value: $0.value, influences: ranking.inRows($0.influences)) }
    }

    /// The same by position of the time order, in which the errors of single times are summed.
    private func averageInfluence(_ averaging: Averaging?) -> Estimated<MetricInfluence> {
        weights(averaging ?? self.averaging).flatMap { weights in
            ranking.influence(averaging: points.map(\.time), weights: weights)
        }
    }

    private func weights(_ averaging: Averaging) -> Estimated<[Double]> {
        averaging.weights(points.map(\.time)) {
            let curve = KaplanMeier(ranking.data)
            // After the last time the last value stays.
            return points.map { 1 - (curve.survival(at: $0.time).value ?? curve.survival.last ?? 1) }
        }
    }

    static func problems(_ times: [Double]) -> [InvalidInput.Problem] {
        let finite = InvalidInput.Problem.notFinite("evaluation time", times)
        guard finite.isEmpty else { return finite }
        return times.indices.dropFirst().filter { times[$0] <= times[$0 - 1] }.map {
            .init(
                row: $0 + 1, column: "evaluation time", found: "\(times[$0]) after \(times[$0 - 1])",
                allowed: "strictly ascending times")
        }
    }
}

extension TimeDependentAUC.Averaging {
    /// The weight of each time, of which the sum is 1.
    ///
    /// - Parameters:
    ///   - times: strictly ascending.
    ///   - incidence: the share with the event by each time.
    func weights(_ times: [Double], incidence: () -> [Double]) -> Estimated<[Double]> {
        guard let first = times.first, let last = times.last else {
            return .undefined(.init(code: "no-times", reason: "no time was asked for"))
        }
        switch self {
        case .survivalDrop:
            let incidence = incidence()
            guard let total = incidence.last, total > 0 else { return .undefined(.noCases(.atOrBefore, last)) }
            return .value(incidence.indices.map { (incidence[$0] - ($0 == 0 ? 0 : incidence[$0 - 1])) / total })
        case .time:
            guard last > first else {
                return .undefined(.init(code: "one-time", reason: "an average over time needs two times or more"))
            }
            return .value(
                times.indices.map { index in
                    let left = index == 0 ? first : times[index - 1]
                    let right = index == times.count - 1 ? last : times[index + 1]
                    return (right - left) / 2 / (last - first)
                })
        }
    }
}

extension AUCRanking {
    func points(_ times: [Double], withErrors: Bool, level: ConfidenceLevel) -> [TimeDependentAUC.Point] {
        var workspace = Workspace(count: count)
        return times.map { time in
            let pairs = pairs(at: time, influences: withErrors, &workspace)
            return TimeDependentAUC.Point(
                time: time, cases: pairs.cases, controls: pairs.controls,
                auc: pairs.auc.map { auc in
                    guard withErrors else {
                        return Estimate(probability: auc, standardError: .undefined(.notAskedFor), level: level)
                    }
                    return estimate(auc, influences: workspace.influences, level: level)
                })
        }
    }

    /// AUC at one time with each patient's influence, by row.
    func influence(at time: Double) -> Estimated<MetricInfluence> {
        var workspace = Workspace(count: count)
        let auc = pairs(at: time, influences: true, &workspace).auc
        return auc.map { MetricInfluence(value: $0, influences: inRows(workspace.influences)) }
    }

    /// A weighted sum of AUC over times, with influences by position; undefined where one of them is.
    func influence(averaging times: [Double], weights: [Double]) -> Estimated<MetricInfluence> {
        var workspace = Workspace(count: count)
        var mean = 0.0
        var influences = [Double](repeating: 0, count: count)
        for (time, weight) in zip(times, weights) {
            switch pairs(at: time, influences: true, &workspace).auc {
            case .undefined(let reason): return .undefined(reason)
            case .value(let auc):
                mean += weight * auc
                for position in influences.indices { influences[position] += weight * workspace.influences[position] }
            }
        }
        return .value(MetricInfluence(value: mean, influences: influences))
    }
}

extension Undefined {
    static func noCases(_ cases: TimeDependentAUC.CaseSet, _ time: Double) -> Undefined {
        .init(code: "no-cases", reason: "no event \(cases == .before ? "before" : "by") time \(time)")
    }

    static func noControls(after time: Double) -> Undefined {
        .init(code: "no-controls", reason: "nobody is under observation after time \(time)")
    }
}
