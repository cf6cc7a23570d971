/// How well a score above a threshold foretells the event by a time: sensitivity, specificity and predictive values with
/// inverse-probability-of-censoring weights.
///
/// ```
/// sensitivity = Σ wᵢ·1{rᵢ > c} / Σ wᵢ                        specificity = Σ vⱼ·1{rⱼ ≤ c} / Σ vⱼ
/// PPV = Σ wᵢ·1{rᵢ > c} / (Σ wᵢ·1{rᵢ > c} + Σ vⱼ·1{rⱼ > c})    NPV = Σ vⱼ·1{rⱼ ≤ c} / (Σ wᵢ·1{rᵢ ≤ c} + Σ vⱼ·1{rⱼ ≤ c})
/// ```
///
/// with w = 1/G(T−) of cases and v = 1/G(t) of controls, so that the predictive values are Bayes' formula at the
/// Kaplan–Meier risk by t. Standard errors are those of the influence function with the part of G's estimation. O(n log n).
/// Sources: Uno et al. 2007, J Am Stat Assoc 102:527; Blanche et al. 2013, Stat Med 32:5381 (`SeSpPPVNPV` of timeROC).
public struct ThresholdAccuracy: Sendable {
    /// c, in the unit of the scores.
    public let threshold: Double
    /// t, in the unit of the data.
    public let time: Double
    /// Observed cases by t.
    public let cases: Int
    /// Patients under observation after t.
    public let controls: Int
    /// The share of cases with a score above the threshold.
    public let sensitivity: Estimated<Estimate>
    /// The share of controls with a score not above the threshold.
    public let specificity: Estimated<Estimate>
    /// The risk by t of those above the threshold; undefined when none of them is a case or a control.
    public let positivePredictiveValue: Estimated<Estimate>
    /// The chance of those not above the threshold to be free of the event at t.
    public let negativePredictiveValue: Estimated<Estimate>

    /// Accuracy at one threshold and time.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores; with `.higherIsLater` those below the threshold are the positive ones.
    ///   - threshold: finite.
    ///   - time: finite, in the unit of the data.
    ///   - convention: the case set and the weights.
    ///   - censoring: G of the same data; nil for the Kaplan–Meier estimate of all patients.
    /// - Throws: ``InvalidInput`` as ``TimeDependentAUC``, and for a threshold that is not finite.
    public init(
        _ data: SurvivalData, scores: [Double], threshold: Double, time: Double,
        direction: ScoreDirection = .higherIsEarlier, convention: TimeDependentAUC.Convention = .riskRegression,
        censoring: CensoringWeights? = nil, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        guard threshold.isFinite else {
            throw InvalidInput(.init(column: "threshold", found: "\(threshold)", allowed: "a finite number"))
        }
        let ranking = try AUCRanking(
            checking: data, scores, [time], direction, convention, censoring, for: "accuracy at a threshold")
        var workspace = AUCRanking.Workspace(count: data.count)
        let pairs = ranking.pairs(at: time, influences: false, &workspace)
        self.threshold = threshold
        self.time = time
        cases = pairs.cases
        controls = pairs.controls
        if let reason = pairs.auc.undefined {
            (sensitivity, specificity) = (.undefined(reason), .undefined(reason))
            (positivePredictiveValue, negativePredictiveValue) = (.undefined(reason), .undefined(reason))
            return
        }
        let cells = CalledCells(
            ranking, workspace, threshold: direction.risk([threshold])[0], direction.risk(scores), time)
        sensitivity = cells.ratio(of: [.truePositive], among: [.truePositive, .falseNegative], level, .noPositives)
        specificity = cells.ratio(of: [.trueNegative], among: [.trueNegative, .falsePositive], level, .noNegatives)
        positivePredictiveValue = cells.ratio(
            of: [.truePositive], among: [.truePositive, .falsePositive], level, .noPositives)
        negativePredictiveValue = cells.ratio(
            of: [.trueNegative], among: [.trueNegative, .falseNegative], level, .noNegatives)
    }
}

/// The four cells of a weighted two-by-two table.
private struct CalledCells {
    enum Cell { case truePositive, falsePositive, trueNegative, falseNegative }

    private let ranking: AUCRanking
    private let time: Double
    /// By position of the time order; a weight of 0 for who is neither case nor control.
    private var cells: [Cell]
    private var weights: [Double]

    init(
        _ ranking: AUCRanking, _ workspace: AUCRanking.Workspace, threshold: Double, _ risk: [Double], _ time: Double
    ) {
        self.ranking = ranking
        self.time = time
        cells = [Cell](repeating: .trueNegative, count: ranking.count)
        weights = [Double](repeating: 0, count: ranking.count)
        // Controls have weights relative to 1/G(t) where that is the same for all.
        let common = ranking.controlWeight(at: time)
        for (place, position) in ranking.ranking.positions.enumerated() {
            let isPositive = risk[ranking.data.order[Int(position)]] > threshold
            let isCase = workspace.caseWeights[place] > 0
            cells[Int(position)] =
                isCase ? (isPositive ? .truePositive : .falseNegative) : isPositive ? .falsePositive : .trueNegative
            weights[Int(position)] =
                isCase ? workspace.caseWeights[place] : workspace.controlWeights[place] * common
        }
    }

    /// The weight of some cells relative to that of others which hold them.
    func ratio(
        of part: [Cell], among whole: [Cell], _ level: ConfidenceLevel, _ reason: Undefined
    ) -> Estimated<Estimate> {
        var (numerator, rest) = (0.0, 0.0)
        for position in cells.indices where whole.contains(cells[position]) {
            if part.contains(cells[position]) {
                numerator += weights[position]
            } else {
                rest += weights[position]
            }
        }
        let total = numerator + rest
        guard total > 0 else { return .undefined(reason) }
        let value = numerator / total
        var influences = cells.indices.map { position in
            guard whole.contains(cells[position]) else { return 0.0 }
            return weights[position] * ((part.contains(cells[position]) ? 1 : 0) - value) / total
        }
        var workspace = CensoringWorkspace()
        ranking.censoring.addInfluence(
            to: &influences, through: time, atOwnTime: ranking.weights == .atEvent, &workspace)
        let error = influences.standardError
        let isKnown = numerator > 0 && rest > 0 && error > 0
        return .value(
            Estimate(
                probability: value, standardError: isKnown ? .value(error) : .undefined(.oneCell), level: level))
    }
}

extension AUCRanking {
    /// What the control weights of a workspace are to be multiplied with to be 1/G(t).
    func controlWeight(at time: Double) -> Double {
        guard censoring.isMarginal, let g = censoring.inTime(at: time).first, g > 0 else { return 1 }
        return 1 / g
    }
}

extension Undefined {
    static let noPositives = Undefined(
        code: "no-positives", reason: "no case or control has a score above the threshold")
    static let noNegatives = Undefined(
        code: "no-negatives", reason: "no case or control has a score that is not above the threshold")
    static let oneCell = Undefined(
        code: "one-cell", reason: "all patients counted are called alike: the share has no error estimate")
}
