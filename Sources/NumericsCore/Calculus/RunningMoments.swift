/// Count, mean and variance of numbers that are seen one at a time and not kept.
///
/// Accumulators of parts can be merged; do so in a fixed order (of shards, blocks, replicates), since the last bits
/// depend on it.
///
/// Source: Welford (1962), Technometrics 4(3):419–420, for adding; Chan, Golub and LeVeque (1983), The American
/// Statistician 37(3):242–247, equation 2.1, for merging.
public struct RunningMoments: Sendable, Equatable {
    /// How many numbers were added.
    public private(set) var count = 0
    private var centre = 0.0
    /// Σ (xᵢ − mean)².
    private var squares = 0.0
    private var smallest = Double.infinity
    private var largest = -Double.infinity

    /// The moments of nothing.
    public init() {}

    /// The moments of `values`, added in their order.
    public init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    /// Adds one number. NaN makes every moment NaN from then on.
    public mutating func add(_ value: Double) {
        count += 1
        let distance = value - centre
        centre += distance / Double(count)
        squares += distance * (value - centre)
        smallest = Double.minimum(smallest, value)
        largest = Double.maximum(largest, value)
    }

    /// Adds all that another accumulator has seen.
    public mutating func merge(_ other: RunningMoments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (mine, others) = (Double(count), Double(other.count))
        let total = mine + others
        let distance = other.centre - centre
        centre += distance * (others / total)
        squares += other.squares + distance * distance * (mine / total * others)
        count += other.count
        smallest = Double.minimum(smallest, other.smallest)
        largest = Double.maximum(largest, other.largest)
    }

    /// The arithmetic mean, or nil of nothing.
    public var mean: Double? { count > 0 ? centre : nil }

    /// Σ (xᵢ − mean)² / (n − 1), or nil of fewer than two numbers.
    public var variance: Double? { count > 1 ? squares / Double(count - 1) : nil }

    /// The square root of the variance, or nil of fewer than two numbers.
    public var standardDeviation: Double? { variance?.squareRoot() }

    /// The standard error of the mean, standard deviation / √n, or nil of fewer than two numbers.
    public var standardError: Double? { variance.map { ($0 / Double(count)).squareRoot() } }

    /// The smallest number, or nil of nothing. NaN is left out.
    public var minimum: Double? { smallest <= largest ? smallest : nil }

    /// The largest number, or nil of nothing. NaN is left out.
    public var maximum: Double? { smallest <= largest ? largest : nil }
}
