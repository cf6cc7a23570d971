/// A policy as a tree of a few questions: grown by Gini's impurity (Breiman et al. 1984), the last question of each way by the
/// visits it gets right.
package struct TreeRendering: CardRendering {
    package let name = "tree"

    package init() {}

    /// A tree within the depth is shown as it is.
    package func render(_ policy: any Policy, _ visited: VisitedStates, limits: CardLimits) throws(CardProblem)
        -> any ReadablePolicy
    {
        if let tree = policy as? TreePolicy, tree.depth <= limits.depth { return tree }
        try needLevels(visited)
        return TreePolicy(root: TreeGrowth(visited).grow(depth: limits.depth))
    }
}

/// A tree on its way. Visits are sorted once by each variable; a question parts all orders without sorting again.
private struct TreeGrowth {
    private let visited: VisitedStates
    private let response: VisitResponse

    init(_ visited: VisitedStates) {
        self.visited = visited
        response = VisitResponse(visited)
    }

    /// Some visits, in the order of each variable.
    private struct Sample {
        var all: [Int32]
        var present: [[Int32]]
        var missing: [[Int32]]

        func filtered(_ isKept: (Int32) -> Bool) -> Sample {
            Sample(
                all: all.filter(isKept), present: present.map { $0.filter(isKept) },
                missing: missing.map { $0.filter(isKept) })
        }
    }

    func grow(depth: Int) -> TreePolicy.Node {
        let orders = (0..<visited.observed).map { visited.order(of: $0) }
        let sample = Sample(
            all: (0..<Int32(visited.count)).map(\.self), present: orders.map(\.present), missing: orders.map(\.missing))
        return grow(sample, depth: depth)
    }

    private func grow(_ sample: Sample, depth: Int) -> TreePolicy.Node {
        var tally = VisitTally(response)
        for visit in sample.all { tally.add(visit, response) }
        let leaf = TreePolicy.Node.leaf(visited.actions.levels[tally.level].name)
        guard depth > 0, tally.most < tally.count, let (variable, split) = question(sample, byMost: depth == 1),
            depth == 1 ? split.most > tally.most : split.likeness > tally.likeness + 1e-9 * tally.count
        else { return leaf }
        let own = visited.values[variable]
        func isLeft(_ visit: Int32) -> Bool {
            let value = own[Int(visit)]
            return value.isNaN ? split.missingGoesLeft : value <= split.threshold
        }
        let yes = grow(sample.filtered(isLeft), depth: depth - 1)
        let no = grow(sample.filtered { !isLeft($0) }, depth: depth - 1)
        // A question whose answers lead to the same choice asks nothing.
        if yes == no, case .leaf = yes { return yes }
        return .question(
            variable: visited.variables[variable], threshold: split.threshold,
            missingGoesLeft: split.missingGoesLeft, yes: yes, no: no)
    }

    /// The best question of all variables, the first of equals.
    private func question(_ sample: Sample, byMost: Bool) -> (variable: Int, split: VisitSplit)? {
        var best: (variable: Int, split: VisitSplit)?
        for variable in sample.present.indices {
            guard
                let split = VisitSplit.best(
                    sample.present[variable][...], missing: sample.missing[variable],
                    values: visited.values[variable], response, byMost: byMost)
            else { continue }
            if split.isBetter(than: best?.split, byMost: byMost) { best = (variable, split) }
        }
        return best
    }
}
