/// The probability that a case of one group has a higher score than a control of another (xAUC), for every pair of groups.
///
/// ```
/// xAUC(a, b) = Σ wᵢ·(1{rᵢ > rⱼ} + ½·1{rᵢ = rⱼ}) / Σ wᵢ      i over cases of a, j over controls of b
/// ```
///
/// The diagonal is each group's own AUC. Where xAUC(a, b) is above xAUC(b, a), controls of a are ranked above cases of b
/// more often than the other way round (Kallus and Zhou 2019, NeurIPS 32, section 3).
///
/// With a horizon t, cases have the event by t and weigh 1/G(T−) with the Kaplan–Meier estimate G of their own group's
/// censoring, controls are followed beyond t; the diagonal is then ``TimeDependentAUC`` of each group. Standard errors are
/// those of the influence function: for yes/no outcomes DeLong's (DeLong et al. 1988, Biometrics 44:837), with a horizon
/// as Blanche et al. 2013, the part that G's estimation adds among them. O(n log n + g·n) for g groups.
public struct CrossGroupAUC: Sendable {
    /// Cases of one group against controls of one group.
    public struct Cell: Hashable, Sendable {
        /// The label of the group that the cases are of.
        public let caseGroup: String
        /// The label of the group that the controls are of.
        public let controlGroup: String
        /// The observed cases.
        public let cases: Int
        /// The controls.
        public let controls: Int
        /// xAUC with standard error and normal interval, cut to [0, 1]. Undefined without a case or without a control.
        public let auc: Estimated<Estimate>
    }

    /// xAUC(first, second) − xAUC(second, first).
    public struct Disparity: Hashable, Sendable {
        /// The earlier group in the grouping's order.
        public let first: String
        /// The later group.
        public let second: String
        /// The difference with standard error and normal interval. Above 0 the first group is ranked as the riskier.
        public let difference: Estimated<Estimate>
    }

    /// The labels of the groups, in the order of the rows and columns of ``cells``.
    public let labels: [String]
    /// The time by which cases have the event; nil for yes/no outcomes.
    public let horizon: Double?
    /// A row for each group of cases with a column for each group of controls.
    public let cells: [[Cell]]
    /// One for each pair of different groups.
    public let disparities: [Disparity]

    /// Yes/no outcomes without censoring.
    ///
    /// - Parameters:
    ///   - outcomes: n indicators; true is a case.
    ///   - scores: n finite scores, larger for a likelier outcome.
    ///   - grouping: the group of each patient.
    /// - Throws: ``InvalidInput`` for columns of another length and scores that are not finite.
    public init(
        outcomes: [Bool], scores: [Double], grouping: Grouping, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: outcomes.count)
        if grouping.count != outcomes.count {
            problems.append(.length("group", found: grouping.count, rows: outcomes.count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let members = RankedGroup.binary(outcomes, scores, grouping)
        self.init(members, labels: grouping.labels, horizon: nil, level: level)
    }

    /// The event by a horizon, with censoring.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores, larger for an earlier event unless `direction` says otherwise.
    ///   - grouping: the group of each patient.
    ///   - horizon: t, finite, in the unit of the data.
    /// - Throws: ``InvalidInput`` for columns of another length, scores or a horizon that are not finite, and for delayed
    ///   entry.
    public init(
        _ data: SurvivalData, scores: [Double], grouping: Grouping, horizon: Double,
        direction: ScoreDirection = .higherIsEarlier, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the cross-group AUC")
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count)
        if grouping.count != data.count {
            problems.append(.length("group", found: grouping.count, rows: data.count))
        }
        problems += InvalidInput.Problem.notFinite("horizon", [horizon])
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let members = try RankedGroup.censored(data, direction.risk(scores), grouping, horizon)
        self.init(members, labels: grouping.labels, horizon: horizon, level: level)
    }

    private init(_ members: [RankedGroup], labels: [String], horizon: Double?, level: ConfidenceLevel) {
        self.labels = labels
        self.horizon = horizon
        var cells = labels.map { _ in [Cell?](repeating: nil, count: labels.count) }
        var disparities: [Disparity] = []
        func cell(_ a: Int, _ b: Int, _ area: Estimated<CrossArea>) -> Cell {
            Cell(
                caseGroup: labels[a], controlGroup: labels[b], cases: members[a].cases.count,
                controls: members[b].controls.count, auc: area.map { $0.estimate(level) })
        }
        for a in labels.indices {
            cells[a][a] = cell(a, a, CrossArea.of(members[a], members[a], sameGroup: true))
            for b in labels.indices.dropFirst(a + 1) {
                let one = CrossArea.of(members[a], members[b], sameGroup: false)
                let other = CrossArea.of(members[b], members[a], sameGroup: false)
                cells[a][b] = cell(a, b, one)
                cells[b][a] = cell(b, a, other)
                disparities.append(
                    Disparity(
                        first: labels[a], second: labels[b],
                        difference: one.flatMap { one in other.map { one.difference(from: $0, level) } }))
            }
        }
        self.cells = cells.map { $0.compactMap(\.self) }
        self.disparities = disparities
    }

    /// The cell of two groups; nil for a label that the grouping does not have.
    public func cell(cases: String, controls: String) -> Cell? {
        guard let a = labels.firstIndex(of: cases), let b = labels.firstIndex(of: controls) else { return nil }
        return cells[a][b]
    }
}
