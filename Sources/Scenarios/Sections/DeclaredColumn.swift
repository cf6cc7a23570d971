import Cohorts

/// One entry of `cohort.columns`: a column of the file, and what to do where it is missing.
package struct DeclaredColumn: Sendable {
    package var declaration: ColumnDeclaration
    package var missing: MissingRule

    package enum MissingRule: Sendable, Hashable {
        case keep
        case completeCase
        case category
        case hotDeck(within: [String])
        case constant(Double)
    }

    /// The types that scenarios may name.
    private enum ColumnType: String, CaseIterable {
        case number
        case integer
        case category
        case flag
        case decade
        case identifier

        /// The keys that only some types read.
        var keys: [String] {
            switch self {
            case .number, .integer: ["unit", "range"]
            case .category: ["levels"]
            case .decade: ["as"]
            case .flag, .identifier: []
            }
        }
    }

    static let keys = Keys([
        .required("type", .choice(ColumnType.allCases.map(\.rawValue)), "What its cells hold."),
        .optional("header", .text, "Its name in the file, where that is another."),
        .optional("unit", .text, "The unit of a number."),
        .optional("range", .range, "The lowest and the highest number that is possible."),
        .optional(
            "levels", .list(.either([.code, .coded(.code)]), count: 1...10_000),
            "The codes of a category; { code: level } for a code that counts as another level."),
        .optional("as", .choice(readings), "The number that stands for a decade of age."),
        .optional(
            "missing", .either([.number(), .choice(missingWords), .mapping(hotDeckKeys)]),
            "What is done where it is missing."),
        .optional("markers", .list(.code), "Texts that mean missing, beside the empty cell."),
        .optional("label", .text, "What it is, for the results file."),
    ])

    private static let hotDeckKeys = Keys([.required("hot deck", .list(.name), "The columns in which a donor agrees.")])
    private static let missingWords = ["complete case", "category", "keep"]
    private static let readings = ColumnDeclaration.DecadeReading.allCases.map(\.rawValue)

    init?(_ name: String, _ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        missing = members["missing"].map(Self.missingRule) ?? .keep
        let markers = members["markers"]?.list().compactMap(\.text) ?? []
        guard
            let type = members["type"]?.choice(ColumnType.allCases.map(\.rawValue)).flatMap({ ColumnType(rawValue: $0) }
            )
        else { return nil }
        for key in ["unit", "range", "levels", "as"] where !type.keys.contains(key) {
            members[key]?.refuse("a column of type '\(type.rawValue)' has no '\(key)'; leave it out")
        }
        guard let kind = Self.kind(type, value, members) else { return nil }
        let place = value.problems.places.place(of: value.path)
        declaration = ColumnDeclaration(
            name, header: members["header"]?.text, kind, longName: members["label"]?.text ?? "",
            missingMarkers: markers,
            place: [place.file, place.line.map(String.init), place.column.map(String.init)].compactMap { $0 }
                .joined(separator: ":"))
    }

    private static func kind(
        _ type: ColumnType, _ value: YAMLValue, _ members: [String: YAMLValue]
    ) -> ColumnDeclaration.Kind? {
        let unit = members["unit"]?.text ?? "1"
        switch type {
        case .number:
            let range = members["range"]?.range()
            return .number(unit: unit, lower: range?.lowerBound, upper: range?.upperBound)
        case .integer:
            guard let range = members["range"] else { return .integer(unit: unit) }
            guard let bounds = range.range() else { return nil }
            guard let lower = Int(exactly: bounds.lowerBound), let upper = Int(exactly: bounds.upperBound) else {
                range.refuse(
                    "found from \(plain(bounds.lowerBound)) to \(plain(bounds.upperBound)), allowed: two whole numbers")
                return nil
            }
            return .integer(unit: unit, lower: lower, upper: upper)
        case .category:
            guard let levels = members["levels"] else {
                value.refuse("'levels' is missing")
                return nil
            }
            if levels.isList, levels.list().isEmpty { levels.refuse("found no levels, allowed: at least one") }
            return .category(levels.list().compactMap(code))
        case .flag: return .flag
        case .decade:
            let reading = members["as"]?.choice(readings).flatMap { ColumnDeclaration.DecadeReading(rawValue: $0) }
            return .decade(as: reading ?? .lowerBound)
        case .identifier: return .identifier
        }
    }

    /// A level, or `{code: label}`.
    private static func code(_ value: YAMLValue) -> ColumnDeclaration.CategoryCode? {
        guard value.isMapping else { return value.text.map { .init($0) } }
        let entries = value.entries(areNames: false)
        guard entries.count == 1, let entry = entries.first else {
            value.refuse("found \(entries.count) codes, allowed: one, as { code: level }")
            return nil
        }
        return entry.value.text.map { .init(entry.key, label: $0) }
    }

    private static func missingRule(_ value: YAMLValue) -> MissingRule {
        if value.isMapping {
            return .hotDeck(within: value.mapping(hotDeckKeys)["hot deck"]?.list().compactMap(\.name) ?? [])
        }
        switch value.scalar {
        case "keep": return .keep
        case "complete case": return .completeCase
        case "category": return .category
        default:
            if let number = value.scalar.flatMap({ DecimalText.number($0) }) { return .constant(number) }
            value.refuse(
                "found \(value.found), allowed: \(missingWords.joined(separator: ", ")), a number, or { hot deck: [columns] }"
            )
            return .keep
        }
    }
}
