import NumericsCore

/// Why a result does not exist, in a form for programs and in words for people.
///
/// Each estimator adds its own reasons as static functions beside its code.
public struct Undefined: Error, Hashable, Sendable, CustomStringConvertible {
    /// A short name that does not change between versions, such as `no-cases`.
    public let code: String
    /// The reason in words, with the numbers that it depends on.
    public let reason: String

    /// A reason of your own, for a metric that is not in this target.
    ///
    /// - Parameters:
    ///   - code: short, stable between versions, such as `no-cases`; programs compare it.
    ///   - reason: the words that stand in the place of the number, with the numbers that it depends on.
    public init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// ``reason``, so that a thrown reason reads as a sentence.
    public var description: String { reason }
}

/// A result that exists, or the reason why it does not. Nothing in this target answers with a NaN.
public enum Estimated<Value> {
    /// The result; every number in it is finite unless its type says otherwise.
    case value(Value)
    /// No result, and why.
    case undefined(Undefined)

    /// The value, or nil where it is undefined.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// The reason why there is no value, or nil where there is one.
    public var undefined: Undefined? {
        if case .undefined(let reason) = self { reason } else { nil }
    }

    /// The value with a function applied to it; a reason stays the same reason.
    public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Estimated<Other> {
        switch self {
        case .value(let value): .value(try transform(value))
        case .undefined(let reason): .undefined(reason)
        }
    }

    /// The value with a function applied to it that may itself be undefined.
    public func flatMap<Other>(_ transform: (Value) throws -> Estimated<Other>) rethrows -> Estimated<Other> {
        switch self {
        case .value(let value): try transform(value)
        case .undefined(let reason): .undefined(reason)
        }
    }

    /// The value; throws the reason where there is none.
    public func get() throws(Undefined) -> Value {
        switch self {
        case .value(let value): return value
        case .undefined(let reason): throw reason
        }
    }
}

extension Estimated: Sendable where Value: Sendable {}
extension Estimated: Equatable where Value: Equatable {}
extension Estimated: Hashable where Value: Hashable {}

/// How sure an interval is to hold the truth, strictly between 0 and 1.
public struct ConfidenceLevel: Hashable, Sendable {
    /// The level itself: 0.95 for 95 %.
    public let value: Double
    /// The standard normal quantile at (1 + level) / 2: 1.959964 for 95 %.
    public let normalQuantile: Double

    /// A level such as 0.9 for 90 %.
    ///
    /// - Throws: ``InvalidInput`` unless `0 < value < 1`.
    public init(_ value: Double) throws(InvalidInput) {
        guard value > 0, value < 1 else {
            throw InvalidInput(
                .init(column: "confidence level", found: "\(value)", allowed: "a number between 0 and 1"))
        }
        self.init(unchecked: value)
    }

    private init(unchecked value: Double) {
        self.value = value
        normalQuantile = Normal.quantile(0.5 + value / 2)
    }

    /// 0.95, the level of every estimator that is not told another.
    public static let ninetyFivePercent = ConfidenceLevel(unchecked: 0.95)

}

/// A two-sided confidence interval. A bound may be infinite where the method says so (the upper bound of a ratio with
/// an empty denominator); it is never NaN.
public struct ConfidenceInterval: Hashable, Sendable {
    /// The lower bound, in the unit of the estimate.
    public let lower: Double
    /// The upper bound, in the unit of the estimate; may be +∞.
    public let upper: Double
    /// The share of such intervals that hold the truth, as the method claims it.
    public let level: ConfidenceLevel

    /// An interval found by a method of your own; the bounds are taken as they are.
    ///
    /// - Parameters:
    ///   - lower: not NaN and not above `upper`.
    ///   - upper: not NaN.
    ///   - level: what the method claims.
    public init(lower: Double, upper: Double, level: ConfidenceLevel) {
        self.lower = lower
        self.upper = upper
        self.level = level
    }
}

/// The scale on which an estimator is close to normal, and on which its standard error is therefore given.
public enum EstimateScale: String, Hashable, Sendable {
    /// The unit of the estimate: means, proportions, differences.
    case identity
    /// The natural logarithm of the estimate: ratios and rates.
    case log
}

/// A number with what is known about its error: what a table row or a forest plot shows.
public struct Estimate: Hashable, Sendable {
    /// The estimate in its own unit (a ratio is a ratio, not its logarithm).
    public let value: Double
    /// The standard error on ``scale``: of `value`, or of `log(value)`.
    public let standardError: Estimated<Double>
    /// The interval in the unit of `value`.
    public let interval: Estimated<ConfidenceInterval>
    /// The scale of ``standardError``, on which groups are compared and pooled.
    public let scale: EstimateScale

    /// An estimate whose error and interval were found apart, as for an exact interval.
    ///
    /// - Parameters:
    ///   - value: in its own unit, finite.
    ///   - standardError: on `scale`.
    ///   - interval: in the unit of `value`; it need not follow from the standard error.
    ///   - scale: where the error is close to normal.
    public init(
        value: Double, standardError: Estimated<Double>, interval: Estimated<ConfidenceInterval>,
        scale: EstimateScale = .identity
    ) {
        self.value = value
        self.standardError = standardError
        self.interval = interval
        self.scale = scale
    }

    /// The estimate with the normal (Wald) interval on its scale: `value ± z·SE`, or `value·exp(± z·SE)` on the log scale.
    public init(
        normal value: Double, standardError: Double, scale: EstimateScale = .identity,
        level: ConfidenceLevel = .ninetyFivePercent
    ) {
        self.init(value: value, standardError: .value(standardError), scale: scale, level: level)
    }

    /// The estimate with the normal interval on its scale where it has a standard error.
    init(value: Double, standardError: Estimated<Double>, scale: EstimateScale, level: ConfidenceLevel) {
        let interval = standardError.map { error in
            let reach = level.normalQuantile * error
            return switch scale {
            case .identity: ConfidenceInterval(lower: value - reach, upper: value + reach, level: level)
            case .log:
                ConfidenceInterval(
                    lower: value * Elementary.exp(-reach), upper: value * Elementary.exp(reach), level: level)
            }
        }
        self.init(value: value, standardError: standardError, interval: interval, scale: scale)
    }
}

/// A test statistic that is chi-square distributed under its null hypothesis.
public struct ChiSquareTest: Hashable, Sendable {
    /// The statistic, 0 or more.
    public let statistic: Double
    /// How many free differences it sums, at least 1.
    public let degreesOfFreedom: Int
    /// The probability of a statistic at least this large under the null hypothesis.
    public let pValue: Double

    /// The test of a statistic found elsewhere; its p-value is P(χ²_df ≥ statistic).
    ///
    /// - Parameters:
    ///   - statistic: 0 or more; 0 gives a p-value of 1.
    ///   - degreesOfFreedom: at least 1.
    public init(statistic: Double, degreesOfFreedom: Int) {
        self.statistic = statistic
        self.degreesOfFreedom = degreesOfFreedom
        pValue = ChiSquared.survival(statistic, degreesOfFreedom: Double(degreesOfFreedom))
    }
}
