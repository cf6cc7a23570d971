import Outcomes

/// Patients with their follow-up and score: all of a table, or one group of them.
struct ScoredPatients: Sendable {
    /// With competing events, an event of any cause is one here.
    let data: SurvivalData
    /// 0 for the censored; nil without competing events.
    let causes: [Int]?
    let cause: Int
    let scores: [Double]

    init(_ request: ScoreRequest, _ rows: CompleteRows) throws {
        scores = try rows.numbers(request.score)
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

    private init(_ data: SurvivalData, _ causes: [Int]?, _ cause: Int, _ scores: [Double]) {
        (self.data, self.causes, self.cause, self.scores) = (data, causes, cause, scores)
    }

    func subset(_ rows: [Int]) throws(InvalidInput) -> ScoredPatients {
        ScoredPatients(
            try data.subset(rows), causes.map { causes in rows.map { causes[$0] } }, cause, rows.map { scores[$0] })
    }

    /// Who has the event that the score is for.
    var events: [Bool] { causes.map { $0.map { $0 == cause } } ?? data.events }

    /// Follow-up to the event that the score is for, other causes being censored.
    func causeSpecific() throws(InvalidInput) -> SurvivalData {
        causes == nil ? data : try SurvivalData(times: data.times, events: events)
    }
}

extension CompleteRows {
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
