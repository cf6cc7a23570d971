import Cohorts
import ModelLanguage

/// `cohort`: who the virtual patients are.
package struct CohortSection: Sendable {
    package var records: String?
    package var columns: [DeclaredColumn] = []
    package var eligible: [Criterion] = []
    package var draws: [DrawnColumn] = []
    /// Blocks of statements that add columns, one after the other.
    package var derive: [SourceText] = []
    /// The share of each level of one column among the virtual patients; nil for that of the records.
    package var mix: Mix?
    /// How many patients live through every arm.
    package var patients = 1000

    /// How often each level of a category occurs among the virtual patients.
    package struct Mix: Sendable {
        package var column: String
        package var shares: [(level: String, share: Double)]
        package var line: Int?
    }

    /// A column of the file and what to do where it is missing.
    package struct DeclaredColumn: Sendable {
        package var declaration: ColumnDeclaration
        package var missing: MissingRule
    }

    package enum MissingRule: Sendable, Hashable {
        case keep
        case completeCase
        case category
        case hotDeck(within: [String])
        case constant(Double)
    }

    package struct Criterion: Sendable {
        package var name: String
        package var expression: SourceText
    }

    /// A column drawn anew for each virtual patient.
    package struct DrawnColumn: Sendable {
        package var name: String
        package var distribution: String
        package var parameters: [Double]
        package var line: Int?
    }

    static let keys = ["records", "columns", "eligible", "draw", "mix", "derive", "patients"]

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        records = members["records"]?.text
        if let columns = members["columns"] {
            self.columns = columns.entries().compactMap { Self.column($0.key, $0.value) }
        }
        if records == nil, !columns.isEmpty { value.refuse("'columns' are declared but 'records' names no file") }
        eligible = members["eligible"]?.list().compactMap(Self.criterion) ?? []
        draws = members["draw"]?.entries().compactMap { Self.draw($0.key, $0.value) } ?? []
        derive = members["derive"]?.sources() ?? []
        mix = members["mix"].flatMap(Self.mix)
        if let patients = members["patients"]?.integer(in: 1...10_000_000) { self.patients = patients }
    }

    private static func criterion(_ value: YAMLValue) -> Criterion? {
        let members = value.mapping(["name", "where"])
        guard let expression = members.required("where", of: value)?.source() else { return nil }
        return Criterion(name: members["name"]?.text ?? expression.text, expression: expression)
    }

    private static func mix(_ value: YAMLValue) -> Mix? {
        guard let entry = value.entries().first else { return nil }
        let shares = entry.value.entries().compactMap { level, value in value.number(in: 0...1).map { (level, $0) } }
        let total = shares.reduce(0) { $0 + $1.1 }
        if abs(total - 1) > 1e-9 { entry.value.refuse("the shares add up to \(total), allowed: 1") }
        return Mix(column: entry.key, shares: shares, line: value.node.mark?.line)
    }

    // MARK: Columns

    private static func column(_ name: String, _ value: YAMLValue) -> DeclaredColumn? {
        let members = value.mapping(["type", "header", "unit", "range", "levels", "as", "missing", "markers", "label"])
        let types = ["number", "integer", "category", "flag", "decade", "identifier"]
        guard let type = members.required("type", of: value)?.choice(types) else { return nil }
        let kind = self.kind(type, value, members)
        let declaration = ColumnDeclaration(
            name, header: members["header"]?.text, kind, longName: members["label"]?.text ?? "",
            missingMarkers: members["markers"]?.list().compactMap(\.text) ?? [],
            place: "\(value.problems.file):\(value.node.mark?.line ?? 0)")
        return DeclaredColumn(declaration: declaration, missing: members["missing"].map(missingRule) ?? .keep)
    }

    private static func kind(
        _ type: String, _ value: YAMLValue, _ members: [String: YAMLValue]
    ) -> ColumnDeclaration.Kind {
        let unit = members["unit"]?.text ?? "1"
        let range = members["range"]?.range()
        switch type {
        case "number": return .number(unit: unit, lower: range?.lowerBound, upper: range?.upperBound)
        case "integer":
            return .integer(
                unit: unit, lower: range.map { Int($0.lowerBound) }, upper: range.map { Int($0.upperBound) })
        case "category":
            let levels = members.required("levels", of: value)?.list() ?? []
            return .category(levels.compactMap(code))
        case "flag": return .flag
        case "decade":
            let readings = ColumnDeclaration.DecadeReading.allCases.map(\.rawValue)
            let reading = members["as"]?.choice(readings).flatMap { ColumnDeclaration.DecadeReading(rawValue: $0) }
            return .decade(as: reading ?? .lowerBound)
        default: return .identifier
        }
    }

    /// A level, or `{code: label}`.
    private static func code(_ value: YAMLValue) -> ColumnDeclaration.CategoryCode? {
        if let text = value.scalar { return .init(text) }
        guard let entry = value.entries().first, let label = entry.value.text else { return nil }
        return .init(entry.key, label: label)
    }

    private static func missingRule(_ value: YAMLValue) -> MissingRule {
        if case .mapping = value.node {
            let members = value.mapping(["hot deck"])
            return .hotDeck(within: members["hot deck"]?.list().compactMap(\.text) ?? [])
        }
        switch value.scalar {
        case "keep": return .keep
        case "complete case": return .completeCase
        case "category": return .category
        case let text?:
            if let number = Double(text), number.isFinite { return .constant(number) }
            fallthrough
        default:
            value.refuse(
                "found \(value.found), allowed: complete case, category, keep, a number, or { hot deck: [columns] }")
            return .keep
        }
    }

    private static func draw(_ name: String, _ value: YAMLValue) -> DrawnColumn? {
        let shapes = [
            "uniform": 2, "normal": 2, "lognormal": 2, "beta": 2, "gamma": 2, "exponential": 1, "bernoulli": 1,
        ]
        let members = value.mapping(shapes.keys.sorted())
        guard members.count == 1, let (shape, parameters) = members.first else {
            if members.isEmpty { return nil }
            value.refuse("found \(members.count) distributions, allowed: one")
            return nil
        }
        let numbers = parameters.scalar != nil ? [parameters.number()] : parameters.list().map { $0.number() }
        guard numbers.count == shapes[shape] else {
            parameters.refuse("'\(shape)' takes \(shapes[shape] ?? 0) numbers, found \(numbers.count)")
            return nil
        }
        let line = value.node.mark?.line
        return DrawnColumn(name: name, distribution: shape, parameters: numbers.compactMap { $0 }, line: line)
    }
}
