/// Means over the patients with the event by a horizon and over those free of it, weighted for censoring by 1/G(T−) and
/// 1/G(t), with the influence of each patient.
struct CensoredMeans {
    /// Who a patient counts with.
    enum Outcome { case event, free }

    private let horizon: Double
    /// 1/G(T−) for events up to the horizon, 1/G(t) for those followed longer, 0 for the censored.
    private let weights: [Double]
    private let outcomes: [Outcome]
    /// True for those followed longer than the horizon.
    private let isLater: [Bool]
    private let weightInfluence: WeightInfluence

    /// - Parameter competing: events of another cause count as free of the event.
    init(_ data: SurvivalData, horizon: Double, competing: [Bool]?) {
        let censoring = CensoringDistribution(data)
        let atHorizon = censoring.at(horizon)
        self.horizon = horizon
        isLater = data.times.map { $0 > horizon }
        weights = data.times.indices.map { row in
            if data.times[row] > horizon { return atHorizon > 0 ? 1 / atHorizon : 0 }
            return data.events[row] ? 1 / censoring.before(data.times[row]) : 0
        }
        outcomes = data.times.indices.map { row in
            data.times[row] <= horizon && data.events[row] && !(competing?[row] ?? false) ? .event : .free
        }
        weightInfluence = WeightInfluence(data, censoring, .beforeEvent)
    }

    /// Σ weight·value/n over the patients of one outcome, with influences divided by n.
    func sum(over outcome: Outcome, _ values: [Double]) -> InfluencedValue {
        let n = Double(values.count)
        var eventParts = [Double](repeating: 0, count: values.count)
        var later = 0.0
        var total = 0.0
        var influences = eventParts
        for row in values.indices where outcomes[row] == outcome {
            let part = weights[row] * values[row]
            total += part
            influences[row] = part
            if isLater[row] { later += part } else { eventParts[row] = part }
        }
        for row in influences.indices { influences[row] -= total / n }
        weightInfluence.add(eventParts, laterParts: [(horizon, later)], to: &influences)
        return InfluencedValue(value: total / n, influences: influences.map { $0 / n })
    }

    /// The weighted mean over the patients of one outcome; nil when there is none.
    func mean(over outcome: Outcome, _ values: [Double]) -> InfluencedValue? {
        let mass = sum(over: outcome, values.map { _ in 1 })
        return mass.value > 0 ? sum(over: outcome, values).divided(by: mass) : nil
    }
}
