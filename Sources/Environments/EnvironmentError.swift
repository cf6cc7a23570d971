import Regimes

/// What is wrong with a request to an environment.
package enum EnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadablePolicy(String)
    case unknownEnvironment(String, allowed: [String])
    case unknownVariant(String, environment: String, allowed: [String])
    case unknownPopulation(String, environment: String, allowed: [String])
    case unknownAction(String, environment: String, allowed: ActionSpace)
    case unknownRule(String, environment: String, allowed: [String])
    case noOptimum(environment: String)
    case noExactValue(environment: String)
    case notExact(policy: String, environment: String)
    case noLevel(environment: String)

    package var description: String {
        func choice(_ what: String, _ found: String, _ allowed: [String]) -> String {
            let none = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
            return "\(what): found '\(found)', allowed: \(none)"
        }
        return switch self {
        case .unreadablePolicy(let text):
            choice("policy", text, ["random", "constant:X", "rule:NAME", "optimal", "a policy file"])
        case .unknownEnvironment(let name, let allowed): choice("environment", name, allowed)
        case .unknownVariant(let name, let environment, let allowed): choice("\(environment): variant", name, allowed)
        case .unknownPopulation(let name, let environment, let allowed):
            choice("\(environment): patients", name, allowed)
        case .unknownAction(let name, let environment, let allowed):
            choice("\(environment): action", name, allowed.names + Self.ranges(allowed))
        case .unknownRule(let name, let environment, let allowed): choice("\(environment): rule", name, allowed)
        case .noOptimum(let environment): "\(environment): the best policy cannot be computed; learn one"
        case .noExactValue(let environment): "\(environment): no exact value is known; leave out --exact to simulate"
        case .notExact(let policy, let environment):
            "\(environment): \(policy) has no exact value here; leave out --exact to simulate"
        case .noLevel(let environment):
            "\(environment): the policy chooses values between the levels, which have no probability; a log holds levels only"
        }
    }

    /// Where the values between levels are allowed too.
    private static func ranges(_ actions: ActionSpace) -> [String] {
        guard actions.isContinuous else { return [] }
        return actions.components.map { "\($0.name) from \($0.low) to \($0.high)" }
    }
}
