/// The ROC curve of a score at one time with inverse-probability-of-censoring weights.
///
/// ```
/// TPR(c) = Σ wᵢ·1{rᵢ > c} / Σ wᵢ  over cases,     FPR(c) = Σ vⱼ·1{rⱼ > c} / Σ vⱼ  over controls
/// ```
///
/// The area under its straight lines is AUC(t) of ``TimeDependentAUC`` with the same choices. O(n log n).
/// Source: Heagerty et al. 2000, Biometrics 56:337, with the weights of Uno et al. 2007, J Am Stat Assoc 102:527.
public struct TimeDependentROC: Sendable {
    /// One point of the curve: who scores above the threshold is called positive.
    public struct Point: Hashable, Sendable {
        /// c in the unit of the scores; -∞ for the point where everybody is positive (∞ with `.higherIsLater`).
        public let threshold: Double
        /// 1 − specificity.
        public let falsePositiveRate: Double
        /// Sensitivity.
        public let truePositiveRate: Double
    }

    /// t, in the unit of the data.
    public let time: Double
    /// From (0, 0) at the highest score to (1, 1), one for each different score and one before. Undefined without a case
    /// or a control.
    public let points: Estimated<[Point]>
    /// The area under the curve.
    public let area: Estimated<Double>

    /// The curve at one time.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores.
    ///   - time: finite, in the unit of the data.
    ///   - convention: the case set and the weights.
    ///   - censoring: G of the same data; nil for the Kaplan–Meier estimate of all patients.
    /// - Throws: ``InvalidInput`` as ``TimeDependentAUC``.
    public init(
        _ data: SurvivalData, scores: [Double], time: Double, direction: ScoreDirection = .higherIsEarlier,
        convention: TimeDependentAUC.Convention = .riskRegression, censoring: CensoringWeights? = nil
    ) throws(InvalidInput) {
        let ranking = try AUCRanking(
            checking: data, scores, [time], direction, convention, censoring, for: "the ROC curve")
        var workspace = AUCRanking.Workspace(count: data.count)
        let pairs = ranking.pairs(at: time, influences: false, &workspace)
        self.time = time
        area = pairs.auc
        points = pairs.auc.map { _ in Self.curve(ranking, workspace, scores) }
    }

    private static func curve(
        _ ranking: AUCRanking, _ workspace: AUCRanking.Workspace, _ scores: [Double]
    ) -> [Point] {
        // The same sums in the same order as while going down: the last point is exactly (1, 1).
        var cases = 0.0
        var controls = 0.0
        var sums: [(threshold: Double, cases: Double, controls: Double)] = []
        for rank in (0..<ranking.ranking.rankCount).reversed() {
            let places = Int(ranking.ranking.starts[rank])..<Int(ranking.ranking.starts[rank + 1])
            let row = ranking.data.order[Int(ranking.ranking.positions[places.lowerBound])]
            sums.append((scores[row], cases, controls))
            for place in places.reversed() {
                cases += workspace.caseWeights[place]
                controls += workspace.controlWeights[place]
            }
        }
        let isAscending = (sums.first?.threshold ?? 0) >= (sums.last?.threshold ?? 0)
        sums.append((isAscending ? -Double.infinity : .infinity, cases, controls))
        return sums.map {
            Point(
                threshold: $0.threshold, falsePositiveRate: $0.controls / controls, truePositiveRate: $0.cases / cases)
        }
    }
}

extension AUCRanking {
    /// Checks what every measure at given times asks for.
    init(
        checking data: SurvivalData, _ scores: [Double], _ times: [Double], _ direction: ScoreDirection,
        _ convention: TimeDependentAUC.Convention, _ censoring: CensoringWeights?, for measure: String
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: measure)
        let problems =
            InvalidInput.Problem.inColumn("score", scores, rows: data.count) + TimeDependentAUC.problems(times)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        try censoring?.require(data)
        self.init(
            data, risk: direction.risk(scores), cases: convention.caseSet, weights: convention.caseWeight,
            censoring: censoring)
    }
}
