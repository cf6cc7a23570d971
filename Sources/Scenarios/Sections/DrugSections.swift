import ModelLanguage

/// `model`: the drug model, and what the cohort fixes in it.
package struct ModelSection: Sendable {
    package var file = ""
    /// Parameters, etas and inputs of the model that are computed from the patient's columns.
    package var set: [(name: String, expression: SourceText)] = []
    /// The outputs whose path is recorded, and the days between two points.
    package var outputs: [String] = []
    package var every = 1.0
    package var relativeTolerance = 1e-6
    /// Nil: a small share of the largest amount that each state has held.
    package var absoluteTolerance: Double?

    static let keys = Keys([
        .required("file", .text, "The model file (rxode2 syntax), relative to the scenario."),
        .optional("set", .named(.source), "Parameters and random effects that are computed from a patient's columns."),
        .optional("record", .mapping(recordKeys), "The path that is recorded of each patient."),
        .optional("tolerance", .mapping(toleranceKeys), "The accuracy asked of the solver."),
    ])

    private static let recordKeys = Keys([
        .optional("outputs", .list(.name), "Variables and states of the model."),
        .optional("every", .duration, "The time between two points."),
    ])

    private static let toleranceKeys = Keys([
        .optional("relative", .number(1e-13...0.1), "Relative to the size of each state."),
        .optional(
            "absolute", .number(1e-300...1),
            "In the unit of each state; without it a small share of the largest amount that the state has held."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        let file = members["file"]?.text
        set = members["set"]?.entries().compactMap { name, value in value.source().map { (name, $0) } } ?? []
        if let parts = members["record"]?.mapping(Self.recordKeys) {
            outputs = parts["outputs"]?.list().compactMap(\.name) ?? []
            every = parts["every"]?.days(above: (1.0 / 1440, "1 minute")) ?? every
        }
        if let parts = members["tolerance"]?.mapping(Self.toleranceKeys) {
            relativeTolerance = parts["relative"]?.number(in: 1e-13...0.1) ?? relativeTolerance
            absoluteTolerance = parts["absolute"]?.number(in: 1e-300...1) ?? absoluteTolerance
        }
        guard let file else { return nil }
        self.file = file
    }
}

/// `treatment`: how a regime's action becomes doses.
package struct TreatmentSection: Sendable {
    package var action = "dose"
    package var compartment = ""
    package var every = 1.0
    package var maximum = Double.greatestFiniteMagnitude
    /// The unit that `maximum` was given in; nil for the model's own.
    package var maximumUnit: String?
    /// The action that holds how many days no dose is given after a visit.
    package var hold: String?
    package var missed = MissedDoses.probability(0)
    /// What stands between recommendation and dose in every arm that does not say otherwise.
    package var clinic: ClinicSection?

    package enum MissedDoses: Sendable, Hashable {
        case probability(Double)
        case column(String)
    }

    static let keys = Keys([
        .required("dose", .mapping(doseKeys), "How an action becomes doses."),
        .optional(
            "missed", .either([.number(0...1), .name]),
            "The probability that a dose is missed, or the column that holds each patient's."),
        .optional("clinic", ClinicSection.shape, "What stands between recommendation and dose, in every arm."),
    ])

    private static let doseKeys = Keys([
        .optional("action", .name, "The variable of the regimes that holds the amount of one dose; 'dose' by default."),
        .required("into", .name, "The compartment of the model that takes the doses."),
        .optional("every", .duration, "The time between two doses; a day by default."),
        .optional("maximum", .amount, "The largest amount that is ever given at once."),
        .optional("hold", .name, "The variable that says for how many days after a visit no dose is given."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        if let missed = members["missed"] {
            if let text = missed.scalar, NameRule.allows(text) {
                self.missed = .column(text)
            } else if let probability = missed.number(in: 0...1) {
                self.missed = .probability(probability)
            }
        }
        clinic = members["clinic"].flatMap { ClinicSection($0) }
        guard let parts = members["dose"]?.mapping(Self.doseKeys) else { return nil }
        action = parts["action"]?.name ?? action
        every = parts["every"]?.days(above: (1.0 / 1440, "1 minute")) ?? every
        if let (value, unit) = parts["maximum"]?.amount() { (maximum, maximumUnit) = (value, unit) }
        hold = parts["hold"]?.name
        guard let compartment = parts["into"]?.name else { return nil }
        self.compartment = compartment
    }
}
