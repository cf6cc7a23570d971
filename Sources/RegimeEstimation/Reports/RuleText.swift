/// A rule in words.
enum RuleText {
    /// `give 1 where 0.2 + 1.4 x > 0, else 0`
    static func linear(_ stage: StageData, _ effects: [Double], direction: Double) -> String {
        if stage.isDose { return dose(stage, effects, direction: direction) }
        var at = 0
        var parts: [(action: String, effect: String)] = []
        for (index, block) in stage.blocks.enumerated() {
            let width = block.design.width
            parts.append((stage.levels[index + 1], sum(block.design.names, effects[at..<at + width])))
            at += width
        }
        let sign = direction > 0 ? ">" : "<"
        let restricted = stage.allowed == nil ? "" : ", among the actions that are allowed"
        if parts.count == 1 {
            return "give \(parts[0].action) where \(parts[0].effect) \(sign) 0, else \(stage.levels[0])\(restricted)"
        }
        let listed = parts.map { "\($0.action): \($0.effect)" }.joined(separator: "; ")
        let best = direction > 0 ? "largest" : "smallest"
        return "give the action with the \(best) effect (\(stage.levels[0]): 0; \(listed))\(restricted)"
    }

    private static func dose(_ stage: StageData, _ effects: [Double], direction: Double) -> String {
        let linear = stage.blocks[0].design
        let square = stage.blocks[1].design
        let range = "\(number(stage.range.lowerBound)) to \(number(stage.range.upperBound))"
        return "give the dose in \(range) at which a·(\(sum(linear.names, effects[..<linear.width]))) + a²·("
            + "\(sum(square.names, effects[linear.width...]))) is \(direction > 0 ? "largest" : "smallest")"
    }

    static func sum(_ names: [String], _ coefficients: ArraySlice<Double>) -> String {
        var text = ""
        for (name, value) in zip(names, coefficients) {
            let size = number(abs(value))
            let term = name == Design.intercept ? size : "\(size) \(name)"
            if text.isEmpty {
                text = value < 0 ? "-\(term)" : term
            } else {
                text += value < 0 ? " - \(term)" : " + \(term)"
            }
        }
        return text.isEmpty ? "0" : text
    }

    /// Four digits that count.
    static func number(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        if value == value.rounded(), abs(value) < 1e6 { return "\(Int(value))" }
        var scale = 1.0
        while abs(value) * scale < 1000, scale < 1e12 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        guard rounded != 0 else { return "0" }
        let text = "\(rounded)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
