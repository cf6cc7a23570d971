/// The Kaplan–Meier estimate of G, the probability of not yet being censored: the weights of inverse-probability methods.
///
/// At equal times events come before censorings, so that a patient with the event at *t* is not at risk of censoring at *t*.
public struct CensoringDistribution: Sendable {
    /// Times with a censoring, ascending.
    public let times: [Double]
    /// Patients at risk of censoring at each time: those at risk less the events of that time.
    public let atRisk: [Int]
    /// Patients with a follow-up time at or after each time, those with the event at it among them.
    public let underObservation: [Int]
    /// Patients censored at each time.
    public let censored: [Int]
    /// G just after each time.
    public let probability: [Double]

    /// G of the given patients, O(n log n); 1 everywhere when nobody is censored.
    public init(_ data: SurvivalData) {
        let table = RiskTable(data)
        let rows = table.times.indices.filter { table.censored[$0] > 0 }
        times = rows.map { table.times[$0] }
        atRisk = rows.map { table.atRisk[$0] - table.events[$0] }
        underObservation = rows.map { table.atRisk[$0] }
        censored = rows.map { table.censored[$0] }
        probability = ProductLimit.curve(atRisk: atRisk, events: censored)
    }

    /// G(t−), the probability of being uncensored just before `time`.
    public func before(_ time: Double) -> Double { value(times.partitioningIndex { $0 >= time }) }

    /// G(t), the probability of being uncensored after `time`.
    public func at(_ time: Double) -> Double { value(times.partitioningIndex { $0 > time }) }

    private func value(_ passed: Int) -> Double { passed == 0 ? 1 : probability[passed - 1] }
}
