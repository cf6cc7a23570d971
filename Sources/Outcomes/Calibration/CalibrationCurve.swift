import NumericsCore

/// A smooth calibration curve at a horizon: the observed risk as a function of the predicted one.
///
/// The distances |observed − predicted| over the patients give the integrated calibration index (their mean), E50, E90
/// (quantiles) and the largest. Source: Austin, Harrell and van Klaveren 2020, Stat Med 39:2714.
public struct CalibrationCurve: Sendable {
    /// How the curve is smoothed.
    public enum Method: Hashable, Sendable {
        /// Cox regression on a natural cubic spline of log(−log(1 − p)) with 3 to 5 knots; no other censoring model, but
        /// proportional hazards. With competing events it is of the cause-specific hazard and is refused.
        case spline(knots: Int)
        /// Local linear regression of jackknife pseudo-values on p, tricube weights over the nearest `span` of the patients
        /// (a share over 0 and at most 1); right where censoring does not depend on covariates. Takes competing events.
        case pseudoValues(span: Double)
    }

    /// The curve and its distances from the predictions.
    public struct Fit: Hashable, Sendable {
        /// n observed risks of the curve at each patient's predicted risk, from 0 to 1.
        public let observed: [Double]
        /// The mean of |observed − predicted|, the ICI.
        public let index: Double
        /// The median distance.
        public let e50: Double
        /// The 90th percentile of the distances.
        public let e90: Double
        /// The largest distance.
        public let largest: Double

        init(observed: [Double], risks: [Double]) {
            let gaps = zip(observed, risks).map { abs($0 - $1) }.sorted()
            self.observed = observed
            index = gaps.reduce(0, +) / Double(gaps.count)
            e50 = RiskGroups.quantile(gaps, 0.5)
            e90 = RiskGroups.quantile(gaps, 0.9)
            largest = gaps[gaps.count - 1]
        }
    }

    /// Undefined when follow-up ends before the horizon, and for too few different risks.
    public let fit: Estimated<Fit>

    /// Smooths the observed risk.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - risks: n predicted risks by `horizon`; strictly between 0 and 1 for the spline.
    ///   - horizon: at or before the last follow-up time.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed, ``CoxError`` from the spline's regression.
    public init(
        _ data: SurvivalData, risks: [Double], horizon: Double, method: Method = .spline(knots: 3),
        competing: [Bool]? = nil
    ) throws {
        try data.requireNoDelayedEntry(for: "a calibration curve")
        try Self.check(method, competing)
        let observed: Estimated<[Double]>
        switch method {
        case .spline(let knots):
            observed = try Self.spline(data, risks, horizon, knots: knots)
        case .pseudoValues(let span):
            let problems =
                InvalidInput.Problem.probabilities("risk", risks, rows: data.count)
                + InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
            guard problems.isEmpty else { throw InvalidInput(problems) }
            observed = PseudoRisk.values(data, competing: competing, horizon: horizon).flatMap { pseudo in
                LocalLinear.smooth(risks, pseudo, span: span).map { $0.map { min(1, max(0, $0)) } }
            }
        }
        fit = observed.map { Fit(observed: $0, risks: risks) }
    }

    private static func check(_ method: Method, _ competing: [Bool]?) throws(InvalidInput) {
        switch method {
        case .spline(let knots):
            guard (3...5).contains(knots) else {
                throw InvalidInput(.init(column: "knots", found: "\(knots)", allowed: "3 to 5"))
            }
            guard competing == nil else {
                throw InvalidInput(
                    .init(
                        column: "competing event", found: "competing risks with the spline method",
                        allowed: "the method pseudoValues"))
            }
        case .pseudoValues(let span):
            guard span > 0, span <= 1 else {
                throw InvalidInput(.init(column: "span", found: "\(span)", allowed: "a share over 0 and at most 1"))
            }
        }
    }

    private static func spline(
        _ data: SurvivalData, _ risks: [Double], _ horizon: Double, knots: Int
    ) throws -> Estimated<[Double]> {
        let logs = try ComplementaryLogLog.of(risks, data, horizon: horizon, competing: nil)
        guard let spline = RestrictedCubicSpline(logs, knots: knots) else {
            return .undefined(.coincidingKnots(knots))
        }
        let rows = logs.map(spline.columns)
        let columns = (0..<(knots - 1)).map { j in CovariateColumn("spline \(j + 1)", rows.map { $0[j] }) }
        let model = try CoxModel(data, covariates: columns)
        // One lookup of the baseline at the horizon; each patient is a shift of it.
        let origin = rows[0]
        let coefficients = model.coefficients.map(\.estimate)
        return model.baselines[0].cumulativeHazard(at: horizon, covariates: origin).map { hazard in
            rows.map { row in
                var shift = 0.0
                for j in row.indices { shift += coefficients[j] * (row[j] - origin[j]) }
                return -Elementary.expm1(-hazard * Elementary.exp(shift))
            }
        }
    }
}

extension Undefined {
    static func coincidingKnots(_ knots: Int) -> Undefined {
        .init(
            code: "few-risks", reason: "the predicted risks have too few different values for \(knots) knots")
    }
}
