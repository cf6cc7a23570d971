import ModelLanguage

/// `model`: the equations whose course is the response to an action.
package struct EnvironmentModel: Sendable {
    package var file: String
    /// Inputs of the model that are computed from the patient's columns when an episode begins.
    package var set: [(name: String, expression: SourceText)]
    /// How the equations are solved.
    package var method: String
    package var relativeTolerance: Double
    package var absoluteTolerance: Double?

    static let methods = ["automatic", "explicit5", "explicit8", "rosenbrock", "radau"]

    static let keys = Keys([
        .required("file", .text, "The model file (rxode2 syntax), relative to the document."),
        .optional("set", .named(.source), "Inputs of the model that are computed from a patient's columns."),
        .optional("method", .choice(methods), "The method that solves the equations; 'automatic' by default."),
        .optional("tolerance", .mapping(toleranceKeys), "The accuracy asked of the solver."),
    ])

    private static let toleranceKeys = Keys([
        .optional("relative", .number(1e-13...0.1), "Relative to the size of each state; 1e-6 by default."),
        .optional(
            "absolute", .number(1e-300...1), "In the unit of each state; without it a share of its largest amount."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        set = members["set"]?.entries().compactMap { name, value in value.source().map { (name, $0) } } ?? []
        method = members["method"]?.choice(Self.methods) ?? "automatic"
        let parts = members["tolerance"]?.mapping(Self.toleranceKeys)
        relativeTolerance = parts?["relative"]?.number(in: 1e-13...0.1) ?? 1e-6
        absoluteTolerance = parts?["absolute"]?.number(in: 1e-300...1)
        guard let file = members["file"]?.text else { return nil }
        self.file = file
    }
}

/// `decisions`: when decisions are made.
package struct EnvironmentDecisions: Sendable {
    /// Days between two decisions; nil where no model runs between them.
    package var every: Double?
    /// The greatest number of decisions of an episode.
    package var count: Int
    /// The parts into which a response is divided.
    package var parts: Int

    static let keys = Keys([
        .optional("every", .duration, "The time between two decisions."),
        .required("count", .integer(1...1_000_000), "The greatest number of decisions of an episode."),
        .optional("parts", .integer(1...10_000), "Parts of equal length into which each response is divided."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        every = members["every"]?.days(above: (1e-6, "0.000001 days"))
        parts = members["parts"]?.integer(in: 1...10_000) ?? 1
        guard let count = members["count"]?.integer(in: 1...1_000_000) else { return nil }
        self.count = count
    }
}

/// An entry of `doses`: what an action gives into a compartment of the model.
package struct EnvironmentDose: Sendable {
    package var compartment: String
    /// An expression: the amount of one dose. 0 gives none.
    package var amount: SourceText
    /// Days between two doses after one decision.
    package var every: Double
    package var count: Int

    static let keys = Keys([
        .required("into", .name, "The compartment of the model."),
        .required("amount", .source, "The amount of one dose; none is given where it is not above 0."),
        .optional("every", .duration, "The time between two doses."),
        .optional("count", .integer(1...100_000), "How many doses follow from one decision; 1 by default."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        count = members["count"]?.integer(in: 1...100_000) ?? 1
        every = members["every"]?.days(above: (1e-6, "0.000001 days")) ?? 0
        if count > 1, members["every"] == nil { value.refuse("'count' is \(count) and 'every' is missing") }
        guard let into = members["into"]?.name, let amount = members["amount"]?.source() else { return nil }
        (compartment, self.amount) = (into, amount)
    }
}

/// An entry of `ends`: an event that ends an episode.
package struct EnvironmentEnd: Sendable {
    package enum Law: Sendable {
        /// It happens where the expression is not 0.
        case when(SourceText)
        /// It happens with probability 1 − exp(−H), H the value of the expression.
        case hazard(SourceText)
    }

    package var name: String
    package var law: Law

    static let keys = Keys(
        [
            .optional("when", .source, "An expression that is not 0 where the event has happened."),
            .optional("hazard", .source, "The cumulative hazard over the response."),
        ], isChoice: true)

    init?(_ name: String, _ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        self.name = name
        if let when = members["when"]?.source() {
            law = .when(when)
        } else if let hazard = members["hazard"]?.source() {
            law = .hazard(hazard)
        } else {
            return nil
        }
    }
}

/// An entry of `observe` or `hidden`.
package struct EnvironmentObservation: Sendable {
    package var name: String
    package var value: SourceText
    package var range: ClosedRange<Double>?

    static let keys = Keys([
        .required("value", .source, "The expression that is observed."),
        .optional("range", .range, "The lowest and the highest value that is possible."),
    ])

    init?(_ name: String, _ value: YAMLValue) {
        self.name = name
        guard value.isMapping, value.entries().map(\.key) != ["file"] else {
            guard let source = value.source() else { return nil }
            self.value = source
            return
        }
        let members = value.mapping(Self.keys)
        range = members["range"]?.range()
        guard let source = members["value"]?.source() else { return nil }
        self.value = source
    }
}

/// `missing`: how observations come to be missing. The first of an episode never are.
package struct EnvironmentMissing: Sendable {
    package var probability: Double
    /// Whether the value before stands for a missing one; else nothing does.
    package var carries: Bool
    /// What may be missing; everything where empty.
    package var of: [String]
    /// Whether all of it is missing at once.
    package var isTogether: Bool

    private static let words = ["carried", "empty"]

    static let keys = Keys([
        .required("probability", .number(0...1), "Of an observation to be missing."),
        .optional(
            "then", .choice(words), "Whether the value before is carried forward, as by default, or none is seen."),
        .optional("of", .list(.name), "What may be missing; everything by default."),
        .optional("together", .flag, "Whether all of it is missing at once, as by default."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        carries = members["then"]?.choice(Self.words) != "empty"
        of = members["of"]?.list().compactMap(\.name) ?? []
        isTogether = members["together"]?.flag() ?? true
        guard let probability = members["probability"]?.number(in: 0...1) else { return nil }
        self.probability = probability
    }
}
