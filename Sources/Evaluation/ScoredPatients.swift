import Outcomes

/// Patients with their follow-up and score: all of a table, or one group of them.
struct ScoredPatients: Sendable {
    /// With competing events, an event of any cause is one here.
    let data: SurvivalData
    /// 0 for the censored; nil without competing events.
    let causes: [Int]?
    let cause: Int
    let scores: [Double]
    /// What a model of censoring depends on; none for the Kaplan–Meier estimate.
    let censoringColumns: [CovariateColumn]

    init(_ request: ScoreRequest, _ rows: CompleteRows) throws {
        scores = try rows.numbers(request.score)
        censoringColumns = try rows.censoringColumns(request.censoringColumns)
        do {
            guard let cause = request.cause else {
                causes = nil
                self.cause = 1
                data = try rows.survival(
                    .survival(start: nil, time: .column(request.time), event: .init(column: request.event)))
                return
            }
            let codes = try rows.codes(request.event, cause: cause)
            causes = codes
            self.cause = cause
            data = try SurvivalData(times: rows.numbers(request.time), events: codes.map { $0 != 0 })
        } catch let error as InvalidInput {
            throw EvaluationErrors(error, rows: rows)
        }
    }

    private init(
        _ data: SurvivalData, _ causes: [Int]?, _ cause: Int, _ scores: [Double], _ columns: [CovariateColumn]
    ) {
        (self.data, self.causes, self.cause, self.scores) = (data, causes, cause, scores)
        censoringColumns = columns
    }

    func subset(_ rows: [Int]) throws(InvalidInput) -> ScoredPatients {
        ScoredPatients(
            try data.subset(rows), causes.map { causes in rows.map { causes[$0] } }, cause, rows.map { scores[$0] },
            censoringColumns.map { column in CovariateColumn(column.name, rows.map { column.values[$0] }) })
    }

    /// The weights against censoring of the given follow-up of these patients; nil for the Kaplan–Meier estimate.
    ///
    /// A column with one value in all of them, as that of their own group, says nothing and is left out.
    func weights(_ data: SurvivalData) throws(InvalidInput) -> Estimated<CensoringWeights?> {
        let columns = censoringColumns.filter { !$0.isConstant }
        guard !columns.isEmpty else { return .value(nil) }
        do {
            return .value(try CensoringWeights(data, model: .cox(columns)))
        } catch let error as InvalidInput {
            throw error
        } catch {
            return .undefined(.init(code: "no-censoring-model", reason: "the model of censoring: \(error)"))
        }
    }

    /// Who has the event that the score is for.
    var events: [Bool] { causes.map { $0.map { $0 == cause } } ?? data.events }

    /// Follow-up to the event that the score is for, other causes being censored.
    func causeSpecific() throws(InvalidInput) -> SurvivalData {
        causes == nil ? data : try SurvivalData(times: data.times, events: events)
    }
}

extension CovariateColumn {
    var isConstant: Bool { values.allSatisfy { $0 == values.first } }
}

extension CompleteRows {
    /// The columns of a model of censoring: numbers as they are, texts as an indicator of each value but the first.
    func censoringColumns(_ names: [String]) throws -> [CovariateColumn] {
        var columns: [CovariateColumn] = []
        for name in names.uniqued {
            var own: [CovariateColumn] = []
            if case .texts = try table.column(name) {
                let cells = try labels(name)
                own = Set(cells).sorted().dropFirst().map { value in
                    CovariateColumn("\(name)=\(value)", cells.map { $0 == value ? 1 : 0 })
                }
            } else {
                own = [CovariateColumn(name, try numbers(name))]
            }
            guard own.contains(where: { !$0.isConstant }) else {
                throw EvaluationErrors(
                    "\(name): found one value in all rows; a model of censoring needs two", at: table.file)
            }
            columns += own
        }
        return columns
    }

    /// Codes of causes: whole numbers, 0 for the censored.
    func codes(_ column: String, cause: Int) throws -> [Int] {
        let values = try numbers(column)
        let wrong = values.indices.filter { values[$0] < 0 || values[$0] > 1000 || values[$0] != values[$0].rounded() }
        guard wrong.isEmpty else {
            throw EvaluationErrors(
                wrong.prefix(EvaluationErrors.shown).map {
                    .init(
                        "\(column): found \(values[$0]), allowed: 0 for censored, or a cause from 1 to 1000",
                        at: "\(table.file), row \(rows[$0] + 1)")
                }, total: wrong.count)
        }
        guard values.contains(Double(cause)) else {
            let found = Set(values.map { Int($0) }).sorted().map(String.init).joined(separator: ", ")
            throw EvaluationErrors("\(column): found no cause \(cause); codes: \(found)", at: table.file)
        }
        return values.map { Int($0) }
    }
}
