import NumericsCore

/// The survival curve that a Cox model predicts for one set of covariates, with errors.
///
/// ```
/// H(t | x) = e^{β·x}·Σ_{t_k ≤ t} h_k      Var H = e^{2β·x}·(Σ v_k + qᵀ V q)      q = Σ h_k·(x − x̄_k)
/// ```
///
/// with v_k = d/S0² for Breslow's ties; Efron's ties have sums over the tied events in h, v and q, so that curve and coefficients
/// treat ties alike. S = exp(−H). These are the defaults of R's `survfit` for a Cox model (stype 2, ctype 1 or 2). Curves after
/// exact ties are Breslow's. Sources: Tsiatis 1981, Ann Stat 9:93; Therneau and Grambsch 2000, section 10.2.
public struct CoxCurve: Sendable {
    /// The stratum's label, nil in a model without strata.
    public let stratum: String?
    /// The times with an event, ascending.
    public let times: [Double]
    /// The last observed time of the stratum, event or not; nil without patients.
    public let lastTime: Double?
    /// H at each time: the events expected of one patient followed to it, also.
    public let cumulativeHazard: [Double]
    /// The standard error of H at each time, which is that of log S.
    public let standardErrors: [Double]

    /// exp(−H) at each time.
    public var survival: [Double] { cumulativeHazard.map { Elementary.exp(-$0) } }

    /// H(t) with a normal interval, cut at 0.
    ///
    /// - Returns: 0 with no error before the first event; undefined after the last observed time.
    public func cumulativeHazard(at time: Double, level: ConfidenceLevel = .ninetyFivePercent) -> Estimated<Estimate> {
        index(at: time).map { index in
            guard let index else { return Estimate(normal: 0, standardError: 0, level: level) }
            let (value, error) = (cumulativeHazard[index], standardErrors[index])
            let reach = level.normalQuantile * error
            return Estimate(
                value: value, standardError: .value(error),
                interval: .value(.init(lower: max(0, value - reach), upper: value + reach, level: level)))
        }
    }

    /// S(t) with its standard error S·SE(H) and a pointwise interval.
    ///
    /// - Returns: 1 with no error before the first event; undefined after the last observed time.
    public func survival(
        at time: Double, _ kind: KaplanMeier.IntervalKind = .log, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        index(at: time).map { index in
            guard let index else { return Estimate(normal: 1, standardError: 0, level: level) }
            let (hazard, error) = (cumulativeHazard[index], standardErrors[index])
            let value = Elementary.exp(-hazard)
            return Estimate(
                value: value, standardError: .value(value * error),
                interval: interval(hazard, level.normalQuantile * error, kind, level))
        }
    }

    private func interval(
        _ hazard: Double, _ reach: Double, _ kind: KaplanMeier.IntervalKind, _ level: ConfidenceLevel
    ) -> Estimated<ConfidenceInterval> {
        let value = Elementary.exp(-hazard)
        switch kind {
        case .plain:
            return .value(
                .init(lower: max(0, value - value * reach), upper: min(1, value + value * reach), level: level))
        case .log:
            return .value(
                .init(
                    lower: Elementary.exp(-hazard - reach), upper: min(1, Elementary.exp(-hazard + reach)),
                    level: level))
        case .logLog:
            let factor = Elementary.exp(reach / hazard)
            guard factor.isFinite else {
                return .undefined(
                    .init(code: "no-hazard", reason: "a log-log interval needs a hazard above 0; it is \(hazard)"))
            }
            return .value(
                .init(
                    lower: Elementary.exp(-hazard * factor), upper: Elementary.exp(-hazard / factor), level: level))
        }
    }

    /// The last event at or before `time`, nil inside before the first.
    private func index(at time: Double) -> Estimated<Int?> {
        guard let lastTime else {
            return .undefined(.init(code: "empty-stratum", reason: "the stratum has no patient"))
        }
        guard time <= lastTime else {
            return .undefined(
                .init(code: "beyond-follow-up", reason: "time \(time) is after the last observed time \(lastTime)"))
        }
        let after = times.partitioningIndex { $0 > time }
        return .value(after == 0 ? nil : after - 1)
    }
}

extension CoxModel {
    /// Curves for several patients with covariates that stay constant, O(n·p + D·p²) for each at D event times.
    ///
    /// - Parameters:
    ///   - patients: covariates in the order of ``coefficients``, an array for each patient.
    ///   - stratum: whose baseline; needed, and allowed, in a model with strata only.
    /// - Throws: ``InvalidInput`` for covariates that are not finite or of another number, and for an unknown stratum.
    public func curves(_ patients: [[Double]], stratum: String? = nil) throws(InvalidInput) -> [CoxCurve] {
        try check(patients)
        let rows = fit.rows
        guard let index = rows.strata.firstIndex(where: { $0.label == stratum }) else {
            let labels = rows.strata.compactMap(\.label)
            throw InvalidInput(
                .init(
                    column: "stratum", found: stratum ?? "none",
                    allowed: labels.isEmpty ? "none: the model has no strata" : labels.joined(separator: ", ")))
        }
        let work = CoxWorkspace(rows)
        let path = CoxPath(fit, work)
        return patients.map { curve($0, index, path, largest: work.largest[index]) }
    }

    /// exp(β·(x − x̄)) of each row of a set of columns: the hazard against that of a patient at the means of the model's data.
    ///
    /// - Throws: ``InvalidInput`` as ``linearPredictors(_:)``.
    public func relativeHazards(_ columns: [CovariateColumn]) throws(InvalidInput) -> [Double] {
        let centre = zip(coefficients, fit.rows.means).reduce(0) { $0 + $1.0.estimate * $1.1 }
        return try linearPredictors(columns).map { Elementary.exp($0 - centre) }
    }

    private func check(_ patients: [[Double]]) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        for (row, values) in patients.enumerated() {
            if values.count != coefficients.count {
                problems.append(
                    .init(
                        row: row + 1, column: "covariates", found: "\(values.count) values",
                        allowed: "\(coefficients.count), one for each coefficient"))
            }
            for (j, value) in values.enumerated() where !value.isFinite && j < coefficients.count {
                problems.append(
                    .init(
                        row: row + 1, column: coefficients[j].name, found: "\(value)", allowed: "a finite number"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    private func curve(_ values: [Double], _ index: Int, _ path: CoxPath, largest: Double) -> CoxCurve {
        let rows = fit.rows
        let stratum = rows.strata[index]
        let x = values.indices.map { (values[$0] - rows.means[$0]) / rows.scales[$0] }
        let risk = Elementary.exp(x.indices.reduce(-largest) { $0 + x[$1] * fit.beta[$1] })
        var (hazard, variance) = (0.0, 0.0)
        var distance = [Double](repeating: 0, count: x.count)
        var hazards: [Double] = []
        var errors: [Double] = []
        for number in stratum.steps {
            hazard += path.hazard[number]
            variance += path.variance[number]
            for j in x.indices {
                distance[j] += x[j] * path.hazard[number] - path.hazardMeans[number * rows.blocks + j / 4][j % 4]
            }
            var form = 0.0
            for i in x.indices {
                var sum = 0.0
                for j in x.indices { sum += fit.covariance[i][j] * distance[j] }
                form += distance[i] * sum
            }
            hazards.append(risk * hazard)
            errors.append(risk * max(0, variance + form).squareRoot())
        }
        return CoxCurve(
            stratum: stratum.label, times: rows.steps[stratum.steps].map(\.time), lastTime: stratum.lastTime,
            cumulativeHazard: hazards, standardErrors: errors)
    }
}
