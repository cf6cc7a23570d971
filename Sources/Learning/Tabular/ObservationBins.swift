import Environments
import Regimes

/// Bins of observations for tables.
///
/// A variable of whole numbers keeps each of them; one with few values keeps each of those; others are cut at quantiles of
/// what was logged first.
enum ObservationBins {
    static let maximumCells = 400_000
    private static let whole = 2000.0
    private static let few = 12

    /// - Throws: ``LearningProblem/unsuitable(method:reason:)`` where the table would be too large.
    static func table(
        _ task: LearningTask, _ log: LoggedEpisodes, bins: Int, stages: Int, method: String
    ) throws(LearningProblem) -> TablePolicy {
        let cuts = zip(task.facts.observations, log.observations).map { Self.cuts($0, $1, bins: bins) }
        let horizon = task.facts.horizon ?? 0
        let stage = (1..<max(1, min(stages, horizon))).map { Double(horizon * $0 / max(1, min(stages, horizon))) }
        let cells = TablePolicy.cells(cuts, stage)
        guard cells <= maximumCells else {
            throw .unsuitable(
                method: method,
                reason:
                    "a table of \(cells) cells, allowed: \(maximumCells); set fewer 'bins' or learn with 'fqi-trees'")
        }
        let zeros = cuts.map { _ in 0.0 }
        let inputs = PolicyInputs(names: log.variables, means: zeros, deviations: zeros)
        return TablePolicy(frame: task.frame(inputs), cuts: cuts, stages: stage)
    }

    static func cuts(_ variable: ObservedVariable, _ values: [Double], bins: Int) -> [Double] {
        let sorted = values.filter { !$0.isNaN }.sorted()
        guard let first = sorted.first, let last = sorted.last else { return [] }
        let isWhole = sorted.allSatisfy { $0 == $0.rounded() }
        if isWhole, variable.low == variable.low.rounded(), variable.high == variable.high.rounded(),
            variable.high - variable.low <= whole
        {
            return stride(from: variable.low + 0.5, to: variable.high, by: 1).map(\.self)
        }
        var distinct: [Double] = [first]
        for value in sorted where value > distinct[distinct.count - 1] && distinct.count <= few {
            distinct.append(value)
        }
        if distinct.count <= few {
            return zip(distinct, distinct.dropFirst()).map { $0 + ($1 - $0) / 2 }
        }
        var cuts: [Double] = []
        for bin in 1..<max(1, bins) {
            let cut = sorted[min(sorted.count - 1, sorted.count * bin / bins)]
            if cut < last, cut > cuts.last ?? -.infinity { cuts.append(cut) }
        }
        return cuts
    }
}
