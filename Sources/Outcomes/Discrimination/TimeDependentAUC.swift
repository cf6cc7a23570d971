/// The cumulative/dynamic time-dependent area under the ROC curve with inverse-probability-of-censoring weights.
///
/// ```
/// AUC(t) = Σᵢⱼ wᵢ·1{i case by t}·1{Tⱼ > t}·(1{rᵢ > rⱼ} + ½·1{rᵢ = rⱼ}) / (Σᵢ wᵢ·1{i case by t} · Σⱼ 1{Tⱼ > t})
/// ```
///
/// G is the Kaplan–Meier estimate of remaining uncensored, from the same patients. The standard error is that of the
/// influence function, with the part that G's estimation adds. O(n log n) and O(n) for each time asked.
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
        /// scikit-survival: by the share of events in each step.
        case survivalDrop
        /// The trapezoid rule over time, divided by t_m − t₁.
        case time
    }

    /// AUC at one time.
    public struct Point: Hashable, Sendable {
        /// t, in the unit of the data.
        public let time: Double
        /// Observed cases by this time.
        public let cases: Int
        /// Patients under observation after this time.
        public let controls: Int
        /// AUC with standard error and normal interval, cut to [0, 1]. Undefined without a case or without a control.
        public let auc: Estimated<Estimate>
    }

    /// Who counts as a case.
    public let caseSet: CaseSet
    /// How cases are weighted for censoring.
    public let caseWeight: CaseWeight
    /// One for each time asked, in the same order.
    public let points: [Point]

    private let ranking: AUCRanking
    private let level: ConfidenceLevel

    /// Ranks the patients once and finds AUC at each time.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores, larger for an earlier event unless `direction` says otherwise. Survival
    ///     probabilities are not accepted as risks: say `.higherIsLater` for them.
    ///   - times: times in the unit of the data, finite and strictly ascending.
    /// - Throws: ``InvalidInput`` for scores or times that are not allowed, and for delayed entry.
    public init(
        _ data: SurvivalData, scores: [Double], times: [Double], direction: ScoreDirection = .higherIsEarlier,
        cases: CaseSet = .atOrBefore, weights: CaseWeight = .beforeEvent, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the time-dependent AUC")
        let problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count) + Self.problems(times)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let ranking = AUCRanking(data, risk: direction.risk(scores), cases: cases, weights: weights)
        self.ranking = ranking
        self.level = level
        caseSet = cases
        caseWeight = weights
        points = times.map { time in
            let pairs = ranking.pairs(at: time)
            return Point(
                time: time, cases: pairs.cases, controls: pairs.controls,
                auc: pairs.value.map { ranking.estimate($0.auc, influences: $0.influences, level: level) })
        }
    }

    /// The average of AUC(t) over the times asked, with its standard error at fixed weights.
    ///
    /// - Returns: undefined when AUC is undefined at one of the times (with that reason), when no event lies in their
    ///   range, and for a time average of a single time.
    public func mean(_ averaging: Averaging = .survivalDrop) -> Estimated<Estimate> {
        weights(averaging).flatMap { weights in
            var mean = 0.0
            var influences = [Double](repeating: 0, count: ranking.count)
            for (point, weight) in zip(points, weights) {
                switch ranking.pairs(at: point.time).value {
                case .undefined(let reason): return .undefined(reason)
                case .value(let pairs):
                    mean += weight * pairs.auc
                    for row in influences.indices { influences[row] += weight * pairs.influences[row] }
                }
            }
            return .value(ranking.estimate(mean, influences: influences, level: level))
        }
    }

    private func weights(_ averaging: Averaging) -> Estimated<[Double]> {
        guard let first = points.first, let last = points.last else {
            return .undefined(.init(code: "no-times", reason: "no time was asked for"))
        }
        switch averaging {
        case .survivalDrop:
            let survival = points.map { ranking.survival(at: $0.time) }
            let drop = 1 - (survival.last ?? 1)
            guard drop > 0 else { return .undefined(.noCases(.atOrBefore, last.time)) }
            return .value(survival.indices.map { (($0 == 0 ? 1 : survival[$0 - 1]) - survival[$0]) / drop })
        case .time:
            guard last.time > first.time else {
                return .undefined(.init(code: "one-time", reason: "an average over time needs two times or more"))
            }
            let span = last.time - first.time
            return .value(
                points.indices.map { index in
                    let left = index == 0 ? first.time : points[index - 1].time
                    let right = index == points.count - 1 ? last.time : points[index + 1].time
                    return (right - left) / 2 / span
                })
        }
    }

    private static func problems(_ times: [Double]) -> [InvalidInput.Problem] {
        let finite = InvalidInput.Problem.notFinite("evaluation time", times)
        guard finite.isEmpty else { return finite }
        return times.indices.dropFirst().filter { times[$0] <= times[$0 - 1] }.map {
            .init(
                row: $0 + 1, column: "evaluation time", found: "\(times[$0]) after \(times[$0 - 1])",
                allowed: "strictly ascending times")
        }
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
