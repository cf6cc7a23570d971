/// From all patients screened to those eligible, criterion by criterion, as a CONSORT diagram begins.
public struct EligibilityFlow: Sendable, Hashable, CustomStringConvertible {
    /// One criterion.
    public struct Step: Sendable, Hashable {
        /// What the protocol calls the criterion.
        public var name: String
        /// The expression, nil for a criterion that is not written in the language.
        public var text: String?
        /// How many patients left here: they met all criteria before and not this one.
        public var excluded: Int
        /// How many of those left because a value that the criterion needs is missing.
        public var unknown: Int
        /// How many of all patients screened do not meet it, whatever the other criteria say.
        public var failing: Int
    }

    /// The same counts among the patients of one level.
    public struct Stratum: Sendable, Hashable {
        /// The column that divides the patients.
        public var column: String
        /// The level, `yes` or `no` of a flag, or `missing` for patients without a value.
        public var level: String
        /// The patients of this level before any criterion.
        public var screened: Int
        /// For each criterion how many left there.
        public var excluded: [Int] = []
        /// The patients of this level who meet every criterion.
        public var eligible: Int { screened - excluded.reduce(0, +) }
    }

    /// All patients before any criterion.
    public var screened: Int
    /// One for each criterion, in the order of the protocol.
    public var steps: [Step] = []
    /// The levels of each column asked for, in its order; `missing` last, where anybody is. Empty when none was asked
    /// for.
    public var strata: [Stratum] = []

    /// The patients who meet every criterion: those screened less those excluded at each step.
    public var eligible: Int { screened - steps.reduce(0) { $0 + $1.excluded } }

    init(screened: Int) { self.screened = screened }

    /// A table: a row for each stage, a column for all patients and one for each stratum.
    public var description: String {
        var rows = [["", "all"] + strata.map { "\($0.column) \($0.level)" }]
        rows.append(["screened", "\(screened)"] + strata.map { "\($0.screened)" })
        for (index, step) in steps.enumerated() {
            let unknown = step.unknown > 0 ? " (\(step.unknown) unknown)" : ""
            rows.append(["not \(step.name)\(unknown)", "\(step.excluded)"] + strata.map { "\($0.excluded[index])" })
        }
        rows.append(["eligible", "\(eligible)"] + strata.map { "\($0.eligible)" })
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
