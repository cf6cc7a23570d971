/// Each patient's own probabilities of being uncensored, from a model of censoring that depends on covariates.
///
/// Numbers from elsewhere are taken as known: standard errors leave out the error of the censoring model. Those made from
/// ``CensoringWeights`` bring it along.
public struct CensoringProbabilities: Sendable {
    /// n probabilities G(Tᵢ− | xᵢ) of being uncensored just before the patient's own follow-up time.
    public let beforeOwnTime: [Double]
    /// n·m probabilities G(t | xᵢ) of being uncensored after each evaluation time, row by row.
    public let atTimes: [Double]
    /// The fitted model, where there is one.
    let model: CensoringWeights?

    /// Checks the probabilities.
    ///
    /// - Parameters:
    ///   - beforeOwnTime: n probabilities, over 0 and at most 1; those of censored patients are not used.
    ///   - atTimes: n·m probabilities in the order of ``PredictedRisks``; not used where t is at or after the patient's
    ///     own time.
    /// - Throws: ``InvalidInput`` for numbers outside (0, 1] and for columns that do not fit each other.
    public init(beforeOwnTime: [Double], atTimes: [Double]) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        func check(_ column: String, _ values: [Double], each width: Int) {
            for (index, value) in values.enumerated() where !(value > 0 && value <= 1) {
                problems.append(
                    .init(
                        row: index / width + 1, column: column, found: "\(value)",
                        allowed: "a probability over 0 and at most 1"))
            }
        }
        check("G before own time", beforeOwnTime, each: 1)
        if beforeOwnTime.isEmpty || atTimes.isEmpty || atTimes.count % beforeOwnTime.count != 0 {
            problems.append(
                .init(
                    column: "G at the evaluation times", found: "\(atTimes.count) numbers",
                    allowed: "the same number for each of \(beforeOwnTime.count) patients"))
        } else {
            check("G at the evaluation times", atTimes, each: atTimes.count / beforeOwnTime.count)
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.beforeOwnTime = beforeOwnTime
        self.atTimes = atTimes
        model = nil
    }

    /// The probabilities of a model of censoring that was fitted to the same patients, O(n·m).
    ///
    /// - Parameters:
    ///   - weights: the model, as AUC and Uno's C take it.
    ///   - times: m evaluation times, those of ``PredictedRisks``.
    ///   - kind: G(T− | x) for the own time (riskRegression), or G(T | x).
    public init(
        _ weights: CensoringWeights, times: [Double], for kind: TimeDependentAUC.CaseWeight = .beforeEvent
    ) {
        beforeOwnTime = kind == .beforeEvent ? weights.beforeOwnTime : weights.atOwnTime
        var atTimes = [Double](repeating: 1, count: beforeOwnTime.count * times.count)
        for (column, time) in times.enumerated() {
            for (row, probability) in weights.probabilities(at: time).enumerated() {
                atTimes[row * times.count + column] = probability
            }
        }
        self.atTimes = atTimes
        model = weights
    }
}
