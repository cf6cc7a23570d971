import Cohorts
import Environments
import NumericsCore
import Studies
import Synchronization
import Trials

/// The patients of episodes, drawn in batches as the trial's are; the latest batches are kept for all who need them.
final class TrialCohorts: Sendable {
    /// Episodes whose patients are drawn together. Who is drawn depends on the seed and the episode's number alone.
    static let batchSize = 512
    private static let kept = 32

    private let population: Population
    private let strata: Strata.Design
    private let half: Population.Half
    private let latest = Mutex<[(key: Key, batch: Batch)]>([])

    private struct Key: Equatable {
        let seed: UInt64
        let number: UInt32
    }

    /// A batch of patients.
    struct Batch: Sendable {
        let cohort: Cohort
        /// `groups[grouping][row]`
        let groups: [[Int]]
    }

    init(_ population: Population, _ strata: Strata.Design, half: Population.Half) {
        self.population = population
        self.strata = strata
        self.half = half
    }

    /// The batch of an episode's patient, and the patient's row in it.
    func patient(of episode: Int, seed: UInt64) throws -> (batch: Batch, row: Int) {
        let key = Key(seed: seed, number: UInt32(truncatingIfNeeded: episode / Self.batchSize))
        let row = episode % Self.batchSize
        if let found = latest.withLock({ $0.first { $0.key == key }?.batch }) { return (found, row) }
        let cohort = try population.cohort(
            count: Self.batchSize, replicate: key.number, half: half, seed: seed)
        let columns = try strata.groups(of: cohort).columns
        let batch = Batch(cohort: cohort, groups: columns.map { Self.places($0, count: cohort.count) })
        latest.withLock { latest in
            if latest.count == Self.kept { latest.removeFirst() }
            latest.append((key, batch))
        }
        return (batch, row)
    }

    /// The group of each row.
    private static func places(_ column: Strata.Column, count: Int) -> [Int] {
        var places = [Int](repeating: 0, count: count)
        for (group, rows) in column.grouping.rows.enumerated() {
            for row in rows { places[row] = group }
        }
        return places
    }

    /// The strata as groupings of episodes.
    func groupings(seed: UInt64) throws -> [Environments.Grouping] {
        let cohort = try patient(of: 0, seed: seed).batch.cohort
        return try strata.groups(of: cohort).columns.map {
            Environments.Grouping($0.name, groups: $0.grouping.labels)
        }
    }
}
