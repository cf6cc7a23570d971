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

    /// The test, O(n + D·k²) for D distinct event times.
    ///
    /// - Parameters:
    ///   - groups: the group of each patient.
    ///   - strata: compare only patients of the same stratum; nil for one stratum.
    /// - Throws: ``InvalidInput`` when a column has another length than the data, or a parameter of the
    ///   weight is not allowed.
    public init(
        _ data: SurvivalData, groups: Grouping, strata: Grouping? = nil, weight: Weight = .logRank
    ) throws(InvalidInput) {
        try groups.require(rows: data.count, column: "group")
        try strata?.require(rows: data.count, column: "stratum")
        guard weight.problems.isEmpty else { throw InvalidInput(weight.problems) }
        var sums = LogRankSums(groups: groups.labels.count)
        var weigher = Weigher(weight)
        data.sweepRiskSets(groups: groups, strata: strata) { stratum, counts in
            sums.add(counts, weight: weigher.weight(counts, stratum: stratum))
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
        test = weigher.isUnbounded ? .undefined(.unboundedWeight) : sums.test(anyEvent: events.contains { $0 > 0 })
    }

    /// The standard normal form of the two-group test, (observed − expected)/√V of the given group: positive when it has
    /// more events than expected.
    ///
    /// - Parameter group: its position in ``groups``.
    /// - Returns: undefined where ``test`` is, with the same reason, and for a group that was never at risk with another.
    public func normalStatistic(of group: Int) -> Estimated<Double> {
        test.flatMap { _ in
            let variance = covariance[group][group]
            guard variance > 0 else { return .undefined(.notComparable) }
            return .value((groups[group].observed - groups[group].expected) / variance.squareRoot())
        }
    }

    /// The two-group test with its one- and two-sided p-values; z as in ``normalStatistic(of:)``, so that `lowerPValue` is
    /// for fewer events in the given group than expected.
    ///
    /// - Parameter group: its position in ``groups``.
    /// - Returns: undefined where ``normalStatistic(of:)`` is, with the same reason.
    public func normalTest(of group: Int) -> Estimated<NormalTest> {
        normalStatistic(of: group).map(NormalTest.init)
    }

    /// The test against hazards that rise or fall along ordered groups (Tarone 1975, Biometrika 62:679):
    /// z = Σ c_g·U_g / √(Σ c_g c_h V_gh), positive when groups with larger scores have more events than expected.
    ///
    /// - Parameter scores: c, one for each of ``groups``; moving or stretching them does not change the test.
    /// - Returns: undefined where ``test`` is, and when the groups at risk have one score.
    /// - Throws: ``InvalidInput`` for another number of scores than groups, and for scores that are not finite.
    public func trend(scores: [Double]) throws(InvalidInput) -> Estimated<NormalTest> {
        guard scores.count == groups.count else {
            throw InvalidInput(
                .init(column: "score", found: "\(scores.count) scores", allowed: "\(groups.count), one for each group"))
        }
        let problems = InvalidInput.Problem.notFinite("score", scores)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        return test.flatMap { _ in
            // The rows of V and U sum to 0: from their mean the scores lose no digits to a common level.
            let level = scores.reduce(0, +) / Double(scores.count)
            let centred = scores.map { $0 - level }
            var sum = 0.0
            var variance = 0.0
            var largest = 0.0
            for g in groups.indices {
                sum += centred[g] * (groups[g].observed - groups[g].expected)
                for h in groups.indices { variance += centred[g] * centred[h] * covariance[g][h] }
                largest += centred[g] * centred[g] * covariance[g][g]
            }
            guard variance > SmallCholesky.relativePivot * largest else { return .undefined(.oneScore) }
            return .value(NormalTest(statistic: sum / variance.squareRoot()))
        }
    }
}

/// The running sums of ``LogRank``.
private struct LogRankSums {
    var observed: [Double]
    var expected: [Double]
    /// V row by row.
    private var products: [Double]

    init(groups: Int) {
        observed = [Double](repeating: 0, count: groups)
        expected = observed
        products = [Double](repeating: 0, count: groups * groups)
    }

    var covariance: [[Double]] {
        observed.indices.map { g in observed.indices.map { products[g * observed.count + $0] } }
    }

    mutating func add(_ counts: borrowing RiskSetCounts, weight w: Double) {
        let n = Double(counts.total)
        let d = Double(counts.deaths)
        let spread = w * w * counts.spread
        for g in observed.indices {
            let share = Double(counts.atRisk[g]) / n
            observed[g] += w * Double(counts.died[g])
            expected[g] += w * d * share
            guard spread > 0, share > 0 else { continue }
            for h in observed.indices {
                products[g * observed.count + h] +=
                    spread * share * ((g == h ? 1 : 0) - Double(counts.atRisk[h]) / n)
            }
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
        let covariance = covariance
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
    static let unboundedWeight = Undefined(
        code: "unbounded-weight",
        reason: "the pooled curve is 0 before the last event: a modest weight would divide by it")
    static let oneScore = Undefined(
        code: "one-score", reason: "the groups that were at risk together have one score: there is no trend to test")
    static let notComparable = Undefined(
        code: "groups-not-comparable",
        reason: "the groups were never at risk together at an event in a way that tells them apart")
}
