/// Which patients are cases, controls or unknown, whom a decision selects, and the weights against censoring.
struct WeightedDecisions: Sendable {
    enum Role { case `case`, control, unknown }
    /// What a rate is a share of, and how to say that there is none.
    enum Denominator {
        case cases, controls, selected, notSelected

        func missing(_ horizon: Double?) -> Undefined {
            let time = horizon.map { " at time \($0)" } ?? ""
            return switch self {
            case .cases: .init(code: "no-cases", reason: "there is no case\(time)")
            case .controls: .init(code: "no-controls", reason: "there is no control\(time)")
            case .selected:
                .init(code: "nobody-selected", reason: "nobody is selected whose outcome is known\(time)")
            case .notSelected:
                .init(code: "everybody-selected", reason: "everybody is selected whose outcome is known\(time)")
            }
        }
    }

    let horizon: Double?
    private(set) var roles: [Role]
    let selected: [Bool]
    private var weights: [Double]
    private let censoring: CensoringWeights?

    init(outcomes: [Bool], selected: [Bool]) {
        horizon = nil
        self.selected = selected
        roles = outcomes.map { $0 ? .case : .control }
        weights = [Double](repeating: 1, count: outcomes.count)
        censoring = nil
    }

    init(_ data: SurvivalData, selected: [Bool], horizon: Double) {
        let censoring = CensoringWeights(marginal: data, TimeOrder(data))
        self.horizon = horizon
        self.selected = selected
        self.censoring = censoring
        let before = censoring.beforeOwnTime
        let atHorizon = censoring.probabilities(at: horizon)
        roles = []
        weights = []
        for row in data.times.indices {
            if data.times[row] > horizon {
                roles.append(.control)
                weights.append(atHorizon[row] > 0 ? 1 / atHorizon[row] : 0)
            } else {
                let g = data.events[row] ? before[row] : 0
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
        guard whole > 0 else { return .undefined(name.missing(horizon)) }
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
        if let censoring, let horizon { influences = censoring.withEstimation(of: parts, through: horizon) }
        var sum = 0.0
        for influence in influences { sum += (influence - shift) * (influence - shift) }
        return sum.squareRoot()
    }
}
