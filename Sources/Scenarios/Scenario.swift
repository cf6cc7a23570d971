import Foundation
import ModelLanguage

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
    /// What the study is, in a line; the file's name where the document gives none.
    public let title: String
    /// What the study asks and where it comes from; empty where the document does not say.
    public let about: String
    /// The root of all random streams: the same scenario and seed give the same numbers. 1 unless given.
    public var seed: UInt64
    package var cohort: CohortSection
    package var strata: [String]
    package var model: ModelSection
    package var treatment: TreatmentSection
    package var visits: VisitsSection
    package var events: [EventSection]
    package var endpoints: [EndpointSection]
    /// The named rules that are statements, in the order of the file.
    package var rules: [(name: String, source: SourceText)]
    /// The named rules that are declared, in the order of the file.
    package var declaredRules: [DoseRuleSection]
    package var arms: [ArmSection]
    package var trial: TrialSection?
    package var report: ReportSection?
    package var published: [PublishedSection]
    /// Where everything in it stands, for what is found wrong later.
    package let places: ScenarioPlaces

    static let keys = Keys([
        .required("trialist", .version(1), "The version of this format."),
        .optional("title", .text, "What the study is, in a line."),
        .optional("description", .text, "What it asks and where it comes from."),
        .optional("seed", .integer(0...Int.max), "The root of all random numbers; 1 by default."),
        .required("cohort", .mapping(CohortSection.keys), "Who the virtual patients are."),
        .optional("strata", .list(.name), "The columns by whose levels every result is also reported."),
        .required("model", .mapping(ModelSection.keys), "The drug model."),
        .required("treatment", .mapping(TreatmentSection.keys), "How a regime's action becomes doses."),
        .required("visits", .mapping(VisitsSection.keys), "When patients are seen and what is measured."),
        .optional(
            "events", .list(.mapping(EventSection.keys)), "What happens at a rate that the model's path decides."),
        .required(
            "endpoints", .list(.mapping(EndpointSection.keys), count: 1...1000), "What is reported of each patient."),
        .optional("rules", .named(NamedRules.shape), "Statements and declared rules that arms share, by name."),
        .required("arms", .list(.mapping(ArmSection.keys), count: 1...1000), "The regimes that are compared."),
        .optional("trial", .mapping(TrialSection.keys), "The trial as it would be run, and how often it is repeated."),
        .optional("report", .mapping(ReportSection.keys), "What the summary compares."),
        .optional("published", .list(.mapping(PublishedSection.keys)), "What the real trial found, printed beside."),
    ])

    /// The file of a scenario's folder.
    package static let fileName = "scenario.yaml"

    /// Reads a scenario file, or the `scenario.yaml` of a folder.
    ///
    /// - Parameter overrides: `path=value` pairs that replace values of the document, such as `trial.replicates=10`, one
    ///   after the other.
    /// - Throws: ``MissingFile``, ``UnreadableFile``; ``ScenarioErrors`` with everything that is wrong.
    public init(path: String, overrides: [String] = []) throws {
        try self.init(ScenarioSource(path: path, overrides: overrides))
    }

    /// Reads a scenario from its text.
    ///
    /// - Parameter file: the file's name, for messages and to find the files that the scenario names.
    /// - Throws: ``ScenarioErrors`` with everything that is wrong, files that cannot be read among them.
    public init(text: String, file: String, overrides: [String] = []) throws(ScenarioErrors) {
        try self.init(ScenarioSource(text: text, file: file, overrides: overrides))
    }

    init(_ source: ScenarioSource) throws(ScenarioErrors) {
        let (file, problems) = (source.file, source.problems)
        let members = source.root.mapping(Self.keys)
        _ = members["trialist"]?.integer(in: 1...1)
        let named = NamedRules(members["rules"])
        let cohort = members["cohort"].flatMap { CohortSection($0) }
        let model = members["model"].flatMap { ModelSection($0) }
        let treatment = members["treatment"].flatMap { TreatmentSection($0) }
        let visits = members["visits"].flatMap { VisitsSection($0) }
        let endpoints = members["endpoints"].map(EndpointSection.list)
        let arms = members["arms"].map { ArmSection.list($0, rules: named) }
        rules = named.sources
        declaredRules = named.blocks.compactMap { entry in
            if case .declared(let rule) = entry.block { return rule }
            return nil
        }
        title = members["title"].map { $0.text ?? "" } ?? file
        about = members["description"]?.text ?? ""
        seed = UInt64(members["seed"]?.integer(in: 0...Int.max) ?? 1)
        strata = members["strata"]?.list().compactMap(\.name) ?? []
        events = members["events"].map(EventSection.list) ?? []
        trial = members["trial"].flatMap { TrialSection($0) }
        report = members["report"].map { ReportSection($0) }
        published = members["published"].map(PublishedSection.list) ?? []
        try problems.throwIfAny()
        guard let cohort, let model, let treatment, let visits, let arms, let endpoints else {
            throw ScenarioErrors([ScenarioProblem(file: file, message: "the scenario is not complete")])
        }
        self.file = file
        self.folder = problems.folder
        text = source.text
        overrides = source.overrides
        ruleFiles = problems.files
        self.cohort = cohort
        self.model = model
        self.treatment = treatment
        self.visits = visits
        self.endpoints = endpoints
        self.arms = arms
        places = problems.places
    }

    /// The path of a file that the scenario names, relative to the scenario's folder.
    package func path(of file: String) -> String {
        if file.hasPrefix("/") || folder.isEmpty { return file }
        return (folder as NSString).appendingPathComponent(file)
    }
}
