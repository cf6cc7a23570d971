extension ModelListing: CustomStringConvertible {
    /// The listing as text.
    public var description: String { text }

    /// One line for each thing that the model has, under a title for each kind, and the notes last.
    public var text: String {
        var lines: [String] = []
        var pairs: [(String, String)] = [("model", name)]
        for (title, unit) in [("time", timeUnit), ("doses", dosingUnit), ("concentrations", concentrationUnit)] {
            if let unit { pairs.append(("\(title) in", unit)) }
        }
        lines += Self.aligned(pairs)
        lines += Self.section("states", states.map { ($0.name, Self.words($0)) })
        lines += Self.section("parameters", parameters.map { ($0.name, Self.words($0)) })
        lines += Self.section("defaults", defaults.map { ($0.name, Self.words($0)) })
        lines += Self.section(
            "random effects",
            randomEffects.map { effect in
                let level = effect.level.map { "by \($0)" } ?? "between subjects"
                return (effect.name, "variance \(Expression.text(of: effect.variance)) \(level)")
            })
        lines += Self.section("inputs", covariates.map { ($0.name, Self.words($0)) })
        if !outputs.isEmpty { lines += ["variables", "  " + outputs.joined(separator: ", ")] }
        lines += Self.section(
            "endpoints",
            endpoints.map { endpoint in
                let variable = endpoint.variable == endpoint.name ? "" : "\(endpoint.variable) "
                return (endpoint.name, "\(variable)~ \(endpoint.error)")
            })
        if !notes.isEmpty { lines += ["notes"] + notes.map { "  " + $0 } }
        return lines.joined(separator: "\n")
    }

    private static func words(_ parameter: Parameter) -> String {
        let value = Expression.text(of: parameter.value) + (parameter.isFixed ? " fixed" : "")
        return [value, parameter.label].compactMap { $0 }.joined(separator: "  ")
    }

    private static func words(_ noted: Noted) -> String {
        let unit = noted.unit.map { "in \($0)" }
        return [noted.description, unit].compactMap { $0 }.joined(separator: ", ")
    }

    private static func section(_ title: String, _ pairs: [(String, String)]) -> [String] {
        pairs.isEmpty ? [] : [title] + aligned(pairs).map { "  " + $0 }
    }

    /// Pairs in two columns.
    private static func aligned(_ pairs: [(String, String)]) -> [String] {
        let width = pairs.map(\.0.count).max() ?? 0
        return pairs.map { name, words in
            words.isEmpty ? name : name + String(repeating: " ", count: width - name.count + 2) + words
        }
    }
}
