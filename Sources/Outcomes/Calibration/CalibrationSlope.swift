import NumericsCore

/// The calibration slope at a horizon by Cox regression on the complementary log-log of the predicted risk.
///
/// ```
/// h(t | x) = h₀(t)·exp(b·log(−log(1 − p)))
/// ```
///
/// b = 1 for a calibrated proportional hazards model; b < 1 where predictions are too extreme. The level of the risks does
/// not enter: see ``ObservedExpected``. With competing events the regression is on the cause-specific hazard, of which
/// the slope is a description only.
/// Source: van Houwelingen 2000, Stat Med 19:3401; Royston and Altman 2013, BMC Med Res Methodol 13:33.
public struct CalibrationSlope: Sendable {
    /// b with its error and normal interval.
    public let slope: Estimate
    /// Wald's test of b = 1.
    public let test: ChiSquareTest
    /// Events up to the horizon.
    public let events: Int

    /// Fits the regression, with follow-up cut at the horizon.
    ///
    /// - Parameters:
    ///   - risks: n predicted risks of the event by `horizon`, strictly between 0 and 1.
    ///   - horizon: finite and ≥ 0; events after it do not count.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed, ``CoxError`` without an event or with equal risks.
    public init(
        _ data: SurvivalData, risks: [Double], horizon: Double, competing: [Bool]? = nil,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        let logs = try ComplementaryLogLog.of(risks, data, horizon: horizon, competing: competing)
        let cut = try data.cut(at: horizon, competing: competing)
        let model = try CoxModel(cut, covariates: [CovariateColumn("predicted risk", logs)])
        let coefficient = model.coefficients[0]
        guard let error = coefficient.standardError.value else {
            throw CoxError.constant(covariate: coefficient.name)
        }
        let off = (coefficient.estimate - 1) / error
        slope = coefficient.linear(level: level)
        test = ChiSquareTest(statistic: off * off, degreesOfFreedom: 1)
        events = cut.eventCount
    }
}

/// log(−log(1 − p)), on which a proportional hazards model is linear.
enum ComplementaryLogLog {
    static func of(
        _ risks: [Double], _ data: SurvivalData, horizon: Double, competing: [Bool]?
    ) throws(InvalidInput) -> [Double] {
        let problems =
            BinaryOutcomes.problems(data.events, risks, open: true) + InvalidInput.Problem.horizon(horizon)
            + InvalidInput.Problem.competing(competing, data)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        return risks.map { Elementary.log(-Elementary.log1p(-$0)) }
    }
}

extension SurvivalData {
    /// Follow-up that ends at the horizon at the latest; events of another cause censor.
    func cut(at horizon: Double, competing: [Bool]?) throws(InvalidInput) -> SurvivalData {
        try requireNoDelayedEntry(for: "calibration at a horizon")
        return try SurvivalData(
            times: times.map { min($0, horizon) },
            events: times.indices.map { events[$0] && times[$0] <= horizon && !(competing?[$0] ?? false) })
    }
}
