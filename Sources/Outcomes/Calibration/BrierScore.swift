/// The expected squared error of predicted risks at given times, weighted for censoring.
///
/// ```
/// B(t) = (1/n)·Σᵢ [ 1{Tᵢ ≤ t, event}·(Yᵢ − Fᵢ(t))²/G(Tᵢ−) + 1{Tᵢ > t}·Fᵢ(t)²/G(t) ]
/// ```
///
/// Y is 1 for the event and 0 for an event of a competing cause. G is the Kaplan–Meier estimate of remaining uncensored,
/// or comes with each patient. Beside it stands the score of the null model, which predicts for everybody the observed
/// risk (Kaplan–Meier, or Aalen–Johansen with competing events), and the index of prediction accuracy 1 − B/B₀.
///
/// A lower score is a better one; a good score does not show calibration, and its size depends on the share of events.
/// O(n·m) after the sort. Sources: Graf et al. 1999, Stat Med 18:2529; Gerds and Schumacher 2006, Biom J 48:1029;
/// Schoop et al. 2011, Biom J 53:88 (competing risks); Kattan and Gerds 2018, Diagn Progn Res 2:7 (accuracy).
public struct BrierScore: Sendable {
    /// What the standard error takes into account; the value is the same.
    public enum ErrorKind: String, CaseIterable, Sendable {
        /// None is computed.
        case none
        /// The patients' part: the weights are taken as known (riskRegression, `conservative = TRUE`).
        case knownWeights
        /// With the part that the estimation of G adds (riskRegression, `conservative = FALSE`). For probabilities that
        /// come with the patients, and from no model of ``CensoringWeights``, it is that of known weights.
        case estimatedWeights
    }

    /// The score at one time.
    public struct Point: Hashable, Sendable {
        /// t, in the unit of the data.
        public let time: Double
        /// Patients with the event by this time.
        public let cases: Int
        /// Patients under observation after this time.
        public let controls: Int
        /// B(t) with its error and normal interval, cut at 0 and 1. Undefined where nobody is observed after t and not
        /// everybody has had the event.
        public let score: Estimated<Estimate>
        /// B₀(t).
        public let null: Estimated<Double>
        /// 1 − B(t)/B₀(t): 1 is perfect, 0 is no better than the same risk for all, below 0 is worse. Undefined without a case.
        public let accuracy: Estimated<Double>
    }

    /// One for each time of the risks.
    public let points: [Point]
    /// What the standard errors take into account.
    public let errors: ErrorKind

    let sweep: BrierSweep
    let level: ConfidenceLevel

    /// Scores the risks.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry; with competing risks an event of any cause is an event.
    ///   - risks: n × m.
    ///   - competing: true for the events of another cause than the one predicted; nil without competing risks.
    ///   - weights: 1/G(T−) for an event at T (riskRegression), or 1/G(T) (scikit-survival).
    ///   - censoring: probabilities of each patient's own; nil for the Kaplan–Meier estimate from the same patients.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data and for delayed entry.
    public init(
        _ data: SurvivalData, risks: PredictedRisks, competing: [Bool]? = nil,
        weights: TimeDependentAUC.CaseWeight = .beforeEvent, censoring: CensoringProbabilities? = nil,
        errors: ErrorKind = .estimatedWeights, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the Brier score")
        var problems: [InvalidInput.Problem] = []
        if risks.count != data.count { problems.append(.length("risk", found: risks.count, rows: data.count)) }
        problems += InvalidInput.Problem.competing(competing, data)
        if let censoring, censoring.beforeOwnTime.count != data.count || censoring.atTimes.count != risks.values.count {
            problems.append(
                .init(
                    column: "censoring weights",
                    found: "\(censoring.beforeOwnTime.count) patients and \(censoring.atTimes.count) numbers",
                    allowed: "\(data.count) patients and \(data.count * risks.times.count) numbers"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        try censoring?.model?.require(data)
        let sweep = BrierSweep(
            data, risks, competing: competing, weights: weights, censoring: censoring, errors: errors)
        self.sweep = sweep
        self.errors = errors
        self.level = level
        points = risks.times.indices.map { sweep.point($0, errors: errors, level: level) }
    }

    /// Scores the risks with the weights of a model of censoring, the same object that AUC and Uno's C take.
    ///
    /// - Throws: as ``init(_:risks:competing:weights:censoring:errors:level:)``, and for weights of other patients.
    public init(
        _ data: SurvivalData, risks: PredictedRisks, competing: [Bool]? = nil,
        weights: TimeDependentAUC.CaseWeight = .beforeEvent, censoring: CensoringWeights,
        errors: ErrorKind = .estimatedWeights, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try censoring.require(data)
        // What is the same for everybody need not be written down for each.
        let own: CensoringProbabilities? =
            censoring.isMarginal ? nil : CensoringProbabilities(censoring, times: risks.times, for: weights)
        try self.init(
            data, risks: risks, competing: competing, weights: weights, censoring: own, errors: errors, level: level)
    }

    /// Each patient's influence on B at the time of an index, in the order of the data; they sum to 0, and the mean of
    /// their squares, n/(n − 1) times, is n·SE².
    ///
    /// The part of the estimated weights is in them when the errors asked for take it into account.
    /// - Returns: empty where the score is undefined.
    public func influences(atIndex index: Int) -> [Double] {
        guard points[index].score.value != nil else { return [] }
        return sweep.influences([(index, 1)])
    }

    /// The difference in score from another model's at the time of an index, with an error that knows that the patients
    /// are the same. Negative when this model predicts better.
    ///
    /// - Throws: ``InvalidInput`` when the other score is of other patients or other times.
    public func difference(from other: BrierScore, atIndex index: Int) throws(InvalidInput) -> Estimated<Estimate> {
        guard other.sweep.data.times == sweep.data.times, other.sweep.data.events == sweep.data.events,
            other.points.map(\.time) == points.map(\.time)
        else {
            throw InvalidInput(
                .init(column: "other score", found: "other patients or times", allowed: "the same patients and times"))
        }
        return points[index].score.flatMap { own in
            other.points[index].score.map { theirs in
                let influences = zip(influences(atIndex: index), other.influences(atIndex: index)).map { $0 - $1 }
                return Estimate(
                    value: own.value - theirs.value, standardError: BrierSweep.error(influences), scale: .identity,
                    level: level)
            }
        }
    }
}

extension Undefined {
    static let errorNotAsked = Undefined(code: "error-not-asked", reason: "the standard error was not asked for")
    static let oneInfluence = Undefined(
        code: "no-spread", reason: "all patients count alike in the estimate: its error has no estimate")
}
