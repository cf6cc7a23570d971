import Cohorts
import Outcomes

/// The groups by which every result is also reported: all patients, then each level of each stratum column.
package struct Strata: Sendable {
    /// A column that divides the patients.
    package struct Column: Sendable {
        package let name: String
        package let grouping: Grouping
    }

    package let columns: [Column]
    /// `all`, then `race_group=Black`, …: one for each group, in order.
    package let labels: [String]
    /// The rows of each group.
    package let rows: [[Int]]

    private init(columns: [Column], patients: Int) {
        self.columns = columns
        labels = ["all"] + columns.flatMap { column in column.grouping.labels.map { "\(column.name)=\($0)" } }
        rows = [Array(0..<patients)] + columns.flatMap(\.grouping.rows)
    }

    /// The strata of a study: which columns, with which levels, the same for every cohort that is drawn for it.
    package struct Design: Sendable {
        private let levels: [(column: String, labels: [String], missing: String?)]

        /// - Parameters:
        ///   - names: categories or flags of the cohort.
        ///   - cohort: everybody who can be drawn; a column that lacks a value in any of them gets a group `missing`.
        package init(_ names: [String], of cohort: Cohort) throws(CohortError) {
            var levels: [(column: String, labels: [String], missing: String?)] = []
            for name in names {
                let column = try cohort.column(name)
                let labels = column.levels ?? ["no", "yes"]
                let missing = labels.contains("missing") ? "missing (no value)" : "missing"
                levels.append((name, labels, column.missingCount > 0 ? missing : nil))
            }
            self.levels = levels
        }

        /// The labels of all groups: `all`, then those of each column.
        package var labels: [String] {
            ["all"]
                + levels.flatMap { level in
                    (level.labels + (level.missing.map { [$0] } ?? [])).map { "\(level.column)=\($0)" }
                }
        }

        /// The groups of a cohort.
        ///
        /// - Throws: ``CohortError`` for a missing value in a column that lacked none before.
        package func groups(of cohort: Cohort) throws -> Strata {
            var columns: [Column] = []
            for (name, labels, missing) in levels {
                let column = try cohort.column(name)
                guard missing != nil || column.missingCount == 0 else {
                    throw CohortError.wrongKind(
                        column: name, found: "\(column.missingCount) missing values among drawn patients",
                        allowed: "strata without missing values, or with them in the records")
                }
                // What is no whole number has no level; the grouping refuses it with its row.
                let codes = column.values.map { $0.isNaN ? labels.count : Int(exactly: $0) ?? -1 }
                let all = labels + (missing.map { [$0] } ?? [])
                columns.append(Column(name: name, grouping: try Grouping(codes: codes, labels: all)))
            }
            return Strata(columns: columns, patients: cohort.count)
        }
    }

    /// The groups of one cohort, by its own missing values.
    package init(_ names: [String], of cohort: Cohort) throws {
        self = try Design(names, of: cohort).groups(of: cohort)
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
