import NumericsCore

/// What an episode's glucose came to, from the start on: one value for the start, and one for each decision.
struct GlucoseRecord {
    private var count = Lane(repeating: 0)
    private var inRange = Lane(repeating: 0)
    private var below = Lane(repeating: 0)
    private var above = Lane(repeating: 0)
    /// Sums of differences from the first value, and of their squares.
    private var first = Lane(repeating: 0)
    private var sum = Lane(repeating: 0)
    private var squares = Lane(repeating: 0)
    private var least = Lane(repeating: 0)
    private var most = Lane(repeating: 0)
    private var lowRisk = Lane(repeating: 0)
    private var highRisk = Lane(repeating: 0)
    private var insulin = Lane(repeating: 0)

    /// Percent of the values in 70–180 mg/dL, below and above; mean and standard deviation (of the values, not of a sample from
    /// them); least and greatest; the low and high blood glucose indices; insulin in U.
    static let measures = [
        "percent_in_range", "percent_below_70", "percent_above_180", "mean_glucose", "sd_glucose", "min_glucose",
        "max_glucose", "lbgi", "hbgi", "insulin",
    ]

    func measure(_ index: Int, lane: Int) -> Double {
        let n = count[lane]
        let shift = sum[lane] / n
        return switch index {
        case 0: 100 * inRange[lane] / n
        case 1: 100 * below[lane] / n
        case 2: 100 * above[lane] / n
        case 3: first[lane] + shift
        case 4: max(0, squares[lane] / n - shift * shift).squareRoot()
        case 5: least[lane]
        case 6: most[lane]
        case 7: lowRisk[lane] / n
        case 8: highRisk[lane] / n
        default: insulin[lane]
        }
    }

    /// Forgets the lanes' earlier episodes.
    mutating func begin(_ glucose: Lane, _ f: Lane, in lanes: LaneMask) {
        let zero = Lane(repeating: 0)
        // Field by field: a list of them would ask for memory at every beginning.
        count.replace(with: zero, where: lanes)
        inRange.replace(with: zero, where: lanes)
        below.replace(with: zero, where: lanes)
        above.replace(with: zero, where: lanes)
        sum.replace(with: zero, where: lanes)
        squares.replace(with: zero, where: lanes)
        lowRisk.replace(with: zero, where: lanes)
        highRisk.replace(with: zero, where: lanes)
        insulin.replace(with: zero, where: lanes)
        first.replace(with: glucose, where: lanes)
        least.replace(with: glucose, where: lanes)
        most.replace(with: glucose, where: lanes)
        add(glucose, f, insulin: zero, in: lanes)
    }

    /// Adds a value, ``GlucoseRisk/symmetric(_:_:)`` of it, and the insulin given meanwhile in U.
    @inline(__always)
    mutating func add(_ glucose: Lane, _ f: Lane, insulin given: Lane, in lanes: LaneMask) {
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        @inline(__always) func kept(_ value: Lane, _ mask: LaneMask) -> Lane {
            zero.replacing(with: value, where: mask)
        }
        let (isLow, isHigh) = (glucose .< Lane(repeating: 70), glucose .> Lane(repeating: 180))
        count += kept(one, lanes)
        below += kept(one, lanes .& isLow)
        above += kept(one, lanes .& isHigh)
        inRange += kept(one, lanes .& .!isLow .& .!isHigh)
        let away = glucose - first
        sum += kept(away, lanes)
        squares += kept(away * away, lanes)
        least.replace(with: glucose, where: lanes .& (glucose .< least))
        most.replace(with: glucose, where: lanes .& (glucose .> most))
        let risk = Lane(repeating: 10) * f * f
        lowRisk += kept(risk, lanes .& (f .< zero))
        highRisk += kept(risk, lanes .& (f .> zero))
        insulin += kept(given, lanes)
    }
}
