import ModelLanguage

/// `actions`: what may be chosen.
package struct EnvironmentActions: Sendable {
    package var components: [(name: String, range: ClosedRange<Double>)]
    /// The levels by name, a value for each component.
    package var levels: [(name: String, values: [Double])]
    package var isContinuous: Bool
    /// An expression that is not 0 where an action is allowed; nil where all are.
    package var allowed: SourceText?

    /// The most levels that may be.
    static let mostLevels = 64

    static let keys = Keys([
        .required("components", .named(.range), "The numbers of an action, each with its range: { dose: [0, 1] }."),
        .optional(
            "grid", .named(.list(.number(), count: 1...64)), "The levels of each component; every combination is one."),
        .optional("levels", .named(.list(.number())), "Named levels, each with a value for every component."),
        .optional("continuous", .flag, "Whether the values between the levels are actions too."),
        .optional("allowed", .source, "An expression over an action that is not 0 where it is allowed."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        components =
            members["components"]?.entries().compactMap { name, range in range.range().map { (name, $0) } } ?? []
        isContinuous = members["continuous"]?.flag() ?? false
        allowed = members["allowed"]?.source()
        levels = []
        guard !components.isEmpty else {
            if let none = members["components"], none.isMapping, none.entries().isEmpty {
                none.refuse("found no component, allowed: one at least")
            }
            return nil
        }
        switch (members["grid"], members["levels"]) {
        case (let grid?, nil): levels = grid.isMapping ? combinations(grid) : []
        case (nil, let named?): levels = named.isMapping ? self.named(named) : []
        case (nil, nil): value.refuse("'grid' or 'levels' is missing")
        case (_?, let levels?): levels.refuse("'grid' gives the levels already; leave one of the two out")
        }
        let place = members["grid"] ?? members["levels"]
        if levels.count > Self.mostLevels {
            place?.refuse("found \(levels.count) levels, allowed: at most \(Self.mostLevels)")
        }
    }

    /// Every combination of the components' values, the last one running fastest; `0.7,0.3` by name.
    private func combinations(_ grid: YAMLValue) -> [(name: String, values: [Double])] {
        let entries = grid.entries()
        for entry in entries where !components.contains(where: { $0.name == entry.key }) {
            entry.value.refuse("found '\(entry.key)', allowed: \(components.map(\.name).joined(separator: ", "))")
        }
        var levels: [(name: String, values: [Double])] = [("", [])]
        for (name, range) in components {
            guard let own = entries.first(where: { $0.key == name })?.value else {
                grid.refuse("'\(name)' is missing")
                return []
            }
            let values = own.list().compactMap { $0.number(in: range) }
            levels = levels.prefix(Self.mostLevels + 1).flatMap { level in
                values.map { value in
                    let text = plain(value)
                    return (level.name.isEmpty ? text : "\(level.name),\(text)", level.values + [value])
                }
            }
        }
        return levels
    }

    private func named(_ value: YAMLValue) -> [(name: String, values: [Double])] {
        value.entries(areNames: false).compactMap { name, list in
            let items = list.list()
            guard items.count == components.count else {
                if list.isList {
                    list.refuse("found \(list.found), allowed: \(components.count), one for each component")
                }
                return nil
            }
            let values = zip(items, components).compactMap { $0.number(in: $1.range) }
            return values.count == items.count ? (name, values) : nil
        }
    }
}

/// `patients`: who the patients of an environment are.
package struct EnvironmentPatients: Sendable {
    /// A table of real or virtual patients.
    package var records: String?
    package var columns: [DeclaredColumn] = []
    /// Whether episodes take the records one after the other; else each draws one.
    package var areInTurn = false
    package var draws: [DrawnColumn] = []
    package var derive: [SourceText] = []

    private static let choices = ["at random", "in turn"]

    static let keys = Keys([
        .optional("records", .text, "A table of patients (CSV), relative to the document."),
        .optional("columns", .named(.mapping(DeclaredColumn.keys)), "The columns of the table that are read."),
        .optional("choose", .choice(choices), "How episodes take records; 'at random' by default."),
        .optional("draw", .named(.mapping(DrawnColumn.keys)), "Columns that are drawn for each episode."),
        .optional("derive", .either([.source, .list(.source)]), "Statements that add columns."),
    ])

    init() {}

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        records = members["records"]?.text
        columns = members["columns"]?.entries().compactMap { DeclaredColumn($0.key, $0.value) } ?? []
        areInTurn = members["choose"]?.choice(Self.choices) == "in turn"
        draws = members["draw"]?.entries().compactMap { DrawnColumn($0.key, $0.value) } ?? []
        derive = members["derive"]?.sources() ?? []
        if members["records"] == nil {
            for key in ["columns", "choose"] {
                members[key]?.refuse("this is about records, and 'records' names no file; add it or leave this out")
            }
        } else if members["columns"] == nil {
            value.refuse("'records' names a file, and 'columns' does not say what to read from it")
        }
    }
}
