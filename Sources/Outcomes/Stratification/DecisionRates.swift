/// How often a yes/no decision is right: true and false positive rate, predictive values and net benefit.
///
/// Without censoring these are proportions. With a horizon t, who has the event by t is not known of everyone: patients
/// with the event weigh W = 1/G(T−), patients followed beyond t weigh 1/G(t), those censored before weigh 0, with G the
/// Kaplan–Meier estimate of remaining uncensored among the same patients.
///
/// ```
/// TPR = ΣW·1{case, selected}/ΣW·1{case}          PPV = ΣW·1{case, selected}/ΣW·1{selected}
/// FPR = ΣW·1{control, selected}/ΣW·1{control}    NPV = ΣW·1{control, not selected}/ΣW·1{not selected}
/// ```
///
/// Standard errors are those of the influence function with the part that G's estimation adds; without censoring before t
/// they are the binomial ones. O(n log n). Sources: Uno et al. 2007, J Am Stat Assoc 102:527; Blanche et al. 2013, Stat
/// Med 32:5381; Vickers and Elkin 2006, Med Decis Making 26:565.
public struct DecisionRates: Sendable {
    /// The time by which cases have the event; nil for yes/no outcomes.
    public let horizon: Double?
    /// The number of patients.
    public let count: Int
    /// Those with the outcome, or with an observed event by the horizon.
    public let cases: Int
    /// Those without the outcome, or followed beyond the horizon.
    public let controls: Int
    /// Those whom the decision selects.
    public let selected: Int
    /// The share of cases selected (sensitivity). Undefined without a case.
    public let truePositiveRate: Estimated<Estimate>
    /// The share of controls selected (one minus specificity). Undefined without a control.
    public let falsePositiveRate: Estimated<Estimate>
    /// The share of cases among the selected. Undefined when nobody is selected whose outcome is known.
    public let positivePredictiveValue: Estimated<Estimate>
    /// The share of controls among those not selected. Undefined when there is none whose outcome is known.
    public let negativePredictiveValue: Estimated<Estimate>
    /// The share of patients selected, with Wilson's interval. Undefined without a patient.
    public let selectionRate: Estimated<Estimate>

    private let sample: WeightedDecisions
    private let level: ConfidenceLevel

    /// Decisions against yes/no outcomes.
    ///
    /// - Parameters:
    ///   - outcomes: n indicators; true is a case.
    ///   - selected: n decisions.
    /// - Throws: ``InvalidInput`` for columns of different length.
    public init(
        outcomes: [Bool], selected: [Bool], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        guard selected.count == outcomes.count else {
            throw InvalidInput(.length("selected", found: selected.count, rows: outcomes.count))
        }
        self.init(WeightedDecisions(outcomes: outcomes, selected: selected), level)
    }

    /// Decisions against the event by a horizon, with censoring.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - selected: n decisions.
    ///   - horizon: t, finite, in the unit of the data.
    /// - Throws: ``InvalidInput`` for columns of different length, a horizon that is not finite, and delayed entry.
    public init(
        _ data: SurvivalData, selected: [Bool], horizon: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "decision rates")
        var problems = InvalidInput.Problem.notFinite("horizon", [horizon])
        if selected.count != data.count {
            problems.append(.length("selected", found: selected.count, rows: data.count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.init(WeightedDecisions(data, selected: selected, horizon: horizon), level)
    }

    private init(_ sample: WeightedDecisions, _ level: ConfidenceLevel) {
        self.sample = sample
        self.level = level
        horizon = sample.horizon
        count = sample.selected.count
        cases = sample.roles.reduce(0) { $0 + ($1 == .case ? 1 : 0) }
        controls = sample.roles.reduce(0) { $0 + ($1 == .control ? 1 : 0) }
        selected = sample.selected.reduce(0) { $0 + ($1 ? 1 : 0) }
        truePositiveRate = sample.share(of: .cases, level) { role, _ in
            role == .case
        } numerator: { _, isSelected in
            isSelected
        }
        falsePositiveRate = sample.share(of: .controls, level) { role, _ in
            role == .control
        } numerator: {
            _, isSelected in
            isSelected
        }
        positivePredictiveValue = sample.share(of: .selected, level) { _, isSelected in
            isSelected
        } numerator: {
            role, _ in
            role == .case
        }
        negativePredictiveValue = sample.share(of: .notSelected, level) { _, isSelected in
            !isSelected
        } numerator: {
            role, _ in
            role == .control
        }
        let share = try? Proportion(sample.selected, level: level)
        selectionRate =
            share.map { .value($0.estimate) } ?? .undefined(.init(code: "no-patients", reason: "there is no patient"))
    }

    /// (ΣW·1{case, selected} − o·ΣW·1{control, selected})/n with the odds o = p/(1 − p): the cases found, less the
    /// controls selected in vain at the price that the threshold p puts on them, in patients with the event per patient.
    ///
    /// - Parameter probability: p, strictly between 0 and 1.
    /// - Returns: undefined for another p, and without a patient.
    public func netBenefit(atThreshold probability: Double) -> Estimated<Estimate> {
        guard probability > 0, probability < 1 else {
            return .undefined(
                .init(code: "threshold", reason: "threshold \(probability) is not a probability between 0 and 1"))
        }
        return sample.netBenefit(odds: probability / (1 - probability), level)
    }
}
