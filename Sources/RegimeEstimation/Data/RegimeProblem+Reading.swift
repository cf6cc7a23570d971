import Evaluation
import Outcomes

extension RegimeProblem {
    /// Reads a table as a request wants it.
    ///
    /// Who lacks a value that a model needs is left out of all stages and counted; covariates of stages that a person did
    /// not come to may be missing.
    ///
    /// - Throws: ``EvaluationErrors`` for columns that do not exist, all at once, and for values that do not fit.
    package init(_ request: RegimeRequest, table: DataTable) throws {
        let groupChoices = try request.groups.map { try GroupChoice($0, of: table) }
        try Self.checkColumns(request, groupChoices.flatMap(\.columns), table)
        let people = try People(request, groupColumns: groupChoices.flatMap(\.columns), table)
        let all = CompleteRows(table, rows: people.rows)
        let survival = try request.survival.map { try SurvivalOutcome($0, all) }
        let outcome = try request.outcome?.values(all) ?? survival?.restrictedTimes()
        var stages: [StageData] = []
        var notes: [String] = []
        for (index, stage) in request.stages.enumerated() {
            let persons = people.rows.indices.filter { people.stagesReached[$0] > index }
            guard !persons.isEmpty else {
                throw EvaluationErrors("found nobody who came to this stage; at least one is needed", at: stage.name)
            }
            let rows = CompleteRows(table, rows: persons.map { people.rows[$0] })
            // Without rewards the outcome is what the last stage brings.
            let reward: [Double]
            if let values = try stage.reward?.values(rows) {
                reward = values
            } else if let outcome {
                reward = persons.map { people.stagesReached[$0] == index + 1 ? outcome[$0] : 0 }
            } else {
                reward = [Double](repeating: 0, count: persons.count)
            }
            let data = try StageData(stage, rows, persons: persons, reward: reward, request: request)
            let refused = data.actions.indices.filter { !data.isAllowed($0, data.actions[$0]) }.count
            if refused > 0 {
                notes.append("\(stage.name): \(refused) people were given an action that is not allowed to them")
            }
            stages.append(data)
        }
        rowOf = stages.map { stage in
            var rows = [Int](repeating: -1, count: people.rows.count)
            for (row, person) in stage.persons.enumerated() { rows[person] = row }
            return rows
        }
        self.stages = stages
        count = people.rows.count
        direction = request.maximise ? 1 : -1
        groups = try groupChoices.map { ($0.name, try $0.grouping(all)) }
        self.survival = survival
        tableRows = people.rows
        dropped = people.dropped
        self.notes = notes
    }

    /// Every name that is no column, at once.
    private static func checkColumns(_ request: RegimeRequest, _ groups: [String], _ table: DataTable) throws {
        var problems: [EvaluationErrors.Problem] = []
        let known = table.names.prefix(30).joined(separator: ", ")
        var seen: Set<String> = []
        func check(_ names: [String], _ place: String) {
            for name in names where table.index(name) == nil && seen.insert(name).inserted {
                problems.append(.init("found no column '\(name)' in \(table.file); columns: \(known)", at: place))
            }
        }
        check(request.outcome?.columns ?? [], "outcome")
        for stage in request.stages { check(stage.reached?.columns ?? [] + stage.columns, stage.name) }
        for stage in request.stages { check(stage.columns, stage.name) }
        check(request.survival?.columns ?? [], "survival")
        check(groups, "groups")
        guard problems.isEmpty else { throw EvaluationErrors(problems) }
    }
}

/// Who is analysed, and how far each of them came.
private struct People {
    /// Rows of the table.
    var rows: [Int] = []
    /// In the order of ``rows``.
    var stagesReached: [Int] = []
    var dropped = DroppedRows(rows: 0, by: [:])

    init(_ request: RegimeRequest, groupColumns: [String], _ table: DataTable) throws {
        var labels: [String: [String?]] = [:]
        func cells(_ name: String) throws -> [String?] {
            if let known = labels[name] { return known }
            let read = try table.labels(name)
            labels[name] = read
            return read
        }
        let needed =
            (request.outcome?.columns ?? []) + (request.survival?.columns ?? []) + groupColumns
            + request.stages.flatMap { $0.reached?.columns ?? [] }
        let ofAll = try unique(needed).map { ($0, try cells($0)) }
        let ofStages = try request.stages.map { stage in try unique(stage.columns).map { ($0, try cells($0)) } }
        let base = (0..<table.rowCount).filter { row in ofAll.allSatisfy { $0.1[row] != nil } }
        let reached = try request.stages.map { stage -> [Bool] in
            var truths = [Bool](repeating: false, count: table.rowCount)
            let values = try stage.reached?.truths(CompleteRows(table, rows: base))
            for (index, row) in base.enumerated() { truths[row] = values?[index] ?? true }
            return truths
        }
        for row in 0..<table.rowCount {
            var missing = ofAll.filter { $0.1[row] == nil }.map(\.0)
            var stages = 0
            if missing.isEmpty {
                stages = reached.prefix { $0[row] }.count
                if stages == 0 || reached.dropFirst(stages).contains(where: { $0[row] }) {
                    throw EvaluationErrors(
                        "found a person who did not reach \(request.stages[stages].name), allowed: everybody in the first "
                            + "stage, and nobody in a stage without the stages before it",
                        at: "\(table.file), row \(row + 1)")
                }
                missing = ofStages.prefix(stages).flatMap { $0.filter { $0.1[row] == nil }.map(\.0) }
            }
            guard missing.isEmpty else {
                dropped.rows += 1
                for name in unique(missing) { dropped.by[name, default: 0] += 1 }
                continue
            }
            rows.append(row)
            stagesReached.append(stages)
        }
        guard !rows.isEmpty else {
            throw EvaluationErrors("found no row in which all that the models need is there", at: table.file)
        }
    }
}

private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
}

extension RegimeRequest.Stage {
    /// Every column that must be there for who came to the stage.
    var columns: [String] {
        var names = [treatment] + blip.columns + (treatmentModel?.columns ?? []) + (treatmentFree?.columns ?? [])
        names += (rule?.columns ?? []) + allowed.flatMap(\.where.columns)
        names += (reward?.columns ?? []) + (time?.columns ?? []) + (start?.columns ?? [])
        return unique(names)
    }
}

extension RegimeRequest.Survival {
    var columns: [String] { time.columns + status.columns + (censoring?.columns ?? []) }
}
