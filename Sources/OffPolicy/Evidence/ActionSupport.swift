import NumericsCore
import Regimes

/// Whether a log shows what a policy would do.
package struct ActionSupport: Sendable, Hashable {
    /// The share of decisions at which the policy may choose (with 5 % or more) what nobody in the log chose in such a situation.
    package var unsupportedDecisions: Double
    /// The policy's mean probability of such actions.
    package var unsupportedMass: Double
    /// Levels that the policy chooses and that the log does not hold at all.
    package var neverChosen: [String]
    /// How often the policy would choose each level, and how often the log did, by the level's name.
    package var shares: [String: Share]
    /// Decisions of which the log shows too few alike to say anything.
    package var unknownDecisions: Double

    package struct Share: Sendable, Hashable {
        package var policy: Double
        package var log: Double
    }

    /// Cells with fewer decisions say nothing of what is never done in them.
    static let fewest = 20
    /// A chance below this counts as none.
    static let none = 1e-3
    /// A policy's probability below this is no plan.
    static let plan = 0.05

    package init(_ log: LoggedEpisodes, _ target: TargetProbabilities, _ behaviour: BehaviourPropensities) {
        let levels = target.levels
        var (unsupported, mass, unknown) = (0, 0.0, 0)
        var wanted = [Double](repeating: 0, count: levels)
        var chosen = wanted
        for decision in 0..<log.decisions {
            chosen[Int(log.chosen[decision])] += 1
            var own = 0.0
            for level in 0..<levels {
                let chance = target[decision, level]
                wanted[level] += chance
                // What was done at this very decision has happened.
                let isShown =
                    behaviour.all[decision * levels + level] >= Self.none || Int(log.chosen[decision]) == level
                if !isShown { own += chance }
            }
            if behaviour.basis[decision] < Self.fewest {
                unknown += 1
                continue
            }
            mass += own
            if own >= Self.plan { unsupported += 1 }
        }
        let count = Double(max(1, log.decisions))
        unsupportedDecisions = Double(unsupported) / count
        unsupportedMass = mass / count
        unknownDecisions = Double(unknown) / count
        let names = log.actions.names
        neverChosen = (0..<levels).filter { chosen[$0] == 0 && wanted[$0] / count > 1e-9 }.map { names[$0] }
        shares = Dictionary(
            (0..<levels).map { (names[$0], Share(policy: wanted[$0] / count, log: chosen[$0] / count)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Why estimates are to be doubted; nil for no reason.
    package var doubt: String? {
        var reasons: [String] = []
        if !neverChosen.isEmpty {
            reasons.append("the log never shows \(neverChosen.joined(separator: ", ")), which the policy chooses")
        }
        if unsupportedDecisions > 0.01 {
            reasons.append(
                "at \(ShownNumber.percent(unsupportedDecisions)) of the decisions the policy does what nobody in the log did in "
                    + "such a situation")
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }
}
