/// A way to show a policy so that a clinician can read and follow it. What is shown is a policy itself: it can be run, its value
/// measured, and (where it is frozen) written to a file.
package protocol CardRendering: Sendable {
    /// `tree`
    var name: String { get }

    /// The policy in this form, fitted to its decisions at the states that it visits.
    ///
    /// - Throws: ``CardProblem/cannotRender(_:reason:)``.
    func render(_ policy: any Policy, _ visited: VisitedStates, limits: CardLimits) throws(CardProblem)
        -> any ReadablePolicy
}

/// How much a reader is asked to take in.
package struct CardLimits: Sendable, Hashable {
    /// The most questions on a way through a tree.
    package let depth: Int
    /// The most bands of a variable in a table.
    package let tableBands = 5
    /// The most bands of a variable in a points score.
    package let pointBands = 4
    /// The most variables of a points score.
    package let pointItems = 5

    package static let depths = 1...6

    /// - Throws: ``CardProblem/depth(_:allowed:)``.
    package init(depth: Int = 3) throws(CardProblem) {
        guard Self.depths.contains(depth) else { throw .depth(depth, allowed: Self.depths) }
        self.depth = depth
    }
}

/// The ways to show a policy. A new one is a line here.
package enum CardRenderings {
    package static let all: [any CardRendering] = [
        RuleRendering(),
        TreeRendering(),
        PointsRendering(),
        TableRendering(),
    ]

    /// What ``named(_:)`` takes.
    package static var names: [String] { all.map(\.name) + ["all"] }

    /// The renderings of a name; `all` is all of them.
    ///
    /// - Throws: ``CardProblem/unknownRendering(_:allowed:)``.
    package static func named(_ name: String) throws(CardProblem) -> [any CardRendering] {
        if name == "all" { return all }
        guard let rendering = all.first(where: { $0.name == name }) else {
            throw .unknownRendering(name, allowed: names)
        }
        return [rendering]
    }
}

extension CardRendering {
    /// Refuses where actions between the levels cannot be named.
    func needLevels(_ visited: VisitedStates) throws(CardProblem) {
        guard visited.count > 0 else { throw .noVisits }
        guard visited.areLevels else {
            throw .cannotRender(
                name,
                reason: "the policy chooses values between the levels, and \(name) names levels only; allowed: table")
        }
    }
}

/// A policy that is a rule already, shown as what it is.
package struct RuleRendering: CardRendering {
    package let name = "rule"

    package init() {}

    package func render(_ policy: any Policy, _: VisitedStates, limits _: CardLimits) throws(CardProblem)
        -> any ReadablePolicy
    {
        guard let rule = policy as? any ReadablePolicy else {
            let kind = (policy as? any FrozenPolicy).map { "a policy of kind '\(type(of: $0).kind)'" } ?? "this policy"
            throw .cannotRender(name, reason: "\(kind) has no rule in words; allowed: tree, points, table")
        }
        return rule
    }
}
