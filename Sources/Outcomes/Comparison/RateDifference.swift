/// The difference of two rates, treated minus control, in events for each unit of person-time.
///
/// SE √(d₁/T₁² + d₀/T₀²); the interval combines the exact ones of the two rates and is always defined
/// (Zou and Donner 2008, Stat Med 27:1693).
public struct RateDifference: Hashable, Sendable {
    /// d₁/T₁ with its exact interval.
    public let treated: IncidenceRate
    /// d₀/T₀ with its exact interval.
    public let control: IncidenceRate
    /// The difference; its error is undefined without any event, its interval never.
    public let estimate: Estimate

    /// Compares the rates of two groups of different patients, with intervals of the same level, which is that of the result.
    public init(treated: IncidenceRate, control: IncidenceRate) {
        self.treated = treated
        self.control = control
        let (r1, r0) = (treated.estimate.value, control.estimate.value)
        let variance = r1 / treated.personTime + r0 / control.personTime
        estimate = .difference(
            treated.estimate, control.estimate,
            standardError: variance > 0 ? .value(variance.squareRoot()) : .undefined(.noEvents))
    }
}
