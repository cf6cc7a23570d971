/// A calibration table at a horizon: patients in groups of predicted risk, with the observed risk of each.
///
/// The test of all groups is Greenwood, Nam and D'Agostino's,
///
/// ```
/// χ² = Σ_g (F_g − p̄_g)² / Var F_g        on G − 1 degrees of freedom
/// ```
///
/// with Kaplan–Meier's F and Greenwood's variance in each group. It is unreliable with fewer than five events in a
/// group: ``fewestEvents`` says how many there were. Source: Demler, Paynter and Cook 2015, Stat Med 34:1659.
public struct CalibrationGroups: Sendable {
    /// One group of similar predicted risk.
    public struct Group: Sendable {
        /// Patients.
        public let count: Int
        /// Events of the cause by the horizon.
        public let events: Int
        /// The mean predicted risk.
        public let predicted: Double
        /// The observed risk with its interval; undefined when follow-up in the group ends before the horizon.
        public let observed: Estimated<Estimate>
    }

    /// By ascending predicted risk; fewer than asked for where many patients share a risk.
    public let groups: [Group]
    /// The test that all groups are calibrated. Undefined with one group, and where a group's error is undefined.
    public let test: Estimated<ChiSquareTest>

    /// The events of the group that has the fewest.
    public var fewestEvents: Int { groups.map(\.events).min() ?? 0 }

    /// Groups the patients at quantiles of the risk, O(n log n).
    ///
    /// - Parameters:
    ///   - risks: n predicted risks of the event by `horizon`.
    ///   - groups: how many, at least 1.
    ///   - competing: true for the events of another cause (the observed risks are then Aalen–Johansen's).
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, risks: [Double], horizon: Double, groups: Int = 10, competing: [Bool]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "a calibration table")
        var problems =
            InvalidInput.Problem.probabilities("risk", risks, rows: data.count)
            + InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
        if groups < 1 { problems.append(.init(column: "groups", found: "\(groups)", allowed: "at least 1")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let cuts = RiskGroups(risks, groups: groups)
        var rows = [[Int]](repeating: [], count: cuts.count)
        for row in data.order { rows[cuts.group(of: risks[row])].append(row) }
        let table = rows.filter { !$0.isEmpty }.map { rows in
            let risk = HorizonRisk(data, competing: competing, rows: rows, horizon: horizon)
            return Group(
                count: rows.count, events: risk.events,
                predicted: rows.reduce(0) { $0 + risks[$1] } / Double(rows.count), observed: risk.estimate(level: level)
            )
        }
        self.groups = table
        test = Self.test(table)
    }

    private static func test(_ groups: [Group]) -> Estimated<ChiSquareTest> {
        guard groups.count > 1 else {
            return .undefined(.init(code: "one-group", reason: "a test between groups of risk needs two or more"))
        }
        var statistic = 0.0
        for (index, group) in groups.enumerated() {
            let observed: Estimate
            switch group.observed {
            case .undefined(let reason): return .undefined(.inGroup(index + 1, reason))
            case .value(let value): observed = value
            }
            switch observed.standardError {
            case .undefined(let reason): return .undefined(.inGroup(index + 1, reason))
            case .value(let error):
                guard error > 0 else { return .undefined(.inGroup(index + 1, .oneInfluence)) }
                let z = (observed.value - group.predicted) / error
                statistic += z * z
            }
        }
        return .value(ChiSquareTest(statistic: statistic, degreesOfFreedom: groups.count - 1))
    }
}

extension Undefined {
    static func inGroup(_ group: Int, _ reason: Undefined) -> Undefined {
        .init(code: reason.code, reason: "risk group \(group): \(reason.reason)")
    }
}
