/// Why a policy cannot be evaluated on a log.
package enum OffPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    case noEpisodes
    case unknownEstimator(String, allowed: [String])
    /// The policy gave no level any weight at a decision.
    case noLevel(episode: Int, step: Int)
    case unknownVariable(String, allowed: [String])
    /// A probability that no behaviour can have.
    case propensity(Double, episode: Int, step: Int)
    case notFinite(String, episode: Int, step: Int)
    /// The model of the behaviour or of the values could not be fitted.
    case noFit(String)
    case tooFewEpisodes(found: Int, needed: Int, purpose: String)
    case unsuitable(String)

    package var description: String {
        switch self {
        case .noEpisodes: "log: found no episodes; at least one is needed"
        case .unknownEstimator(let name, let allowed):
            "estimators: found '\(name)', allowed: \(allowed.joined(separator: ", "))"
        case .noLevel(let episode, let step):
            "policy: at step \(step) of episode \(episode) it chooses none of the log's levels; "
                + "only policies that choose among levels can be evaluated"
        case .unknownVariable(let name, let allowed):
            "model variables: found '\(name)', allowed: \(allowed.joined(separator: ", "))"
        case .propensity(let value, let episode, let step):
            "log: the probability at step \(step) of episode \(episode) is \(value); allowed: above 0 to 1, or empty"
        case .notFinite(let what, let episode, let step):
            "log: the \(what) at step \(step) of episode \(episode) is no finite number"
        case .noFit(let reason): "model: \(reason)"
        case .tooFewEpisodes(let found, let needed, let purpose):
            "log: found \(found) episodes; \(purpose) needs at least \(needed)"
        case .unsuitable(let reason): "log: \(reason)"
        }
    }
}
