import NumericsCore

@testable import Regimes

/// A policy of which nothing is known but what it does.
struct Opaque: Policy {
    var policy: any Policy

    func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        try policy.makeWorker(observing: observations, choosing: actions)
    }
}

extension VisitedStates {
    /// What a policy does in so many states drawn uniformly, whole numbers for names in `whole`, missing with a probability of
    /// 0.1 for names in `sparse`.
    static func drawn(
        _ policy: any Policy, _ count: Int, ranges: [(name: String, range: ClosedRange<Double>)],
        actions: ActionSpace, whole: Set<String> = [], sparse: Set<String> = []
    ) throws -> VisitedStates {
        var stream = RandomStream(seed: 1, purpose: .analysis, replicate: 0, patient: 0)
        let states = (0..<count).map { _ in
            ranges.map { name, range in
                let value = range.lowerBound + (range.upperBound - range.lowerBound) * stream.nextUniform()
                if sparse.contains(name), stream.nextUniform() < 0.1 { return Double.nan }
                return whole.contains(name) ? value.rounded() : value
            }
        }
        let names = ranges.map(\.name)
        let probe = try PolicyProbe(policy, variables: names, actions: actions)
        var visited = VisitedStates(variables: names, observed: names.count, actions: actions)
        for (state, answer) in zip(states, probe.ask(states, decision: 0)) { visited.add(state, action: answer.values) }
        return visited
    }

    /// The share of visits at which a policy does what was done.
    func agreement(of policy: any Policy) throws -> Double {
        let probe = try PolicyProbe(policy, variables: variables, actions: actions)
        let answers = probe.ask((0..<count).map { visit in values.map { $0[visit] } }, decision: 0)
        let same = answers.enumerated().count { visit, answer in answer.values == chosen.map { $0[visit] } }
        return Double(same) / Double(count)
    }
}
