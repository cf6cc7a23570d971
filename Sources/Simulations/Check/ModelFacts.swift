import ModelLanguage

/// What a model is, in a few lines.
package struct ModelFacts: Sendable {
    private let model: Model

    package init(_ model: Model) { self.model = model }

    /// One line for each kind of thing that the model has.
    package var text: String {
        var lines: [(String, String)] = [("model", model.document.name ?? model.document.source.name)]
        func add(_ title: String, _ names: [String]) {
            if !names.isEmpty { lines.append((title, names.joined(separator: ", "))) }
        }
        if let unit = model.document.timeUnit { lines.append(("time unit", unit)) }
        if let unit = model.document.dosingUnit { lines.append(("dose unit", unit)) }
        add("states", model.states)
        add("parameters", model.parameters.map { "\($0.name) = \($0.value)" })
        add("defaults", model.defaults.map { "\($0.name) = \($0.value)" })
        add("etas", model.etas)
        add("covariates", model.covariates)
        add("variables", model.outputs)
        add("endpoints", model.endpoints.map { $0.name == $0.variable ? $0.name : "\($0.variable) | \($0.name)" })
        let width = (lines.map(\.0.count).max() ?? 0) + 2
        return lines.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 }.joined(separator: "\n")
    }
}
