import ModelLanguage

/// Who gives each input of a model its value: the check that everything is given, and once.
struct InputSupply {
    private let inputs: SimulationInputs

    init(_ inputs: SimulationInputs) { self.inputs = inputs }

    func check(_ problems: inout InputProblemList) {
        checkSettings(&problems)
        checkEachOnce(&problems)
        checkEveryone(&problems)
    }

    private var model: Model { inputs.model }

    /// The sources with the names that they give, in the order of the command line.
    private var sources: [(place: String, names: [String])] {
        var sources: [(String, [String])] = []
        if let events = inputs.events { sources.append((events.file, events.inputs)) }
        if let table = inputs.parameters { sources.append((table.file, table.names)) }
        if case .table(let table) = inputs.etas { sources.append((table.file, table.names)) }
        return sources
    }

    private func checkSettings(_ problems: inout InputProblemList) {
        let known = model.suppliedNames
        for setting in inputs.settings where model.textLevels[setting.name] != nil {
            problems.note(
                "the model compares '\(setting.name)' with texts, found a number; give it in a column of --events or --params",
                at: "--set \(setting.name)=\(setting.value)")
        }
        for setting in inputs.settings where !known.contains(setting.name) {
            let given = inputs.events?.inputs.contains(setting.name) ?? false
            guard !given else { continue }
            problems.note(
                "the model has no input '\(setting.name)'\(suggestion(for: setting.name, among: known.sorted()))",
                at: "--set \(setting.name)=\(setting.value)")
        }
    }

    private func checkEachOnce(_ problems: inout InputProblemList) {
        var given: [String: String] = [:]
        let settings = inputs.settings.map { ("--set", [$0.name]) }
        for (place, names) in sources + settings {
            for name in names {
                if let earlier = given[name] {
                    let both = earlier == place ? "twice by \(place)" : "by \(earlier) and by \(place)"
                    problems.note("'\(name)' is given \(both), allowed: once", at: place)
                } else {
                    given[name] = place
                }
            }
        }
    }

    private func checkEveryone(_ problems: inout InputProblemList) {
        let given = Set(sources.flatMap(\.names) + inputs.settings.map(\.name))
        for name in model.covariates where !given.contains(name) && !isOfLine(name) {
            if model.mixture != nil, name == Model.classInput { continue }
            guard !model.outputs.contains(name) else {
                problems.note(
                    "the model reads '\(name)' above the line that assigns it, and nobody gives it a value there; move that "
                        + "line up, or give a value in a column of --events or --params, or with --set \(name)=VALUE",
                    at: model.document.source.name)
                continue
            }
            problems.note(
                "the model reads '\(name)', which nobody gives a value\(hint(for: name)); give it in a column of --events "
                    + "or --params, or with --set \(name)=VALUE", at: model.document.source.name)
        }
        guard let events = inputs.events else { return }
        let defaults = Set(model.parameters.map(\.name) + model.defaults.map(\.name) + model.etas)
        for name in events.inputs where !defaults.contains(name) {
            guard let slot = model.inputSlot(name) ?? LinearCovariate(name).slots(in: model)?.value else { continue }
            let lacking = events.histories.filter { history in !history.start.contains { $0.slot == slot } }
            guard let first = lacking.first else { continue }
            let of = events.hasSubjects ? " of subject \(first.identifier)" : ""
            let more = lacking.count > 1 ? " (and \(lacking.count - 1) more)" : ""
            problems.note("\(name): no row\(of)\(more) has a value, allowed: at least one", at: events.file)
        }
    }

    /// Whether the name is one of the three that a covariate with straight lines is made of.
    private func isOfLine(_ name: String) -> Bool { name.contains(" ") }

    /// A column that nothing reads and that may have been meant.
    private func hint(for name: String) -> String {
        var columns: [(name: String, file: String)] = []
        if let events = inputs.events { columns += events.ignored.map { ($0, events.file) } }
        if let table = inputs.parameters { columns += table.ignored.map { ($0, table.file) } }
        let names = columns.map(\.name)
        let near = names.first { $0.lowercased() == name.lowercased() } ?? nearestName(to: name, among: names)
        guard let near, let column = columns.first(where: { $0.name == near }) else { return "" }
        return "; did you mean the column '\(near)' of \(column.file)?"
    }
}
