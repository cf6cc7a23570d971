import NumericsCore

/// Gray's test of equal cumulative incidence of one cause in k groups.
///
/// ```
/// z_g = Σ L(t)·(d_g − d·R_g/R)       R_g = (1 − F_g(t−))·Y_g/S_g(t−)       L = (1 − F₀(t−))^ρ
/// dF₀ = d/h      h = Σ h_g      h_g = Y_g/S_g(t−)                            χ² = zᵀ V⁻ z
/// ```
///
/// d are events of the cause, F_g and S_g a group's Aalen–Johansen and Kaplan–Meier curves, F₀ the pooled incidence. V is
/// Gray's sum over groups r of `a_gr·a_hr·dF₀/h_r + b_gr·b_hr·dF_r'/h_r` with F_r' the incidence of the other causes,
/// `b = −(1 − F₀)/S_r·C_gr`, `a = L·h_g(δ_gr − h_r/h) + (1 − (1 − F₀)/S_r)·C_gr` and C_gr what is still to come of
/// `Σ L·h_g(δ_gr − h_r/h)·dF₀/(1 − F₀(t−))`; tied events shrink the first part by `1 − (d − 1)/(h·S_r(t−) − 1)` and the
/// second by `1 − (d'_r − 1)/(Y_r − 1)`. The numbers are those of R's `cmprsk::cuminc`. Unlike the log-rank test of the
/// cause's hazard, it asks about the probability of the event. Source: Gray 1988, Ann Stat 16:1141, section 3.
public struct GrayTest: Sendable {
    /// One row of the result.
    public struct Group: Hashable, Sendable {
        /// The group's label.
        public let label: String
        /// Its patients.
        public let count: Int
        /// Its events of the cause.
        public let events: Int
        /// z_g: positive when the group has more events than under equal incidence.
        public let score: Double
    }

    /// The cause compared, from 1.
    public let cause: Int
    /// ρ.
    public let rho: Double
    /// One for each label of the grouping in its order, also groups without patients.
    public let groups: [Group]
    /// V, one row and column for each group.
    public let covariance: [[Double]]
    /// The test with df = groups with patients − 1.
    public let test: Estimated<ChiSquareTest>

    /// The test, O(n log n + D·k³) for D distinct event times.
    ///
    /// - Parameters:
    ///   - cause: from 1.
    ///   - groups: the group of each patient.
    ///   - strata: compare only patients of the same stratum; nil for one stratum. Scores and V are sums over strata.
    ///   - rho: ≥ 0; 0 weighs all times alike, larger values early ones more.
    /// - Throws: ``InvalidInput`` when a column has another length than the data, for a cause that does not exist, a ρ
    ///   that is negative or not finite, and delayed entry.
    public init(
        _ data: CompetingRisksData, cause: Int = 1, groups: Grouping, strata: Grouping? = nil, rho: Double = 0
    ) throws(InvalidInput) {
        try data.require(cause: cause)
        try groups.require(rows: data.count, column: "group")
        try strata?.require(rows: data.count, column: "stratum")
        try data.anyCause.requireNoDelayedEntry(for: "Gray's test")
        guard rho.isFinite, rho >= 0 else {
            throw InvalidInput(.init(column: "rho", found: "\(rho)", allowed: "a finite number ≥ 0"))
        }
        let width = groups.labels.count
        var sums = GraySums(groups: width)
        for rows in data.anyCause.orderByStratum(strata) where !rows.isEmpty {
            sums.add(GrayStratum(data, rows: rows, cause: cause, groups: groups, rho: rho))
        }
        var counts = [Int](repeating: 0, count: width)
        var events = counts
        for (row, code) in groups.codes.enumerated() {
            counts[code] += 1
            if data.causes[row] == cause { events[code] += 1 }
        }
        self.cause = cause
        self.rho = rho
        self.groups = groups.labels.indices.map {
            Group(label: groups.labels[$0], count: counts[$0], events: events[$0], score: sums.score[$0])
        }
        covariance = sums.covariance
        test = sums.test(counts: counts, anyEvent: events.contains { $0 > 0 })
    }
}

/// The running sums of ``GrayTest``.
private struct GraySums {
    var score: [Double]
    var covariance: [[Double]]

    init(groups: Int) {
        score = [Double](repeating: 0, count: groups)
        covariance = [[Double]](repeating: score, count: groups)
    }

    mutating func add(_ stratum: GrayStratum) {
        for g in score.indices {
            score[g] += stratum.score[g]
            for h in score.indices { covariance[g][h] += stratum.covariance[g][h] }
        }
    }

    /// χ² without the last group with patients: the scores sum to 0.
    func test(counts: [Int], anyEvent: Bool) -> Estimated<ChiSquareTest> {
        guard anyEvent else { return .undefined(.noEvents) }
        let compared = counts.indices.filter { counts[$0] > 0 }
        guard compared.count > 1 else { return .undefined(.oneGroup) }
        let kept = compared.dropLast()
        let u = kept.map { score[$0] }
        guard let factor = try? SmallCholesky(kept.map { g in kept.map { covariance[g][$0] } }) else {
            return .undefined(.notComparable)
        }
        let statistic = zip(u, factor.solve(u)).reduce(0) { $0 + $1.0 * $1.1 }
        return .value(ChiSquareTest(statistic: statistic, degreesOfFreedom: kept.count))
    }
}

/// One stratum's scores and covariance, by one pass for the scores and the totals of C and one for the covariance.
private struct GrayStratum {
    private(set) var score: [Double]
    private(set) var covariance: [[Double]]

    /// What one event time needs in both passes.
    private struct Moment {
        let own: Double
        let others: [Double]
        let atRisk: [Double]
        let survivalBefore: [Double]
        let survival: [Double]
        let weight: Double
        let freeBefore: Double
        let free: Double
        /// h_g, 0 without a patient at risk.
        let effective: [Double]
        let total: Double

        func share(_ g: Int, _ r: Int) -> Double {
            weight * effective[g] * ((g == r ? 1 : 0) - effective[r] / total)
        }
        /// dF₀/(1 − F₀(t−)).
        var pooledHazard: Double { own / (total * freeBefore) }
    }

    init(_ data: CompetingRisksData, rows: [Int], cause: Int, groups: Grouping, rho: Double) {
        let width = groups.labels.count
        score = [Double](repeating: 0, count: width)
        covariance = [[Double]](repeating: score, count: width)
        let moments = walk(data, rows: rows, cause: cause, groups: groups, rho: rho)
        for r in 0..<width { addCovariance(moments, of: r) }
    }

    private mutating func walk(
        _ data: CompetingRisksData, rows: [Int], cause: Int, groups: Grouping, rho: Double
    ) -> [Moment] {
        let width = score.count
        var atRisk = [Double](repeating: 0, count: width)
        for row in rows { atRisk[groups.codes[row]] += 1 }
        var survival = [Double](repeating: 1, count: width)
        var incidence = [Double](repeating: 0, count: width)
        var free = 1.0
        var moments: [Moment] = []
        for step in StratumSweep(data.anyCause, rows: rows).steps {
            if !step.events.isEmpty {
                var own = [Double](repeating: 0, count: width)
                var others = own
                for row in step.events {
                    if data.causes[row] == cause { own[groups.codes[row]] += 1 } else { others[groups.codes[row]] += 1 }
                }
                let before = survival
                let effective = (0..<width).map { atRisk[$0] > 0 ? atRisk[$0] / before[$0] : 0 }
                let total = effective.reduce(0, +)
                let died = own.reduce(0, +)
                let weight = rho == 0 ? 1 : Elementary.pow(free, rho)
                var spread = 0.0
                for g in 0..<width { spread += effective[g] * (1 - incidence[g]) }
                for g in 0..<width where died > 0 && spread > 0 {
                    score[g] += weight * (own[g] - died * effective[g] * (1 - incidence[g]) / spread)
                }
                for g in 0..<width where atRisk[g] > 0 {
                    incidence[g] += before[g] * own[g] / atRisk[g]
                    survival[g] = before[g] * ((atRisk[g] - own[g] - others[g]) / atRisk[g])
                }
                let after = max(0, free - died / total)
                moments.append(
                    Moment(
                        own: died, others: others, atRisk: atRisk, survivalBefore: before, survival: survival,
                        weight: weight, freeBefore: free, free: after, effective: effective, total: total))
                free = after
            }
            for row in step.events { atRisk[groups.codes[row]] -= 1 }
            for row in step.censored { atRisk[groups.codes[row]] -= 1 }
        }
        return moments
    }

    private mutating func addCovariance(_ moments: [Moment], of r: Int) {
        let width = score.count
        var toCome = [Double](repeating: 0, count: width)
        for moment in moments where moment.own > 0 && moment.freeBefore > 0 {
            for g in 0..<width { toCome[g] += moment.share(g, r) * moment.pooledHazard }
        }
        var first = toCome
        var second = toCome
        for moment in moments {
            if moment.own > 0, moment.freeBefore > 0 {
                for g in 0..<width { toCome[g] -= moment.share(g, r) * moment.pooledHazard }
            }
            guard moment.atRisk[r] > 0 else { continue }
            let ratio = moment.survival[r] > 0 ? moment.free / moment.survival[r] : 0
            for g in 0..<width {
                first[g] = moment.share(g, r) + (1 - ratio) * toCome[g]
                second[g] = ratio * toCome[g]
            }
            let n = moment.atRisk[r]
            let before = moment.survivalBefore[r]
            let tied = moment.own > 1 ? 1 - (moment.own - 1) / (moment.total * before - 1) : 1
            let tiedOthers = moment.others[r] > 1 ? 1 - (moment.others[r] - 1) / (n - 1) : 1
            let ownSpread = tied * moment.own * before / (moment.total * n)
            let otherSpread = tiedOthers * before * before * moment.others[r] / (n * n)
            for g in 0..<width {
                for h in 0..<width {
                    covariance[g][h] += first[g] * first[h] * ownSpread + second[g] * second[h] * otherSpread
                }
            }
        }
    }
}
