/// A score trained so that the worst group fares as well as it can: min over β of the largest mean loss of a group.
///
/// ```
/// min_β max_g L_g(β) = max_q min_β Σ q_g·L_g(β)          q_g ≥ 0, Σ q_g = 1
/// q_g ← q_g·exp(η·L_g(β)) / Σ,   β ← argmin Σ q_g·L_g
/// ```
///
/// L_g is the mean negative log likelihood of the group: of a logistic regression per patient, or of Cox's partial
/// likelihood within the group per event (each group with a baseline hazard of its own, Efron's ties). Both are convex, so
/// the worst loss is at most ``dualityGap`` above the least possible: the answer carries its own proof. The step η halves
/// when the dual falls and grows by half otherwise; nothing is random. Training starts from q proportional to group size
/// (events), which is the ordinary fit and the state before.
///
/// A group may be worst because its outcome is hard to predict, not because the score neglects it: read the change of the
/// worst loss, not its level alone. Source: Sagawa et al. 2020, ICLR (group DRO); the search is Freund and Schapire's 1999.
public struct WorstGroupTraining: Sendable {
    /// The search ends when the worst loss is at most this far above the least possible, in nats.
    public static let tolerance = 1e-8
    static let iterationLimit = 2_000

    /// The labels of the groups, in the order of ``groupWeights``.
    public let labels: [String]
    /// q at the end; 0 for groups without patients (without events).
    public let groupWeights: [Double]
    /// Coefficients of the covariates as given, before; for a logistic score the intercept first.
    public let coefficientsBefore: [Double]
    /// Coefficients of the covariates as given, after.
    public let coefficientsAfter: [Double]
    /// Probabilities of the outcome (logistic) or linear predictors (Cox, centred) of every patient.
    public let scores: ScoreChange
    /// The mean loss by group before and after, and overall.
    public let lossReport: MitigationReport
    /// The largest loss minus Σ q_g·L_g: how far the largest loss can be above the least possible.
    public let dualityGap: Double
    /// Refits until the end.
    public let iterations: Int
    /// True when ``dualityGap`` is within ``tolerance``.
    public var isConverged: Bool { dualityGap <= Self.tolerance }

    /// A logistic score of a yes/no outcome.
    ///
    /// - Parameters:
    ///   - outcomes: n indicators.
    ///   - covariates: p ≥ 1 columns of n values.
    ///   - grouping: the group of each patient.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``ScoreFitError`` where there is no finite estimate.
    public init(outcomes: [Bool], covariates: [CovariateColumn], grouping: Grouping) throws {
        try CovariateColumn.check(covariates, rows: outcomes.count)
        try grouping.require(rows: outcomes.count, column: "group")
        guard Set(outcomes).count == 2 else { throw ScoreFitError.oneOutcome }
        let design = try Self.design(covariates)
        let losses = LogisticGroupLosses(design: design, outcomes: outcomes, grouping: grouping)
        let search = try WorstGroupSearch(losses, width: covariates.count + 1)
        try self.init(
            search, grouping, sizes: losses.sizes, events: outcomes,
            coefficients: { WeightedLogistic.unscaled($0, design) },
            scores: { beta in outcomes.indices.map { WeightedLogistic.risk($0, design, beta) } })
    }

    /// A Cox score of the time to an event.
    ///
    /// - Parameters:
    ///   - data: follow-up of n patients; delayed entry is taken into account.
    ///   - covariates: p ≥ 1 columns of n values.
    ///   - grouping: the group of each patient.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``CoxError/noEvents`` and ``ScoreFitError`` where there is
    ///   no finite estimate.
    public init(_ data: SurvivalData, covariates: [CovariateColumn], grouping: Grouping) throws {
        try CovariateColumn.check(covariates, rows: data.count)
        try grouping.require(rows: data.count, column: "group")
        guard data.eventCount > 0 else { throw CoxError.noEvents }
        let design = try Self.design(covariates)
        let losses: CoxGroupLosses
        do { losses = try CoxGroupLosses(data, covariates, grouping: grouping) } catch {
            throw ScoreFitError.constant(covariate: error.name)
        }
        let search = try WorstGroupSearch(losses, width: covariates.count)
        try self.init(
            search, grouping, sizes: losses.sizes, events: data.events,
            coefficients: { beta in beta.indices.map { beta[$0] / design.scales[$0] } },
            scores: { beta in data.times.indices.map { design.linearPredictor($0, beta) } })
    }

    private static func design(_ covariates: [CovariateColumn]) throws(ScoreFitError) -> CenteredColumns {
        do { return try CenteredColumns(covariates) } catch { throw .constant(covariate: error.name) }
    }

    private init(
        _ search: WorstGroupSearch, _ grouping: Grouping, sizes: [Double], events: [Bool],
        coefficients: ([Double]) -> [Double], scores: ([Double]) -> [Double]
    ) throws {
        labels = grouping.labels
        groupWeights = search.weights
        coefficientsBefore = coefficients(search.start)
        coefficientsAfter = coefficients(search.beta)
        self.scores = ScoreChange(before: scores(search.start), after: scores(search.beta))
        dualityGap = search.gap
        iterations = search.iterations
        func frame(_ losses: [Double]) -> Stratified<Estimate> {
            let none = Undefined(
                code: "training-loss", reason: "a loss of the patients trained on has no sampling error")
            func group(_ label: String, _ rows: [Int], _ loss: Estimated<Double>) -> Stratified<Estimate>.Group {
                let estimate = loss.map {
                    Estimate(value: $0, standardError: .undefined(none), interval: .undefined(none))
                }
                return .init(
                    label: label, count: rows.count, events: rows.reduce(0) { $0 + (events[$1] ? 1 : 0) },
                    result: estimate, estimate: estimate)
            }
            let total = sizes.reduce(0, +)
            let mean = zip(sizes, losses).reduce(0) { $0 + $1.0 * $1.1 } / total
            let groups = zip(grouping.labels, grouping.rows).enumerated().map { code, entry in
                group(
                    entry.0, entry.1,
                    sizes[code] > 0
                        ? .value(losses[code])
                        : .undefined(
                            .init(code: "no-loss", reason: "the group has no patient with an outcome to score")))
            }
            return Stratified(
                groups: groups, overall: group("all", Array(grouping.codes.indices), .value(mean)))
        }
        lossReport = try MitigationReport(
            "mean loss", better: .lowerIsBetter, before: frame(search.startLosses), after: frame(search.losses))
    }
}
