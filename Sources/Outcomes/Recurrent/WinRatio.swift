import NumericsCore

/// The win ratio, the win odds and the net benefit of prioritised outcomes, over all pairs of a treated and a control patient.
///
/// ```
/// π_w = wins/(n₁·n₀)      π_l = losses/(n₁·n₀)      π_t = 1 − π_w − π_l
/// win ratio = π_w/π_l      win odds = (π_w + π_t/2)/(π_l + π_t/2)      net benefit = π_w − π_l
/// ```
///
/// Each pair is decided by the first outcome on which it is not tied. The variances and the covariance of π_w and π_l are
/// those of two-sample U-statistics, by each patient's share of wins and losses (Hoeffding's projection):
/// `Σ_treated (w̄ᵢ − π_w)²/n₁² + Σ_control (w̄ⱼ − π_w)²/n₀²` and alike; errors of ratios by the delta method on the log
/// scale. Wins between patients who are followed for different times depend on censoring: compare like with like.
/// Sources: Pocock et al. 2012, Eur Heart J 33:176 (unmatched); Bebu and Lachin 2016, Biostatistics 17:178; Dong et al. 2016,
/// Pharm Stat 15:430; Buyse 2010, Stat Med 29:3245 (net benefit); Brunner et al. 2021, Stat Med 40:3367 (win odds).
public struct WinRatio: Sendable {
    /// What one outcome of the hierarchy decided among the pairs that all before it left tied.
    public struct Level: Hashable, Sendable {
        /// The outcome's name.
        public let name: String
        /// Pairs won by the treated patient.
        public let wins: Int
        /// Pairs won by the control patient.
        public let losses: Int
    }

    /// Patients in the treated group.
    public let treatedCount: Int
    /// Patients in the control group.
    public let controlCount: Int
    /// One for each outcome, in their order.
    public let levels: [Level]
    /// Pairs won by the treated patient.
    public let wins: Int
    /// Pairs won by the control patient.
    public let losses: Int
    /// Pairs that no outcome decides.
    public let ties: Int
    /// π_w/π_l, with error on the log scale. Undefined without a loss; without a win it is 0 with no error.
    public let winRatio: Estimated<Estimate>
    /// The odds of winning with a tie as half a win, with error on the log scale. Undefined where all pairs are won or all lost.
    public let winOdds: Estimated<Estimate>
    /// π_w − π_l, with the normal interval.
    public let netBenefit: Estimate
    /// The test of the win ratio being 1: (log win ratio/SE)².
    public let test: Estimated<ChiSquareTest>

    /// Compares two groups of different patients.
    ///
    /// Cost: O(n log n) for one and two outcomes. Three and more are compared pair by pair: O(n₁·n₀) pairs, each up to its
    /// first decision.
    ///
    /// - Parameters:
    ///   - treated: true for the treated and false for the control patients, n in all and at least one of each.
    ///   - outcomes: at least one, the most important first.
    ///   - level: of the intervals.
    /// - Throws: ``InvalidInput`` for an empty group, outcomes that do not fit, and delayed entry.
    public init(
        treated: [Bool], outcomes: [WinOutcome], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        let first = treated.indices.filter { treated[$0] }
        let second = treated.indices.filter { !treated[$0] }
        if first.isEmpty || second.isEmpty {
            problems.append(
                .init(
                    column: "treated", found: "\(first.count) treated and \(second.count) control patients",
                    allowed: "at least one of each"))
        }
        if outcomes.isEmpty { problems.append(.init(column: "outcomes", found: "none", allowed: "at least one")) }
        for outcome in outcomes { problems += outcome.problems(rows: treated.count) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let ranks = outcomes.map { WinRanks($0) }
        let counts =
            ranks.count <= 2
            ? WinCounts(sorting: ranks, treated: first, control: second)
            : WinCounts(pairing: ranks, treated: first, control: second)
        let moments = WinMoments(counts, treated: first, control: second)
        treatedCount = first.count
        controlCount = second.count
        levels = outcomes.indices.map {
            Level(name: outcomes[$0].name, wins: counts.levelWins[$0], losses: counts.levelLosses[$0])
        }
        wins = counts.levelWins.reduce(0, +)
        losses = counts.levelLosses.reduce(0, +)
        ties = first.count * second.count - wins - losses
        let ratio = moments.ratio(tieShare: 0, level: level)
        winRatio = ratio
        winOdds = moments.ratio(tieShare: 0.5, level: level)
        netBenefit = moments.difference(level: level)
        test = ratio.flatMap { estimate in
            estimate.standardError.map { error in
                let z = Elementary.log(estimate.value) / error
                return ChiSquareTest(statistic: z * z, degreesOfFreedom: 1)
            }
        }
    }
}

/// The shares of wins and losses with their covariance.
private struct WinMoments {
    let win: Double
    let loss: Double
    var winVariance = 0.0
    var lossVariance = 0.0
    var covariance = 0.0

    init(_ counts: WinCounts, treated: [Int], control: [Int]) {
        let n1 = Double(treated.count)
        let n0 = Double(control.count)
        let wins = Double(counts.levelWins.reduce(0, +)) / n1 / n0
        let losses = Double(counts.levelLosses.reduce(0, +)) / n1 / n0
        win = wins
        loss = losses
        for (rows, own, other, swapped) in [(treated, n1, n0, false), (control, n0, n1, true)] {
            for row in rows {
                // A control patient's losses are the treated group's wins.
                let w = Double(swapped ? counts.losses[row] : counts.wins[row]) / other - wins
                let l = Double(swapped ? counts.wins[row] : counts.losses[row]) / other - losses
                winVariance += w * w / (own * own)
                lossVariance += l * l / (own * own)
                covariance += w * l / (own * own)
            }
        }
    }

    func difference(level: ConfidenceLevel) -> Estimate {
        let variance = max(0, winVariance + lossVariance - 2 * covariance)
        return Estimate(normal: win - loss, standardError: variance.squareRoot(), level: level)
    }

    /// (win + share·ties)/(loss + share·ties).
    func ratio(tieShare: Double, level: ConfidenceLevel) -> Estimated<Estimate> {
        let top = win + tieShare * (1 - win - loss)
        let bottom = loss + tieShare * (1 - win - loss)
        guard bottom > 0 else {
            return .undefined(.init(code: "no-losses", reason: "the treated group loses no pair: nothing to divide by"))
        }
        guard top > 0 else {
            let reason = Undefined(code: "no-wins", reason: "the treated group wins no pair: log 0 has no error")
            return .value(
                Estimate(value: 0, standardError: .undefined(reason), interval: .undefined(reason), scale: .log))
        }
        // d log(top/bottom) by win and by loss.
        let byWin = (1 - tieShare) / top + tieShare / bottom
        let byLoss = -tieShare / top - (1 - tieShare) / bottom
        let variance =
            byWin * byWin * winVariance + byLoss * byLoss * lossVariance + 2 * byWin * byLoss * covariance
        return .value(
            Estimate(normal: top / bottom, standardError: max(0, variance).squareRoot(), scale: .log, level: level))
    }
}
