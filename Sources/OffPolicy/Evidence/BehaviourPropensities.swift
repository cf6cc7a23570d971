import NumericsCore
import Outcomes
import Regimes

/// The probability with which each action of a log was chosen: as it was logged, or estimated where it was not.
package struct BehaviourPropensities: Sendable {
    /// Where the probabilities come from.
    package enum Source: Sendable, Hashable {
        case logged
        /// Shares of choices among the decisions with the same observations.
        case frequencies(cells: Int, missing: Int)
        case logistic(missing: Int)

        /// In words, for reports.
        package var description: String {
            switch self {
            case .logged: "logged"
            case .frequencies(let cells, let missing):
                "estimated by frequencies in \(cells) cells (\(missing) were not logged)"
            case .logistic(let missing): "estimated by multinomial logistic regression (\(missing) were not logged)"
            }
        }
    }

    package let source: Source
    /// μ of the level that was chosen, for each decision.
    package let chosen: [Double]
    /// The estimated probability of every level, `[decision · levels + level]`, for the check of support: frequencies in
    /// cells, the logistic model, or the shares in the whole log.
    package let all: [Double]
    /// How many decisions each estimate in ``all`` rests on.
    package let basis: [Int]

    /// - Parameter cells: the log's cells where it has few; nil for a regression.
    package init(_ log: LoggedEpisodes, cells: StateCells?, variables: [Int]) throws {
        let levels = log.actions.levels.count
        var missing = 0
        for episode in 0..<log.episodes {
            for (step, decision) in log.range(of: episode).enumerated() {
                let value = log.propensity[decision]
                if value.isNaN {
                    missing += 1
                } else if !(value > 0 && value <= 1 + 1e-9) {
                    throw OffPolicyError.propensity(value, episode: episode, step: step)
                }
            }
        }
        if let cells {
            var counts = [Double](repeating: 0, count: cells.count * levels)
            var totals = [Int](repeating: 0, count: cells.count)
            for decision in 0..<log.decisions {
                counts[cells.of[decision] * levels + Int(log.chosen[decision])] += 1
                totals[cells.of[decision]] += 1
            }
            all = (0..<log.decisions * levels).map { place in
                let cell = cells.of[place / levels]
                return counts[cell * levels + place % levels] / Double(totals[cell])
            }
            basis = cells.of.map { totals[$0] }
            source = missing > 0 ? .frequencies(cells: cells.count, missing: missing) : .logged
        } else {
            all = missing > 0 ? try Self.regressed(log, variables, levels) : Self.shares(log, levels)
            basis = [Int](repeating: log.decisions, count: log.decisions)
            source = missing > 0 ? .logistic(missing: missing) : .logged
        }
        let estimates = all
        // All of one kind: a log in which some probabilities are missing is estimated throughout.
        chosen =
            missing == 0
            ? log.propensity : log.chosen.indices.map { estimates[$0 * levels + Int(log.chosen[$0])] }
    }

    /// How often each level was chosen in the whole log, at every decision.
    private static func shares(_ log: LoggedEpisodes, _ levels: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: levels)
        for level in log.chosen { counts[Int(level)] += 1 }
        return (0..<log.decisions * levels).map { counts[$0 % levels] / Double(log.decisions) }
    }

    private static func regressed(_ log: LoggedEpisodes, _ variables: [Int], _ levels: Int) throws -> [Double] {
        let rows = Array(0..<log.decisions)
        let basis = ObservationBasis(log, variables: variables, rows: rows, isQuadratic: false)
        var design: [Double] = []
        design.reserveCapacity(rows.count * basis.columns)
        for decision in rows { design += basis.row { log.observations[$0][decision] } }
        let choices = MultinomialLogistic.Choices(
            design: design, columns: basis.columns, chosen: log.chosen.map(Int.init), levels: levels,
            allowed: log.allowed)
        do {
            return try MultinomialLogistic(choices, penalty: penalty).probabilities(choices)
        } catch { throw OffPolicyError.noFit("the behaviour: \(error)") }
    }

    /// Of each coefficient of a standardised column: next to none, and enough to keep those of separable data finite.
    private static let penalty = 1e-4
}
