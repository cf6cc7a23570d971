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
        truePositiveRate = sample.share(of: .case, level) { role, _ in
            role == .case
        } numerator: { _, isSelected in
            isSelected
        }
        falsePositiveRate = sample.share(of: .control, level) { role, _ in
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

/// Which patients are cases, controls or unknown, whom a decision selects, and the weights against censoring.
struct WeightedDecisions: Sendable {
    enum Role { case `case`, control, unknown }
    enum Denominator: String {
        case `case` = "case", control = "control", selected = "selected", notSelected = "not selected"
    }

    let horizon: Double?
    private(set) var roles: [Role]
    let selected: [Bool]
    private var weights: [Double]
    private let censoring: CensoringInfluence?

    init(outcomes: [Bool], selected: [Bool]) {
        horizon = nil
        self.selected = selected
        roles = outcomes.map { $0 ? .case : .control }
        weights = [Double](repeating: 1, count: outcomes.count)
        censoring = nil
    }

    init(_ data: SurvivalData, selected: [Bool], horizon: Double) {
        let censoring = CensoringInfluence(data)
        self.horizon = horizon
        self.selected = selected
        self.censoring = censoring
        let atHorizon = censoring.censoring.at(horizon)
        roles = []
        weights = []
        for row in data.times.indices {
            if data.times[row] > horizon {
                roles.append(.control)
                weights.append(atHorizon > 0 ? 1 / atHorizon : 0)
            } else {
                let g = data.events[row] ? censoring.censoring.before(data.times[row]) : 0
                roles.append(g > 0 ? .case : .unknown)
                weights.append(g > 0 ? 1 / g : 0)
            }
        }
    }

    func weight(_ row: Int) -> Double { weights[row] }

    /// ΣW·1{in both}/ΣW·1{in denominator}.
    func share(
        of name: Denominator, _ level: ConfidenceLevel, denominator: (Role, Bool) -> Bool,
        numerator: (Role, Bool) -> Bool
    ) -> Estimated<Estimate> {
        var whole = 0.0
        var inside = 0.0
        var outside = 0.0
        var count = 0
        var hits = 0
        for row in roles.indices where roles[row] != .unknown && denominator(roles[row], selected[row]) {
            count += 1
            whole += weights[row]
            if numerator(roles[row], selected[row]) {
                hits += 1
                inside += weights[row]
            } else {
                outside += weights[row]
            }
        }
        guard whole > 0 else {
            let words = horizon.map { " with a known outcome at time \($0)" } ?? ""
            return .undefined(
                .init(
                    code: "no-\(name == .notSelected ? "not-selected" : name.rawValue)",
                    reason: "there is no patient who is \(name.rawValue)\(words)"))
        }
        if censoring == nil {
            let proportion = try? Proportion(events: hits, of: count, level: level)
            return proportion.map { .value($0.estimate) } ?? .undefined(.oneOutcome(events: hits, of: count))
        }
        let value = outside == 0 ? 1 : inside / whole
        var parts = [Double](repeating: 0, count: roles.count)
        for row in roles.indices where roles[row] != .unknown && denominator(roles[row], selected[row]) {
            parts[row] = weights[row] * ((numerator(roles[row], selected[row]) ? 1 : 0) - value) / whole
        }
        let isSettled = inside == 0 || outside == 0
        let error = standardError(parts)
        return .value(
            Estimate(
                probability: value,
                standardError: isSettled || error == 0
                    ? .undefined(.oneOutcome(events: hits, of: count)) : .value(error),
                level: level))
    }

    func netBenefit(odds: Double, _ level: ConfidenceLevel) -> Estimated<Estimate> {
        guard !roles.isEmpty else { return .undefined(.init(code: "no-patients", reason: "there is no patient")) }
        let n = Double(roles.count)
        var parts = [Double](repeating: 0, count: roles.count)
        var value = 0.0
        for row in roles.indices where selected[row] && roles[row] != .unknown {
            parts[row] = weights[row] * (roles[row] == .case ? 1 : -odds) / n
            value += parts[row]
        }
        // The mean is taken off everyone, the unknown too, after the censoring part has seen the weighted terms alone.
        let error = standardError(parts, less: value / n)
        return .value(
            Estimate(
                value: value, standardError: error > 0 ? .value(error) : .undefined(.noSpread), scale: .identity,
                level: level))
    }

    /// √Σ influence², with the part of G.
    private func standardError(_ parts: [Double], less shift: Double = 0) -> Double {
        var influences = parts
        if let censoring, let horizon {
            var ofCases = parts
            var ofControls = 0.0
            for row in roles.indices where roles[row] == .control {
                ofControls += parts[row]
                ofCases[row] = 0
            }
            censoring.add(caseParts: ofCases, controlSum: ofControls, horizon: horizon, to: &influences)
        }
        var sum = 0.0
        for influence in influences { sum += (influence - shift) * (influence - shift) }
        return sum.squareRoot()
    }
}
