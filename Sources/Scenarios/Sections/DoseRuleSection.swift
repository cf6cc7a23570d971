import ModelLanguage

/// One declared rule: `{ hold: { while: ANC < 1.0, resume: 75 % } }`.
package struct DoseRuleSection: Sendable {
    package enum Effect: Sendable, Hashable {
        case hold(resume: Double)
        case reduce(to: Double, least: Double?)
        case titrate(to: Double, least: Double?, most: Double?)
        case stop
    }

    /// The rule's name: its own, or one after the place at which it stands.
    package var name: String
    package var condition: SourceText
    package var effect: Effect
    /// The units of its doses, as they were written.
    package var units: [String] = []
    /// Where it stands in the document.
    package var path: String

    static let keys = Keys(
        [
            .optional("hold", .mapping(holdKeys), "No dose while a condition holds, then a share of the dose before."),
            .optional("reduce", .mapping(reduceKeys), "A share of the dose when a condition comes to hold."),
            .optional(
                "titrate", .mapping(titrateKeys), "A share of the dose at every visit at which a condition holds."),
            .optional("stop", .mapping(stopKeys), "No dose any more once a condition has held."),
        ], isChoice: true)

    private static let holdKeys = Keys([
        .required("while", .source, "An expression of what is measured, such as ANC < 1.0."),
        .optional("resume", .share, "The share of the dose before with which treatment goes on; 100 % by default."),
    ])
    private static let reduceKeys = Keys([
        .required(
            "when", .source, "An expression; the rule acts at the first of the visits in a row at which it holds."),
        .required("to", .share, "The share of the dose that is given from then on."),
        .optional("least", .amount, "The dose below which it is not reduced."),
    ])
    private static let titrateKeys = Keys([
        .required("while", .source, "An expression; the rule acts at every visit at which it holds."),
        .required("to", .share, "The share of the dose that is given from then on."),
        .optional("least", .amount, "The smallest dose."), .optional("most", .amount, "The largest dose."),
    ])
    private static let stopKeys = Keys([
        .required("when", .source, "An expression that ends treatment; follow-up goes on.")
    ])

    /// - Parameter name: what the rule is called where it has no name of its own.
    init?(_ value: YAMLValue, name: String) {
        let members = value.mapping(Self.keys)
        guard members.count == 1, let (kind, body) = members.first else { return nil }
        let effect: Effect?
        let parts: [String: YAMLValue]
        var units: [String] = []
        func amount(_ value: YAMLValue?) -> Double? {
            guard let (number, unit) = value?.amount() else { return nil }
            if let unit { units.append(unit) }
            return number
        }
        switch kind {
        case "hold":
            parts = body.mapping(Self.holdKeys)
            effect = (parts["resume"].map { $0.share() } ?? 1).map { .hold(resume: $0) }
        case "reduce":
            parts = body.mapping(Self.reduceKeys)
            let least = amount(parts["least"])
            effect = parts["to"]?.share(below: 1).map { .reduce(to: $0, least: least) }
        case "titrate":
            parts = body.mapping(Self.titrateKeys)
            let (least, most) = (amount(parts["least"]), amount(parts["most"]))
            if let least, let most, least > most {
                body.refuse("found a smallest dose of \(plain(least)) above the largest of \(plain(most))")
            }
            effect = parts["to"]?.share().map { .titrate(to: $0, least: least, most: most) }
        default:
            parts = body.mapping(Self.stopKeys)
            effect = .stop
        }
        guard let effect, let condition = (parts["while"] ?? parts["when"])?.source() else { return nil }
        (self.name, self.condition, self.effect) = (name, condition, effect)
        (self.units, path) = (units, value.path)
    }
}

/// A part of what an arm decides at a visit.
package enum RuleBlock: Sendable {
    /// Statements in the language.
    case statements(SourceText)
    case declared(DoseRuleSection)
}
