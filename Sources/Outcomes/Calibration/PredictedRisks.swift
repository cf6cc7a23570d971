/// Predicted probabilities of the event by each of several times: n patients × m times, row by row.
///
/// Survival probabilities are turned into risks on the way in, so that every measure of this folder sees risks.
public struct PredictedRisks: Sendable {
    /// What the numbers given are.
    public enum Meaning: String, CaseIterable, Sendable {
        /// F(t | x), the probability of the event by t; with competing risks the cumulative incidence of the cause.
        case risk
        /// S(t | x) = 1 − F(t | x).
        case survival
    }

    /// The m times, ascending, in the unit of the data.
    public let times: [Double]
    /// n·m risks; those of patient i are `values[i·m ..< (i + 1)·m]`.
    public let values: [Double]

    /// Checks the numbers, O(n·m).
    ///
    /// - Parameters:
    ///   - times: m ≥ 1 times, finite, ≥ 0 and strictly ascending.
    ///   - rows: n·m probabilities from 0 to 1, the m of the first patient first.
    /// - Throws: ``InvalidInput`` for times and probabilities that are not allowed, and for another number of them.
    public init(times: [Double], rows: [Double], meaning: Meaning = .risk) throws(InvalidInput) {
        var problems = InvalidInput.Problem.ascending("evaluation time", times)
        if times.isEmpty {
            problems.append(.init(column: "evaluation time", found: "none", allowed: "at least one"))
        } else if rows.isEmpty || rows.count % times.count != 0 {
            problems.append(
                .init(
                    column: "risk", found: "\(rows.count) numbers",
                    allowed: "\(times.count), one for each time, for each patient"))
        }
        if problems.isEmpty, !Self.allProbabilities(rows) {
            for (index, value) in rows.enumerated() where !(value >= 0 && value <= 1) {
                problems.append(
                    .init(
                        row: index / times.count + 1, column: "risk at time \(times[index % times.count])",
                        found: "\(value)", allowed: "a probability from 0 to 1"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.times = times
        values = meaning == .risk ? rows : rows.map { 1 - $0 }
    }

    /// Risks at one time.
    ///
    /// - Throws: ``InvalidInput`` as the other initialiser.
    public init(at time: Double, _ risks: [Double], meaning: Meaning = .risk) throws(InvalidInput) {
        try self.init(times: [time], rows: risks, meaning: meaning)
    }

    /// The number of patients n.
    public var count: Int { values.count / times.count }

    /// The n risks at the time of an index.
    public func risks(atIndex index: Int) -> [Double] {
        stride(from: index, to: values.count, by: times.count).map { values[$0] }
    }

    private static func allProbabilities(_ rows: [Double]) -> Bool {
        rows.withUnsafeBufferPointer { rows in
            // NaN fails both comparisons; no early exit, so that the loop runs several at a time.
            var wrong = 0
            for value in rows { wrong += value >= 0 && value <= 1 ? 0 : 1 }
            return wrong == 0
        }
    }
}

extension InvalidInput.Problem {
    /// What is wrong with times that must be finite, not negative and strictly ascending.
    static func ascending(_ column: String, _ times: [Double]) -> [Self] {
        var problems: [Self] = []
        for (index, time) in times.enumerated() {
            if !(time.isFinite && time >= 0) {
                problems.append(.init(row: index + 1, column: column, found: "\(time)", allowed: "a finite number ≥ 0"))
            } else if index > 0, times[index - 1] >= time {
                problems.append(
                    .init(
                        row: index + 1, column: column, found: "\(time) after \(times[index - 1])",
                        allowed: "strictly ascending times"))
            }
        }
        return problems
    }

    /// What is wrong with a column that must hold a probability for each of `rows` patients.
    static func probabilities(_ column: String, _ values: [Double], rows: Int) -> [Self] {
        guard values.count == rows else { return [length(column, found: values.count, rows: rows)] }
        return values.indices.filter { !(values[$0] >= 0 && values[$0] <= 1) }.map {
            .init(row: $0 + 1, column: column, found: "\(values[$0])", allowed: "a probability from 0 to 1")
        }
    }

    /// What is wrong with the indicators of events of another cause: they must be events.
    static func competing(_ competing: [Bool]?, _ data: SurvivalData) -> [Self] {
        guard let competing else { return [] }
        guard competing.count == data.count else {
            return [length("competing event", found: competing.count, rows: data.count)]
        }
        return competing.indices.filter { competing[$0] && !data.events[$0] }.map {
            .init(row: $0 + 1, column: "competing event", found: "true for a censored patient", allowed: "an event")
        }
    }

    /// What is wrong with a time at which risks are judged.
    static func horizon(_ horizon: Double) -> [Self] {
        horizon.isFinite && horizon >= 0
            ? [] : [.init(column: "horizon", found: "\(horizon)", allowed: "a finite number ≥ 0")]
    }
}
