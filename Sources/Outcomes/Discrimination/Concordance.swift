/// The probability that of two patients the one with the higher risk score has the event first.
///
/// ```
/// C = Σ w(tᵢ)·(1{rᵢ > rⱼ} + ½·1{rᵢ = rⱼ}) / Σ w(tᵢ)     over pairs with an event at tᵢ and j at risk after it
/// ```
///
/// At equal times an event comes before a censoring; two events at one time do not form a pair. The standard error is
/// the infinitesimal jackknife, with the weights taken as known (as R's `concordance`). O(n log n).
///
/// Two scores on the same patients are compared by ``PairedDifference``.
public struct Concordance: Sendable {
    /// The weight of an event time.
    public enum Weighting: String, CaseIterable, Sendable {
        /// w = 1: Harrell et al. 1982, JAMA 247:2543.
        case harrell
        /// w = 1/G(t−)², which removes the dependence on censoring: Uno et al. 2011, Stat Med 30:1105.
        case uno
    }

    /// How the pairs were weighted.
    public let weighting: Weighting
    /// Weighted pairs in which the higher score had the event first.
    public let concordant: Double
    /// Weighted pairs in which the lower score had the event first.
    public let discordant: Double
    /// Weighted pairs with equal scores: half credit each.
    public let tiedScores: Double
    /// C with standard error and normal interval, cut to [0, 1]. Undefined without a pair.
    public let estimate: Estimated<Estimate>
    /// Each patient's influence on C, whose squares sum to the squared standard error; empty when C is undefined and
    /// where no error was asked for.
    public let influences: [Double]

    /// Counts the pairs that can be compared.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores.
    ///   - direction: what a larger score predicts.
    ///   - weights: where Uno's weights read G: at t− (R's `concordance`), or at t (scikit-survival).
    ///   - horizon: only events up to and at this time count as the earlier of a pair; nil for all.
    ///   - censoring: the chance of being uncensored that Uno's weights take, of the same data; nil for the
    ///     Kaplan–Meier estimate of all patients. Harrell's C does not use it.
    ///   - withError: false leaves out the standard error and the influences, which cost as much again.
    /// - Throws: ``InvalidInput`` for scores that are not finite or not n, for a horizon that is no number, for delayed
    ///   entry, and for censoring weights of other patients.
    public init(
        _ data: SurvivalData, scores: [Double], direction: ScoreDirection = .higherIsEarlier,
        weighting: Weighting = .harrell, weights: TimeDependentAUC.CaseWeight = .beforeEvent,
        horizon: Double? = nil, censoring: CensoringWeights? = nil,
        withError: Bool = true, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the concordance index")
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count)
        if let horizon, horizon.isNaN {
            problems.append(.init(column: "horizon", found: "\(horizon)", allowed: "a time, or none"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        try censoring?.require(data)
        let order = TimeOrder(data)
        var g: [Double] = []
        if weighting == .uno {
            let censoring = censoring ?? CensoringWeights(marginal: data, order)
            g = weights == .beforeEvent ? censoring.beforeInTime : censoring.atInTime
        }
        let weights = Self.weights(order, g, horizon: horizon)
        let ranking = ScoreRanking(data, risk: direction.risk(scores))
        let pairs = ConcordancePairs(
            order, ranking, weights: weights, allAlike: weighting == .harrell, byPatient: withError)
        self.weighting = weighting
        concordant = pairs.concordant
        discordant = pairs.discordant
        tiedScores = pairs.tied
        let total = concordant + discordant + tiedScores
        guard total > 0, total.isFinite else {
            influences = []
            // A weight beyond all numbers makes the sum ∞, or none at all where it meets a count of 0.
            estimate = .undefined(total == 0 ? .noComparablePairs : .vanishingCensoring)
            return
        }
        let value = (concordant + tiedScores / 2) / total
        guard withError else {
            influences = []
            estimate = .value(Estimate(probability: value, standardError: .undefined(.notAskedFor), level: level))
            return
        }
        var influences = [Double](repeating: 0, count: data.count)
        for (position, row) in data.order.enumerated() {
            influences[row] = (pairs.credit[position] - value * pairs.membership[position]) / total
        }
        self.influences = influences
        let oneSided = [concordant, discordant, tiedScores].filter { $0 > 0 }.count == 1
        let error = influences.reduce(0) { $0 + $1 * $1 }.squareRoot()
        estimate = .value(
            Estimate(
                probability: value, standardError: oneSided ? .undefined(.noVariation) : .value(error), level: level))
    }

    /// By position of the time order, the weight of each patient as the earlier of a pair: 0 for the censored and beyond
    /// the horizon; 1 without G.
    private static func weights(_ order: TimeOrder, _ g: [Double], horizon: Double?) -> [Double] {
        let horizon = horizon ?? .infinity
        var weights = [Double](repeating: 0, count: order.times.count)
        for position in weights.indices where order.isEvent[position] && order.times[position] <= horizon {
            weights[position] = g.isEmpty ? 1 : 1 / (g[position] * g[position])
        }
        return weights
    }
}

extension Estimate {
    /// A probability with a normal interval cut to [0, 1].
    init(probability value: Double, standardError: Estimated<Double>, level: ConfidenceLevel) {
        let interval = standardError.map { error in
            let reach = level.normalQuantile * error
            return ConfidenceInterval(lower: max(0, value - reach), upper: min(1, value + reach), level: level)
        }
        self.init(value: value, standardError: standardError, interval: interval)
    }
}

extension Undefined {
    static let noComparablePairs = Undefined(
        code: "no-comparable-pairs", reason: "no event has another patient still under observation after it")
    static let noVariation = Undefined(
        code: "no-variation", reason: "all pairs are ordered alike: their error has no estimate")
    static let notAskedFor = Undefined(code: "not-asked-for", reason: "no standard error was asked for")
}
