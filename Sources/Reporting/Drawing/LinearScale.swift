import Foundation

/// Maps numbers to positions on a drawing.
struct LinearScale: Sendable {
    /// The numbers at the two ends.
    var domain: ClosedRange<Double>
    /// The positions of the two ends; the first may be the larger, as on an upward axis.
    var start: Double
    var end: Double

    /// A scale whose ends are round numbers around all known ones of `values`.
    /// - Parameter ticks: about how many marks the axis shall have.
    init(around values: [Double], start: Double, end: Double, ticks: Int = 5) {
        // Beyond that the distance of two numbers is no number; nothing measured comes near it.
        let finite = values.filter { abs($0) < 1e300 }
        var low = finite.min() ?? 0
        var high = finite.max() ?? 1
        // A single number still needs room on both sides.
        if low == high { (low, high) = low == 0 ? (0, 1) : (low - abs(low) / 2, high + abs(high) / 2) }
        // Half the distance of the marks, so that a scale may end between two of them and wastes less room.
        let step = Self.step((high - low) / Double(2 * max(1, ticks)))
        // The slack keeps 0.3 / 0.1 from asking for another step.
        domain = step * (low / step + 1e-9).rounded(.down)...step * (high / step - 1e-9).rounded(.up)
        self.start = start
        self.end = end
    }

    init(domain: ClosedRange<Double>, start: Double, end: Double) {
        self.domain = domain
        self.start = start
        self.end = end
    }

    /// The position of a number; numbers outside the domain are put at its end.
    func callAsFunction(_ number: Double) -> Double {
        let width = domain.upperBound - domain.lowerBound
        guard width > 0, !number.isNaN else { return start }
        let clamped = min(max(number, domain.lowerBound), domain.upperBound)
        return start + (clamped - domain.lowerBound) / width * (end - start)
    }

    func contains(_ number: Double) -> Bool { domain.contains(number) }

    /// About `count` round numbers within the domain, with the decimals that tell them apart.
    func ticks(_ count: Int = 5) -> (values: [Double], decimals: Int) {
        let step = Self.step((domain.upperBound - domain.lowerBound) / Double(max(1, count)))
        let first = (domain.lowerBound / step - 1e-9).rounded(.up)
        let last = (domain.upperBound / step + 1e-9).rounded(.down)
        guard last >= first, last - first < 1000 else { return ([], 0) }
        var decimals = 0
        var scaled = step
        while decimals < 12, abs(scaled - scaled.rounded()) > 1e-9 * scaled {
            scaled *= 10
            decimals += 1
        }
        return (stride(from: first, through: last, by: 1).map { $0 * step }, decimals)
    }

    /// 1, 2 or 5 times a power of ten, at least `rough`.
    static func step(_ rough: Double) -> Double {
        guard rough.isFinite, rough > 0 else { return 1 }
        let power = pow(10, log10(rough).rounded(.down))
        for factor in [1.0, 2, 5] where factor * power >= rough * (1 - 1e-9) { return factor * power }
        return 10 * power
    }
}
