/// What the estimation of the censoring distribution adds to the influence of each patient on a weighted statistic.
///
/// For a statistic whose linear part is Σ Lᵢ with Lᵢ proportional to 1/G(uᵢ−), patient k adds ∫ a(u)·dMₖ(u)/Y(u), where
/// a(u) sums the Lᵢ with uᵢ > u, Mₖ is the censoring martingale and Y the number under observation (Blanche et al. 2013,
/// with Y as in ``TimeDependentAUC``).
struct WeightedInfluence {
    private let data: SurvivalData
    let censoring: CensoringDistribution

    init(_ data: SurvivalData) {
        self.data = data
        censoring = CensoringDistribution(data)
    }

    /// - Parameters:
    ///   - caseParts: Lᵢ of patients weighted by 1/G(T−), 0 for others.
    ///   - controlSum: ΣLᵢ of the patients weighted by 1/G(t).
    ///   - horizon: t.
    ///   - influences: one for each patient; the censoring part is added to them.
    func add(caseParts: [Double], controlSum: Double = 0, horizon: Double, to influences: inout [Double]) {
        guard !censoring.times.isEmpty else { return }
        let affected = partsAfterCensoring(caseParts, controlSum, horizon)
        var compensators: [Double] = []
        compensators.reserveCapacity(affected.count)
        var sum = 0.0
        for index in affected.indices {
            let y = Double(censoring.underObservation[index])
            sum += affected[index] * Double(censoring.censored[index]) / (y * y)
            compensators.append(sum)
        }
        var reached = 0
        for row in data.order {
            while reached < censoring.times.count, censoring.times[reached] <= data.times[row] { reached += 1 }
            guard reached > 0 else { continue }
            influences[row] -= compensators[reached - 1]
            if !data.events[row] {
                influences[row] += affected[reached - 1] / Double(censoring.underObservation[reached - 1])
            }
        }
    }

    /// a(u) at each censoring time.
    private func partsAfterCensoring(_ caseParts: [Double], _ controlSum: Double, _ horizon: Double) -> [Double] {
        var affected = [Double](repeating: 0, count: censoring.times.count)
        var sum = 0.0
        var position = data.count - 1
        for index in censoring.times.indices.reversed() {
            let time = censoring.times[index]
            while position >= 0, data.times[data.order[position]] > time {
                sum += caseParts[data.order[position]]
                position -= 1
            }
            affected[index] = time <= horizon ? sum + controlSum : sum
        }
        return affected
    }
}
