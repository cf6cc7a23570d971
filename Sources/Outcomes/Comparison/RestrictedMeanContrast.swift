import NumericsCore

/// Two restricted mean survival times against each other, treated over control: the difference, the ratio, and the ratio
/// of the times lost.
///
/// ```
/// D = m₁ − m₀, SE² = se₁² + se₀²        R = m₁/m₀, SE(log R)² = se₁²/m₁² + se₀²/m₀²
/// L = (τ − m₁)/(τ − m₀), SE(log L)² = se₁²/(τ − m₁)² + se₀²/(τ − m₀)²
/// ```
///
/// Sources: Royston and Parmar 2013, BMC Med Res Methodol 13:152; Uno et al. 2014, J Clin Oncol 32:2380.
public struct RestrictedMeanContrast: Hashable, Sendable {
    /// m₁ with its own interval; its `timeLost` is τ − m₁.
    public let treated: RestrictedMean
    /// m₀ with its own interval.
    public let control: RestrictedMean
    /// D, in the unit of the times; positive when the treated live longer without the event. Its error is undefined when
    /// neither arm has an event before the horizon.
    public let difference: Estimate
    /// R; undefined when the control patients have no time at all before the event.
    public let ratio: Estimated<Estimate>
    /// L; below 1 when the treated lose less time. Undefined when an arm has no event before the horizon.
    public let timeLostRatio: Estimated<Estimate>

    /// τ, in the unit of the times.
    public var horizon: Double { treated.horizon }

    /// Compares two restricted means of different patients.
    ///
    /// - Throws: ``InvalidInput`` unless both have the same horizon.
    public init(
        treated: RestrictedMean, control: RestrictedMean, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        guard treated.horizon == control.horizon else {
            throw InvalidInput(
                .init(
                    column: "horizon", found: "\(treated.horizon) and \(control.horizon)",
                    allowed: "one horizon for both arms"))
        }
        self.init(unchecked: treated, control, level)
    }

    private init(unchecked treated: RestrictedMean, _ control: RestrictedMean, _ level: ConfidenceLevel) {
        self.treated = treated
        self.control = control
        let errors = (treated.estimate.standardError, control.estimate.standardError)
        difference = Estimate(
            value: treated.estimate.value - control.estimate.value,
            standardError: .independent(errors.0, errors.1), scale: .identity, level: level)
        ratio = .quotient(
            (treated.estimate.value, errors.0), (control.estimate.value, errors.1), level: level,
            zero: Undefined(code: "no-time", reason: "an arm has no time before the event: the ratio has no logarithm"))
        timeLostRatio = .quotient(
            (treated.timeLost, errors.0), (control.timeLost, errors.1), level: level,
            zero: Undefined(
                code: "no-time-lost",
                reason: "an arm has no event before the horizon \(treated.horizon): the ratio has no logarithm"))
    }

    /// Compares the restricted means of two curves.
    ///
    /// - Parameter horizon: τ, in the unit of the times, at most ``maximumValidTime(_:)`` of the two.
    /// - Returns: undefined for a horizon that is not positive and finite, and beyond the follow-up of an arm whose curve
    ///   has not reached 0: the arm is named.
    public static func between(
        treated: KaplanMeier, control: KaplanMeier, horizon: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<RestrictedMeanContrast> {
        treated.restrictedMean(to: horizon, level: level).naming("treated arm").flatMap { first in
            control.restrictedMean(to: horizon, level: level).naming("control arm").map { second in
                RestrictedMeanContrast(unchecked: first, second, level)
            }
        }
    }

    /// The largest horizon at which every curve is known: the smallest over arms of the last observed time, arms whose curve
    /// has reached 0 set aside; when all have, the largest last time, after which no restricted mean grows (Tian et al.
    /// 2020, Biometrics 76:1157; R's survRM2). 0 for no curves.
    public static func maximumValidTime(_ curves: [KaplanMeier]) -> Double {
        let horizons = curves.map(\.maximumHorizon)
        guard let smallest = horizons.min() else { return 0 }
        return smallest.isFinite ? smallest : curves.compactMap(\.times.last).max() ?? 0
    }
}

extension Estimated {
    /// The same with a reason that says whose it is.
    func naming(_ owner: String) -> Estimated<Value> {
        switch self {
        case .value: self
        case .undefined(let why): .undefined(.init(code: why.code, reason: "\(owner): \(why.reason)"))
        }
    }
}

extension Estimated<Double> {
    /// The standard error of a difference of independent estimates; undefined where one is, and where both are 0.
    static func independent(_ first: Estimated<Double>, _ second: Estimated<Double>) -> Estimated<Double> {
        first.flatMap { a in
            second.flatMap { b in
                let error = (a * a + b * b).squareRoot()
                return error > 0 ? .value(error) : .undefined(.noVariance)
            }
        }
    }
}

extension Estimated<Estimate> {
    /// The ratio of two independent estimates, with its error on the log scale.
    ///
    /// - Parameter zero: the reason when a value is not above 0.
    static func quotient(
        _ first: (value: Double, error: Estimated<Double>), _ second: (value: Double, error: Estimated<Double>),
        level: ConfidenceLevel, zero: Undefined
    ) -> Estimated<Estimate> {
        guard first.value > 0, second.value > 0 else { return .undefined(zero) }
        return .value(
            Estimate(
                value: first.value / second.value,
                standardError: .independent(
                    first.error.map { $0 / first.value }, second.error.map { $0 / second.value }),
                scale: .log, level: level))
    }
}
