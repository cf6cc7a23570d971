/// A partition of patients into named groups: treatment arms, race, sex, age bands, strata.
public struct Grouping: Hashable, Sendable {
    /// The group of each patient as an index into ``labels``.
    public let codes: [Int]
    /// The names of the groups in the order in which they are reported; a group may be empty.
    public let labels: [String]

    /// Groups that may be empty, in an order of your own.
    ///
    /// - Parameters:
    ///   - codes: n indices into `labels`.
    ///   - labels: the names of the groups, each different.
    /// - Throws: ``InvalidInput`` for a code without a label and for a label given twice.
    public init(codes: [Int], labels: [String]) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        for (row, code) in codes.enumerated() where !labels.indices.contains(code) {
            problems.append(
                .init(row: row + 1, column: "group", found: "code \(code)", allowed: "0 to \(labels.count - 1)"))
        }
        var seen: Set<String> = []
        for label in labels where !seen.insert(label).inserted {
            problems.append(.init(column: "group labels", found: "\"\(label)\" twice", allowed: "each label once"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.codes = codes
        self.labels = labels
    }

    /// Groups by value, reported in ascending order of the value.
    public init<Value: Hashable & Comparable>(_ values: [Value]) {
        let distinct = Set(values).sorted()
        let code = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
        codes = values.map { code[$0] ?? 0 }
        labels = distinct.map { "\($0)" }
    }

    /// The groups of two groupings at once, such as race by sex, labelled `a, b`; every combination is there, also those
    /// without patients.
    ///
    /// - Throws: ``InvalidInput`` when the groupings are not of the same patients.
    public func crossed(with other: Grouping) throws(InvalidInput) -> Grouping {
        try other.require(rows: count, column: "second grouping")
        return try Grouping(
            codes: zip(codes, other.codes).map { $0 * other.labels.count + $1 },
            labels: labels.flatMap { first in other.labels.map { "\(first), \($0)" } })
    }

    /// The number of patients.
    public var count: Int { codes.count }

    /// The rows of each group in ascending order, one array for each label.
    public var rows: [[Int]] {
        var rows = [[Int]](repeating: [], count: labels.count)
        for (row, code) in codes.enumerated() { rows[code].append(row) }
        return rows
    }

    func require(rows: Int, column: String) throws(InvalidInput) {
        guard count == rows else { throw InvalidInput(.length(column, found: count, rows: rows)) }
    }
}
