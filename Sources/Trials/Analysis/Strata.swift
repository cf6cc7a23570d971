import Cohorts
import Outcomes

/// The groups by which every result is also reported: all patients, then each level of each stratum column.
public struct Strata: Sendable {
    /// A column that divides the patients.
    public struct Column: Sendable {
        public let name: String
        public let grouping: Grouping
    }

    public let columns: [Column]
    /// `all`, then `race_group=Black`, …: one for each group, in order.
    public let labels: [String]
    /// The rows of each group.
    package let rows: [[Int]]

    /// - Parameter names: categories or flags of the cohort; patients without a value form a group `missing`.
    /// - Throws: ``CohortError`` for a column that does not exist, ``InvalidInput`` for values that are no levels.
    package init(_ names: [String], of cohort: Cohort) throws {
        var columns: [Column] = []
        for name in names {
            let column = try cohort.column(name)
            var levels = column.levels ?? ["no", "yes"]
            if column.missingCount > 0 { levels.append(levels.contains("missing") ? "missing (no value)" : "missing") }
            // What is no whole number has no level; the grouping refuses it with its row.
            let codes = column.values.map { $0.isNaN ? levels.count - 1 : Int(exactly: $0) ?? -1 }
            columns.append(Column(name: name, grouping: try Grouping(codes: codes, labels: levels)))
        }
        self.columns = columns
        labels = ["all"] + columns.flatMap { column in column.grouping.labels.map { "\(column.name)=\($0)" } }
        rows = [Array(0..<cohort.count)] + columns.flatMap(\.grouping.rows)
    }

    /// The groups of each column, as positions in ``labels``.
    package var groupsOfColumn: [Range<Int>] {
        var start = 1
        return columns.map { column in
            defer { start += column.grouping.labels.count }
            return start..<(start + column.grouping.labels.count)
        }
    }
}
