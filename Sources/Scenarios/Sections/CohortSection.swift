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
    }

    package struct Criterion: Sendable {
        package var name: String
        package var expression: SourceText
    }

    static let keys = Keys([
        .optional("records", .text, "A file of real patients (CSV), relative to the scenario."),
        .optional("columns", .named(.mapping(DeclaredColumn.keys)), "The columns of the file that are read."),
        .optional("eligible", .list(.mapping(criterionKeys)), "Who of the records is made patients from."),
        .optional("draw", .named(.mapping(DrawnColumn.keys)), "Columns that are drawn for each virtual patient."),
        .optional(
            "mix", .named(.coded(.number(0...1))),
            "The share of each level of one category: { column: { level: share } }."),
        .optional("derive", .either([.source, .list(.source)]), "Statements that add columns."),
        .optional("patients", .integer(1...10_000_000), "How many patients live through every arm; 1000 by default."),
    ])

    private static let criterionKeys = Keys([
        .optional("name", .text, "What the flow of patients calls it."),
        .required("where", .source, "An expression that is not 0 for those who are eligible."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        records = members["records"]?.text
        columns = members["columns"]?.entries().compactMap { DeclaredColumn($0.key, $0.value) } ?? []
        eligible = members["eligible"]?.list().compactMap(Self.criterion) ?? []
        draws = members["draw"]?.entries().compactMap { DrawnColumn($0.key, $0.value) } ?? []
        derive = members["derive"]?.sources() ?? []
        mix = members["mix"].flatMap(Self.mix)
        if let patients = members["patients"]?.integer(in: 1...10_000_000) { self.patients = patients }
        if members["records"] == nil {
            for key in ["columns", "eligible", "mix"] {
                members[key]?.refuse("this is about records, and 'records' names no file; add it or leave this out")
            }
        } else if records != nil, members["columns"] == nil, value.isMapping {
            value.refuse("'records' names a file, and 'columns' does not say what to read from it")
        }
    }

    private static func criterion(_ value: YAMLValue) -> Criterion? {
        let members = value.mapping(criterionKeys)
        guard let expression = members["where"]?.source() else { return nil }
        return Criterion(name: members["name"]?.text ?? expression.text.trimmingSpaces, expression: expression)
    }

    private static func mix(_ value: YAMLValue) -> Mix? {
        let columns = value.entries()
        guard columns.count == 1, let entry = columns.first else {
            if value.isMapping {
                value.refuse("found \(columns.count) columns, allowed: one, as { column: { level: share } }")
            }
            return nil
        }
        let levels = entry.value.entries(areNames: false)
        let shares = levels.compactMap { level, value in value.number(in: 0...1).map { (level: level, share: $0) } }
        guard entry.value.isMapping, shares.count == levels.count else { return nil }
        let total = shares.reduce(0) { $0 + $1.share }
        guard abs(total - 1) <= 1e-9 else {
            entry.value.refuse("the shares add up to \(plain(total)), allowed: 1")
            return nil
        }
        return Mix(column: entry.key, shares: shares)
    }
}

/// A column drawn anew for each virtual patient.
package struct DrawnColumn: Sendable {
    package var name: String
    package var distribution: String
    package var parameters: [Double]

    /// The distributions and how many parameters each takes.
    private static let distributions: [(name: String, count: Int, about: String)] = [
        ("uniform", 2, "Lower and upper bound."), ("normal", 2, "Mean and standard deviation."),
        ("lognormal", 2, "Median, and standard deviation of the logarithm."), ("beta", 2, "Both shapes."),
        ("gamma", 2, "Shape and scale."), ("exponential", 1, "Rate."), ("bernoulli", 1, "Probability of 1."),
    ]

    static let keys = Keys(
        distributions.map { entry in
            let list = Shape.list(.number(), count: entry.count...entry.count)
            return .optional(entry.name, entry.count == 1 ? .either([.number(), list]) : list, entry.about)
        }, isChoice: true)

    init?(_ name: String, _ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        guard let entry = Self.distributions.first(where: { members[$0.name] != nil }), members.count == 1,
            let parameters = members[entry.name]
        else { return nil }
        let isSingle = !parameters.isList && entry.count == 1
        guard isSingle || parameters.isList else {
            parameters.refuse("found \(parameters.found), allowed: a list of \(entry.count) numbers")
            return nil
        }
        let numbers = isSingle ? [parameters.number()] : parameters.list().map { $0.number() }
        if numbers.count != entry.count {
            parameters.refuse("'\(entry.name)' takes \(entry.count) numbers, found \(numbers.count)")
        }
        guard numbers.count == entry.count, !numbers.contains(nil) else { return nil }
        self.name = name
        distribution = entry.name
        self.parameters = numbers.compactMap { $0 }
    }
}
