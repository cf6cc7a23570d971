import Environments
import NumericsCore
import Regimes

/// Logged decisions ready for learning: standardised inputs row after row, where each decision leads, and what counts.
///
/// Rows 0..<``count`` are decisions, and one row for each episode follows with what was observed after its last decision. A
/// decision leads to the next one of its episode; the last one leads nowhere where an event ended the episode or the horizon
/// is part of the problem, and otherwise to the row behind: **an event ends what can be gained, a truncation does not**.
package struct Decisions: Sendable {
    package let inputs: PolicyInputs
    /// Inputs of a row.
    package let width: Int
    /// `z[row · width + input]`
    package let z: [Double]
    /// The decision's number in its episode, `[row]`.
    package let stage: [Double]
    /// The level that was chosen, `[decision]`.
    package let level: [Int32]
    package let reward: [Double]
    /// The row that a decision leads to, −1 for none.
    package let next: [Int32]
    /// Open levels as bits, `[row]`.
    package let open: [UInt64]
    package let propensity: [Double]
    /// What an episode counts in a fit, `[decision]`.
    package let weight: [Double]
    package let starts: [Int]

    package var count: Int { level.count }
    package var episodes: Int { starts.count - 1 }

    /// - Parameters:
    ///   - reward: the reward of each decision, what harm costs taken off.
    ///   - weight: what each episode counts.
    ///   - horizon: after that many decisions nothing is to be had; nil where a cut always hides something.
    package init(
        _ log: LoggedEpisodes, inputs: PolicyInputs, reward: [Double], weight: [Double], horizon: Int?
    ) {
        let (count, width, episodes) = (log.decisions, inputs.count, log.episodes)
        let places = inputs.names.compactMap { log.variables.firstIndex(of: $0) }
        precondition(places.count == inputs.names.count, "The log lacks variables of the inputs.")
        var z = [Double](repeating: 0, count: (count + episodes) * max(1, width))
        var stage = [Double](repeating: 0, count: count + episodes)
        var next = [Int32](repeating: -1, count: count)
        var weights = [Double](repeating: 1, count: count)
        z.withUnsafeMutableBufferPointer { z in
            guard let base = z.baseAddress else { return }
            for episode in 0..<episodes {
                let range = log.range(of: episode)
                for row in range {
                    stage[row] = Double(row - range.lowerBound)
                    inputs.fill(decision: stage[row], into: base + row * width) { log.observations[places[$0]][row] }
                    next[row] = Int32(row + 1)
                    weights[row] = weight[episode]
                }
                let last = count + episode
                stage[last] = Double(range.count)
                inputs.fill(decision: stage[last], into: base + last * width) { log.final[places[$0]][episode] }
                guard let end = range.last else { continue }
                let isOver = log.endedByEvent[episode] || horizon.map { range.count >= $0 } ?? false
                let isUnknown = places.allSatisfy { log.final[$0][episode].isNaN }
                next[end] = isOver || isUnknown ? -1 : Int32(last)
            }
        }
        self.inputs = inputs
        self.width = width
        self.z = z
        self.stage = stage
        level = log.chosen
        self.reward = reward
        self.next = next
        open = log.allowed + log.finalAllowed
        propensity = log.propensity
        self.weight = weights
        starts = log.starts
    }
}

extension PolicyInputs {
    /// Standardises by the means and deviations of a log.
    ///
    /// - Parameter time: decisions by which the number of the decision is divided, if it is to be an input.
    package init(of log: LoggedEpisodes, time: Double?) {
        var (means, deviations, indicators) = ([Double](), [Double](), [Int]())
        for (index, values) in log.observations.enumerated() {
            var moments = RunningMoments()
            for value in values where !value.isNaN { moments.add(value) }
            let mean = moments.mean ?? 0
            let deviation = (moments.variance ?? 0).squareRoot()
            means.append(mean)
            // What varies by rounding alone is constant.
            deviations.append(deviation > 1e-12 * abs(mean) ? deviation : 0)
            let missing = values.count - moments.count
            if missing > 0, moments.count > 0 { indicators.append(index) }
        }
        self.init(names: log.variables, means: means, deviations: deviations, indicators: indicators, time: time)
    }
}

extension PolicyFile.Input {
    /// What was seen of each variable: the 1st and 99th percentile, and how often it was missing.
    package static func seen(in log: LoggedEpisodes) -> [PolicyFile.Input] {
        zip(log.variables, log.observations).map { name, values in
            let sorted = values.filter { !$0.isNaN }.sorted()
            func percentile(_ share: Double) -> Double {
                sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
            }
            return PolicyFile.Input(
                name: name, low: percentile(0.01), high: percentile(0.99),
                missing: values.isEmpty ? 0 : 1 - Double(sorted.count) / Double(values.count))
        }
    }
}
