/// What a model is and what is odd about it: the listing that `trialist model check` prints.
///
/// ```swift
/// let model = try Model(ModelParser.parse(model: source))
/// print(ModelListing(model).text)
/// ```
public struct ModelListing: Sendable {
    /// A population parameter of `ini`, or a variable with a default.
    public struct Parameter: Sendable, Hashable {
        /// The name by which the model reads it.
        public var name: String
        /// The value that a simulation uses.
        public var value: Double
        /// What it is in words.
        public var label: String?
        /// The unit at the end of the label's words, in brackets.
        public var unit: String?
        /// Whether `fix` keeps an estimation from moving it.
        public var isFixed: Bool
    }

    /// A random effect.
    public struct RandomEffect: Sendable, Hashable {
        /// The name by which the model reads it.
        public var name: String
        /// Its variance.
        public var variance: Double
        /// The level it varies at (`| occ`); nil between subjects.
        public var level: String?
    }

    /// Something with a note in the metadata: a compartment or a covariate.
    public struct Noted: Sendable, Hashable {
        /// The name in the model.
        public var name: String
        /// What the metadata say it is.
        public var description: String?
        /// The unit that the metadata give.
        public var unit: String?
    }

    /// An observed variable.
    public struct Observed: Sendable, Hashable {
        /// The name of the endpoint.
        public var name: String
        /// The variable, where it has another name.
        public var variable: String
        /// The terms of its error, as the model writes them.
        public var error: String
    }

    /// The model's name, else that of its source.
    public var name: String
    /// The units that the metadata give to time, doses and concentrations, each nil where they are silent.
    public var timeUnit: String?
    /// The unit of doses.
    public var dosingUnit: String?
    /// The unit of concentrations.
    public var concentrationUnit: String?
    /// The compartments in the order that numbers them.
    public var states: [Noted]
    /// The parameters of `ini`, in the order of the file.
    public var parameters: [Parameter]
    /// The variables first assigned a number, which a caller may override.
    public var defaults: [Parameter]
    /// The random effects, block by block.
    public var randomEffects: [RandomEffect]
    /// What the model reads and never assigns, with what the metadata say of it.
    public var covariates: [Noted]
    /// The variables that the model assigns and reports.
    public var outputs: [String]
    /// The observed variables.
    public var endpoints: [Observed]
    /// What may be a slip: names, units, parameters that nothing reads. None of it keeps a model from running.
    public var notes: [String]

    /// Lists a checked model.
    public init(_ model: Model) {
        let document = model.document
        name = document.name ?? document.source.name
        timeUnit = document.unit(of: "time")
        dosingUnit = document.unit(of: "dosing")
        concentrationUnit = document.unit(of: "concentration")
        let compartments = document.notes(in: ["compartmentData"])
        states = Self.noted(model.states, compartments)
        parameters = document.parameters.map { parameter in
            Parameter(
                name: parameter.name, value: parameter.value, label: parameter.label,
                unit: parameter.label.flatMap { UnitText(label: $0)?.text }, isFixed: parameter.isFixed)
        }
        defaults = model.defaults.map { Parameter(name: $0.name, value: $0.value, isFixed: false) }
        randomEffects = document.randomEffects.flatMap { block in
            block.names.enumerated().map { index, name in
                RandomEffect(
                    name: name, variance: block.covariance[index * (index + 1) / 2 + index], level: block.level)
            }
        }
        let declared = document.notes(in: ["covariateData", "covariates"])
        covariates = Self.noted(model.covariates, declared)
        outputs = model.outputs
        let errors = document.statements.compactMap { statement -> String? in
            guard case .endpoint(let endpoint) = statement.kind else { return nil }
            return endpoint.terms.map(\.description).joined(separator: " + ")
        }
        endpoints = zip(model.endpoints, errors).map { endpoint, error in
            Observed(name: endpoint.name, variable: endpoint.variable, error: error)
        }
        notes = ModelNotes(model, declared: declared.map(\.name)).all
    }

    /// What a list of the metadata says of each name.
    private static func noted(_ names: [String], _ list: [Noted]) -> [Noted] {
        let known = Dictionary(list.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return names.map { known[$0] ?? Noted(name: $0) }
    }
}

extension ModelDocument {
    /// A unit of the `units` list; nil where the metadata are silent.
    fileprivate func unit(of name: String) -> String? {
        for case .list(let units) in metadata.filter({ $0.name == "units" }).map(\.value) {
            for case .text(let unit) in units.filter({ $0.name == name }).map(\.value) { return unit }
        }
        return nil
    }

    /// What a metadata list says of each name: a text, or a list with `description` (or `analyte`) and `units`.
    fileprivate func notes(in lists: [String]) -> [ModelListing.Noted] {
        var found: [ModelListing.Noted] = []
        var known: Set<String> = []
        for entry in metadata {
            guard let list = entry.name, lists.contains(list), case .list(let items) = entry.value else { continue }
            for item in items {
                guard let name = item.name, known.insert(name).inserted else { continue }
                found.append(ModelListing.Noted(name, item.value))
            }
        }
        return found
    }
}

extension ModelListing.Noted {
    fileprivate init(_ name: String, _ value: MetadataValue) {
        self.name = name
        switch value {
        case .text(let text):
            description = text
            unit = UnitText(label: text)?.text
        case .list(let fields):
            func text(_ names: String...) -> String? {
                for case .text(let text) in fields.filter({ names.contains($0.name ?? "") }).map(\.value) {
                    return text
                }
                return nil
            }
            description = text("description", "analyte")
            unit = text("units", "unit")
        case .number, .flag, .missing: break
        }
    }
}
