/// What the estimation of G by Kaplan–Meier adds to each patient's influence on a sum of parts weighted by 1/G.
///
/// Patient k adds ∫ a(u)·dMₖ(u)/Y(u), with a(u) the sum of the parts whose weight a censoring at u changes, Y the number
/// under observation (those with the event at u among them, as riskRegression) and Mₖ the censoring martingale of k.
/// Everything is in the order of the sorted patients. Source: Blanche et al. 2015, Biometrics 71:102.
struct CensoringInfluence: Sendable {
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
        for (position, row) in data.order.enumerated() {
            let time = data.times[row]
            while before < censoring.times.count, censoring.times[before] < time { before += 1 }
            let here = before < censoring.times.count && censoring.times[before] == time ? before + 1 : before
            passed[position] = Int32(weights == .beforeEvent ? before : here)
            reached[position] = Int32(here)
        }
        self.passed = passed
        self.reached = reached
        isCensored = data.order.map { !data.events[$0] }
    }

    /// Adds what the censoring part is, O(n + C); what is added sums to 0.
    ///
    /// - Parameters:
    ///   - eventParts: the weighted parts of patients with an event that counts, 0 for all others.
    ///   - laterParts: the sums of the parts weighted by 1/G(t) of those followed longer than t, for each t.
    func add(_ eventParts: [Double], laterParts: [(time: Double, sum: Double)], to influences: inout [Double]) {
        let count = censoring.times.count
        guard count > 0 else { return }
        // A part is affected by the first b censoring times; collected at b, then summed from the end.
        var affected = [Double](repeating: 0, count: count + 1)
        for position in eventParts.indices { affected[Int(passed[position])] += eventParts[position] }
        for part in laterParts { affected[censoring.times.partitioningIndex { $0 > part.time }] += part.sum }
        for index in (0..<count).reversed() { affected[index] += affected[index + 1] }
        var compensators = [Double](repeating: 0, count: count + 1)
        for index in 0..<count {
            let y = Double(censoring.underObservation[index])
            compensators[index + 1] =
                compensators[index] + affected[index + 1] * Double(censoring.censored[index]) / (y * y)
        }
        for position in influences.indices {
            let index = Int(reached[position])
            influences[position] -= compensators[index]
            if isCensored[position] {
                influences[position] += affected[index] / Double(censoring.underObservation[index - 1])
            }
        }
    }
}
