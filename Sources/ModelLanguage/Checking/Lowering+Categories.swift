/// Categories in expressions: `race == "Asian"`, `band <- ifelse(age < 65, "under 65", "65 and over")`.
///
/// A category is carried as the index of its level. It can be compared with a text and given to a variable; arithmetic
/// on it is refused.
extension Lowering {
    /// The node of a value that must be a number.
    mutating func number(_ value: Value, _ place: SourcePlace) -> NodeID {
        if let levels = value.levels {
            refuse(
                "a number is needed here, found a category (\(list(levels))): compare it with one of its levels",
                at: place)
        }
        return value.node
    }

    mutating func compareCategories(
        _ operation: BinaryOperator, _ a: Value, _ b: Value, _ left: Expression, _ right: Expression
    ) -> Value {
        guard operation == .equal || operation == .notEqual else {
            refuse("a category can be compared with == or != only, found '\(operation.rawValue)'", at: left.place)
            return Value(node: graph.constant(.nan))
        }
        guard let first = a.levels, let second = b.levels else {
            let (levels, other) = a.levels != nil ? (a.levels ?? [], right) : (b.levels ?? [], left)
            let text = a.levels != nil ? left : right
            if case .string = text.kind {
                refuse(
                    "'\(other)' is a number here, and a text is compared with categories only: found \(text)",
                    at: other.place)
            } else {
                refuse("a category is compared with a text in quotes; its levels are \(list(levels))", at: other.place)
            }
            return Value(node: graph.constant(.nan))
        }
        for (literal, levels, expression) in [(second, first, right), (first, second, left)] {
            guard case .string(let text) = expression.kind, !levels.contains(text) else { continue }
            let nearest = nearestName(to: text, among: levels).map { "; did you mean \"\($0)\"?" }
            refuse(
                "\"\(literal[0])\" is not a level here; allowed: \(list(levels))\(nearest ?? "")", at: expression.place)
            return Value(node: graph.constant(.nan))
        }
        let union = first + second.filter { !first.contains($0) }
        let x = recode(a, to: union)
        let y = recode(b, to: union)
        return Value(node: graph.apply(operation == .equal ? .equal : .notEqual, x, y))
    }

    /// The value that is `yes` where the condition is not 0 and `no` elsewhere.
    mutating func merge(_ condition: NodeID, _ yes: Value, _ no: Value, at place: SourcePlace) -> Value {
        guard yes.levels != nil || no.levels != nil else {
            return Value(node: graph.apply(.select, condition, yes.node, no.node))
        }
        // What was refused before stands for nothing (NaN), and is no second problem.
        for side in [yes, no] where side.levels == nil && graph.constant(side.node)?.isNaN != true {
            refuse(
                "one side is a category (\(list(yes.levels ?? no.levels ?? []))), the other a number", at: place)
            return Value(node: graph.constant(.nan))
        }
        let first = yes.levels ?? []
        let union = first + (no.levels ?? []).filter { !first.contains($0) }
        return Value(
            node: graph.apply(.select, condition, recode(yes, to: union), recode(no, to: union)), levels: union)
    }

    /// The codes of a category in another list of levels that holds all of its own.
    private mutating func recode(_ value: Value, to union: [String]) -> NodeID {
        guard let levels = value.levels, levels != Array(union.prefix(levels.count)) else { return value.node }
        var result = graph.constant(.nan)
        for (code, level) in levels.enumerated() {
            guard let target = union.firstIndex(of: level) else { continue }
            let matches = graph.apply(.equal, value.node, graph.constant(Double(code)))
            result = graph.apply(.select, matches, graph.constant(Double(target)), result)
        }
        return result
    }

    private func list(_ levels: [String]) -> String { levels.map { "\"\($0)\"" }.joined(separator: ", ") }
}
