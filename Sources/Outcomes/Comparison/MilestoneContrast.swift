import NumericsCore

/// Two Kaplan–Meier curves at one time, treated against control.
///
/// ```
/// D = S₁ − S₀, SE² = SE₁² + SE₀²        R = S₁/S₀, SE(log R)² = g₁ + g₀
/// H = log S₁/log S₀, SE(log H)² = g₁/(log S₁)² + g₀/(log S₀)²        with Greenwood's sums g
/// ```
///
/// The test that H is 1, on the complementary log-log scale, keeps its level best in small trials (Klein et al. 2007, Stat Med
/// 26:4505); take it with ``Estimate/nullTest``.
public struct MilestoneContrast: Hashable, Sendable {
    /// t, in the unit of the times.
    public let time: Double
    /// S₁ with the interval of its own kind.
    public let treated: Estimate
    /// S₀ with the interval of its own kind.
    public let control: Estimate
    /// D; positive when more of the treated are free of the event. Its error is undefined where the curve of an arm is 0, and
    /// when neither arm had an event.
    public let difference: Estimate
    /// R; undefined where the curve of an arm is 0.
    public let ratio: Estimated<Estimate>
    /// H, the ratio of cumulative hazards: the hazard ratio if hazards are proportional. Undefined where a curve is 0 or 1.
    public let cumulativeHazardRatio: Estimated<Estimate>

    /// Compares two curves of different patients.
    ///
    /// - Parameters:
    ///   - time: t, in the unit of the times.
    ///   - kind: the interval of each curve and of D: with `.plain` D ± z·SE; otherwise the two curves' intervals combined, which
    ///     stays within −1 and 1 and may be askew (Zou and Donner 2008, Stat Med 27:1693), undefined where one of them is.
    /// - Returns: undefined after the last time of an arm whose curve has not reached 0: the arm is named.
    public static func between(
        treated: KaplanMeier, control: KaplanMeier, time: Double, _ kind: KaplanMeier.IntervalKind = .plain,
        level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<MilestoneContrast> {
        treated.estimate(at: time, kind, level: level).naming("treated arm").flatMap { first in
            control.estimate(at: time, kind, level: level).naming("control arm").map { second in
                MilestoneContrast(time, first, second, kind, level)
            }
        }
    }

    private init(
        _ time: Double, _ treated: Estimate, _ control: Estimate, _ kind: KaplanMeier.IntervalKind,
        _ level: ConfidenceLevel
    ) {
        self.time = time
        self.treated = treated
        self.control = control
        let arms = [treated, control]
        let errors = arms.map(\.standardError)
        let error = Estimated.independent(errors[0], errors[1])
        difference =
            kind == .plain
            ? Estimate(value: treated.value - control.value, standardError: error, scale: .identity, level: level)
            : .difference(treated, control, standardError: error)
        ratio = .quotient(
            (treated.value, errors[0]), (control.value, errors[1]), level: level,
            zero: Undefined(
                code: "curve-at-zero", reason: "the curve of an arm has reached 0 by time \(time): a ratio has no error"
            ))
        // −log S has the error of log S, which is SE/S.
        let hazards = arms.map { -Elementary.log($0.value) }
        cumulativeHazardRatio =
            arms.allSatisfy { $0.value > 0 && $0.value < 1 }
            ? .quotient(
                (hazards[0], errors[0].map { $0 / treated.value }), (hazards[1], errors[1].map { $0 / control.value }),
                level: level, zero: .outsideLogLog(time))
            : .undefined(.outsideLogLog(time))
    }
}

extension Undefined {
    static func outsideLogLog(_ time: Double) -> Undefined {
        .init(
            code: "outside-log-log",
            reason: "the curve of an arm is 0 or 1 at time \(time): a ratio of cumulative hazards needs curves between")
    }
}
