import ModelLanguage

/// Virtual patients with their covariates, a column each.
///
/// ```swift
/// let cohort = try Cohort(csv: bytes, file: "data/iwpc.csv", columns: declarations)
/// let weight = try cohort.column("weight_kg").values      // kg, NaN where missing
/// let heavy = cohort.filter { weight[$0] > 100 }
/// ```
///
/// Every patient keeps the record it was made from (``sourceRow``), so that whatever must follow the real person, such
/// as the half on which a regime is learned, can be keyed on it.
public struct Cohort: Sendable, Hashable {
    /// How many patients.
    public let count: Int
    /// The columns in order, names all different, each with `count` values.
    public private(set) var columns: [CohortColumn]
    /// For each patient the number of its record: the line of the file on which it starts, or, in a cohort without
    /// records, the patient's number from 1. Patients resampled from one record share it.
    public let sourceRow: [Int]
    private var indexByName: [String: Int]

    /// A cohort of `count` patients.
    ///
    /// - Parameters:
    ///   - count: how many patients; may be 0.
    ///   - columns: each with `count` values.
    ///   - sourceRow: `count` record numbers; 1, 2, … when nil.
    /// - Throws: ``CohortError/length(column:found:expected:)``, ``CohortError/duplicateColumn(_:)``, and
    ///   ``CohortError/badNumber(what:found:allowed:)`` for a negative count.
    public init(count: Int, columns: [CohortColumn] = [], sourceRow: [Int]? = nil) throws(CohortError) {
        guard count >= 0 else {
            throw .badNumber(what: "number of patients", found: "\(count)", allowed: "0 or more")
        }
        let rows = sourceRow ?? Array(1..<(count + 1))
        guard rows.count == count else {
            throw .length(column: "source rows", found: rows.count, expected: count)
        }
        self.count = count
        self.sourceRow = rows
        self.columns = []
        self.indexByName = [:]
        for column in columns { try append(column) }
    }

    /// Trusts what it is given: for subsets of a cohort that was checked.
    private init(checked columns: [CohortColumn], sourceRow: [Int], indexByName: [String: Int]) {
        self.count = sourceRow.count
        self.columns = columns
        self.sourceRow = sourceRow
        self.indexByName = indexByName
    }

    // MARK: Finding columns

    /// The names of the columns in order.
    public var names: [String] { columns.map(\.name) }

    /// The position of a column, nil when there is none of this name.
    public func index(of name: String) -> Int? { indexByName[name] }

    /// The column of a name.
    ///
    /// - Throws: ``CohortError/unknownColumn(_:nearest:existing:)``, which names the nearest and all that exist.
    public func column(_ name: String) throws(CohortError) -> CohortColumn {
        guard let index = indexByName[name] else {
            throw .unknownColumn(name, nearest: nearestName(to: name, among: names), existing: names)
        }
        return columns[index]
    }

    // MARK: Changing columns

    /// Adds a column at the end.
    ///
    /// - Throws: ``CohortError/duplicateColumn(_:)``, and ``CohortError/length(column:found:expected:)`` for another
    ///   number of values than patients; the cohort is unchanged then.
    public mutating func append(_ column: CohortColumn) throws(CohortError) {
        guard indexByName[column.name] == nil else { throw .duplicateColumn(column.name) }
        try checkLength(column)
        indexByName[column.name] = columns.count
        columns.append(column)
    }

    /// The cohort with columns added at the end.
    ///
    /// - Throws: as ``append(_:)``.
    public func appending(_ added: [CohortColumn]) throws(CohortError) -> Cohort {
        var cohort = self
        for column in added { try cohort.append(column) }
        return cohort
    }

    /// Puts a column in the place of the one with its name.
    ///
    /// - Throws: ``CohortError/unknownColumn(_:nearest:existing:)``, and ``CohortError/length(column:found:expected:)``
    ///   for another number of values than patients; the cohort is unchanged then.
    public mutating func replace(_ column: CohortColumn) throws(CohortError) {
        guard let index = indexByName[column.name] else {
            throw .unknownColumn(column.name, nearest: nearestName(to: column.name, among: names), existing: names)
        }
        try checkLength(column)
        columns[index] = column
    }

    private func checkLength(_ column: CohortColumn) throws(CohortError) {
        guard column.values.count == count else {
            throw .length(column: column.name, found: column.values.count, expected: count)
        }
    }

    // MARK: Choosing patients

    /// The patients at `indices`, in that order; an index may occur several times.
    ///
    /// - Parameter indices: each from 0 to `count` - 1.
    public func subset(_ indices: [Int]) -> Cohort {
        precondition(
            indices.allSatisfy { $0 >= 0 && $0 < count }, "A patient's index lies outside the cohort of \(count).")
        return Cohort(
            checked: columns.map { $0.subset(indices) }, sourceRow: indices.map { sourceRow[$0] },
            indexByName: indexByName)
    }

    /// The patients of whom `keep` is true, given their index.
    public func filter(_ keep: (Int) throws -> Bool) rethrows -> Cohort { subset(try (0..<count).filter(keep)) }
}
