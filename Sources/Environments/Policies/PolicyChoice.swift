/// A policy as a command line or a file names it.
public enum PolicyChoice: Sendable, Hashable {
    /// Every action equally often.
    case random
    /// `constant:X`: the same action always.
    case constant(String)
    /// `rule:NAME`: a rule that the environment knows.
    case rule(String)
    /// The best there is, where it can be computed.
    case optimal

    /// Reads `random`, `constant:X`, `rule:NAME` or `optimal`.
    ///
    /// - Throws: ``EnvironmentError/unreadablePolicy(_:)``.
    public init(_ text: String) throws(EnvironmentError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count == 2 ? parts[1] : nil) {
        case ("random", nil): self = .random
        case ("optimal", nil): self = .optimal
        case ("constant", let action?) where !action.isEmpty: self = .constant(action)
        case ("rule", let name?) where !name.isEmpty: self = .rule(name)
        default: throw .unreadablePolicy(text)
        }
    }
}

/// What is wrong with a request to an environment.
public enum EnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadablePolicy(String)
    case unknownEnvironment(String, allowed: [String])
    case unknownVariant(String, environment: String, allowed: [String])
    case unknownAction(String, environment: String, allowed: [String])
    case unknownRule(String, environment: String, allowed: [String])
    case noOptimum(environment: String)
    case noExactValue(environment: String)

    public var description: String {
        func choice(_ what: String, _ found: String, _ allowed: [String]) -> String {
            let none = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
            return "\(what): found '\(found)', allowed: \(none)"
        }
        return switch self {
        case .unreadablePolicy(let text): choice("policy", text, ["random", "constant:X", "rule:NAME", "optimal"])
        case .unknownEnvironment(let name, let allowed): choice("environment", name, allowed)
        case .unknownVariant(let name, let environment, let allowed): choice("\(environment): variant", name, allowed)
        case .unknownAction(let name, let environment, let allowed): choice("\(environment): action", name, allowed)
        case .unknownRule(let name, let environment, let allowed): choice("\(environment): rule", name, allowed)
        case .noOptimum(let environment): "\(environment): the best policy cannot be computed; learn one"
        case .noExactValue(let environment): "\(environment): no exact value is known; leave out --exact to simulate"
        }
    }
}
