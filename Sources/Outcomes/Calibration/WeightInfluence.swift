/// What the estimation of G by Kaplan–Meier adds to each patient's influence on a sum of parts weighted by 1/G.
///
/// Patient k adds ∫ a(u)·dMₖ(u)/Y(u), with a(u) the sum of the parts whose weight a censoring at u changes, Y the number
/// under observation (those with the event at u among them, as riskRegression) and Mₖ the censoring martingale of k.
/// Source: Blanche et al. 2015, Biometrics 71:102.
struct WeightInfluence: Sendable {
    private let censoring: CensoringDistribution
    /// For each patient, the number of censoring times that lower the weight of an event at the patient's time.
    private let passed: [Int32]
    /// For each patient, the number of censoring times at or before the patient's time.
    private let reached: [Int32]
    private let isCensored: [Bool]

    /// O(n + C) for C censoring times.
    init(_ data: SurvivalData, _ censoring: CensoringDistribution, _ weights: TimeDependentAUC.CaseWeight) {
        self.censoring = censoring
        var passed = [Int32](repeating: 0, count: data.count)
        var reached = passed
        var before = 0
        let (order, ownTimes, censoringTimes) = (data.order, data.times, censoring.times)
        for position in 0..<order.count {
            let row = order[position]
            let time = ownTimes[row]
            while before < censoringTimes.count, censoringTimes[before] < time { before += 1 }
            let here = before < censoringTimes.count && censoringTimes[before] == time ? before + 1 : before
            passed[row] = Int32(weights == .beforeEvent ? before : here)
            reached[row] = Int32(here)
        }
        self.passed = passed
        self.reached = reached
        isCensored = data.events.map { !$0 }
    }

    /// Adds what the censoring part is, O(n + C); what is added sums to 0.
    ///
    /// - Parameters:
    ///   - eventParts: the weighted parts of patients with an event that counts, 0 for all others.
    ///   - laterParts: the sums of the parts weighted by 1/G(t) of those followed longer than t, for each t.
    func add(_ eventParts: [Double], laterParts: [(time: Double, sum: Double)], to influences: inout [Double]) {
        let count = censoring.times.count
        guard count > 0 else { return }
        let (passed, reached, isCensored) = (passed, reached, isCensored)
        let (lost, under) = (censoring.censored, censoring.underObservation)
        // A part is affected by the first b censoring times; collected at b, then summed from the end.
        var affected = [Double](repeating: 0, count: count + 1)
        for row in eventParts.indices { affected[Int(passed[row])] += eventParts[row] }
        for part in laterParts { affected[censoring.times.partitioningIndex { $0 > part.time }] += part.sum }
        for index in (0..<count).reversed() { affected[index] += affected[index + 1] }
        var compensators = [Double](repeating: 0, count: count + 1)
        for index in 0..<count {
            let y = Double(under[index])
            compensators[index + 1] = compensators[index] + affected[index + 1] * Double(lost[index]) / (y * y)
        }
        for row in influences.indices {
            let index = Int(reached[row])
            influences[row] -= compensators[index]
            if isCensored[row] { influences[row] += affected[index] / Double(under[index - 1]) }
        }
    }
}
