/// The average hazard ratio of two groups up to a horizon, treated over control: the odds that of two patients, one from
/// each group, the treated has the event first.
///
/// ```
/// θ₁ = −∫₀^τ S₀ dS₁,  θ₀ = −∫₀^τ S₁ dS₀,  θ₁ + θ₀ = 1 − S₁(τ)S₀(τ)        AHR = θ₁/θ₀
/// ```
///
/// This is the average of Kalbfleisch and Prentice (1981, Biometrika 68:105) with the weight S₁S₀, estimated from the two
/// Kaplan–Meier curves. It is the hazard ratio when hazards are proportional, has a meaning when they are not, and, unlike the
/// ratio of a Cox model, does not depend on how patients were censored. An event of either group at one time counts half
/// for each. The error is that of the Kaplan–Meier integrals (the delta method with Greenwood's increments); without
/// censoring it is that of the Mann–Whitney statistic.
public struct AverageHazardRatio: Hashable, Sendable {
    /// τ, in the unit of the times.
    public let horizon: Double
    /// θ₁, the probability that by τ an event came and the treated had it first.
    public let treatedFirst: Double
    /// θ₀, the same for the control patient.
    public let controlFirst: Double
    /// θ₁/θ₀ with its error on the log scale; below 1 when the treated have the event later. Undefined when an arm has no
    /// event before the horizon while the other is at risk.
    public let estimate: Estimated<Estimate>

    /// Compares two curves of different patients, linear in their lengths.
    ///
    /// - Parameter horizon: τ, in the unit of the times.
    /// - Returns: undefined for a horizon that is not positive and finite, and beyond the follow-up of an arm whose curve has
    ///   not reached 0: the arm is named.
    public static func between(
        treated: KaplanMeier, control: KaplanMeier, horizon: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<AverageHazardRatio> {
        guard horizon > 0, horizon.isFinite else { return .undefined(.horizonNotPositive(horizon)) }
        for (name, curve) in [("treated arm", treated), ("control arm", control)]
        where horizon > curve.maximumHorizon {
            return .undefined(.beyondFollowUp(horizon, last: curve.maximumHorizon)).naming(name)
        }
        return .value(AverageHazardRatio(treated, control, horizon, level))
    }

    private init(_ treated: KaplanMeier, _ control: KaplanMeier, _ horizon: Double, _ level: ConfidenceLevel) {
        self.horizon = horizon
        let first = PassedIntegral(of: treated, against: control, to: horizon)
        let second = PassedIntegral(of: control, against: treated, to: horizon)
        let (theta1, theta0) = (first.total, second.total)
        treatedFirst = theta1
        controlFirst = theta0
        guard theta1 > 0, theta0 > 0 else {
            estimate = .undefined(
                .init(
                    code: "no-event-first",
                    reason: "no event of the \(theta1 > 0 ? "control" : "treated") arm by the horizon \(horizon) while"
                        + " the other arm is at risk: the ratio has no logarithm"))
            return
        }
        // Lowering one arm's curve by a share from an event on changes its own θ by x and the other's by S₁S₀(τ) − x.
        let both = first.survivalAtHorizon * second.survivalAtHorizon
        func variance(_ arm: PassedIntegral, _ own: Double, _ other: Double) -> Double {
            arm.effects.reduce(0) { sum, effect in
                let change = effect.change / own - (both - effect.change) / other
                return sum + change * change * effect.greenwood
            }
        }
        let squared = variance(first, theta1, theta0) + variance(second, theta0, theta1)
        estimate = .value(
            Estimate(
                value: theta1 / theta0,
                standardError: squared > 0 ? .value(squared.squareRoot()) : .undefined(.noVariance), scale: .log,
                level: level))
    }
}

/// −∫₀^τ S_other dS of one arm, and how it answers to each of the arm's events.
private struct PassedIntegral {
    struct Effect {
        /// The change of the integral per share by which S is lowered from this event on.
        var change: Double
        /// Greenwood's increment d/(n(n − d)) of the event.
        let greenwood: Double
    }

    private(set) var total = 0.0
    private(set) var survivalAtHorizon = 1.0
    private(set) var effects: [Effect] = []

    init(of arm: KaplanMeier, against other: KaplanMeier, to horizon: Double) {
        var next = 0
        var otherBefore = 1.0
        var passed: [Double] = []
        for index in arm.times.indices where arm.times[index] <= horizon && arm.events[index] > 0 {
            let time = arm.times[index]
            while next < other.times.count, other.times[next] < time {
                otherBefore = other.survival[next]
                next += 1
            }
            let isTied = next < other.times.count && other.times[next] == time
            let level = isTied ? (otherBefore + other.survival[next]) / 2 : otherBefore
            let survival = arm.survival[index]
            total += level * (survivalAtHorizon - survival)
            survivalAtHorizon = survival
            let (n, d) = (Double(arm.atRisk[index]), Double(arm.events[index]))
            // Where S falls to 0 nothing follows that could change: the term's limit is 0.
            guard n > d else { continue }
            effects.append(Effect(change: level * survival, greenwood: d / (n * (n - d))))
            passed.append(total)
        }
        // Less what is still to be integrated: that part shrinks with S.
        for index in effects.indices { effects[index].change -= total - passed[index] }
    }
}
