import Foundation
import ModelLanguage
import Yams

/// An environment as its designer wrote it: `environment.yaml`, in one of its variants.
///
/// Reading knows the document only. Whether names fit together is checked when an environment is made from it.
package struct EnvironmentDocument: Sendable {
    /// The folder's name.
    package let name: String
    /// The document as the user named it.
    package let file: String
    package let folder: String
    package let title: String
    package let about: String
    /// The names of the variants; the first is the default.
    package let variants: [String]
    package let variant: String
    package var model: EnvironmentModel?
    package var patients: EnvironmentPatients
    package var groupings: [(name: String, expression: SourceText)]
    package var decisions: EnvironmentDecisions
    package var actions: EnvironmentActions
    package var blocks: [(moment: Moment, statements: [SourceText])]
    package var doses: [EnvironmentDose]
    package var reward: SourceText
    package var ends: [EnvironmentEnd]
    /// Whether an event at the last decision counts as one; else the horizon comes first.
    package var endsAtHorizon: Bool
    package var discount: Double
    package var observations: [EnvironmentObservation]
    package var hidden: [EnvironmentObservation]
    package var missing: EnvironmentMissing?
    package var rules: [(name: String, statements: [SourceText])]
    package var measures: [(name: String, expression: SourceText)]
    private let places: ScenarioPlaces

    /// When statements run.
    package enum Moment: String, Sendable, CaseIterable {
        /// When an episode begins.
        case start
        /// After the choice, before the response.
        case act
        /// Before each part of the response.
        case drive
        /// After each part of the response.
        case each
        /// After the response.
        case after
    }

    /// The name of the file in an environment's folder.
    package static let fileName = "environment.yaml"
    /// The variant of a document that has none.
    package static let onlyVariant = "standard"

    static let keys = Keys([
        .required("environment", .version(1), "The version of this format."),
        .optional("title", .text, "What the environment is, in a line."),
        .optional("description", .text, "Where it comes from, what is assumed."),
        .optional("model", .mapping(EnvironmentModel.keys), "The model whose course is the response."),
        .optional("patients", .mapping(EnvironmentPatients.keys), "Who the patients are."),
        .optional("groupings", .named(.source), "How patients are grouped: expressions whose values are texts."),
        .required("decisions", .mapping(EnvironmentDecisions.keys), "When decisions are made."),
        .required("actions", .mapping(EnvironmentActions.keys), "What may be chosen."),
        .optional("start", .either([.source, .list(.source)]), "Statements when an episode begins."),
        .optional("act", .either([.source, .list(.source)]), "Statements after the choice, before the response."),
        .optional("drive", .either([.source, .list(.source)]), "Statements before each part of the response."),
        .optional("each", .either([.source, .list(.source)]), "Statements after each part of the response."),
        .optional("after", .either([.source, .list(.source)]), "Statements after the response."),
        .optional("doses", .list(.mapping(EnvironmentDose.keys)), "What the action gives into the model."),
        .required("reward", .source, "What a decision pays: an expression."),
        .optional("ends", .named(.mapping(EnvironmentEnd.keys)), "The events that end an episode."),
        .optional("last", .choice(lastWords), "What an event at the last decision is; 'event' by default."),
        .optional("discount", .number(0...1), "The weight of a reward one decision later; 1 by default."),
        .required(
            "observe", .named(.either([.source, .mapping(EnvironmentObservation.keys)])), "What is observed."),
        .optional(
            "hidden", .named(.either([.source, .mapping(EnvironmentObservation.keys)])),
            "What only rules of the environment see."),
        .optional("missing", .mapping(EnvironmentMissing.keys), "How observations come to be missing."),
        .optional("rules", .coded(.either([.source, .list(.source)])), "Statements that choose the action."),
        .optional("measures", .named(.source), "Further numbers of a whole episode: expressions at its end."),
        .optional("variants", .coded(.coded(.anything)), "Values of this document that replace others, by path."),
    ])

    private static let lastWords = ["event", "truncation"]

    /// Reads the document of a folder, or a document.
    ///
    /// - Parameter variant: a name of ``variants``; the first where nil. A name that is none of them is refused.
    /// - Throws: ``MissingFile``, ``UnreadableFile``; ``ScenarioErrors`` with everything that is wrong.
    package init(path: String, variant: String? = nil) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MissingFile(path: path, purpose: "an environment's document or folder")
        }
        let file = isFolder.boolValue ? (path as NSString).appendingPathComponent(Self.fileName) : path
        let text = try InputFile.text(of: file, purpose: "the environment of the folder")
        try self.init(text: text, file: file, variant: variant)
    }

    /// Reads a document from its text.
    package init(text: String, file: String, variant: String? = nil) throws(ScenarioErrors) {
        let problems = Problems(file: file, text: text)
        let read = try EnvironmentVariants(text: text, variant: variant, problems)
        let members = YAMLValue(node: read.root, path: "", problems: problems).mapping(Self.keys)
        _ = members["environment"]?.integer(in: 1...1)
        title = members["title"].map { $0.text ?? "" } ?? file
        about = members["description"]?.text ?? ""
        model = members["model"].flatMap { EnvironmentModel($0) }
        patients = members["patients"].map { EnvironmentPatients($0) } ?? EnvironmentPatients()
        groupings = members["groupings"].map(Self.expressions) ?? []
        let decisions = members["decisions"].flatMap { EnvironmentDecisions($0) }
        let actions = members["actions"].flatMap { EnvironmentActions($0) }
        blocks = Moment.allCases.compactMap { moment in
            members[moment.rawValue].map { (moment, $0.sources()) }
        }
        doses = members["doses"]?.list().compactMap { EnvironmentDose($0) } ?? []
        let reward = members["reward"]?.source()
        ends = members["ends"]?.entries().compactMap { EnvironmentEnd($0.key, $0.value) } ?? []
        endsAtHorizon = members["last"]?.choice(Self.lastWords) != "truncation"
        discount = members["discount"]?.number(in: 0...1) ?? 1
        observations = members["observe"]?.entries().compactMap { EnvironmentObservation($0.key, $0.value) } ?? []
        hidden = members["hidden"]?.entries().compactMap { EnvironmentObservation($0.key, $0.value) } ?? []
        missing = members["missing"].flatMap { EnvironmentMissing($0) }
        rules = members["rules"]?.entries(areNames: false).map { ($0.key, $0.value.sources()) } ?? []
        measures = members["measures"].map(Self.expressions) ?? []
        if let observe = members["observe"], observe.isMapping, observations.isEmpty {
            observe.refuse("found nothing that is observed, allowed: one name and expression at least")
        }
        try problems.throwIfAny()
        guard let decisions, let actions, let reward else {
            throw ScenarioErrors([ScenarioProblem(file: file, message: "the environment is not complete")])
        }
        (self.decisions, self.actions, self.reward) = (decisions, actions, reward)
        self.file = file
        folder = problems.folder
        let parent = (folder as NSString).lastPathComponent
        name = parent.isEmpty || parent == "." ? (file as NSString).lastPathComponent : parent
        variants = read.names
        self.variant = read.chosen
        places = problems.places
    }

    private static func expressions(_ value: YAMLValue) -> [(name: String, expression: SourceText)] {
        value.entries().compactMap { name, value in value.source().map { (name, $0) } }
    }

    // MARK: Problems found later

    /// A problem of the value at a path.
    package func problem(_ message: String, at path: String) -> ScenarioProblem {
        ScenarioProblem(message, at: places.place(of: path), path: path)
    }

    /// The problems in texts of the language, each at its place.
    package func problems(of errors: SourceErrors) -> [ScenarioProblem] { places.problems(of: errors) }

    /// A file that cannot be read.
    package func problem(ofFile error: any Error, at path: String) -> ScenarioProblem {
        ScenarioProblem(file: error, at: places.place(of: path), path: path)
    }

    /// The path of a file that the document names, relative to its folder.
    package func path(of file: String) -> String {
        if file.hasPrefix("/") || folder.isEmpty { return file }
        return (folder as NSString).appendingPathComponent(file)
    }
}

/// The document's tree in one of its variants.
struct EnvironmentVariants {
    let root: Node
    let names: [String]
    let chosen: String

    /// Reads the tree, takes `variants` out of it, and lets the chosen one replace what it names.
    init(text: String, variant: String?, _ problems: Problems) throws(ScenarioErrors) {
        let file = problems.file
        let read = try ScenarioTree.read(text) { position in
            ScenarioPlace(file: file, line: position?.line, column: position?.column)
        }
        guard var root = read else {
            throw ScenarioErrors([ScenarioProblem(file: file, message: "the file is empty")])
        }
        problems.places.note(root, at: "")
        let key = "variants"
        guard case .mapping(let mapping) = root, let section = mapping[key] else {
            if let variant, variant != EnvironmentDocument.onlyVariant {
                throw ScenarioErrors([Self.unknown(variant, [EnvironmentDocument.onlyVariant], problems)])
            }
            (self.root, names, chosen) = (root, [EnvironmentDocument.onlyVariant], EnvironmentDocument.onlyVariant)
            return
        }
        let entries = YAMLValue(node: section, path: key, problems: problems).entries(areNames: false)
        names = entries.map(\.key)
        let wanted = variant ?? names.first ?? ""
        chosen = wanted
        let rest = mapping.filter { $0.key.scalar?.string != key }
        root = .mapping(Node.Mapping(rest.map { ($0.key, $0.value) }, .implicit, .any, mapping.mark))
        guard let entry = entries.first(where: { $0.key == wanted }) else {
            try problems.throwIfAny()
            throw ScenarioErrors([Self.unknown(wanted, names, problems)])
        }
        for (path, value) in entry.value.entries(areNames: false) {
            do {
                let override = try ScenarioOverride(path: path, value: value.node)
                if case .failure(let problem) = override.apply(to: &root) { value.refuse(problem.message) }
            } catch { value.refuse("found the key '\(path)', allowed: a path such as model.set.k1") }
        }
        problems.places.note(root, at: "")
        self.root = root
    }

    private static func unknown(_ name: String, _ names: [String], _ problems: Problems) -> ScenarioProblem {
        ScenarioProblem(
            "found the variant '\(name)', allowed: \(names.joined(separator: ", "))",
            at: problems.places.place(of: "variants"), path: "variants")
    }
}
