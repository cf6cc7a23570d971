import NumericsCore
import Regimes

/// Fitted Q evaluation (Le, Voloshin and Yue 2019): the value of a policy by regressions of r + γ V̂(s′) on what was observed.
///
/// Over the decisions of a log, with k steps to go: Q̂ₖ(s, a) ≈ E[r + γ Σ_b π(b | s′) Q̂ₖ₋₁(s′, b)], Q̂₀ = 0. The episodes are
/// parted into folds; the values in a fold come from a model that never saw it.
package struct FittedQEvaluation: Sendable {
    /// What the regression is made of.
    package enum Basis: String, Sendable, CaseIterable {
        /// A mean for each cell of ``StateCells`` and each level.
        case table
        /// Ridge regression for each level on ``ObservationBasis``.
        case quadratic
        case linear
    }
    /// Whether a decision's number matters.
    package enum Time: String, Sendable, CaseIterable {
        /// A model for each decision, from the decisions of the same number.
        case stages
        /// One model for all, iterated over the steps to go.
        case pooled
    }

    package var basis: Basis
    package var time: Time
    /// 1 for a model that is judged on its own rows.
    package var folds: Int
    /// The number of decisions after which nothing counts; nil where episodes end by events alone.
    package var horizon: Int?

    package init(basis: Basis, time: Time, folds: Int, horizon: Int?) {
        (self.basis, self.time, self.folds, self.horizon) = (basis, time, folds, horizon)
    }

    /// In words, for reports.
    package var description: String {
        let model = basis == .table ? "a table" : "\(basis.rawValue) ridge regression for each level"
        let when = time == .stages ? "one model for each decision" : "one model for all decisions"
        return
            "fitted Q evaluation by \(model), \(when), \(folds > 1 ? "cross-fitted in \(folds) folds" : "not cross-fitted")"
    }

    /// The fold of each episode: a random parting into equal parts.
    package static func parting(_ episodes: Int, folds: Int, seed: UInt64) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: .split, replicate: 0, patient: 0)
        var fold = [Int](repeating: 0, count: episodes)
        for (place, episode) in stream.nextPermutation(count: episodes).enumerated() { fold[episode] = place % folds }
        return fold
    }

    /// The values at all decisions.
    ///
    /// - Throws: ``OffPolicyError`` where no model can be fitted.
    package func values(
        _ log: LoggedEpisodes, target: TargetProbabilities, cells: StateCells?, variables: [Int], seed: UInt64
    ) throws -> ModelValues {
        let prepared = try PreparedQEvaluation(
            self, log, target: target, cells: cells, variables: variables, seed: seed)
        return try prepared.fit(counts: [Double](repeating: 1, count: log.episodes)).values
    }
}

/// A fitted Q evaluation of one log and policy, ready to be fitted again to resampled episodes.
///
/// The columns of points and the parting into folds stay as they are: an episode that is drawn twice is twice in its own fold, so
/// no model is judged on episodes that it has seen.
package struct PreparedQEvaluation: Sendable {
    let plan: FittedQEvaluation
    let log: LoggedEpisodes
    let target: TargetProbabilities
    let points: LoggedPoints
    let fold: [Int]

    package init(
        _ plan: FittedQEvaluation, _ log: LoggedEpisodes, target: TargetProbabilities, cells: StateCells?,
        variables: [Int], seed: UInt64
    ) throws {
        self.plan = plan
        self.log = log
        self.target = target
        points = try LoggedPoints(plan.basis, log, cells, variables)
        fold = FittedQEvaluation.parting(log.episodes, folds: max(1, plan.folds), seed: seed)
    }

    /// The values when episode i stands in the log `counts[i]` times; 0 at episodes that do not stand in it.
    ///
    /// - Returns: The values, and the multiplications that they took.
    package func fit(counts: [Double]) throws -> (values: ModelValues, work: Double) {
        var values = ModelValues(
            q: [Double](repeating: 0, count: log.decisions), v: [Double](repeating: 0, count: log.decisions),
            final: [Double](repeating: 0, count: log.episodes))
        let present = (0..<log.episodes).filter { counts[$0] > 0 }
        var work = 0.0
        for part in 0..<max(1, plan.folds) {
            let judged = present.filter { fold[$0] == part }
            let learned = plan.folds > 1 ? present.filter { fold[$0] != part } : judged
            guard !learned.isEmpty else {
                throw OffPolicyError.tooFewEpisodes(
                    found: present.count, needed: plan.folds, purpose: "cross-fitting")
            }
            var run = try FittedQRun(self, counts, learned: learned, judged: judged)
            try run.write(into: &values)
            work += run.work
        }
        return (values, work)
    }
}

extension LoggedEpisodes {
    /// Whether it is known what was observed after an episode's last decision.
    package func hasFinal(_ episode: Int) -> Bool { final.contains { !$0[episode].isNaN } }
}
