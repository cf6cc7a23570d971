import NumericsCore

/// The log-rank test of equal hazards in k groups, and its weighted and stratified forms.
///
/// ```
/// U_g = Σ w(t)·(d_g − n_g·d/n)      V_gh = Σ w(t)²·d·(n − d)/(n − 1)·(n_g/n)(δ_gh − n_h/n)      χ² = Uᵀ V⁻ U
/// ```
///
/// Observed, expected and variance are sums over strata of sums within a stratum; weights come from each stratum's own
/// pooled curve. Sources: Mantel 1966; Harrington and Fleming 1982, Biometrika 69:553.
public struct LogRank: Sendable {
    /// What the weight w(t) of an event time is.
    public enum Weight: Hashable, Sendable {
        /// w = 1.
        case logRank
        /// w = S(t−)^ρ·(1 − S(t−))^γ with the pooled Kaplan–Meier curve S. (0, 0) is the log-rank test,
        /// (1, 0) weighs early and (0, 1) late differences.
        case flemingHarrington(rho: Double, gamma: Double)
        /// w = n, the number at risk (Gehan 1965; Breslow 1970).
        case gehanBreslow
        /// w = √n (Tarone and Ware 1977).
        case taroneWare
    }

    /// One row of the result.
    public struct Group: Hashable, Sendable {
        /// The group's label.
        public let label: String
        /// Its patients.
        public let count: Int
        /// Its patients with an event, unweighted.
        public let events: Int
        /// Σ w·d_g; the number of events when w = 1.
        public let observed: Double
        /// Σ w·n_g·d/n.
        public let expected: Double
    }

    /// The weight that the sums were taken with.
    public let weight: Weight
    /// One for each label of the grouping in its order, also groups without patients.
    public let groups: [Group]
    /// V, one row and column for each group.
    public let covariance: [[Double]]
    /// The test with df = groups that could have had an event − 1.
    public let test: Estimated<ChiSquareTest>

    /// The test, O(n log n + D·k²) for D distinct event times.
    ///
    /// - Parameters:
    ///   - groups: the group of each patient.
    ///   - strata: compare only patients of the same stratum; nil for one stratum.
    /// - Throws: ``InvalidInput`` when a column has another length than the data, or ρ or γ is negative or not finite.
    public init(
        _ data: SurvivalData, groups: Grouping, strata: Grouping? = nil, weight: Weight = .logRank
    ) throws(InvalidInput) {
        try groups.require(rows: data.count, column: "group")
        try strata?.require(rows: data.count, column: "stratum")
        try Self.check(weight)
        var sums = LogRankSums(groups: groups.labels.count)
        for rows in data.orderByStratum(strata) where !rows.isEmpty {
            sums.add(StratumSweep(data, rows: rows), groups: groups.codes, weight: weight)
        }
        var counts = [Int](repeating: 0, count: groups.labels.count)
        var events = counts
        for (row, code) in groups.codes.enumerated() {
            counts[code] += 1
            if data.events[row] { events[code] += 1 }
        }
        self.weight = weight
        self.groups = groups.labels.indices.map {
            Group(
                label: groups.labels[$0], count: counts[$0], events: events[$0], observed: sums.observed[$0],
                expected: sums.expected[$0])
        }
        covariance = sums.covariance
        test = sums.test(anyEvent: events.contains { $0 > 0 })
    }

    /// The standard normal form of the two-group test, (observed − expected)/√V of the given group: positive when it has
    /// more events than expected.
    ///
    /// - Parameter group: its position in ``groups``.
    /// - Returns: undefined where ``test`` is, with the same reason.
    public func normalStatistic(of group: Int) -> Estimated<Double> {
        test.map { _ in (groups[group].observed - groups[group].expected) / covariance[group][group].squareRoot() }
    }

    private static func check(_ weight: Weight) throws(InvalidInput) {
        guard case .flemingHarrington(let rho, let gamma) = weight else { return }
        for (name, value) in [("rho", rho), ("gamma", gamma)] where !(value.isFinite && value >= 0) {
            throw InvalidInput(.init(column: name, found: "\(value)", allowed: "a finite number ≥ 0"))
        }
    }
}

/// The running sums of ``LogRank``.
private struct LogRankSums {
    var observed: [Double]
    var expected: [Double]
    var covariance: [[Double]]

    init(groups: Int) {
        observed = [Double](repeating: 0, count: groups)
        expected = observed
        covariance = [[Double]](repeating: observed, count: groups)
    }

    mutating func add(_ sweep: StratumSweep, groups: [Int], weight: LogRank.Weight) {
        var atRisk = [Int](repeating: 0, count: observed.count)
        var died = atRisk
        var pooled = 1.0
        for step in sweep.steps {
            for row in step.entered { atRisk[groups[row]] += 1 }
            let total = atRisk.reduce(0, +)
            if !step.events.isEmpty {
                for code in died.indices { died[code] = 0 }
                for row in step.events { died[groups[row]] += 1 }
                add(atRisk: atRisk, died: died, w: Self.value(weight, atRisk: Double(total), survival: pooled))
                pooled *= Double(total - step.events.count) / Double(total)
            }
            for row in step.events { atRisk[groups[row]] -= 1 }
            for row in step.censored { atRisk[groups[row]] -= 1 }
        }
    }

    private mutating func add(atRisk: [Int], died: [Int], w: Double) {
        let n = Double(atRisk.reduce(0, +))
        let d = Double(died.reduce(0, +))
        let spread = n > 1 ? w * w * d * (n - d) / (n - 1) : 0
        for g in atRisk.indices {
            let share = Double(atRisk[g]) / n
            observed[g] += w * Double(died[g])
            expected[g] += w * d * share
            guard spread > 0, share > 0 else { continue }
            for h in atRisk.indices {
                covariance[g][h] += spread * share * ((g == h ? 1 : 0) - Double(atRisk[h]) / n)
            }
        }
    }

    private static func value(_ weight: LogRank.Weight, atRisk: Double, survival: Double) -> Double {
        switch weight {
        case .logRank: 1
        case .flemingHarrington(let rho, let gamma):
            (rho == 0 ? 1 : Elementary.pow(survival, rho)) * (gamma == 0 ? 1 : Elementary.pow(1 - survival, gamma))
        case .gehanBreslow: atRisk
        case .taroneWare: atRisk.squareRoot()
        }
    }

    /// χ² over the groups with an expectation, the last of them left out: the sums of U are 0, so V is singular by one.
    func test(anyEvent: Bool) -> Estimated<ChiSquareTest> {
        guard anyEvent else { return .undefined(.noEvents) }
        let compared = expected.indices.filter { expected[$0] > 0 }
        guard !compared.isEmpty else { return .undefined(.noWeight) }
        guard compared.count > 1 else { return .undefined(.oneGroup) }
        let kept = compared.dropLast()
        let u = kept.map { observed[$0] - expected[$0] }
        guard let factor = try? SmallCholesky(kept.map { g in kept.map { covariance[g][$0] } }) else {
            return .undefined(.notComparable)
        }
        let statistic = zip(u, factor.solve(u)).reduce(0) { $0 + $1.0 * $1.1 }
        return .value(ChiSquareTest(statistic: statistic, degreesOfFreedom: kept.count))
    }
}

extension Undefined {
    static let noEvents = Undefined(code: "no-events", reason: "there is no event")
    static let noWeight = Undefined(code: "no-weight", reason: "every event time has weight 0")
    static let oneGroup = Undefined(
        code: "one-group", reason: "only one group was ever at risk at an event: there is nothing to compare")
    static let notComparable = Undefined(
        code: "groups-not-comparable",
        reason: "the groups were never at risk together at an event in a way that tells them apart")
}
