/// Newton's iteration for the root of an increasing function, kept inside a shrinking bracket.
enum MonotoneInverse {
    /// The x between `lower` and `upper` (which may be infinite) where `function` passes zero.
    ///
    /// - Parameters:
    ///   - start: a guess between the bounds.
    ///   - function: value and slope at x. A slope that leads out of the bracket is replaced by halving it.
    static func root(
        from start: Double, lower: Double, upper: Double, _ function: (Double) -> (value: Double, slope: Double)
    ) -> Double {
        var (low, high, x) = (lower, upper, start)
        for _ in 0..<400 {
            let (value, slope) = function(x)
            if value == 0 { return x }
            if value < 0 { low = x } else { high = x }
            var next = x - value / slope
            if !(next > low && next < high) { next = middle(low, high) }
            if abs(next - x) <= 0x1p-51 * abs(next) { return next }
            x = next
        }
        return x
    }

    /// A point inside the bracket: its middle, or well beyond the finite bound where the other is infinite.
    private static func middle(_ low: Double, _ high: Double) -> Double {
        if low == -.infinity { return high - max(1, abs(high)) }
        if high == .infinity { return low + max(1, abs(low)) }
        return low + 0.5 * (high - low)
    }
}
