import NumericsCore

/// The incident/dynamic AUC: of those at risk at t, how well the score tells who has the event at t from who goes on.
///
/// ```
/// AUC(t) = Σₖⱼ πₖ(t)·(1{rₖ > rⱼ} + ½·1{rₖ = rⱼ}) / nⱼ      πₖ(t) = exp(γ·rₖ) / Σ_{at risk} exp(γ·r)
/// ```
///
/// k runs over everybody at risk at t, j over those at risk without an event at t. Under proportional hazards π is the
/// distribution of the score of an event at t, so that each time borrows from all patients; with the true γ only.
/// The average weights event times by 2·f(t)·S(t) of the Kaplan–Meier curve, rescaled to sum to 1 up to the horizon: the
/// probability that the earlier of two events has the higher score, when the earlier is by the horizon. O(n log n) for all
/// times together. It has no standard error here: take ``Bootstrap``.
/// Source: Heagerty and Zheng 2005, Biometrics 61:92; as the R package risksetROC.
public struct IncidentDynamicAUC: Sendable {
    /// The distinct event times, ascending.
    public let times: [Double]
    /// AUC at each of ``times``; nil when all at risk have the event, or all their hazards are 0 beside the largest.
    public let auc: [Double?]
    /// γ: the log hazard ratio for one unit of the score.
    public let logHazardRatio: Double

    private let curve: KaplanMeier

    /// AUC at every event time.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - scores: n finite scores.
    ///   - logHazardRatio: γ; 1 for the linear predictor of a Cox model, nil to fit it in these data.
    /// - Throws: ``InvalidInput`` for scores or a γ that are not allowed and for delayed entry; ``CoxError`` where γ is to
    ///   be fitted and has no finite estimate.
    public init(
        _ data: SurvivalData, scores: [Double], direction: ScoreDirection = .higherIsEarlier,
        logHazardRatio: Double? = 1
    ) throws {
        try data.requireNoDelayedEntry(for: "the incident/dynamic AUC")
        var problems = InvalidInput.Problem.inColumn("score", scores, rows: data.count)
        if let logHazardRatio, !logHazardRatio.isFinite {
            problems.append(
                .init(column: "log hazard ratio", found: "\(logHazardRatio)", allowed: "a finite number"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let risk = direction.risk(scores)
        let gamma = try logHazardRatio ?? CoxModel(data, covariates: [.init("score", risk)]).coefficients[0].estimate
        self.logHazardRatio = gamma
        curve = KaplanMeier(data)
        (times, auc) = Self.areas(data, risk, gamma)
    }

    /// One pass backwards in time that keeps Σ exp(γ·rₖ)·(1{rₖ > rⱼ} + ½·1{rₖ = rⱼ}) over all pairs at risk.
    private static func areas(_ data: SurvivalData, _ risk: [Double], _ gamma: Double) -> ([Double], [Double?]) {
        let order = TimeOrder(data)
        let ranking = ScoreRanking(data, risk: risk)
        // Only ratios matter: with the largest at 1, no exponential overflows.
        let largest = risk.reduce(-Double.infinity) { max($0, gamma * $1) }
        let hazards = data.order.map { Elementary.exp(gamma * risk[$0] - largest) }
        var counts = RankTree<Int32>(ranks: ranking.rankCount)
        var sums = RankTree<Double>(ranks: ranking.rankCount)
        var countHere = [Int32](repeating: 0, count: ranking.rankCount)
        var sumHere = [Double](repeating: 0, count: ranking.rankCount)
        var total = 0.0
        var pairs = 0.0
        var areas: [(time: Double, auc: Double?)] = []
        /// Σ exp(γ·rₖ) over those at risk with a higher score than the one at a position, ties for half.
        func above(_ rank: Int) -> Double { total - sums.sum(below: Int32(rank)) - sumHere[rank] / 2 }
        for step in order.steps.reversed() {
            for position in step.first..<step.end {
                let rank = Int(ranking.ranks[position])
                let below = Double(counts.sum(below: Int32(rank))) + Double(countHere[rank]) / 2
                // With itself a patient is tied.
                pairs += hazards[position] * (below + 0.5) + above(rank)
                counts.add(1, at: Int32(rank))
                sums.add(hazards[position], at: Int32(rank))
                countHere[rank] += 1
                sumHere[rank] += hazards[position]
                total += hazards[position]
            }
            guard step.firstCensored > step.first else { continue }
            var withControls = pairs
            for position in step.first..<step.firstCensored { withControls -= above(Int(ranking.ranks[position])) }
            let controls = order.times.count - step.firstCensored
            let isDefined = controls > 0 && total > 0
            let auc = isDefined ? min(max(withControls / (total * Double(controls)), 0), 1) : nil
            areas.append((order.times[step.first], auc))
        }
        return (areas.reversed().map(\.time), areas.reversed().map(\.auc))
    }

    /// AUC at an event time.
    ///
    /// - Returns: undefined at a time without an event, and where nobody goes on after it.
    public func value(at time: Double) -> Estimated<Double> {
        let index = times.partitioningIndex { $0 >= time }
        guard index < times.count, times[index] == time else {
            return .undefined(.init(code: "no-event-at", reason: "nobody has the event at time \(time)"))
        }
        guard let auc = auc[index] else {
            return .undefined(
                curve.numberAtRisk(at: time.nextUp) > 0 ? .vanishingHazards(at: time) : .noControls(after: time))
        }
        return .value(auc)
    }

    /// The average over event times up to `horizon` with the weights 2·f(t)·S(t).
    ///
    /// - Parameter horizon: nil for all event times.
    /// - Returns: undefined without an event up to the horizon that somebody outlives, and where the hazards of all at risk
    ///   at one are too small beside the largest for a ratio.
    public func mean(horizon: Double? = nil) -> Estimated<Double> {
        let horizon = horizon ?? .infinity
        var before = 1.0
        var sum = 0.0
        var weights = 0.0
        for (index, time) in times.enumerated() where time <= horizon {
            let after = curve.survival(at: time).value ?? before
            let weight = 2 * (before - after) * after
            before = after
            guard weight > 0 else { continue }
            guard let auc = auc[index] else { return .undefined(.vanishingHazards(at: time)) }
            sum += weight * auc
            weights += weight
        }
        guard weights > 0 else { return .undefined(.noCases(.atOrBefore, horizon)) }
        return .value(sum / weights)
    }
}

extension Undefined {
    static func vanishingHazards(at time: Double) -> Undefined {
        .init(
            code: "vanishing-hazards",
            reason: "all at risk at time \(time) have hazards too small beside the largest for a ratio")
    }
}
