/// The probability that of two patients the one with the higher risk score has the event first.
///
/// ```
/// C = Σ w(tᵢ)·(1{rᵢ > rⱼ} + ½·1{rᵢ = rⱼ}) / Σ w(tᵢ)     over pairs with an event at tᵢ and j at risk after it
/// ```
///
/// At equal times an event comes before a censoring; two events at one time do not form a pair. The standard error is
/// the infinitesimal jackknife, with the weights taken as known (as R's `concordance`). O(n log n).
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
    /// Each patient's influence on C, whose squares sum to the squared standard error; empty when C is undefined.
    public let influences: [Double]

    /// Counts the pairs that can be compared.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores.
    ///   - direction: what a larger score predicts.
    ///   - horizon: only events up to and at this time count as the earlier of a pair; nil for all.
    /// - Throws: ``InvalidInput`` for scores that are not finite or not n, and for delayed entry.
    public init(
        _ data: SurvivalData, scores: [Double], direction: ScoreDirection = .higherIsEarlier,
        weighting: Weighting = .harrell, horizon: Double? = nil, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "the concordance index")
        let problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let weights = Self.weights(data, weighting, horizon: horizon)
        let pairs = ConcordancePairs(data, risk: direction.risk(scores), weights: weights)
        self.weighting = weighting
        concordant = pairs.concordant.reduce(0, +) / 2
        discordant = pairs.discordant.reduce(0, +) / 2
        tiedScores = pairs.tied.reduce(0, +) / 2
        let total = concordant + discordant + tiedScores
        guard total > 0 else {
            influences = []
            estimate = .undefined(.noComparablePairs)
            return
        }
        let value = (concordant + tiedScores / 2) / total
        let influences = data.times.indices.map { row in
            let own = pairs.concordant[row] + pairs.discordant[row] + pairs.tied[row]
            return (pairs.concordant[row] + pairs.tied[row] / 2 - value * own) / total
        }
        self.influences = influences
        let oneSided = [concordant, discordant, tiedScores].filter { $0 > 0 }.count == 1
        let error = influences.reduce(0) { $0 + $1 * $1 }.squareRoot()
        estimate = .value(
            Estimate(
                probability: value, standardError: oneSided ? .undefined(.noVariation) : .value(error), level: level))
    }

    /// The weight of each patient as the earlier of a pair: 0 for the censored and beyond the horizon.
    private static func weights(_ data: SurvivalData, _ weighting: Weighting, horizon: Double?) -> [Double] {
        let censoring = weighting == .uno ? CensoringDistribution(data) : nil
        return data.times.indices.map { row in
            guard data.events[row], data.times[row] <= horizon ?? .infinity else { return 0 }
            guard let g = censoring?.before(data.times[row]) else { return 1 }
            return 1 / (g * g)
        }
    }
}

/// For each patient the weighted pairs that it is part of; each pair appears with both of its members.
private struct ConcordancePairs {
    var concordant: [Double]
    var discordant: [Double]
    var tied: [Double]

    init(_ data: SurvivalData, risk: [Double], weights: [Double]) {
        concordant = [Double](repeating: 0, count: data.count)
        discordant = concordant
        tied = concordant
        let (ranks, count) = denseRanks(risk)
        let steps = StratumSweep(data, rows: data.order).steps
        var later = RankCounts(ranks: count)
        for step in steps.reversed() {
            for row in step.censored { later.add(1, at: ranks[row]) }
            for row in step.events where weights[row] > 0 {
                let split = later.split(at: ranks[row])
                concordant[row] += weights[row] * split.below
                tied[row] += weights[row] * split.at
                discordant[row] += weights[row] * split.above
            }
            for row in step.events { later.add(1, at: ranks[row]) }
        }
        var earlier = RankCounts(ranks: count)
        for step in steps {
            for row in step.events { addLater(row, earlier.split(at: ranks[row])) }
            for row in step.events where weights[row] > 0 { earlier.add(weights[row], at: ranks[row]) }
            for row in step.censored { addLater(row, earlier.split(at: ranks[row])) }
        }
    }

    private mutating func addLater(_ row: Int, _ split: (below: Double, at: Double, above: Double)) {
        discordant[row] += split.below
        tied[row] += split.at
        concordant[row] += split.above
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
}
