import Outcomes

/// The rows of a table in which nothing that a request reads is missing, and what it reads of them.
package struct CompleteRows: Sendable {
    package let table: DataTable
    /// Indices of rows, ascending.
    package let rows: [Int]
    /// How many rows were left out because something is missing there.
    package var leftOut: Int { table.rowCount - rows.count }

    /// - Throws: ``EvaluationErrors`` for columns that do not exist, all of them, and where no row is left.
    package init(_ table: DataTable, columns: [String]) throws {
        let unknown = columns.filter { table.index($0) == nil }
        guard unknown.isEmpty else {
            let known = table.names.prefix(30).joined(separator: ", ")
            throw EvaluationErrors(
                unknown.map { .init("found no column '\($0)'; columns: \(known)", at: table.file) })
        }
        let cells = try columns.map { try table.labels($0) }
        let rows = (0..<table.rowCount).filter { row in cells.allSatisfy { $0[row] != nil } }
        guard !rows.isEmpty else {
            throw EvaluationErrors(
                "found no row in which \(columns.joined(separator: ", ")) are all there; at least one is needed",
                at: table.file)
        }
        self.table = table
        self.rows = rows
    }

    /// Rows of a table in which whatever is read is known to be there.
    package init(_ table: DataTable, rows: [Int]) {
        self.table = table
        self.rows = rows
    }

    package var count: Int { rows.count }

    package func numbers(_ name: String) throws -> [Double] {
        let values = try table.numbers(name)
        return rows.compactMap { values[$0] }
    }

    package func labels(_ name: String) throws -> [String] {
        let values = try table.labels(name)
        return rows.compactMap { values[$0] }
    }

    func isNumeric(_ name: String) throws -> Bool {
        if case .numbers = try table.column(name) { true } else { false }
    }

    /// The groups of a column: by number where it holds numbers, else by name in ``LevelOrder``.
    package func grouping(_ name: String) throws -> Grouping {
        let names = try labels(name)
        guard try isNumeric(name) else {
            let levels = Set(names).map { ($0, LevelOrder($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
            let code = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
            return try Grouping(codes: names.map { code[$0] ?? 0 }, labels: levels)
        }
        let groups = Grouping(try numbers(name))
        // As the file writes them: 1 and not 1.0.
        var written = groups.labels
        for (row, code) in groups.codes.enumerated() { written[code] = names[row] }
        return Set(written).count == written.count ? try Grouping(codes: groups.codes, labels: written) : groups
    }

    /// Several columns at once: `site=1, sex=F` as one group each; nil for none.
    package func grouping(_ names: [String]) throws -> Grouping? { try crossed(names.map(grouping), named: names) }

    /// What R calls the scales of an accelerated failure time model: text that is alone has no name before it.
    func scaleNames(_ strata: Grouping?, _ columns: [String]) throws -> [String] {
        guard let strata else { return ["Log(scale)"] }
        guard columns.count == 1 else { return strata.labels }
        let isText = try !isNumeric(columns[0]) && !Set(strata.labels).isSubset(of: ["TRUE", "FALSE", "T", "F"])
        return isText ? strata.labels : strata.labels.map { "\(columns[0])=\($0)" }
    }

    /// The combinations of groups that have a patient, named as R names them: the group where there is one grouping, and
    /// `site=1, sex=F` where there are several; nil for none.
    func crossed(_ groupings: [Grouping], named names: [String]) throws -> Grouping? {
        guard groupings.count > 1 else { return groupings.first?.withoutEmpty }
        let named = try zip(groupings, names).map { grouping, name in
            try Grouping(codes: grouping.codes, labels: grouping.labels.map { "\(name)=\($0)" })
        }
        guard let first = named.first else { return nil }
        return try named.dropFirst().reduce(first) { result, other in
            let width = other.labels.count
            let cells = zip(result.codes, other.codes).map { $0 * width + $1 }
            let used = Set(cells).sorted()
            let place = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
            return try Grouping(
                codes: cells.map { place[$0] ?? 0 },
                labels: used.map { "\(result.labels[$0 / width]), \(other.labels[$0 % width])" })
        }.withoutEmpty
    }

    // MARK: Follow-up

    /// The times and events of a response.
    package func survival(_ response: Formula.Response) throws -> SurvivalData {
        guard case .survival(let start, let time, let event) = response else {
            throw EvaluationErrors("found no Surv() on the left of ~; write Surv(time, status) ~ …", at: "formula")
        }
        do {
            return try SurvivalData(
                times: time.numbers(self), events: events(event), entries: start.map { try $0.numbers(self) })
        } catch let error as InvalidInput {
            throw EvaluationErrors(error, rows: self)
        }
    }

    /// Who has the event: code 1 (0 is censored), `true`, the code that was named, or what was written of it. As in R, where
    /// the codes are 1 and 2 alone, 2 is the event.
    package func events(_ event: Formula.Event) throws -> [Bool] {
        if let condition = event.condition { return try events(event.column, where: condition) }
        let cells = try labels(event.column)
        if let code = event.code {
            let column = Expression.column(event.column)
            let literal: Expression = Double(code).map { .number($0, code) } ?? .text(code)
            let isEvent = try Expression.operation(.equal, column, literal).numbers(self).map { $0 == 1 }
            guard isEvent.contains(true) else {
                let found = Array(Set(cells)).sorted { LevelOrder($0) < LevelOrder($1) }.prefix(10)
                throw EvaluationErrors(
                    "\(event.column): found no \(code); codes: \(found.joined(separator: ", "))", at: table.file)
            }
            return isEvent
        }
        if try isNumeric(event.column) {
            let codes = try numbers(event.column)
            let distinct = Set(codes)
            if distinct.isSubset(of: [1, 2]), distinct.contains(2) { return codes.map { $0 == 2 } }
            if distinct.isSubset(of: [0, 1]) { return codes.map { $0 == 1 } }
        }
        let yes: Set<String> = ["1", "1.0", "true", "TRUE", "T"]
        let no: Set<String> = ["0", "0.0", "false", "FALSE", "F"]
        let wrong = rows.indices.filter { !yes.contains(cells[$0]) && !no.contains(cells[$0]) }
        guard wrong.isEmpty else {
            throw EvaluationErrors(
                wrong.prefix(EvaluationErrors.shown).map {
                    .init(
                        "\(event.column): found '\(cells[$0])', allowed: 1 for an event and 0 for a censored time "
                            + "(or name the event's code: \(event.column) == \(cells[$0]))",
                        at: "\(table.file), row \(rows[$0] + 1)")
                }, total: wrong.count)
        }
        return cells.map { yes.contains($0) }
    }

    private func events(_ name: String, where condition: Expression) throws -> [Bool] {
        let values = try condition.numbers(self)
        let wrong = values.indices.filter { values[$0] != 0 && values[$0] != 1 }
        guard wrong.isEmpty else {
            throw EvaluationErrors(
                wrong.prefix(EvaluationErrors.shown).map {
                    .init(
                        "\(name): found \(values[$0]), allowed: 1 for an event and 0 for a censored time",
                        at: "\(table.file), row \(rows[$0] + 1)")
                }, total: wrong.count)
        }
        return values.map { $0 == 1 }
    }
}

extension EvaluationErrors {
    /// The problems of an estimator, with the rows of the file that they are in.
    package init(_ error: InvalidInput, rows: CompleteRows) {
        self.init(
            error.problems.prefix(Self.shown).map { problem in
                // A row that is none of the table's, of a list of times say, has no place in the file.
                let row = problem.row.flatMap { rows.rows.indices.contains($0 - 1) ? rows.rows[$0 - 1] + 1 : nil }
                let place = row.map { "\(rows.table.file), row \($0)" } ?? rows.table.file
                return .init("\(problem.column): found \(problem.found), allowed: \(problem.allowed)", at: place)
            }, total: error.problems.count)
    }
}

extension Grouping {
    /// The same groups without those that have no patient.
    var withoutEmpty: Grouping {
        let used = Set(codes).sorted()
        guard used.count < labels.count else { return self }
        let place = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        return (try? Grouping(codes: codes.map { place[$0] ?? 0 }, labels: used.map { labels[$0] })) ?? self
    }
}
