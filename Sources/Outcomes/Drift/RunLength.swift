import NumericsCore

extension ControlChart {
    /// The average number of values until an alarm, with independent normal z of standard deviation 1 around `shift`: the
    /// mean time between false alarms at shift 0, the mean delay at another.
    ///
    /// Shewhart's is exact. Those of CUSUM and EWMA are of the Markov chain on `cells` cells (at least 10) of the statistic in control,
    /// with an error of the order of 1/cells² (Brook and Evans 1972, Biometrika 59:539); a two-sided CUSUM is combined
    /// from its sides by 1/L = 1/L₊ + 1/L₋ (Kemp 1961, J R Stat Soc B 23:149).
    ///
    /// - Returns: undefined when the chart so hardly ever alarms that the length has no finite number.
    public func averageRunLength(shift: Double = 0, cells: Int = 200) -> Estimated<Double> {
        let cells = max(cells, 10)
        let lengths: [Double]
        switch rule {
        case .shewhart(let limit):
            let up = side == .lower ? 0 : Normal.survival(limit - shift)
            let down = side == .upper ? 0 : Normal.survival(limit + shift)
            lengths = [1 / (up + down)]
        case .cusum:
            lengths =
                (side == .lower ? [] : [cusumLength(shift, cells)])
                + (side == .upper ? [] : [cusumLength(-shift, cells)])
        case .ewma:
            lengths = [ewmaLength(side == .lower ? -shift : shift, cells)]
        }
        let length = 1 / lengths.reduce(0) { $0 + 1 / $1 }
        return length.isFinite && length >= 1
            ? .value(length)
            : .undefined(.init(code: "no-alarm", reason: "the chart hardly ever alarms: its run length has no number"))
    }

    /// One-sided: states 0 (an atom) and cells of (0, limit].
    private func cusumLength(_ shift: Double, _ cells: Int) -> Double {
        guard case .cusum(let slack, let limit) = rule else { return .infinity }
        // Cells around 0, w, 2w, …; the first is half as wide, as all below 0 falls into it.
        let width = 2 * limit / Double(2 * cells - 1)
        return Self.solve(states: cells, start: 0) { from, to in
            let drift = Double(to - from) * width + slack - shift
            let above = Normal.cdf(drift + width / 2)
            return to == 0 ? above : above - Normal.cdf(drift - width / 2)
        }
    }

    /// Two-sided: cells of (−limit, limit). One-sided: the statistic is not reflected and may fall far; cells down to 8
    /// standard deviations of it hold all but nothing of it. The start 0 is the middle of a cell.
    private func ewmaLength(_ shift: Double, _ cells: Int) -> Double {
        guard case .ewma(let weight, _) = rule else { return .infinity }
        let high = limit
        let reach = side == .both ? high : 8 * (weight / (2 - weight)).squareRoot() - min(0, shift)
        let above = max(3, Int(Double(cells) * high / (high + reach)))
        let width = high / (Double(above) + 0.5)
        let below = side == .both ? above : Int(reach / width) + 1
        return Self.solve(states: below + 1 + above, start: below) { from, to in
            let rest = (1 - weight) * Double(from - below) * width + weight * shift
            let edge = (Double(to - below) + 0.5) * width
            let under = side == .both || to > 0 ? Normal.cdf((edge - width - rest) / weight) : 0
            return Normal.cdf((edge - rest) / weight) - under
        }
    }

    /// The mean number of steps from a state to absorption: (I − Q)·L = 1.
    private static func solve(states: Int, start: Int, _ transition: (Int, Int) -> Double) -> Double {
        let matrix = Matrix(rows: states, columns: states) { (i: Int, j: Int) -> Double in
            (i == j ? 1 : 0) - transition(i, j)
        }
        guard let factor = try? LUFactorization(of: matrix) else { return .infinity }
        return factor.solve([Double](repeating: 1, count: states))[start]
    }

    /// Run lengths met in simulated charts: what the alarm rule does, not what a formula says.
    ///
    /// - Parameters:
    ///   - runs: how many charts, at least 2.
    ///   - longest: values after which a chart without an alarm is stopped; it then counts with this length, and the mean is
    ///     too small by what is cut off.
    ///   - shift: the mean of z, from the first value on.
    ///   - seed: of the random streams, one for each run.
    /// - Returns: the mean length, with its standard error and normal interval.
    /// - Throws: ``InvalidInput`` for fewer than two runs and no length.
    public func measuredRunLength(
        runs: Int, longest: Int = 100_000, shift: Double = 0, seed: UInt64, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> Estimate {
        var problems: [InvalidInput.Problem] = []
        if runs < 2 { problems.append(.init(column: "runs", found: "\(runs)", allowed: "at least 2")) }
        if longest < 1 { problems.append(.init(column: "longest run", found: "\(longest)", allowed: "at least 1")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let lengths = (0..<runs).map { run in
            var stream = RandomStream(
                seed: seed, purpose: .analysis, replicate: UInt32(truncatingIfNeeded: run), patient: 0)
            var state = State()
            var length = 0
            repeat {
                state = advanced(state, by: shift + stream.nextNormal())
                length += 1
            } while !state.isAlarm && length < longest
            return Double(length)
        }
        let mean = lengths.reduce(0, +) / Double(runs)
        let squares = lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Estimate(
            value: mean,
            standardError: squares > 0
                ? .value((squares / Double(runs * (runs - 1))).squareRoot()) : .undefined(.oneInfluence),
            scale: .identity, level: level)
    }
}
