import NumericsCore

/// Events for each unit of person-time.
public struct IncidenceRate: Hashable, Sendable {
    /// d, the number of events; 0 is allowed.
    public let events: Int
    /// In the unit of the follow-up times.
    public let personTime: Double
    /// The rate with SE 1/√events on the log scale, undefined without an event, and the exact Poisson interval
    /// χ²(α/2; 2d)/2T to χ²(1−α/2; 2d+2)/2T (Garwood 1936, Biometrika 28:437), which is always defined.
    public let estimate: Estimate
    /// The exact Poisson interval, also without an event, when its lower bound is 0.
    public let interval: ConfidenceInterval

    /// The rate d/T of events counted elsewhere.
    ///
    /// - Throws: ``InvalidInput`` for a negative number of events and a person-time that is not positive and finite.
    public init(
        events: Int, personTime: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if events < 0 { problems.append(.init(column: "events", found: "\(events)", allowed: "0 or more")) }
        if !(personTime.isFinite && personTime > 0) {
            problems.append(.init(column: "person-time", found: "\(personTime)", allowed: "a finite number > 0"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.events = events
        self.personTime = personTime
        let d = Double(events)
        let tail = (1 - level.value) / 2
        let lower = events == 0 ? 0 : ChiSquared.quantile(tail, degreesOfFreedom: 2 * d) / 2
        let upper = ChiSquared.quantile(1 - tail, degreesOfFreedom: 2 * d + 2) / 2
        interval = ConfidenceInterval(lower: lower / personTime, upper: upper / personTime, level: level)
        estimate = Estimate(
            value: d / personTime,
            standardError: events > 0
                ? .value(1 / d.squareRoot())
                : .undefined(.init(code: "no-events", reason: "there is no event: log 0 has no error")),
            interval: .value(interval), scale: .log)
    }

    /// The rate of first events in survival data.
    ///
    /// - Throws: ``InvalidInput`` when nobody was observed for any time.
    public init(_ data: SurvivalData, level: ConfidenceLevel = .ninetyFivePercent) throws(InvalidInput) {
        try self.init(events: data.eventCount, personTime: data.personTime, level: level)
    }
}

/// The ratio of two rates, treated over control, with SE √(1/d₁ + 1/d₀) on the log scale.
public struct RateRatio: Hashable, Sendable {
    /// Where the interval comes from.
    public enum IntervalKind: String, CaseIterable, Sendable {
        /// Exact: given d₁ + d₀, d₁ is binomial (Clopper and Pearson 1934 on it; R's `poisson.test`).
        case exact
        /// exp(log ratio ± z·SE).
        case log
    }

    /// The numerator.
    public let treated: IncidenceRate
    /// The denominator.
    public let control: IncidenceRate
    /// Undefined without an event in the control group. Without one in the treated group it is 0: the error is then
    /// undefined, and so is the log interval, but not the exact one.
    public let estimate: Estimated<Estimate>

    /// Compares the rates of two groups of different patients, at the level of the treated group's interval.
    public init(treated: IncidenceRate, control: IncidenceRate, interval kind: IntervalKind = .exact) {
        self.treated = treated
        self.control = control
        let level = treated.interval.level
        let wald = Estimated<Estimate>.ratio(
            treated.estimate.value, control.estimate.value, events: (treated.events, control.events),
            variance: 1 / Double(treated.events) + 1 / Double(control.events), level: level)
        estimate =
            kind == .log
            ? wald
            : wald.map { estimate in
                Estimate(
                    value: estimate.value, standardError: estimate.standardError,
                    interval: .value(Self.exact(treated, control, level)), scale: .log)
            }
    }

    private static func exact(
        _ treated: IncidenceRate, _ control: IncidenceRate, _ level: ConfidenceLevel
    ) -> ConfidenceInterval {
        let a = Double(treated.events)
        let b = Double(control.events)
        let tail = (1 - level.value) / 2
        let scale = control.personTime / treated.personTime
        // The odds π/(1−π) of the binomial share are the ratio times the ratio of person-times.
        let lower = a == 0 ? 0 : betaOddsQuantile(tail, a, b + 1)
        let upper = betaOddsQuantile(1 - tail, a + 1, b)
        return ConfidenceInterval(lower: lower * scale, upper: upper * scale, level: level)
    }
}
