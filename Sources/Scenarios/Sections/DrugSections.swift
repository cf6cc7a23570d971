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
    package var absoluteTolerance = 1e-8
    package var line: Int?

    static let keys = ["file", "set", "record", "tolerance"]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        guard let file = members.required("file", of: value)?.text else { return nil }
        self.file = file
        line = members["file"]?.node.mark?.line
        set = members["set"]?.entries().compactMap { name, value in value.source().map { (name, $0) } } ?? []
        if let record = members["record"] {
            let parts = record.mapping(["outputs", "every"])
            outputs = parts["outputs"]?.list().compactMap(\.text) ?? []
            if let every = parts["every"]?.days() {
                if every > 0 { self.every = every } else { parts["every"]?.refuse("the interval must be above 0") }
            }
        }
        if let tolerance = members["tolerance"] {
            let parts = tolerance.mapping(["relative", "absolute"])
            relativeTolerance = parts["relative"]?.number(in: 1e-13...0.1) ?? relativeTolerance
            absoluteTolerance = parts["absolute"]?.number(in: 1e-300...1) ?? absoluteTolerance
        }
    }
}

/// `treatment`: how a regime's action becomes doses.
package struct TreatmentSection: Sendable {
    package var action = "dose"
    package var compartment = ""
    package var every = 1.0
    package var maximum = Double.greatestFiniteMagnitude
    /// The action that holds how many days no dose is given after a visit.
    package var hold: String?
    package var missed = MissedDoses.probability(0)

    package enum MissedDoses: Sendable, Hashable {
        case probability(Double)
        case column(String)
    }

    static let keys = ["dose", "missed"]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        guard let dose = members.required("dose", of: value) else { return nil }
        let parts = dose.mapping(["action", "into", "every", "maximum", "hold"])
        guard let compartment = parts.required("into", of: dose)?.text else { return nil }
        self.compartment = compartment
        action = parts["action"]?.text ?? action
        if let every = parts["every"]?.days() {
            if every > 0 { self.every = every } else { parts["every"]?.refuse("the interval must be above 0") }
        }
        if let maximum = parts["maximum"] {
            let first = maximum.text?.split(separator: " ").first.flatMap { Double($0) }
            if let first, first > 0 {
                self.maximum = first
            } else {
                maximum.refuse("found \(maximum.found), allowed: an amount above 0, such as '30 mg'")
            }
        }
        hold = parts["hold"]?.text
        if let missed = members["missed"] {
            if let text = missed.scalar, Double(text) == nil {
                self.missed = .column(text)
            } else if let probability = missed.number(in: 0...1) {
                self.missed = .probability(probability)
            }
        }
    }
}
