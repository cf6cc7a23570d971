/// How many patients must be treated for one event less (benefit) or one event more (harm): 1/|risk difference|.
///
/// While the interval of the difference holds 0, that of the number passes through infinity: it runs from the number for
/// harm up to ∞ and from ∞ down to the number for benefit, and is not the range between the two numbers.
/// Source: Altman 1998, BMJ 317:1309.
public struct NumberNeeded: Hashable, Sendable, CustomStringConvertible {
    /// What the event means to the patient who has it.
    public enum Event: String, CaseIterable, Sendable {
        /// Death, stroke, bleeding: fewer are better.
        case harmful
        /// Remission, cure: more are better.
        case beneficial
    }

    /// Which number it is.
    public enum Direction: String, CaseIterable, Sendable {
        /// To treat for one patient better off, NNTB.
        case benefit
        /// To treat for one patient worse off, NNTH.
        case harm
    }

    /// An interval on the scale of numbers of patients.
    public enum Interval: Hashable, Sendable {
        /// Both bounds in one direction; the upper is ∞ when the difference's interval ends at 0.
        case oneSided(Direction, lower: Double, upper: Double)
        /// From `harm` through ∞ to `benefit`: every number over either is in it.
        case throughInfinity(harm: Double, benefit: Double)
    }

    /// The number, over 0; undefined when the difference is 0.
    public let value: Estimated<Double>
    /// Which way the difference goes; nil when it is 0.
    public let direction: Direction?
    /// Undefined when that of the difference is.
    public let interval: Estimated<Interval>

    /// The number that belongs to a difference of risks, treated minus control.
    ///
    /// - Parameters:
    ///   - difference: of probabilities, −1 to 1, such as ``RiskDifference/estimate``.
    ///   - event: what the event means.
    /// - Throws: ``InvalidInput`` for a difference outside −1 to 1.
    public init(_ difference: Estimate, event: Event = .harmful) throws(InvalidInput) {
        guard abs(difference.value) <= 1 else {
            throw InvalidInput(
                .init(column: "risk difference", found: "\(difference.value)", allowed: "a number from -1 to 1"))
        }
        // Benefit upward.
        let sign = event == .harmful ? -1.0 : 1.0
        let gain = sign * difference.value
        direction = gain > 0 ? .benefit : gain < 0 ? .harm : nil
        value =
            gain == 0
            ? .undefined(.init(code: "no-difference", reason: "the risks do not differ: the number is infinite"))
            : .value(1 / abs(gain))
        interval = difference.interval.map { interval in
            let (low, high) = sign > 0 ? (interval.lower, interval.upper) : (-interval.upper, -interval.lower)
            if low >= 0, high > 0 { return .oneSided(.benefit, lower: 1 / high, upper: low > 0 ? 1 / low : .infinity) }
            if high <= 0, low < 0 {
                return .oneSided(.harm, lower: 1 / -low, upper: high < 0 ? 1 / -high : .infinity)
            }
            return .throughInfinity(
                harm: low < 0 ? 1 / -low : .infinity, benefit: high > 0 ? 1 / high : .infinity)
        }
    }

    /// `NNTB 15 (NNTB 8.1 to ∞ to NNTH 120)`: one decimal below 10, whole from there on.
    public var description: String {
        func round(_ number: Double) -> String {
            guard number.isFinite else { return "∞" }
            let decimal = (number * 10).rounded() / 10
            return decimal < 10 || number > 1e15 ? "\(decimal)" : "\(Int(number.rounded()))"
        }
        let number = value.value.map { "\(direction == .harm ? "NNTH" : "NNTB") \(round($0))" } ?? "∞"
        switch interval.value {
        case nil: return number
        case .oneSided(let direction, let lower, let upper):
            return "\(number) (\(direction == .harm ? "NNTH" : "NNTB") \(round(lower)) to \(round(upper)))"
        case .throughInfinity(let harm, let benefit):
            return direction == .harm
                ? "\(number) (NNTH \(round(harm)) to ∞ to NNTB \(round(benefit)))"
                : "\(number) (NNTB \(round(benefit)) to ∞ to NNTH \(round(harm)))"
        }
    }
}
