import ModelLanguage

/// `clinic`: what stands between an arm's recommendation and the patient's dose.
package struct ClinicSection: Sendable {
    /// The probability that a recommendation is followed: a number, or an expression.
    package enum Follow: Sendable {
        case probability(Double)
        case expression(SourceText)
    }

    package enum Delay: Sendable {
        case days(Double)
        case visits(Int)
        /// Days drawn from a distribution.
        case drawn(DrawnColumn)
    }

    package struct Alerts: Sendable {
        /// A share of the dose given otherwise, or an amount with its unit.
        package enum Threshold: Sendable, Hashable {
            case share(Double)
            case amount(Double, unit: String?)
        }

        package var over: Threshold
        /// How many alerts in how many days; infinite days for the whole trial.
        package var budget: (count: Int, days: Double)?
        package var fatigue: (weight: Double, days: Double)?
    }

    package struct CoIntervention: Sendable {
        package var condition: SourceText
        package var statements: SourceText?
        package var give: SourceText?
        package var into: String?
        /// Where it stands.
        package var path: String
    }

    package var follow = Follow.probability(1)
    /// The arm whose regime decides otherwise; nil where the treatment in force goes on.
    package var otherwise: String?
    package var delay: Delay?
    package var alerts: Alerts?
    package var coInterventions: [CoIntervention] = []
    /// Where it stands.
    package var path: String

    static let shape = Shape.either([.choice([none]), .mapping(keys)])
    /// The word for no clinic.
    static let none = "none"
    static let previous = "previous"

    static let keys = Keys([
        .optional(
            "follow", .either([.share, .number(0...1), .source]),
            "The probability that a recommendation is followed: 90 %, 0.9, a column or an expression; 1 by default."),
        .optional(
            "otherwise", .name,
            "What is done where it is not: 'previous' (the dose in force, the default), or an arm whose rules decide."),
        .optional(
            "delay", .either([.text, .mapping(delayKeys)]),
            "When a recommendation that is followed comes into force: 2 days, 1 visit, or a distribution in days."),
        .optional("alerts", .mapping(alertKeys), "Which recommendations alert, and what many alerts do."),
        .optional("co_interventions", .list(.mapping(coInterventionKeys)), "What is done beside the dose."),
    ])

    /// Distributions of a time, which are never below 0.
    private static let delays = ["uniform", "exponential", "gamma", "lognormal"]
    private static let delayKeys = Keys(
        DrawnColumn.keys.keys.filter { delays.contains($0.name) }, isChoice: true)
    private static let alertKeys = Keys([
        .required(
            "over", .either([.share, .amount]),
            "How far the dose recommended is from that given otherwise: a share of it, or an amount."),
        .optional(
            "budget", .mapping(budgetKeys), "How many alerts of a patient are shown; further ones are suppressed."),
        .optional("fatigue", .mapping(fatigueKeys), "How the probability of following falls with the alerts seen."),
    ])
    private static let budgetKeys = Keys([
        .required("alerts", .integer(0...100_000), "How many."),
        .optional("per", .duration, "In how long a time; the whole trial by default."),
    ])
    private static let fatigueKeys = Keys([
        .required("weight", .number(0...100), "What each alert takes from the logit of the probability."),
        .required("per", .duration, "How long an alert is felt."),
    ])
    private static let coInterventionKeys = Keys([
        .required("when", .source, "An expression, which may read overridden, alerted, suppressed and delayed."),
        .optional("do", .source, "Statements that change actions and memory."),
        .optional("give", .source, "The amount of a single dose on the day of the visit."),
        .optional("into", .name, "The compartment that takes it; that of the doses by default."),
    ])

    /// Nil for `none`, and where it cannot be read.
    init?(_ value: YAMLValue) {
        if value.scalar == Self.none { return nil }
        path = value.path
        let members = value.mapping(Self.keys)
        if let value = members["follow"] { follow = Self.follow(value) ?? follow }
        otherwise = members["otherwise"]?.name.flatMap { $0 == Self.previous ? nil : $0 }
        delay = members["delay"].flatMap(Self.delay)
        alerts = members["alerts"].flatMap(Self.alerts)
        coInterventions = members["co_interventions"]?.list().compactMap(Self.coIntervention) ?? []
        if let fatigue = members["alerts"], alerts?.fatigue != nil, case .probability(let p) = follow, p == 0 || p == 1
        {
            fatigue.refuse(
                "'fatigue' cannot change a probability of \(plain(p)); allowed: a 'follow' between 0 and 1, such as 98 %"
            )
        }
    }

    private static func follow(_ value: YAMLValue) -> Follow? {
        guard let text = value.scalar?.trimmingSpaces else { return value.source().map { .expression($0) } }
        if text.hasSuffix("%"), let percent = DecimalText.number(String(text.dropLast()).trimmingSpaces) {
            guard (0...100).contains(percent) else {
                value.refuse("found '\(text)', allowed: a probability from 0 % to 100 %")
                return nil
            }
            return .probability(percent / 100)
        }
        if DecimalText.number(text) != nil { return value.number(in: 0...1).map { .probability($0) } }
        return value.source().map { .expression($0) }
    }

    private static func delay(_ value: YAMLValue) -> Delay? {
        guard !value.isMapping else {
            guard value.mapping(delayKeys).count == 1, let drawn = DrawnColumn("delay", value) else { return nil }
            if let problem = problem(of: drawn) {
                value.refuse(problem)
                return nil
            }
            return .drawn(drawn)
        }
        let words = (value.scalar ?? "").split(separator: " ")
        if words.count == 2, ["visit", "visits"].contains(words[1]) {
            guard let count = Int(words[0]), (1...1000).contains(count) else {
                value.refuse("found '\(value.scalar ?? "")', allowed: from 1 to 1000 visits")
                return nil
            }
            return .visits(count)
        }
        return value.days().map { .days($0) }
    }

    private static func problem(of drawn: DrawnColumn) -> String? {
        let values = drawn.parameters
        switch drawn.distribution {
        case "uniform":
            return values[0] < 0 || values[1] < values[0]
                ? "found a time from \(plain(values[0])) to \(plain(values[1])) days, allowed: from 0 days on, in order"
                : nil
        case "lognormal":
            return values[0] <= 0 || values[1] < 0 ? "the median is above 0 days, the deviation not below 0" : nil
        default: return values.contains { $0 <= 0 } ? "found a parameter of 0 or below, allowed: above 0" : nil
        }
    }

    private static func alerts(_ value: YAMLValue) -> Alerts? {
        let members = value.mapping(alertKeys)
        let budget = members["budget"].flatMap { budget -> (count: Int, days: Double)? in
            let parts = budget.mapping(budgetKeys)
            let days = parts["per"].map { $0.days(above: (1.0 / 1440, "1 minute")) } ?? .some(.infinity)
            guard let count = parts["alerts"]?.integer(in: 0...100_000), let days else { return nil }
            return (count, days)
        }
        let fatigue = members["fatigue"].flatMap { fatigue -> (weight: Double, days: Double)? in
            let parts = fatigue.mapping(fatigueKeys)
            let days = parts["per"]?.days(above: (1.0 / 1440, "1 minute"))
            guard let weight = parts["weight"]?.number(in: 0...100), let days else { return nil }
            return (weight, days)
        }
        guard let over = members["over"] else { return nil }
        let threshold: Alerts.Threshold? =
            over.scalar?.contains("%") ?? false
            ? over.share().map { .share($0) } : over.amount().map { .amount($0.value, unit: $0.unit) }
        return threshold.map { Alerts(over: $0, budget: budget, fatigue: fatigue) }
    }

    private static func coIntervention(_ value: YAMLValue) -> CoIntervention? {
        let members = value.mapping(coInterventionKeys)
        let (statements, give) = (members["do"]?.source(), members["give"]?.source())
        if value.isMapping, members["do"] == nil, members["give"] == nil {
            value.refuse("found neither 'do' nor 'give', allowed: one of them or both")
        }
        let into = members["into"]?.name
        if members["give"] == nil { members["into"]?.refuse("'into' says where 'give' goes, and there is none") }
        guard let condition = members["when"]?.source() else { return nil }
        return CoIntervention(
            condition: condition, statements: statements, give: give, into: into, path: value.path)
    }
}
