/// Who is at risk of the subdistribution event at each time, and with what weight: G(t−)/G(T−) after another cause at T.
struct SubdistributionWeights {
    struct Step {
        let time: Double
        /// Rows with the event of interest.
        let events: [Int]
        /// Rows with another cause.
        let competing: [Int]
        let censored: [Int]
        /// G(t−) of each censoring stratum.
        let free: [Double]
        /// Those at risk of censoring in each censoring stratum; only where somebody is censored.
        let underObservation: [Int]
    }

    let steps: [Step]
    /// The indices of the steps with an event of interest.
    let eventTimes: [Int]
    /// The censoring stratum of each row, from 0.
    let strata: [Int]
    let strataCount: Int
    /// 1/G(T−) of rows with another cause, 0 for the rest.
    let reciprocal: [Double]

    /// - Parameter eventsAtRisk: whether a patient with an event at t is at risk of censoring at t.
    init(_ data: CompetingRisksData, cause: Int, strata: Grouping?, eventsAtRisk: Bool) {
        let width = max(1, strata?.labels.count ?? 1)
        let codes = strata?.codes ?? [Int](repeating: 0, count: data.count)
        var atRisk = [Int](repeating: 0, count: width)
        for code in codes { atRisk[code] += 1 }
        var free = [Double](repeating: 1, count: width)
        var reciprocal = [Double](repeating: 0, count: data.count)
        var steps: [Step] = []
        for step in StratumSweep(data.anyCause, rows: data.anyCause.order).steps {
            let before = free
            for row in step.events where data.causes[row] != cause { reciprocal[row] = 1 / before[codes[row]] }
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
                    free: before, underObservation: step.censored.isEmpty ? [] : exposed))
        }
        self.steps = steps
        eventTimes = steps.indices.filter { !steps[$0].events.isEmpty }
        self.strata = codes
        strataCount = width
        self.reciprocal = reciprocal
    }
}
