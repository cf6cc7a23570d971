import Outcomes

/// What `trialist evaluate` finds: every metric of a score, overall and by group, with the gaps between groups.
package struct ScoreEvaluation: Sendable {
    package var file: String
    package var time: String
    package var event: String
    package var score: String
    package var convention: String
    package var cause: Int?
    /// Rows that were left out because time, event, score or a group is missing.
    package var missing: Int
    /// Of all intervals.
    package var confidence = 0.95
    package var overall: ScoreMetrics
    package var by: [Column]
    package var gaps: [MetricGap]

    /// The groups of one column, or of several at once.
    package struct Column: Sendable {
        package var column: String
        package var groups: [Group]
    }

    /// One group.
    package struct Group: Sendable {
        package var group: String
        package var n: Int
        package var events: Int
        package var metrics: ScoreMetrics?
        package var reason: ShownEstimate.Reason?
    }

    /// Evaluates the score of a table.
    ///
    /// - Throws: ``EvaluationErrors`` for a table, columns or times that are not allowed.
    package init(_ request: ScoreRequest, of table: DataTable) throws {
        let rows = try CompleteRows(table, columns: [request.time, request.event, request.score] + request.groups)
        let patients = try ScoredPatients(request, rows)
        do {
            let times = try request.times ?? Self.quartiles(patients)
            overall = try ScoreMetrics(patients, request, times: times)
            by = []
            gaps = []
            for column in request.groups {
                let comparison = try GroupedScore(patients, rows.grouping(column), request, times: times)
                by.append(Column(column: column, groups: comparison.groups))
                gaps += comparison.gaps(column)
            }
        } catch let error as InvalidInput {
            throw EvaluationErrors(error, rows: rows)
        }
        file = table.file
        (time, event, score) = (request.time, request.event, request.score)
        convention = "\(request.convention)"
        cause = request.cause
        missing = rows.leftOut
    }

    /// The quartiles of the times with the event: where something can be said.
    private static func quartiles(_ patients: ScoredPatients) throws -> [Double] {
        let events = patients.events
        let times = patients.data.times.indices.filter { events[$0] }.map { patients.data.times[$0] }.sorted()
        guard !times.isEmpty else {
            throw EvaluationErrors("found no event; at least one is needed", at: "the column of events")
        }
        var chosen: [Double] = []
        for share in [0.25, 0.5, 0.75] {
            let time = times[min(times.count - 1, Int(share * Double(times.count)))]
            if time > chosen.last ?? -.infinity { chosen.append(time) }
        }
        return chosen
    }
}

extension ScoreEvaluation: Encodable {
    private enum CodingKeys: String, CodingKey {
        case file, time, event, score, convention, cause, missing, confidence, by, gaps
    }

    /// The metrics of all patients stand at the top; those of a group are `by.column.group`.
    package func encode(to encoder: any Encoder) throws {
        try overall.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(time, forKey: .time)
        try container.encode(event, forKey: .event)
        try container.encode(score, forKey: .score)
        try container.encode(convention, forKey: .convention)
        try container.encodeIfPresent(cause, forKey: .cause)
        try container.encode(missing, forKey: .missing)
        try container.encode(confidence, forKey: .confidence)
        let columns = by.map { column in
            (column.column, Dictionary(column.groups.map { ($0.group, $0) }) { first, _ in first })
        }
        try container.encode(Dictionary(columns) { first, _ in first }, forKey: .by)
        try container.encode(gaps, forKey: .gaps)
    }
}

extension ScoreEvaluation.Group: Encodable {
    private enum CodingKeys: String, CodingKey { case n, events, reason }

    /// The metrics stand beside the group's name, as they do overall.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try metrics?.encode(to: encoder)
        try container.encode(n, forKey: .n)
        try container.encode(events, forKey: .events)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}
