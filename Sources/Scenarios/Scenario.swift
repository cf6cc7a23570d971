import Foundation
import ModelLanguage
import Yams

/// A study as its designer wrote it: every section read and checked by itself, with its text.
///
/// ```swift
/// let scenario = try Scenario(path: "scenarios/warfarin-coag")
/// ```
///
/// Reading knows the document only. Whether names fit together (a covariate that the model needs, an arm that the trial
/// compares) is checked when a study is planned from it.
public struct Scenario: Sendable {
    /// The scenario file as the user named it.
    public let file: String
    /// The folder against which the scenario's other files are found.
    public let folder: String
    /// The text as it stands in the file, before any overrides.
    public let text: String
    /// The files that its rules were read from.
    public let ruleFiles: [String]
    /// The overrides given beside the file, as `path=value`.
    public let overrides: [String]
    public let title: String
    public let about: String
    public var seed: UInt64
    package var cohort: CohortSection
    package var strata: [String]
    package var model: ModelSection
    package var treatment: TreatmentSection
    package var visits: VisitsSection
    package var events: [EventSection]
    package var endpoints: [EndpointSection]
    package var arms: [ArmSection]
    package var trial: TrialSection?
    package var report: ReportSection?
    package var published: [PublishedSection]

    static let keys = [
        "trialist", "title", "description", "seed", "cohort", "strata", "model", "treatment", "visits", "events",
        "endpoints",
        "rules", "arms", "trial", "report", "published",
    ]

    /// Reads a scenario file, or the `scenario.yaml` of a folder.
    ///
    /// - Parameter overrides: `path=value` pairs that replace values of the document, such as `trial.replicates=10`.
    /// - Throws: ``MissingFile``; ``ScenarioErrors`` with everything that is wrong.
    public init(path: String, overrides: [String] = []) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw MissingFile(path: path, purpose: "a scenario file or folder")
        }
        let file = isFolder.boolValue ? (path as NSString).appendingPathComponent("scenario.yaml") : path
        guard let data = FileManager.default.contents(atPath: file) else {
            throw MissingFile(path: file, purpose: "the scenario of the folder")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ScenarioErrors([
                ScenarioProblem(file: file, path: "", message: "found bytes that are not UTF-8, allowed: UTF-8 text")
            ])
        }
        try self.init(text: text, file: file, overrides: overrides)
    }

    /// Reads a scenario from its text.
    public init(text: String, file: String, overrides: [String] = []) throws {
        let problems = Problems(file: file)
        var node = try Scenario.compose(text, file: file)
        for override in overrides { Scenario.apply(override, to: &node, problems) }
        let root = YAMLValue(node: node, path: "", problems: problems)
        let members = root.mapping(Self.keys)
        if let version = members.required("trialist", of: root)?.integer(in: 1...1) { _ = version }
        let rules = Dictionary(
            (members["rules"]?.entries() ?? []).compactMap { name, value in value.source().map { (name, $0) } },
            uniquingKeysWith: { first, _ in first })
        let cohort = members.required("cohort", of: root).flatMap { CohortSection($0) }
        let model = members.required("model", of: root).flatMap { ModelSection($0) }
        let treatment = members.required("treatment", of: root).flatMap { TreatmentSection($0) }
        let visits = members.required("visits", of: root).flatMap { VisitsSection($0) }
        let arms = members.required("arms", of: root).map { ArmSection.list($0, rules: rules) }
        let events = members["events"].map(EventSection.list) ?? []
        let endpoints = members.required("endpoints", of: root).map(EndpointSection.list)
        let trial = members["trial"].flatMap { TrialSection($0) }
        let report = members["report"].map { ReportSection($0) }
        let published = members["published"].map(PublishedSection.list) ?? []
        let strata = members["strata"]?.list().compactMap(\.text) ?? []
        let seed = members["seed"]?.integer(in: 0...Int.max) ?? 1
        try problems.throwIfAny()
        guard let cohort, let model, let treatment, let visits, let arms, let endpoints else {
            throw ScenarioErrors([ScenarioProblem(file: file, path: "", message: "the scenario is not complete")])
        }
        self.file = file
        self.folder = (file as NSString).deletingLastPathComponent
        self.text = text
        self.overrides = overrides
        ruleFiles = problems.files
        title = members["title"]?.text ?? file
        about = members["description"]?.text ?? ""
        self.seed = UInt64(seed)
        self.cohort = cohort
        self.strata = strata
        self.model = model
        self.treatment = treatment
        self.visits = visits
        self.events = events
        self.endpoints = endpoints
        self.arms = arms
        self.trial = trial
        self.report = report
        self.published = published
    }

    /// The path of a file that the scenario names, relative to the scenario's folder.
    package func path(of file: String) -> String {
        if file.hasPrefix("/") || folder.isEmpty { return file }
        return (folder as NSString).appendingPathComponent(file)
    }

    private static func compose(_ text: String, file: String) throws -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
            throw ScenarioErrors([ScenarioProblem(file: file, path: "", message: "the file is empty")])
        } catch let error as YamlError {
            throw ScenarioErrors([Scenario.problem(of: error, file: file)])
        }
    }

    private static func problem(of error: YamlError, file: String) -> ScenarioProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ScenarioProblem(file: file, line: mark.line, column: mark.column, path: "", message: "not YAML: \(problem)")
        default: ScenarioProblem(file: file, path: "", message: "not YAML: \(error)")
        }
    }

    // MARK: Overrides

    /// Replaces the value at a path such as `trial.replicates` or `arms[1].start`.
    private static func apply(_ override: String, to node: inout Node, _ problems: Problems) {
        guard let equals = override.firstIndex(of: "=") else {
            return problems.add("--set '\(override)': found no '=', allowed: path=value", path: "", mark: nil)
        }
        let path = String(override[..<equals])
        let text = String(override[override.index(after: equals)...])
        let keys = path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }).map(String.init)
        guard !keys.isEmpty, let value = try? Yams.compose(yaml: text) ?? Node("") else {
            return problems.add("--set '\(override)': allowed: path=value with a YAML value", path: "", mark: nil)
        }
        if !replace(keys[...], in: &node, with: value) {
            problems.add("--set '\(override)': there is no '\(path)' in the scenario", path: "", mark: nil)
        }
    }

    private static func replace(_ keys: ArraySlice<String>, in node: inout Node, with value: Node) -> Bool {
        guard let key = keys.first else {
            node = value
            return true
        }
        if let index = Int(key), case .sequence(var items) = node, items.indices.contains(index) {
            guard replace(keys.dropFirst(), in: &items[index], with: value) else { return false }
            node = .sequence(items)
            return true
        }
        guard case .mapping(var mapping) = node else { return false }
        if var inner = mapping[Node(key)] {
            guard replace(keys.dropFirst(), in: &inner, with: value) else { return false }
            mapping[Node(key)] = inner
        } else {
            // A key that the document leaves at its default may be set; whether it is allowed is checked in reading.
            guard keys.count == 1 else { return false }
            mapping[Node(key)] = value
        }
        node = .mapping(mapping)
        return true
    }
}
