/// Follow-up that ends by one of several causes or by censoring, checked once and sorted once.
///
/// Causes are counted from 1; 0 is censoring. Times are in any one unit. A patient is at risk at time *t* when
/// `entry < t ≤ time`. At equal times events of all causes happen together, before censorings.
public struct CompetingRisksData: Sendable {
    /// What ended each patient's follow-up: 0 censoring, 1 to ``causeCount`` an event.
    public let causes: [Int]
    /// K, the number of causes that an event may have, also of those that nobody had.
    public let causeCount: Int
    /// The same follow-up with an event of any cause.
    public let anyCause: SurvivalData

    /// The largest number of causes; a larger code is most likely a time or an identifier in the wrong column.
    public static let largestCauseCount = 100

    /// Checks and sorts, O(n log n).
    ///
    /// - Parameters:
    ///   - times: n follow-up times, finite and ≥ 0.
    ///   - causes: n codes, 0 for censoring and 1 to K for events.
    ///   - entries: n entry times, each finite and before its follow-up time; nil for observation from the start.
    ///   - causeCount: K; nil for the largest code given, at least 1.
    /// - Throws: ``InvalidInput`` that names every row that is not allowed, and for no rows at all.
    public init(
        times: [Double], causes: [Int], entries: [Double]? = nil, causeCount: Int? = nil
    ) throws(InvalidInput) {
        let most = causeCount ?? Self.largestCauseCount
        var problems: [InvalidInput.Problem] = []
        if !(1...Self.largestCauseCount).contains(most) {
            problems.append(
                .init(column: "cause count", found: "\(most)", allowed: "1 to \(Self.largestCauseCount)"))
        } else {
            for (row, cause) in causes.enumerated() where !(0...most).contains(cause) {
                problems.append(
                    .init(row: row + 1, column: "cause", found: "\(cause)", allowed: "0 (censored) to \(most)"))
            }
        }
        do {
            anyCause = try SurvivalData(times: times, events: causes.map { $0 != 0 }, entries: entries)
        } catch {
            throw InvalidInput(problems + error.problems)
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.causes = causes
        self.causeCount = causeCount ?? max(1, causes.max() ?? 1)
    }

    /// The last time each patient was observed.
    public var times: [Double] { anyCause.times }

    /// The time from which each patient was under observation, or nil when all are from the start.
    public var entries: [Double]? { anyCause.entries }

    /// The number of patients, at least one.
    public var count: Int { causes.count }

    /// The number of patients with an event of a cause.
    public func eventCount(of cause: Int) -> Int { causes.reduce(0) { $0 + ($1 == cause ? 1 : 0) } }

    /// The follow-up with only one cause as the event; patients with another cause are censored at its time. Right for
    /// cause-specific hazards, and wrong for probabilities.
    ///
    /// - Throws: ``InvalidInput`` for a cause that does not exist.
    public func causeSpecific(_ cause: Int) throws(InvalidInput) -> SurvivalData {
        try require(cause: cause)
        return try SurvivalData(times: times, events: causes.map { $0 == cause }, entries: entries)
    }

    /// The patients of the given rows, in the given order; a row may come more than once (bootstrap).
    ///
    /// - Throws: ``InvalidInput`` when `rows` is empty or names a row that does not exist.
    public func subset(_ rows: [Int]) throws(InvalidInput) -> CompetingRisksData {
        for row in rows where !causes.indices.contains(row) {
            throw InvalidInput(.init(column: "subset", found: "row index \(row)", allowed: "0 to \(count - 1)"))
        }
        return try CompetingRisksData(
            times: rows.map { times[$0] }, causes: rows.map { causes[$0] },
            entries: entries.map { entries in rows.map { entries[$0] } }, causeCount: causeCount)
    }

    func require(cause: Int) throws(InvalidInput) {
        guard (1...causeCount).contains(cause) else {
            throw InvalidInput(.init(column: "cause", found: "\(cause)", allowed: "1 to \(causeCount)"))
        }
    }
}

extension CoxModel {
    /// Cox's model of the hazard of one cause, with the other causes censored at their times: what the covariates do to
    /// the rate among those still free of every event. It does not by itself say what they do to the probability.
    ///
    /// - Parameters:
    ///   - data: follow-up with at least one event of the cause.
    ///   - cause: from 1.
    ///   - covariates: p ≥ 1 columns of n values.
    ///   - strata: each stratum has a baseline hazard of its own; nil for one.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data and a cause that does not exist, ``CoxError``
    ///   where there is no finite estimate.
    public init(
        _ data: CompetingRisksData, cause: Int, covariates: [CovariateColumn], strata: Grouping? = nil,
        ties: Ties = .efron
    ) throws {
        try self.init(data.causeSpecific(cause), covariates: covariates, strata: strata, ties: ties)
    }
}
