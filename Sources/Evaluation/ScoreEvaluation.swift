import Outcomes

/// What `trialist evaluate` finds: every metric of a score, overall and by group, with the gaps between groups.
package struct ScoreEvaluation: Sendable {
    package var file: String
    package var time: String
    package var event: String
    package var score: String
    package var convention: String
    package var cause: Int?
    /// `marginal`, or the columns of the Cox model of censoring.
    package var censoring: String
    /// The scale of the intervals of AUC and concordance.
    package var intervals: String
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
        let choices = try request.groups.uniqued.map { try GroupChoice($0, of: table) }
        try Self.check(request, choices)
        let rows = try CompleteRows(
            table,
            columns: ([request.time, request.event, request.score] + choices.flatMap(\.columns)
                + request.censoringColumns).uniqued)
        let patients = try ScoredPatients(request, rows)
        do {
            let times = request.times.map { Set($0).sorted() } ?? Self.quartiles(patients)
            overall = try ScoreMetrics(patients, request, times: times)
            by = []
            gaps = []
            for choice in choices {
                let comparison = try GroupedScore(
                    patients, choice.grouping(rows), request, times: times, overall: overall)
                by.append(Column(column: choice.name, groups: comparison.groups))
                gaps += try comparison.gaps(choice.name, reference: request.references[choice.name])
            }
        } catch let error as InvalidInput {
            throw EvaluationErrors(error, rows: rows)
        }
        file = table.file
        (time, event, score) = (request.time, request.event, request.score)
        convention = "\(request.convention)"
        cause = request.cause
        censoring =
            request.censoringColumns.isEmpty
            ? "marginal" : "cox:" + request.censoringColumns.uniqued.joined(separator: ",")
        intervals = request.intervals.rawValue
        missing = rows.leftOut
    }

    /// What no table can make right.
    private static func check(_ request: ScoreRequest, _ choices: [GroupChoice]) throws {
        var problems: [EvaluationErrors.Problem] = []
        for time in request.times ?? [] where !(time.isFinite && time >= 0) {
            problems.append(.init("found \(time), allowed: times ≥ 0", at: "--times"))
        }
        if let times = request.times, times.isEmpty {
            problems.append(.init("found no time, allowed: at least one", at: "--times"))
        }
        if let horizon = request.horizon, !(horizon.isFinite && horizon >= 0) {
            problems.append(.init("found \(horizon), allowed: a time ≥ 0", at: "--tau"))
        }
        if request.smallestGroup < 1 {
            problems.append(
                .init("found \(request.smallestGroup), allowed: 1 or more patients", at: "--smallest-group"))
        }
        for column in request.references.keys.sorted() where !choices.contains(where: { $0.name == column }) {
            problems.append(.init("found '\(column)', which no --by names", at: "--reference"))
        }
        guard problems.isEmpty else { throw EvaluationErrors(problems) }
    }

    /// The quartiles of the times with the event, where something can be said; without an event those of follow-up.
    private static func quartiles(_ patients: ScoredPatients) -> [Double] {
        let events = patients.events
        let own = patients.data.times.indices.filter { events[$0] }.map { patients.data.times[$0] }
        let times = (own.isEmpty ? patients.data.times : own).sorted()
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
        case file, time, event, score, convention, cause, censoring, intervals, missing, confidence, by, gaps
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
        try container.encode(censoring, forKey: .censoring)
        try container.encode(intervals, forKey: .intervals)
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

extension [String] {
    /// The first of each.
    var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
