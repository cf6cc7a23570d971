/// A policy as a command line names it.
package enum PolicyChoice: Sendable, Hashable {
    /// Every allowed action equally often.
    case random
    /// `constant:X`: the same action always.
    case constant(String)
    /// `rule:NAME`: a rule that the environment knows.
    case rule(String)
    /// The best there is, where it can be computed.
    case optimal
    /// A policy that was learned, by the path of its file.
    case file(String)

    /// Reads `random`, `constant:X`, `rule:NAME`, `optimal` or the path of a policy file: a text with a slash or the extension
    /// `json`.
    ///
    /// - Throws: ``EnvironmentError/unreadablePolicy(_:)``.
    package init(_ text: String) throws(EnvironmentError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first ?? "", parts.count == 2 ? parts[1] : nil) {
        case ("random", nil): self = .random
        case ("optimal", nil): self = .optimal
        case ("constant", let action?) where !action.isEmpty: self = .constant(action)
        case ("rule", let name?) where !name.isEmpty: self = .rule(name)
        case _ where text.hasSuffix(".json") || text.contains("/"): self = .file(text)
        default: throw .unreadablePolicy(text)
        }
    }
}
