import NumericsCore

/// Calibration over the whole follow-up by Poisson regression: no horizon, no censoring weights.
///
/// A calibrated model's cumulative hazard at the end of each patient's own follow-up, Hᵢ, is the expected number of events:
/// Nᵢ − Hᵢ is a martingale. With N as a Poisson count,
///
/// ```
/// log E N = a + log H                       exp(a) = ΣN/ΣH, the calibration in the large
/// log E N = c + b·η + (log H − η)           b = 1 and c = 0 for a calibrated model
/// ```
///
/// η is the model's linear predictor, so that log H − η is the log baseline hazard. (A slope on log H itself would be
/// wrong for every model: H depends on how long the patient was followed, and so on the outcome.)
///
/// Source: Crowson, Atkinson and Therneau 2016, Stat Methods Med Res 25:1692, section 3.
public struct HazardCalibration: Sendable {
    /// Observed events.
    public let observed: Int
    /// ΣH.
    public let expected: Double
    /// ΣN/ΣH with error and interval on the log scale; undefined without expected events, its error without an event.
    public let ratio: Estimated<Estimate>
    /// b of the second model. Undefined without linear predictors, without an event, and when all η are alike.
    public let slope: Estimated<Estimate>
    /// c at the slope b; undefined with the slope.
    public let intercept: Estimated<Estimate>
    /// The test of b = 1 and c = 0 together (Wald, 2 degrees of freedom).
    public let test: Estimated<ChiSquareTest>

    /// Fits both models, O(n) for each of a few Newton steps.
    ///
    /// - Parameters:
    ///   - data: follow-up; with delayed entry the hazards are those between entry and end.
    ///   - cumulativeHazards: n predicted cumulative hazards at each patient's own follow-up time: −log S(Tᵢ | xᵢ). Finite
    ///     and ≥ 0; a patient with 0 must not have an event and tells nothing of the slope.
    ///   - linearPredictors: n finite η, up to a constant: those of a Cox model, or log(−log S(t | x)) at one t for all;
    ///     nil for the ratio only.
    /// - Throws: ``InvalidInput`` for hazards that are not allowed.
    public init(
        _ data: SurvivalData, cumulativeHazards: [Double], linearPredictors: [Double]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if cumulativeHazards.count != data.count {
            problems.append(.length("cumulative hazard", found: cumulativeHazards.count, rows: data.count))
        } else {
            for (row, hazard) in cumulativeHazards.enumerated() {
                if !(hazard.isFinite && hazard >= 0) {
                    problems.append(
                        .init(
                            row: row + 1, column: "cumulative hazard", found: "\(hazard)",
                            allowed: "a finite number ≥ 0"))
                } else if hazard == 0, data.events[row] {
                    problems.append(
                        .init(
                            row: row + 1, column: "cumulative hazard", found: "0 for a patient with the event",
                            allowed: "a number > 0"))
                }
            }
        }
        if let linearPredictors {
            problems += InvalidInput.Problem.inColumn("linear predictor", linearPredictors, rows: data.count)
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let events = data.eventCount
        let expected = cumulativeHazards.reduce(0, +)
        observed = events
        self.expected = expected
        ratio = .observedOverExpected(
            Double(events), expected,
            error: events > 0 ? .value(1 / Double(events).squareRoot()) : .undefined(.noEvents), level: level)
        let fit = Self.fit(data, cumulativeHazards, linearPredictors)
        slope = fit.map { $0.slope(level: level) }
        intercept = fit.map { $0.intercept(level: level) }
        test = fit.map(\.test)
    }

    private static func fit(
        _ data: SurvivalData, _ hazards: [Double], _ linearPredictors: [Double]?
    ) -> Estimated<CalibrationLine> {
        guard let eta = linearPredictors else {
            return .undefined(.init(code: "no-linear-predictors", reason: "a slope needs the linear predictors"))
        }
        guard data.eventCount > 0 else { return .undefined(.noEvents) }
        let used = hazards.indices.filter { hazards[$0] > 0 }
        return CalibrationLine.fit(
            used.map { eta[$0] }, used.map { data.events[$0] ? 1 : 0 },
            offset: used.map { Elementary.log(hazards[$0]) - eta[$0] }, family: .poisson)
    }
}
