/// A scenario that watches a risk score over calendar time instead of running a trial: the document has a section
/// `monitoring`, and none of the sections of a trial.
public struct MonitoringScenario: Sendable {
    /// The scenario file as the user named it.
    public let file: String
    /// The text as it stands in the file, before any overrides.
    public let text: String
    /// The overrides given beside the file, as `path=value`.
    public let overrides: [String]
    /// What the study is, in a line; the file's name where the document gives none.
    public let title: String
    /// What the study asks and where it comes from; empty where the document does not say.
    public let about: String
    /// The root of all random streams. 1 unless given.
    public let seed: UInt64
    package let monitoring: MonitoringSection
    private let places: ScenarioPlaces

    /// The section that makes a document one of this kind.
    static let section = "monitoring"

    static let keys = Keys(
        [
            .required("trialist", .version(1), "The version of this format."),
            .optional("title", .text, "What the study is, in a line."),
            .optional("description", .text, "What it asks and where it comes from."),
            .optional("seed", .integer(0...Int.max), "The root of all random numbers; 1 by default."),
            .required(section, .mapping(MonitoringSection.keys), "A score, and how it is watched over calendar time."),
        ],
        foreign: (
            Scenario.keys.names.filter { !["trialist", "title", "description", "seed"].contains($0) },
            "a scenario with '\(section)' watches a score and runs no trial; leave one of the two out"
        ))

    /// Reads a scenario from its text.
    ///
    /// - Parameter file: the file's name, for messages.
    /// - Throws: ``ScenarioErrors`` with everything that is wrong.
    public init(text: String, file: String, overrides: [String] = []) throws(ScenarioErrors) {
        try self.init(ScenarioSource(text: text, file: file, overrides: overrides))
    }

    init(_ source: ScenarioSource) throws(ScenarioErrors) {
        let members = source.root.mapping(Self.keys)
        _ = members["trialist"]?.integer(in: 1...1)
        title = members["title"].map { $0.text ?? "" } ?? source.file
        about = members["description"]?.text ?? ""
        seed = UInt64(members["seed"]?.integer(in: 0...Int.max) ?? 1)
        let section = members[Self.section].flatMap { MonitoringSection($0) }
        try source.problems.throwIfAny()
        guard let section else {
            throw ScenarioErrors([ScenarioProblem(file: source.file, message: "the scenario is not complete")])
        }
        monitoring = section
        file = source.file
        text = source.text
        overrides = source.overrides
        places = source.problems.places
    }

    /// A problem of the value at a path.
    package func problem(_ message: String, at path: String) -> ScenarioProblem {
        ScenarioProblem(message, at: places.place(of: path), path: path)
    }
}

/// What a scenario file describes: a trial, or a score that is watched.
///
/// ```swift
/// switch try ScenarioDocument(path: "scenarios/score-drift") {
/// case .trial(let scenario): try Study(scenario).run(writingTo: "out.h5")
/// case .monitoring(let scenario): try MonitoringStudy(scenario).run(writingTo: "out.h5")
/// }
/// ```
public enum ScenarioDocument: Sendable {
    /// A trial on virtual patients.
    case trial(Scenario)
    /// A risk score in windows of calendar time.
    case monitoring(MonitoringScenario)

    /// Reads a scenario file, or the `scenario.yaml` of a folder.
    ///
    /// - Parameters:
    ///   - overrides: `path=value` pairs that replace values of the document, one after the other.
    ///   - seed: as the override `seed`.
    ///   - replicates: as `trial.replicates` or `monitoring.replicates`.
    ///   - patients: as `cohort.patients` or `monitoring.patients`.
    /// - Throws: ``MissingFile``, ``UnreadableFile``; ``ScenarioErrors`` with everything that is wrong.
    public init(
        path: String, overrides: [String] = [], seed: UInt64? = nil, replicates: Int? = nil, patients: Int? = nil
    ) throws {
        var source = try ScenarioSource(path: path, overrides: overrides)
        let isMonitoring = source.has(MonitoringScenario.section)
        let shorthands = [
            seed.map { "seed=\($0)" },
            replicates.map { "\(isMonitoring ? "monitoring" : "trial").replicates=\($0)" },
            patients.map { "\(isMonitoring ? "monitoring" : "cohort").patients=\($0)" },
        ].compactMap { $0 }
        if !shorthands.isEmpty { source = try ScenarioSource(path: path, overrides: overrides + shorthands) }
        self = isMonitoring ? .monitoring(try MonitoringScenario(source)) : .trial(try Scenario(source))
    }

    /// Reads a scenario from its text.
    ///
    /// - Parameter file: the file's name, for messages and to find the files that the scenario names.
    /// - Throws: ``ScenarioErrors`` with everything that is wrong.
    public init(text: String, file: String, overrides: [String] = []) throws(ScenarioErrors) {
        let source = try ScenarioSource(text: text, file: file, overrides: overrides)
        if source.has(MonitoringScenario.section) {
            self = .monitoring(try MonitoringScenario(source))
        } else {
            self = .trial(try Scenario(source))
        }
    }

    /// What the study is, in a line.
    public var title: String {
        switch self {
        case .trial(let scenario): scenario.title
        case .monitoring(let scenario): scenario.title
        }
    }
}
