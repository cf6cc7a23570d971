/// A request that a cohort cannot fulfil.
public enum CohortError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No column has this name.
    case unknownColumn(String, nearest: String?, existing: [String])
    /// A column of this name exists already.
    case duplicateColumn(String)
    /// A column with more or fewer values than there are patients.
    case length(column: String, found: Int, expected: Int)
    /// A column of another kind than the operation needs.
    case wrongKind(column: String, found: String, allowed: String)
    /// A level that the category does not have.
    case unknownLevel(column: String, level: String, allowed: [String])
    /// Two rules for the missing values of one column.
    case repeatedRule(column: String)
    /// A hot deck in which no patient has a value.
    case noDonors(column: String)
    /// A number that an operation cannot take: what it is, what was found, what is allowed.
    case badNumber(what: String, found: String, allowed: String)

    /// Parameters that a distribution cannot have, for the patient of a record.
    case badDistribution(column: String, sourceRow: Int, problems: [String])

    /// What was found and what is allowed, with the nearest name where one is unknown.
    public var description: String {
        switch self {
        case .unknownColumn(let name, let nearest, let existing):
            let suggestion = nearest.map { "; did you mean '\($0)'?" } ?? ""
            return "no column is named '\(name)'\(suggestion) (columns: \(existing.joined(separator: ", ")))"
        case .duplicateColumn(let name): return "the cohort already has a column named '\(name)'; choose another name"
        case .length(let column, let found, let expected):
            return "\(column): found \(found) values, expected \(expected), one for each patient"
        case .wrongKind(let column, let found, let allowed):
            return "\(column): is \(found), allowed here: \(allowed)"
        case .unknownLevel(let column, let level, let allowed):
            return "\(column): '\(level)' is not a level; allowed: \(allowed.map { "'\($0)'" }.joined(separator: ", "))"
        case .repeatedRule(let column): return "\(column): found two rules for its missing values; give one"
        case .noDonors(let column):
            return
                "\(column): no patient has a value to fill the missing ones with; use another rule for missing values"
        case .badDistribution(let column, let row, let problems):
            return "\(column), record \(row): \(problems.joined(separator: " "))"
        case .badNumber(let what, let found, let allowed): return "\(what): found \(found), allowed: \(allowed)"
        }
    }
}

extension CohortColumn.Kind {
    /// The kind in words, for messages.
    var words: String {
        switch self {
        case .number: "a number"
        case .category: "a category"
        case .flag: "a flag"
        case .identifier: "an identifier"
        }
    }
}
