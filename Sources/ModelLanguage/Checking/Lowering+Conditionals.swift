/// `if (c) … else if (c) … else …`: every branch is lowered, and what they assign is merged by `select`.
extension Lowering {
    mutating func lower(_ branches: [Statement.Branch], otherwise: [Statement], at place: SourcePlace) {
        var conditions: [NodeID] = []
        var outcomes: [[Statement.Target: Value]] = []
        // A chain of `else if` is a list, not a tree: however long, it is lowered without recursion.
        for branch in branches where !isTooLarge {
            conditions.append(number(lower(branch.condition), branch.condition.place))
            outcomes.append(lowerAside(branch.body))
        }
        outcomes.append(lowerAside(otherwise))
        for target in Lowering.targets(of: branches.flatMap(\.body) + otherwise) where !isTooLarge {
            let isAlwaysAssigned = outcomes.allSatisfy { $0[target] != nil }
            let unchanged = isAlwaysAssigned ? Value(node: graph.constant(.nan)) : valueBefore(target, at: place)
            let values = outcomes.map { $0[target] ?? unchanged }
            var merged = values.last ?? unchanged
            for (condition, value) in zip(conditions, values).reversed() where !isTooLarge {
                merged = merge(condition, value, merged, at: place)
            }
            scope[target] = merged
        }
    }

    /// Lowers a branch and returns what it assigns, leaving the scope as it was.
    private mutating func lowerAside(_ body: [Statement]) -> [Statement.Target: Value] {
        let targets = Lowering.targets(of: body)
        let before = targets.map { scope[$0] }
        branchDepth += 1
        lower(body)
        branchDepth -= 1
        var outcome: [Statement.Target: Value] = [:]
        for (target, value) in zip(targets, before) {
            outcome[target] = scope[target]
            scope[target] = value
        }
        return outcome
    }

    /// Everything that statements may assign, in the order of first assignment.
    static func targets(of statements: [Statement]) -> [Statement.Target] {
        var targets: [Statement.Target] = []
        var seen: Set<Statement.Target> = []
        func visit(_ statements: [Statement]) {
            for statement in statements {
                switch statement.kind {
                case .assign(let target, _):
                    if seen.insert(target).inserted { targets.append(target) }
                    // A model time is a variable too.
                    if case .modelTime(let name) = target, seen.insert(.variable(name)).inserted {
                        targets.append(.variable(name))
                    }
                case .conditional(let branches, let otherwise):
                    for branch in branches { visit(branch.body) }
                    visit(otherwise)
                case .endpoint, .compartment, .expression: break
                }
            }
        }
        visit(statements)
        return targets
    }

    /// What a target is worth where no branch assigns it.
    private mutating func valueBefore(_ target: Statement.Target, at place: SourcePlace) -> Value {
        if let value = scope[target] { return value }
        switch target {
        case .variable(let name):
            if let value = meaning(of: name) { return value }
            if takesUnknownNames { return Value(node: declareInput(name)) }
            refuse(
                "'\(name)' may be left without a value: assign it before the 'if', or in every branch and an 'else'",
                at: place)
            return Value(node: graph.constant(.nan))
        case .property(.bioavailability, _): return Value(node: graph.constant(1))
        case .modelTime: return Value(node: graph.constant(.nan))  // No such time.
        case .derivative, .initialValue, .property: return Value(node: graph.constant(0))
        }
    }
}

extension Statement.Target {
    /// The variable that it gives a value.
    var variable: String? {
        switch self {
        case .variable(let name), .modelTime(let name): name
        case .derivative, .initialValue, .property: nil
        }
    }
}
