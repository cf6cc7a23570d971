/// A sum that carries its rounding error along.
///
/// The result is the exact sum rounded, up to an error of about n² ε² Σ|xᵢ|: adding 1e100, 1 and −1e100 gives 1. Adding
/// the same numbers in the same order gives the same bits.
///
/// Source: Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54:39–51.
public struct CompensatedSum: Sendable, Equatable {
    private var sum = 0.0
    private var compensation = 0.0

    /// The sum of nothing, 0.
    public init() {}

    /// The sum of `values` in their order.
    public init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    /// Adds one number. NaN and infinities are carried as in a plain sum.
    public mutating func add(_ value: Double) {
        let next = sum + value
        // What the addition lost is recovered from the larger of the two; an infinite sum has lost nothing countable.
        if next.isFinite {
            compensation += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        }
        sum = next
    }

    /// Adds all that another sum holds. Merge in a fixed order: the last bits depend on it.
    public mutating func merge(_ other: CompensatedSum) {
        add(other.sum)
        compensation += other.compensation
    }

    /// The sum so far.
    public var value: Double { sum + compensation }
}
