import Evaluation
import NumericsCore
import Outcomes

/// P(not censored by t) of each person, from which inverse-probability weights are made.
///
/// Kaplan and Meier's curve of being censored, or a Cox model's. At equal times events come before censorings.
struct CensoringFit: Sendable {
    /// Times with a censoring, ascending.
    private let times: [Double]
    /// The cumulative hazard after each of them (Cox), or −log of the curve.
    private let curve: [Double]
    /// exp(γ·(x − x̄)) of each person; empty for one curve.
    private let risks: [Double]
    private let isCox: Bool

    /// - Parameter frequency: how often each person counts.
    init(_ outcome: SurvivalOutcome, frequency: [Double]) throws {
        let people = frequency.indices.filter { frequency[$0] > 0 }
        if outcome.model == .cox, !outcome.covariates.isEmpty {
            let data = try SurvivalData(
                times: people.map { outcome.times[$0] }, events: people.map { !outcome.events[$0] })
            if data.eventCount > 0 {
                let columns = outcome.covariates.map { column in
                    CovariateColumn(column.name, people.map { column.values[$0] })
                }
                let weights = people.map { frequency[$0] }
                let isPlain = weights.allSatisfy { $0 == 1 }
                let model = try CoxModel(data, covariates: columns, weights: isPlain ? nil : weights)
                let total = weights.reduce(0, +)
                let centres = columns.map { column in
                    zip(column.values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
                }
                times = model.baselines.first?.times ?? []
                curve = model.baselines.first?.hazardAtMeans ?? []
                risks = outcome.times.indices.map { person in
                    var eta = 0.0
                    for (j, column) in outcome.covariates.enumerated() {
                        eta += model.coefficients[j].estimate * (column.values[person] - centres[j])
                    }
                    return Elementary.exp(eta)
                }
                isCox = true
                return
            }
        }
        (times, curve) = Self.productLimit(outcome, people, frequency)
        risks = []
        isCox = false
    }

    private static func productLimit(
        _ outcome: SurvivalOutcome, _ people: [Int], _ frequency: [Double]
    ) -> ([Double], [Double]) {
        let order = people.sorted { (outcome.times[$0], $0) < (outcome.times[$1], $1) }
        var left = people.reduce(0) { $0 + frequency[$1] }
        var (times, curve): ([Double], [Double]) = ([], [])
        var survival = 1.0
        var index = 0
        while index < order.count {
            let time = outcome.times[order[index]]
            var (deaths, censored) = (0.0, 0.0)
            while index < order.count, outcome.times[order[index]] == time {
                let person = order[index]
                if outcome.events[person] { deaths += frequency[person] } else { censored += frequency[person] }
                index += 1
            }
            if censored > 0 {
                survival *= 1 - censored / (left - deaths)
                times.append(time)
                curve.append(survival)
            }
            left -= deaths + censored
        }
        return (times, curve)
    }

    /// G(t−): not censored before t.
    func before(_ time: Double, _ person: Int) -> Double {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] >= time { high = middle } else { low = middle + 1 }
        }
        guard low > 0 else { return 1 }
        return isCox ? Elementary.exp(-curve[low - 1] * risks[person]) : curve[low - 1]
    }
}

/// Who counts in the regression of a stage, and with what weight, when outcomes may be censored.
struct StageCensoring: Sendable {
    /// 0 for who does not count.
    let weights: [Double]

    /// - Parameters:
    ///   - fit: nil where the stage has a logistic model of its own or nobody is weighted.
    ///   - predictsLater: whether the outcome of who came to the next stage is predicted there, so that it is known from then on.
    init(
        _ problem: RegimeProblem, stage index: Int, fit: CensoringFit?, predictsLater: Bool, frequency: [Double]
    ) throws {
        let stage = problem.stages[index]
        guard let survival = problem.survival, survival.outcome != .pseudo else {
            weights = [Double](repeating: 1, count: stage.count)
            return
        }
        let known = stage.persons.map { survival.isKnown($0) }
        guard let fit else {
            weights = try Self.logistic(stage, known, frequency)
            return
        }
        let next = index + 1 < problem.stages.count ? problem.stages[index + 1] : nil
        let found = (0..<stage.count).map { row -> Double in
            let person = stage.persons[row]
            let from = fit.before(stage.start[row], person)
            if let next, predictsLater {
                let later = problem.rowOf[index + 1][person]
                if later >= 0, next.start[later] > 0 { return from / fit.before(next.start[later], person) }
            }
            let end = survival.outcome == .log ? survival.times[person] : min(survival.times[person], survival.tau)
            return known[row] ? from / fit.before(end, person) : 0
        }
        guard found.allSatisfy(\.isFinite) else {
            throw EvaluationErrors(
                "hardly anybody is seen as long as some were, so that weights have no end; shorten tau", at: "survival")
        }
        weights = found
    }

    /// 1/P(event seen | x), as DTRreg's DWSurv.
    private static func logistic(_ stage: StageData, _ known: [Bool], _ frequency: [Double]) throws -> [Double] {
        guard let design = stage.censoring, known.contains(false) else { return known.map { $0 ? 1 : 0 } }
        let fit = LogisticFit(design, known.map { $0 ? 1 : 0 }, frequency)
        guard fit.failure == nil else {
            throw EvaluationErrors(
                "the logistic censoring model has no finite estimate; leave covariates out", at: stage.name)
        }
        return known.indices.map { known[$0] ? 1 / fit.probabilities[$0] : 0 }
    }
}
