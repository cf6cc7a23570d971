import NumericsCore

/// What each row adds to a Cox model's fit: see ``CoxModel/residuals()``.
public struct CoxResiduals: Sendable {
    /// One event less what the model expected of the covariates of its risk set.
    public struct Schoenfeld: Hashable, Sendable {
        /// The row with the event, from 0.
        public let row: Int
        /// When it happened.
        public let time: Double
        /// x − x̄(t) for each coefficient; with Efron's ties x̄ is averaged over the tied events.
        public let values: [Double]
    }

    /// Ĥ(t | x) of each row over the time that it was at risk: the events that the model expects.
    public let expectedEvents: [Double]
    /// δ − expected, not weighted; the sum over rows, with weights, is 0.
    public let martingale: [Double]
    /// sign(M)·√(−2(M + δ·log(δ − M))): nearly symmetric about 0 (Therneau, Grambsch and Fleming 1990).
    public let deviance: [Double]
    /// ∫ (x − x̄(t)) dM(t), not weighted: a column of n values for each coefficient, which sums to 0 with weights.
    public let score: [CovariateColumn]
    /// The change of each coefficient when the row is taken out with its weight, to first order: weighted score residuals times the
    /// model's covariance, as R's `dfbeta`.
    public let dfbeta: [CovariateColumn]
    /// In the order of strata, time and row.
    public let schoenfeld: [Schoenfeld]
}

extension CoxModel {
    /// Residuals of all rows, in the order of the data, O(n·p²). Source: Therneau and Grambsch 2000, chapters 4 and 7.
    ///
    /// - Throws: ``InvalidInput`` for a model with exact ties, of which these are not the residuals.
    public func residuals() throws(InvalidInput) -> CoxResiduals {
        try requireNoExactTies(for: "residuals")
        let rows = fit.rows
        let work = CoxWorkspace(rows)
        let path = CoxPath(fit, work)
        var expected = [Double](repeating: 0, count: rows.count)
        for (position, value) in path.expectedEvents(fit, work).enumerated() { expected[rows.order[position]] = value }
        let martingale = expected.indices.map { (fit.data.events[$0] ? 1 : 0) - expected[$0] }
        let deviance = expected.indices.map { row in
            // An expectation too small for a number keeps its sign and a finite logarithm.
            let log = fit.data.events[row] ? Elementary.log(max(expected[row], .leastNonzeroMagnitude)) : 0
            let size = max(0, -2 * (martingale[row] + log)).squareRoot()
            return martingale[row] < 0 ? -size : size
        }
        let scaled = path.scoreResiduals(fit, work)
        let influence = fit.influence(scaled)
        return CoxResiduals(
            expectedEvents: expected, martingale: martingale, deviance: deviance,
            score: rows.columns(scaled) { $0 * rows.scales[$1] },
            dfbeta: rows.columns(influence) { $0 / rows.scales[$1] }, schoenfeld: fit.schoenfeld(path))
    }

    func requireNoExactTies(for what: String) throws(InvalidInput) {
        guard ties != .exact else {
            throw InvalidInput(.init(column: "ties", found: "exact", allowed: "efron or breslow for \(what)"))
        }
    }
}

extension CoxFit {
    /// Each position's weighted score residuals times the covariance.
    func influence(_ scores: [SIMD4<Double>]) -> [SIMD4<Double>] {
        let blocks = rows.blocks
        let columns = covariance.map(CoxRows.blocked)
        var result = [SIMD4<Double>](repeating: .zero, count: scores.count)
        for position in 0..<rows.count {
            let weight = rows.weights.isEmpty ? 1 : rows.weights[position]
            for j in 0..<rows.width {
                var sum = SIMD4<Double>.zero
                for block in 0..<blocks { sum += scores[position * blocks + block] * columns[j][block] }
                result[position * blocks + j / 4][j % 4] = weight * sum.inOrder
            }
        }
        return result
    }

    /// Event covariates less the mean of their risk set, in the units of the covariates.
    func schoenfeld(_ path: CoxPath) -> [CoxResiduals.Schoenfeld] {
        var result: [CoxResiduals.Schoenfeld] = []
        for number in rows.steps.indices {
            let step = rows.steps[number]
            for position in step.first..<step.tiedEnd {
                let values = (0..<rows.width).map { j in
                    let x = rows.x[position * rows.blocks + j / 4][j % 4]
                    return (x - path.means[number * rows.blocks + j / 4][j % 4]) * rows.scales[j]
                }
                result.append(.init(row: rows.order[position], time: step.time, values: values))
            }
        }
        return result
    }
}

extension CoxRows {
    /// Blocks of the positions as columns in the order of the data.
    func columns(_ blocked: [SIMD4<Double>], _ convert: (Double, Int) -> Double) -> [CovariateColumn] {
        names.indices.map { j in
            var values = [Double](repeating: 0, count: count)
            for position in 0..<count {
                values[order[position]] = convert(blocked[position * blocks + j / 4][j % 4], j)
            }
            return CovariateColumn(names[j], values)
        }
    }
}
