import NumericsCore
import Outcomes

/// A score watched in windows of calendar time, again and again: how soon each monitor sees a change, and how often it
/// alarms without one.
package struct MonitoringPlan: Sendable {
    /// A measure with the chart that decides when it has moved.
    package struct Monitor: Sendable {
        package var name: String
        package var measure: DriftMeasure
        package var chart: ControlChart
        /// The windows between false alarms that the limit was chosen for; nil for a limit that was given.
        package var designedRunLength: Double?

        package init(name: String, measure: DriftMeasure, chart: ControlChart, designedRunLength: Double?) {
            self.name = name
            self.measure = measure
            self.chart = chart
            self.designedRunLength = designedRunLength
        }
    }

    /// What happens at a window.
    package struct Change: Sendable {
        /// The first window of the change, from 1, counted from the first that is watched.
        package var from: Int
        package var population: ScoredPopulation

        package init(from: Int, population: ScoredPopulation) {
            self.from = from
            self.population = population
        }
    }

    package var seed: UInt64
    /// Patients in each window.
    package var patients: Int
    /// Windows before watching starts, whose patients are the monitors' normal.
    package var baseline: Int
    package var population: ScoredPopulation
    package var change: Change?
    package var monitors: [Monitor]
    /// A series without an alarm ends after so many windows, after the change where there is one.
    package var longest: Int
    package var replicates: Int
    /// The numbers of windows after the change within which detection is reported.
    package var within: [Int]

    package init(
        seed: UInt64, patients: Int, baseline: Int, population: ScoredPopulation, change: Change?, monitors: [Monitor],
        longest: Int, replicates: Int, within: [Int]
    ) {
        self.seed = seed
        self.patients = patients
        self.baseline = baseline
        self.population = population
        self.change = change
        self.monitors = monitors
        self.longest = longest
        self.replicates = replicates
        self.within = within
    }

    // MARK: Windows

    /// The patients of the windows before watching starts.
    func baseline(_ replicate: Int, _ key: StreamKey) throws(InvalidInput) -> DriftBaseline {
        var everyone: [ScoredOutcome] = []
        for window in 0..<baseline {
            everyone += patients(replicate, position: window, population, key)
        }
        everyone.sort { $0.score < $1.score }
        return try DriftBaseline(everyone)
    }

    /// The patients of a watched window, from 1. A series with the change and one without share their random numbers, and
    /// so their patients until the change.
    func window(_ window: Int, _ replicate: Int, _ population: ScoredPopulation, _ key: StreamKey) -> [ScoredOutcome] {
        patients(replicate, position: baseline + window - 1, population, key)
    }

    private func patients(
        _ replicate: Int, position: Int, _ population: ScoredPopulation, _ key: StreamKey
    ) -> [ScoredOutcome] {
        var stream = RandomStream(
            key: key, replicate: UInt32(truncatingIfNeeded: replicate), patient: UInt32(truncatingIfNeeded: position))
        return population.window(of: patients, &stream)
    }
}
