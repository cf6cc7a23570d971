/// Who is at risk of the subdistribution event at each time, and with what weight: G(t−)/G(T−) after another cause at T.
/// With delayed entry G(t−)·H(t−)/(G(T−)·H(T−)), H the distribution of entry times. Source: Geskus 2011, Biometrics 67:39.
struct SubdistributionWeights {
    struct Step {
        let time: Double
        /// Rows with the event of interest.
        let events: [Int]
        /// Rows with another cause.
        let competing: [Int]
        let censored: [Int]
        /// G(t−), or G(t−)·H(t−), of each censoring stratum.
        let free: [Double]
        /// Rows that enter from this time on and before the next step's; those at risk here do not hold them.
        let entering: [Int]
        /// Those at risk of censoring in each censoring stratum; only where somebody is censored.
        let underObservation: [Int]
    }

    let steps: [Step]
    /// The indices of the steps with an event of interest.
    let eventTimes: [Int]
    /// The censoring stratum of each row, from 0.
    let strata: [Int]
    let strataCount: Int
    /// 1/G(T−), or 1/(G(T−)·H(T−)), of rows with another cause, 0 for the rest.
    let reciprocal: [Double]
    /// Whether anybody enters late.
    let isDelayed: Bool

    /// - Parameter eventsAtRisk: whether a patient with an event at t is at risk of censoring at t.
    init(_ data: CompetingRisksData, cause: Int, strata: Grouping?, eventsAtRisk: Bool) throws(FineGrayError) {
        let width = max(1, strata?.labels.count ?? 1)
        let codes = strata?.codes ?? [Int](repeating: 0, count: data.count)
        var atRisk = [Int](repeating: 0, count: width)
        let sweep = StratumSweep(data.anyCause, rows: data.anyCause.order).steps
        let entries = DelayedEntries(data, codes: codes, width: width, times: sweep.map(\.time))
        isDelayed = entries != nil
        for row in entries?.first ?? Array(codes.indices) { atRisk[codes[row]] += 1 }
        var free = [Double](repeating: 1, count: width)
        var reciprocal = [Double](repeating: 0, count: data.count)
        var steps: [Step] = []
        for (index, step) in sweep.enumerated() {
            var before = free
            if let entries { for code in 0..<width { before[code] *= entries.entered[index * width + code] } }
            for row in step.events where data.causes[row] != cause {
                guard before[codes[row]] > 0 else { throw .gap(time: step.time) }
                reciprocal[row] = 1 / before[codes[row]]
            }
            var exposed = atRisk
            for row in step.events {
                atRisk[codes[row]] -= 1
                if !eventsAtRisk { exposed[codes[row]] -= 1 }
            }
            var censored = [Int](repeating: 0, count: width)
            for row in step.censored {
                atRisk[codes[row]] -= 1
                censored[codes[row]] += 1
            }
            for code in 0..<width where censored[code] > 0 {
                free[code] *= Double(exposed[code] - censored[code]) / Double(exposed[code])
            }
            steps.append(
                Step(
                    time: step.time, events: step.events.filter { data.causes[$0] == cause },
                    competing: step.events.filter { data.causes[$0] != cause }, censored: Array(step.censored),
                    free: before, entering: entries?.entering[index] ?? [],
                    underObservation: step.censored.isEmpty ? [] : exposed))
            for row in entries?.entering[index] ?? [] { atRisk[codes[row]] += 1 }
        }
        self.steps = steps
        eventTimes = steps.indices.filter { !steps[$0].events.isEmpty }
        self.strata = codes
        strataCount = width
        self.reciprocal = reciprocal
    }
}

/// Who enters between the steps, and H, the product limit of the entry times in reversed time.
///
/// ```
/// H(t−) = ∏_{v ≥ t} (1 − entries at v / #{entry ≤ v < time})
/// ```
///
/// A patient who enters at v is not yet at risk of what happens at v. O(n log n).
private struct DelayedEntries {
    /// Rows that enter before the first step.
    private(set) var first: [Int] = []
    /// Rows that enter from each step on and before the next.
    private(set) var entering: [[Int]]
    /// H(t−) of each step and censoring stratum.
    private(set) var entered: [Double]

    /// - Returns: nil where everybody enters before the first step.
    init?(_ data: CompetingRisksData, codes: [Int], width: Int, times: [Double]) {
        guard let entries = data.entries, let start = times.first, entries.contains(where: { $0 >= start }) else {
            return nil
        }
        entering = [[Int]](repeating: [], count: times.count)
        entered = [Double](repeating: 1, count: times.count * width)
        let byEntry = entries.indices.sorted { (entries[$0], $0) < (entries[$1], $1) }
        let byTime = data.anyCause.order
        var step = -1
        for row in byEntry {
            while step + 1 < times.count, times[step + 1] <= entries[row] { step += 1 }
            if step < 0 { first.append(row) } else { entering[step].append(row) }
        }
        var observed = [Int](repeating: 0, count: width)
        var product = [Double](repeating: 1, count: width)
        var (entry, exit) = (byEntry.count, byTime.count)
        for index in times.indices.reversed() {
            while entry > 0, entries[byEntry[entry - 1]] >= times[index] {
                let time = entries[byEntry[entry - 1]]
                while exit > 0, data.times[byTime[exit - 1]] > time {
                    exit -= 1
                    observed[codes[byTime[exit]]] += 1
                }
                var late = [Int](repeating: 0, count: width)
                while entry > 0, entries[byEntry[entry - 1]] == time {
                    entry -= 1
                    late[codes[byEntry[entry]]] += 1
                }
                for code in 0..<width where late[code] > 0 {
                    product[code] *= Double(observed[code] - late[code]) / Double(observed[code])
                    observed[code] -= late[code]
                }
            }
            for code in 0..<width { entered[index * width + code] = product[code] }
        }
    }
}
