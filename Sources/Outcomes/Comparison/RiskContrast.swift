import NumericsCore

/// The difference of two proportions, treated minus control.
///
/// The standard error is Wald's, √(p₁(1−p₁)/n₁ + p₀(1−p₀)/n₀); the interval is Newcombe's hybrid of the two Wilson
/// intervals, which is always defined (Newcombe 1998, Stat Med 17:873, method 10).
public struct RiskDifference: Hashable, Sendable {
    /// p₁ with its own interval.
    public let treated: Proportion
    /// p₀ with its own interval.
    public let control: Proportion
    /// p₁ − p₀; its standard error is undefined when each group is all or none, its interval never.
    public let estimate: Estimate

    /// Compares two groups of different patients, given as proportions with intervals of the same level, which is the
    /// level of the result.
    public init(treated: Proportion, control: Proportion) {
        self.treated = treated
        self.control = control
        let (p1, p0) = (treated.estimate.value, control.estimate.value)
        let variance = p1 * (1 - p1) / Double(treated.count) + p0 * (1 - p0) / Double(control.count)
        estimate = .difference(
            treated.estimate, control.estimate,
            standardError: variance > 0
                ? .value(variance.squareRoot())
                : .undefined(.oneOutcome(events: treated.events + control.events, of: treated.count + control.count)))
    }
}

/// The ratio of two proportions, treated over control, with error on the log scale: √(1/a − 1/n₁ + 1/c − 1/n₀) for a and
/// c events (Katz et al. 1978, Biometrics 34:469). No half event is ever added.
public struct RiskRatio: Hashable, Sendable {
    /// p₁, the numerator.
    public let treated: Proportion
    /// p₀, the denominator.
    public let control: Proportion
    /// Undefined without an event in the control group; without one in the treated group it is 0 with no error.
    public let estimate: Estimated<Estimate>

    /// Compares two groups of different patients, given as proportions with intervals of the same level, which is the
    /// level of the result.
    public init(treated: Proportion, control: Proportion) {
        self.treated = treated
        self.control = control
        estimate = .ratio(
            treated.estimate.value, control.estimate.value, events: (treated.events, control.events),
            variance: 1 / Double(treated.events) - 1 / Double(treated.count) + 1 / Double(control.events) - 1
                / Double(control.count), level: treated.interval.level)
    }
}

extension Estimated<Estimate> {
    /// A ratio with a normal interval on the log scale.
    static func ratio(
        _ numerator: Double, _ denominator: Double, events: (Int, Int), variance: @autoclosure () -> Double,
        level: ConfidenceLevel
    ) -> Estimated<Estimate> {
        guard events.1 > 0 else {
            return .undefined(.init(code: "no-control-events", reason: "the control group has no event to divide by"))
        }
        guard events.0 > 0 else {
            let reason = Undefined(
                code: "no-treated-events", reason: "the treated group has no event: log 0 has no error")
            return .value(
                Estimate(value: 0, standardError: .undefined(reason), interval: .undefined(reason), scale: .log))
        }
        let squared = variance()
        guard squared > 0 else {
            let reason = Undefined.oneOutcome(events: events.0 + events.1, of: events.0 + events.1)
            return .value(
                Estimate(
                    value: numerator / denominator, standardError: .undefined(reason), interval: .undefined(reason),
                    scale: .log))
        }
        return .value(
            Estimate(
                normal: numerator / denominator, standardError: squared.squareRoot(), scale: .log, level: level))
    }
}
