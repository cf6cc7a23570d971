import NumericsCore

/// The test of proportional hazards against coefficients that change with time, β + γ·g(t).
///
/// ```
/// u = Σ g(t)·(x − x̄(t))      I = Σ [V  gV; gV  g²V]      χ² = (0, u)·I⁻¹·(0, u)ᵀ
/// ```
///
/// summed over the events, with the covariance V(t) of the covariates in the risk set: the score test of γ = 0, as `cox.zph` of R's
/// survival 3. Sources: Grambsch and Therneau 1994, Biometrika 81:515; Therneau and Grambsch 2000, section 6.2.
public struct ProportionalHazardsTest: Sendable {
    /// What g(t) is. A shift or a factor of it does not matter.
    public enum TimeScale: String, CaseIterable, Sendable {
        /// 1 − S(t−) with the Kaplan–Meier curve of all patients: R's default.
        case kaplanMeier
        /// The rank of the time among all follow-up times, the mean of ranks for ties.
        case rank
        /// The time itself.
        case identity
        /// Its logarithm.
        case log
    }

    /// One coefficient's test.
    public struct Row: Hashable, Sendable {
        /// The name of the column.
        public let covariate: String
        /// One degree of freedom; the other coefficients stay constant.
        public let test: Estimated<ChiSquareTest>
    }

    /// The scale of time.
    public let timeScale: TimeScale
    /// One for each coefficient; undefined where all its information lies at one value of g.
    public let coefficients: [Row]
    /// All coefficients at once.
    public let global: Estimated<ChiSquareTest>
    /// g of each event, in the order of ``CoxResiduals/schoenfeld``.
    public let transformedTimes: [Double]
    /// β̂ + d·V·s for each event with its Schoenfeld residual s, d events and the covariance V of the fit: its mean over a stretch
    /// of time estimates β(t). In the order of ``CoxResiduals/schoenfeld``.
    public let scaledSchoenfeld: [[Double]]
}

extension CoxModel {
    /// The test of each coefficient and of all, O(n·p² + n log n).
    ///
    /// - Throws: ``InvalidInput`` for a model with exact ties, and for an event at time 0 on the scale of its logarithm.
    public func proportionalHazards(
        _ scale: ProportionalHazardsTest.TimeScale = .kaplanMeier
    ) throws(InvalidInput) -> ProportionalHazardsTest {
        try requireNoExactTies(for: "the test of proportional hazards")
        let rows = fit.rows
        let transformed = try fit.transformed(scale)
        let weights = rows.steps.map { Double($0.tiedEnd - $0.first) }
        let centre = zip(transformed, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        let spread = transformed.reduce(0) { max($0, abs($1 - centre)) }
        let factors = transformed.map { spread > 0 ? ($0 - centre) / spread : 0 }
        let work = CoxWorkspace(rows)
        let likelihood = CoxLikelihood(rows: rows, ties: ties)
        let plain = likelihood.value(at: fit.beta, work).information
        let once = likelihood.value(at: fit.beta, work, factors: factors)
        let twice = likelihood.value(at: fit.beta, work, factors: factors.map { $0 * $0 }).information
        func test(_ added: [Int]) -> Estimated<ChiSquareTest> {
            let p = rows.width
            let chosen = Array(0..<p) + added.map { $0 + p }
            let u = chosen.map { $0 < p ? 0 : once.score[$0 - p] }
            let matrix = chosen.map { i in
                chosen.map { j in
                    (i < p) == (j < p) ? (i < p ? plain[i][j] : twice[i - p][j - p]) : once.information[i % p][j % p]
                }
            }
            guard let factor = try? SmallCholesky(matrix) else { return .undefined(.noTimeTrend) }
            let statistic = zip(u, factor.solve(u)).reduce(0) { $0 + $1.0 * $1.1 }
            return .value(ChiSquareTest(statistic: statistic, degreesOfFreedom: added.count))
        }
        return ProportionalHazardsTest(
            timeScale: scale,
            coefficients: rows.names.indices.map { .init(covariate: rows.names[$0], test: test([$0])) },
            global: test(Array(rows.names.indices)),
            transformedTimes: rows.steps.indices.flatMap { number in
                repeatElement(transformed[number], count: rows.steps[number].tiedEnd - rows.steps[number].first)
            },
            scaledSchoenfeld: scaledSchoenfeld(work))
    }

    private func scaledSchoenfeld(_ work: CoxWorkspace) -> [[Double]] {
        fit.schoenfeld(CoxPath(fit, work)).map { residual in
            coefficients.indices.map { j in
                coefficients[j].estimate + Double(eventCount)
                    * zip(modelCovariance[j], residual.values).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
    }
}

extension CoxFit {
    /// g of each step's time.
    fileprivate func transformed(_ scale: ProportionalHazardsTest.TimeScale) throws(InvalidInput) -> [Double] {
        let times = rows.steps.map(\.time)
        switch scale {
        case .identity: return times
        case .log:
            for row in rows.order where data.events[row] && !(data.times[row] > 0) {
                throw InvalidInput(
                    .init(
                        row: row + 1, column: "time", found: "\(data.times[row])",
                        allowed: "a number > 0 for an event on the scale of log time"))
            }
            return times.map(Elementary.log)
        case .rank:
            let sorted = data.order.map { data.times[$0] }
            return times.map { time in
                let below = sorted.partitioningIndex { $0 >= time }
                let upTo = sorted.partitioningIndex { $0 > time }
                return Double(below + upTo + 1) / 2
            }
        case .kaplanMeier:
            let curve = KaplanMeier(data)
            return times.map { time in
                let before = curve.times.partitioningIndex { $0 >= time }
                return before == 0 ? 0 : 1 - curve.survival[before - 1]
            }
        }
    }
}

extension Undefined {
    static let noTimeTrend = Undefined(
        code: "no-time-trend", reason: "the events tell no trend in time from a constant coefficient")
}
