import Outcomes
import Regimes

/// What one run of a sequential trial estimates: the value of every embedded regime, and one contrast, by each method.
package struct SequentialEstimate: Sendable {
    /// In the order of ``EmbeddedRegimeValues/Method``: a cell for each regime, and last the contrast with its p-value.
    package let byMethod: [TrialEstimate]
    /// The regime that comes out best by weighting.
    package let selected: Int?
    /// The true value of the regime that Q-learning found, from twins; NaN where it could not be learned.
    package let learnedValue: Double

    package init(byMethod: [TrialEstimate], selected: Int?, learnedValue: Double) {
        self.byMethod = byMethod
        self.selected = selected
        self.learnedValue = learnedValue
    }

    /// - Parameter contrast: two regimes, the first minus the second.
    package init(
        _ observed: SequentialTrial.Observed, _ trial: SequentialTrial, contrast: (Int, Int), isHigherBetter: Bool,
        truth: SequentialTruth
    ) {
        let values = EmbeddedRegimeValues.Method.allCases.map {
            EmbeddedRegimeValues(observed.data, regimes: trial.regimes, method: $0)
        }
        byMethod = values.map { values in
            let difference = values.difference(contrast.0, minus: contrast.1)
            let cells =
                zip(values.counts, values.values).map { EstimateCell(count: $0, $1) } + [
                    EstimateCell(count: observed.data.count, difference)
                ]
            let p = difference.value?.nullTest.value?.pValue ?? .nan
            return TrialEstimate(cells: cells, pValues: trial.regimes.map { _ in .nan } + [p])
        }
        selected = values[0].best(highest: isHigherBetter)
        learnedValue = truth.value(of: Self.learn(observed, trial, isHigherBetter))
    }

    /// Q-learning on the patients of whom everything is known; nil where it has no solution.
    private static func learn(
        _ observed: SequentialTrial.Observed, _ trial: SequentialTrial, _ isHigherBetter: Bool
    ) -> SequentialQLearning? {
        let columns = observed.baseline + observed.interim
        let data = observed.data
        let known = (0..<data.count).filter { patient in columns.allSatisfy { $0[patient].isFinite } }
        func named(_ names: [String], _ values: [[Double]]) -> [CovariateColumn] {
            zip(names, values).map { name, column in CovariateColumn(name, known.map { column[$0] }) }
        }
        guard
            let some = try? SequentialTrialData(
                first: known.map { data.first[$0] }, responded: known.map { data.responded[$0] },
                second: known.map { data.second[$0] }, outcome: known.map { data.outcome[$0] },
                probability: known.map { data.probability[$0] })
        else { return nil }
        return try? SequentialQLearning(
            some, baseline: named(trial.baseline, observed.baseline), interim: named(trial.interim, observed.interim),
            options: trial.options, isHigherBetter: isHigherBetter)
    }
}

/// Every twin in every embedded regime: what any regime that chooses among their options is worth.
package struct SequentialTruth: Sendable {
    private let regimes: [EmbeddedRegime]
    private let records: [ArmRecord]
    private let endpoint: Int
    /// `baseline[feature][patient]`, and by arm `responded[arm][patient]` and `interim[arm][feature][patient]`.
    private let baseline: [[Double]]
    private let responded: [[Bool]]
    private let interim: [[[Double]]]

    /// - Parameters: the twins' records and logs, one for each arm of the trial.
    package init(_ trial: SequentialTrial, records: [ArmRecord], logs: [DecisionLog]) {
        regimes = trial.regimes
        self.records = records
        endpoint = trial.endpoint
        baseline = trial.baseline.map { logs.first?.column($0, visit: 0) ?? [] }
        responded = logs.map { log in log.column(SequenceRegime.responded, visit: trial.visit).map { $0 == 1 } }
        interim = logs.map { log in trial.interim.map { log.column($0, visit: trial.visit) } }
    }

    /// The share of the twins who respond to a first option.
    package func responseRate(first: Int) -> Double {
        guard let arm = regimes.firstIndex(where: { $0.first == first }), !responded[arm].isEmpty else { return .nan }
        return Double(responded[arm].count { $0 }) / Double(responded[arm].count)
    }

    /// The mean outcome of the twins under a learned regime, each treated as it says; NaN without one.
    package func value(of learned: SequentialQLearning?) -> Double {
        guard let learned, let count = records.first?.patients.count else { return .nan }
        var (sum, known) = (0.0, 0)
        for patient in 0..<count {
            let first = learned.firstOption(baseline.map { $0[patient] })
            // Until the second stage all regimes that begin alike are one.
            guard let any = regimes.firstIndex(where: { $0.first == first }) else { continue }
            let isResponder = responded[any][patient]
            let option = learned.secondOption(
                first: first, responded: isResponder, interim[any].map { $0[patient] })
            let arm = regimes.firstIndex {
                $0.first == first && (isResponder ? $0.responders : $0.others) == option
            }
            let outcome = arm.map { records[$0].values[endpoint][patient] } ?? .nan
            if outcome.isFinite { (sum, known) = (sum + outcome, known + 1) }
        }
        return known > 0 ? sum / Double(known) : .nan
    }
}
