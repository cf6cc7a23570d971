/// One outcome compared between two arms: a line of a table of benefits and harms.
public struct ArmOutcome: Sendable {
    /// What the difference counts.
    public enum Measure: String, CaseIterable, Sendable {
        /// Probabilities of having the event.
        case risk
        /// Events for each unit of person-time.
        case rate
        /// Any other measure, such as a mean.
        case other
    }

    /// The outcome in the words of the trial.
    public let name: String
    /// What the difference counts.
    public let measure: Measure
    /// The treated arm's value.
    public let treated: Estimate
    /// The control arm's.
    public let control: Estimate
    /// Treated minus control.
    public let difference: Estimate
    /// For risks, the number needed to treat for one event less or more.
    public let numberNeeded: NumberNeeded?

    /// A yes/no outcome.
    ///
    /// - Parameter event: what the event means; adverse events are harmful.
    /// - Throws: never for proportions, whose difference is in −1 to 1.
    public init(
        _ name: String, treated: Proportion, control: Proportion, event: NumberNeeded.Event = .harmful
    ) throws(InvalidInput) {
        let difference = RiskDifference(treated: treated, control: control).estimate
        try self.init(
            name, .risk, treated: treated.estimate, control: control.estimate, difference: difference, event: event)
    }

    /// A count of events over person-time, which may come more than once in a patient.
    public init(_ name: String, treated: IncidenceRate, control: IncidenceRate) {
        self.name = name
        measure = .rate
        self.treated = treated.estimate
        self.control = control.estimate
        difference = RateDifference(treated: treated, control: control).estimate
        numberNeeded = nil
    }

    /// The risk of an event by a horizon in two arms under censoring, each by its own follow-up; the interval of the
    /// difference combines those of the two risks (Zou and Donner 2008, Stat Med 27:1693).
    ///
    /// - Returns: undefined when one of the risks is undefined.
    /// - Throws: never for observed risks, whose difference is in −1 to 1.
    public static func risk(
        _ name: String, treated: ObservedRisk, control: ObservedRisk, event: NumberNeeded.Event = .harmful
    ) throws(InvalidInput) -> Estimated<ArmOutcome> {
        switch (treated.estimate, control.estimate) {
        case (.undefined(let reason), _), (_, .undefined(let reason)): return .undefined(reason)
        case (.value(let treated), .value(let control)):
            return .value(
                try ArmOutcome(
                    name, .risk, treated: treated, control: control, difference: .difference(treated, control),
                    event: event))
        }
    }

    /// Any measure with its difference.
    ///
    /// - Throws: ``InvalidInput`` for a risk difference outside −1 to 1.
    public init(
        _ name: String, _ measure: Measure, treated: Estimate, control: Estimate, difference: Estimate,
        event: NumberNeeded.Event = .harmful
    ) throws(InvalidInput) {
        self.name = name
        self.measure = measure
        self.treated = treated
        self.control = control
        self.difference = difference
        numberNeeded = measure == .risk ? try NumberNeeded(difference, event: event) : nil
    }
}

/// A benefit with the harms that were paid for it. It cannot be made without harms: a trial that looked for none has to say
/// so, by a harm with the events it counted, which may be 0.
public struct BenefitHarm: Sendable {
    /// What the treatment is for.
    public let benefit: ArmOutcome
    /// What it did besides, at least one.
    public let harms: [ArmOutcome]

    /// Pairs a benefit with its harms.
    ///
    /// - Throws: ``InvalidInput`` without a harm.
    public init(benefit: ArmOutcome, harms: [ArmOutcome]) throws(InvalidInput) {
        guard !harms.isEmpty else {
            throw InvalidInput(
                .init(
                    column: "harms", found: "none beside the benefit \"\(benefit.name)\"",
                    allowed: "at least one adverse event, also when nobody had it"))
        }
        self.benefit = benefit
        self.harms = harms
    }

    /// For each harm, how many more patients have it for each patient helped: |difference of the harm| / |that of the
    /// benefit|, of outcomes of one measure. 0 when the treated arm has no more of it than the control arm.
    ///
    /// - Returns: undefined when the measures differ, and when the treatment did not help.
    public var harmsPerBenefit: [Estimated<Double>] {
        harms.map { harm in
            guard harm.measure == benefit.measure else {
                return .undefined(
                    .init(
                        code: "other-measure",
                        reason: "\"\(harm.name)\" is a \(harm.measure.rawValue) and \"\(benefit.name)\" a "
                            + "\(benefit.measure.rawValue)"))
            }
            let helped =
                benefit.numberNeeded.map { $0.direction == .benefit } ?? (benefit.difference.value < 0)
            guard helped else {
                return .undefined(
                    .init(code: "no-benefit", reason: "the treated arm is not better off in \"\(benefit.name)\""))
            }
            return .value(max(0, harm.difference.value) / abs(benefit.difference.value))
        }
    }
}

/// Every benefit of a trial beside its harms.
public struct BenefitHarmTable: Sendable, CustomStringConvertible {
    /// The pairs in the order given.
    public let pairs: [BenefitHarm]

    /// A table in which every benefit stands beside all harms of the trial.
    ///
    /// - Throws: ``InvalidInput`` without a harm.
    public init(benefits: [ArmOutcome], harms: [ArmOutcome]) throws(InvalidInput) {
        pairs = try benefits.map { benefit throws(InvalidInput) in try BenefitHarm(benefit: benefit, harms: harms) }
    }

    /// A table of pairs of your own.
    public init(_ pairs: [BenefitHarm]) { self.pairs = pairs }

    /// A row for each benefit and each harm: arms, difference with its interval, number needed.
    public var description: String {
        var lines = [
            "| benefit or harm | treated | control | difference | number needed |", "|---|---|---|---|---|",
        ]
        for pair in pairs {
            lines.append(Self.row("benefit", pair.benefit))
            lines += pair.harms.map { Self.row("harm", $0) }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ kind: String, _ outcome: ArmOutcome) -> String {
        func round(_ number: Double) -> String { "\((number * 10_000).rounded() / 10_000)" }
        let difference = round(outcome.difference.value)
        let interval =
            outcome.difference.interval.value.map { " (\(round($0.lower)) to \(round($0.upper)))" }
            ?? " (\(outcome.difference.interval.undefined?.reason ?? "no interval"))"
        return "| \(kind): \(outcome.name) | \(round(outcome.treated.value)) | \(round(outcome.control.value)) "
            + "| \(difference)\(interval) | \(outcome.numberNeeded?.description ?? "–") |"
    }
}
