import ModelLanguage

/// `policy`: an arm that follows a frozen policy from a file, as `trialist regime learn` writes it.
package struct PolicySection: Sendable {
    /// The text of the policy's file, which is found beside the scenario.
    package var text: SourceText
    /// The arm whose proposals are adjusted.
    package var base: String
    /// Statements whose variables the policy reads.
    package var features: SourceText
    /// Statements that turn proposal and `action` into the treatment.
    package var apply: SourceText

    static let keys = Keys([
        .required("file", .text, "The file of the policy."),
        .required("base", .name, "The arm whose proposals are adjusted."),
        .required("features", .source, "Statements whose variables the policy reads."),
        .required("apply", .source, "Statements that turn proposal and action into the treatment."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        let text = members["file"].flatMap { file in file.text.flatMap { file.problems.read($0, at: file) } }
        let base = members["base"]?.name
        guard let features = members["features"]?.source(), let apply = members["apply"]?.source(), let text, let base
        else { return nil }
        (self.text, self.base, self.features, self.apply) = (text, base, features, apply)
    }
}
