import NumericsCore

/// What is done about the missing values of one column.
public enum MissingDataRule: Sendable, Hashable {
    /// Patients without a value leave the cohort.
    case completeCase
    /// A patient without a value takes that of a donor: a patient who has one, drawn with equal chances among those who
    /// agree in the named columns. Where nobody does, agreement in the last column is no longer asked for, then in the
    /// one before it, and at last every patient with a value is a donor. "Missing" agrees with "missing".
    case hotDeck(within: [String])
    /// Missing becomes a level of its own, after the others. For categories and flags.
    case category(level: String = "unknown")
    /// Missing becomes this number. For numbers and flags.
    case constant(Double)
    /// Missing becomes this level, which the category has already.
    case level(String)
    /// Missing stays missing.
    case keep

    /// The rule in words, as the report shows it.
    public var description: String {
        switch self {
        case .completeCase: "complete case"
        case .hotDeck(let within): within.isEmpty ? "hot deck" : "hot deck within \(within.joined(separator: ", "))"
        case .category(let level): "level '\(level)'"
        case .constant(let value): "constant \(plainText(value))"
        case .level(let level): "level '\(level)'"
        case .keep: "kept missing"
        }
    }
}

extension Cohort {
    /// Treats missing values by a rule for each column.
    ///
    /// Complete-case columns come first: whoever lacks one of them leaves and is no donor. Hot decks then form their
    /// classes and donors from the values as they were read, so the order of the rules does not matter. A donor is
    /// drawn from the stream (seed, missing data, `replicate`, the patient's record, the column's name): another
    /// column treated the same way changes no number here.
    ///
    /// - Parameters:
    ///   - rules: pairs of column name and rule; a column without one keeps its missing values.
    ///   - seed: the study's seed.
    ///   - replicate: the number of the imputation, when several are made.
    /// - Returns: the treated cohort, and what was done for the results file.
    /// - Throws: ``CohortError`` for an unknown or repeated column, a rule that does not fit a column's kind, or a hot
    ///   deck without donors.
    public func treatingMissing(
        _ rules: [(column: String, rule: MissingDataRule)], seed: UInt64, replicate: UInt32 = 0
    ) throws(CohortError) -> (cohort: Cohort, report: MissingDataReport) {
        var report = MissingDataReport(patientsBefore: count)
        var seen: Set<String> = []
        for (name, rule) in rules {
            let column = try column(name)
            guard seen.insert(name).inserted else { throw .repeatedRule(column: name) }
            try rule.check(column, in: self)
        }
        let complete = droppingIncomplete(rules, &report)
        var treated = complete
        for (name, rule) in rules {
            let missing = try column(name).missingCount
            var entry = MissingDataReport.Column(name: name, rule: rule.description, missing: missing)
            try treated.apply(rule, to: complete.column(name), of: complete, seed, replicate, &entry)
            report.columns.append(entry)
        }
        for column in complete.columns where !seen.contains(column.name) {
            let missing = try self.column(column.name).missingCount
            guard missing > 0 else { continue }
            report.columns.append(
                MissingDataReport.Column(
                    name: column.name, rule: MissingDataRule.keep.description, missing: missing,
                    kept: column.missingCount))
        }
        report.patientsAfter = complete.count
        return (treated, report)
    }

    private func droppingIncomplete(
        _ rules: [(column: String, rule: MissingDataRule)], _ report: inout MissingDataReport
    ) -> Cohort {
        let required = columns.filter { column in
            rules.contains { $0.column == column.name && $0.rule == .completeCase }
        }
        return filter { patient in
            let lacking = required.filter { $0.values[patient].isNaN }.map(\.name)
            guard !lacking.isEmpty else { return true }
            report.dropped.append(MissingDataReport.Dropped(sourceRow: sourceRow[patient], columns: lacking))
            return false
        }
    }

    private mutating func apply(
        _ rule: MissingDataRule, to original: CohortColumn, of donors: Cohort, _ seed: UInt64, _ replicate: UInt32,
        _ entry: inout MissingDataReport.Column
    ) throws(CohortError) {
        var column = original
        let missing = column.missingCount
        switch rule {
        case .completeCase:
            entry.dropped = entry.missing
            return
        case .keep:
            entry.kept = missing
            return
        case .hotDeck(let within):
            let deck = try HotDeck(column: column, within: within, of: donors)
            entry.donorClasses = try deck.fill(&column, seed: seed, replicate: replicate, donors.sourceRow)
        case .category(let level):
            let levels = (column.levels ?? ["no", "yes"]) + [level]
            column.kind = .category(levels: levels)
            column.fill(with: Double(levels.count - 1))
        case .constant(let value): column.fill(with: value)
        case .level(let level): column.fill(with: Double(column.levels?.firstIndex(of: level) ?? 0))
        }
        entry.filled = missing
        try replace(column)
    }
}

extension CohortColumn {
    fileprivate mutating func fill(with value: Double) {
        for index in values.indices where values[index].isNaN { values[index] = value }
    }
}

extension MissingDataRule {
    /// Refuses a rule that a column of this kind cannot follow.
    fileprivate func check(_ column: CohortColumn, in cohort: Cohort) throws(CohortError) {
        switch (self, column.kind) {
        case (.completeCase, _), (.keep, _): return
        case (.hotDeck(let within), .number), (.hotDeck(let within), .category), (.hotDeck(let within), .flag):
            for name in within {
                let other = try cohort.column(name)
                if name == column.name {
                    throw .wrongKind(
                        column: name, found: "the column to fill itself", allowed: "classes by other columns")
                }
                if case .identifier = other.kind {
                    throw .wrongKind(
                        column: name, found: other.kind.words, allowed: "classes by a number, a category or a flag")
                }
            }
        case (.category(let level), .category(let levels)):
            guard !levels.contains(level) else {
                throw .wrongKind(
                    column: column.name, found: "a category with the level '\(level)'", allowed: "a new level")
            }
        case (.category, .flag): return
        case (.constant(let value), .number):
            guard value.isFinite else {
                throw .badNumber(what: column.name, found: "the constant \(value)", allowed: "a finite number")
            }
        case (.constant(let value), .flag):
            guard value == 0 || value == 1 else {
                throw .badNumber(
                    what: column.name, found: "the constant \(plainText(value))", allowed: "0 or 1 for a flag")
            }
        case (.level(let level), .category(let levels)):
            guard levels.contains(level) else {
                throw .unknownLevel(column: column.name, level: level, allowed: levels)
            }
        default:
            throw .wrongKind(
                column: column.name, found: "\(column.kind.words), which cannot follow the rule '\(description)'",
                allowed: column.kind.rulesInWords)
        }
    }
}

extension CohortColumn.Kind {
    fileprivate var rulesInWords: String {
        switch self {
        case .number: "complete case, hot deck, a constant, keep"
        case .category: "complete case, hot deck, a category of its own, an existing level, keep"
        case .flag: "complete case, hot deck, a category of its own, a constant, keep"
        case .identifier: "complete case, keep"
        }
    }
}
