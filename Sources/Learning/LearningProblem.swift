/// Why a policy cannot be learned as it was asked for.
package enum LearningProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case method(found: String, allowed: [String])
    /// Everything that is wrong with the settings, a line each.
    case settings([String])
    case log(String)
    case unsuitable(method: String, reason: String)
    case noData(method: String, reason: String)
    case diverged(method: String, step: Int)

    package var description: String {
        switch self {
        case .method(let found, let allowed):
            "--method: found '\(found)', allowed: \(allowed.joined(separator: ", "))"
        case .settings(let problems): problems.joined(separator: "\n")
        case .log(let reason): "--log: \(reason)"
        case .unsuitable(let method, let reason): "\(method): \(reason)"
        case .noData(let method, let reason): "\(method): too little to learn from: \(reason)"
        case .diverged(let method, let step):
            "\(method): the values ran away at step \(step); set a lower rate or a lower discount"
        }
    }
}
