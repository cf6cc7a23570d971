import NumericsCore

/// Calibration of predicted risks against yes/no outcomes that are all known (no censoring).
///
/// ```
/// logit P(Y = 1) = a + logit p       a, the intercept at slope 1: calibration in the large
/// logit P(Y = 1) = c + b·logit p     b < 1 where predictions are too extreme
/// ```
///
/// Source: Cox 1958, Biometrika 45:562; Miller et al. 1991, Stat Med 10:1213.
public struct LogisticCalibration: Sendable {
    /// The share with the event over the mean predicted risk, on the log scale.
    public let ratio: Estimated<Estimate>
    /// a. Undefined unless both outcomes occur.
    public let inTheLarge: Estimated<Estimate>
    /// b. Undefined as a, when all predictions are alike, and when the predictions separate the outcomes.
    public let slope: Estimated<Estimate>
    /// c at slope b.
    public let intercept: Estimated<Estimate>
    /// Wald's test of b = 1 and c = 0 together.
    public let test: Estimated<ChiSquareTest>

    /// Fits both models.
    ///
    /// - Parameters:
    ///   - outcomes: n ≥ 1 outcomes.
    ///   - risks: n predicted risks strictly between 0 and 1.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        outcomes: [Bool], risks: [Double], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        let problems = BinaryOutcomes.problems(outcomes, risks, open: true)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let x = risks.map { Elementary.log($0) - Elementary.log1p(-$0) }
        let y = outcomes.map { $0 ? 1.0 : 0.0 }
        let events = outcomes.reduce(0) { $0 + ($1 ? 1 : 0) }
        let expected = risks.reduce(0, +)
        let share = Double(events) / Double(outcomes.count)
        ratio = .observedOverExpected(
            Double(events), expected,
            error: events > 0 ? .value(((1 - share) / Double(events)).squareRoot()) : .undefined(.noEvents),
            level: level)
        let oneOutcome: Undefined? =
            events == 0 || events == outcomes.count ? .oneOutcome(events: events, of: outcomes.count) : nil
        let line: Estimated<CalibrationLine> =
            oneOutcome.map { .undefined($0) } ?? CalibrationLine.fit(x, y, family: .logistic)
        inTheLarge = oneOutcome.map { .undefined($0) } ?? Self.offset(x, events: Double(events), level: level)
        slope = line.map { $0.slope(level: level) }
        intercept = line.map { $0.intercept(level: level) }
        test = line.map(\.test)
    }

    /// a with Σ expit(a + x) = events, by Newton steps kept inside the bracket of the root.
    private static func offset(_ x: [Double], events: Double, level: ConfidenceLevel) -> Estimated<Estimate> {
        guard let low = x.min(), let high = x.max() else { return .undefined(.noEvents) }
        let share = events / Double(x.count)
        let target = Elementary.log(share / (1 - share))
        var bracket = (target - high, target - low)
        var a = target - x.reduce(0, +) / Double(x.count)
        var information = 0.0
        for _ in 0..<200 {
            var gap = events
            information = 0
            for value in x {
                let fitted = 1 / (1 + Elementary.exp(-(a + value)))
                gap -= fitted
                information += fitted * (1 - fitted)
            }
            if gap > 0 { bracket.0 = max(bracket.0, a) } else { bracket.1 = min(bracket.1, a) }
            var next = a + gap / information
            if !(next >= bracket.0 && next <= bracket.1) { next = (bracket.0 + bracket.1) / 2 }
            let step = abs(next - a)
            a = next
            if step <= 1e-14 * max(1, abs(a)) { break }
        }
        guard information > 0, a.isFinite else {
            return .undefined(.init(code: "no-information", reason: "all predicted risks are 0 or 1 up to rounding"))
        }
        return .value(Estimate(normal: a, standardError: 1 / information.squareRoot(), level: level))
    }
}

/// What is checked of outcomes without censoring.
enum BinaryOutcomes {
    /// - Parameter open: true where 0 and 1 are no risks, as for logits.
    static func problems(_ outcomes: [Bool], _ risks: [Double], open: Bool) -> [InvalidInput.Problem] {
        if outcomes.isEmpty { return [.init(column: "outcome", found: "no rows", allowed: "at least one patient")] }
        guard open, risks.count == outcomes.count else {
            return InvalidInput.Problem.probabilities("risk", risks, rows: outcomes.count)
        }
        return risks.indices.filter { !(risks[$0] > 0 && risks[$0] < 1) }.map {
            .init(
                row: $0 + 1, column: "risk", found: "\(risks[$0])", allowed: "a probability strictly between 0 and 1")
        }
    }

    /// Outcomes as follow-up without censoring, to be judged at horizon 0: the estimators with censoring then give the
    /// binomial results.
    static func survival(_ outcomes: [Bool]) throws(InvalidInput) -> SurvivalData {
        try SurvivalData(times: outcomes.map { $0 ? 0 : 1 }, events: outcomes.map { _ in true })
    }
}
