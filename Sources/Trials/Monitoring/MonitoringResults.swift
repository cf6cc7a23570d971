import NumericsCore
import Outcomes
import Synchronization

/// What came of watching a score in many series.
package struct MonitoringResults: Sendable {
    /// A number with its Monte Carlo error; NaN for what does not exist, as a results file holds it.
    package struct Measured: Sendable {
        package var value: Double
        package var error: Double

        static let none = Measured(value: .nan, error: .nan)
    }

    package let plan: MonitoringPlan
    /// In the order of the replicates, the first of which is 1.
    package let series: [MonitoredSeries]
    package let example: ExampleSeries

    /// Watches all series, on `threads` threads; the results do not depend on their number.
    ///
    /// - Parameter finished: called after each series, from any thread.
    /// - Throws: ``Interrupted`` when the signal was raised.
    package init(
        _ plan: MonitoringPlan, threads: Int, stop: StopSignal, finished: @Sendable () -> Void = {}
    ) throws {
        let key = StreamKey(seed: plan.seed, purpose: .monitoring)
        let series = Mutex([MonitoredSeries?](repeating: nil, count: plan.replicates))
        try ParallelBlocks.run(count: plan.replicates, threads: threads, stop: stop) {
        } run: { _, index in
            let one = try MonitoredSeries(plan, replicate: index + 1, key: key)
            series.withLock { $0[index] = one }
            finished()
        }
        self.plan = plan
        self.series = series.withLock { $0.compactMap { $0 } }
        let after = max(24, plan.within.max() ?? 0)
        example = try ExampleSeries(plan, windows: plan.change.map { $0.from - 1 + after } ?? after + 12)
    }

    // MARK: Without the change

    /// Windows watched for each alarm: the mean run length, also when some series ended before theirs.
    package func runLength(_ monitor: Int) -> Measured {
        let lengths = series.map { $0.unchanged[monitor] }
        let watched = lengths.map { Double($0 ?? plan.longest) }
        let alarms = Double(lengths.count { $0 != nil })
        guard alarms > 0, lengths.count > 1 else { return .none }
        let ratio = watched.reduce(0, +) / alarms
        let n = Double(lengths.count)
        let squares = zip(watched, lengths).reduce(0.0) { sum, run in
            let rest = run.0 - (run.1 == nil ? 0 : ratio)
            return sum + rest * rest
        }
        return Measured(value: ratio, error: (squares * n / (n - 1)).squareRoot() / alarms)
    }

    /// False alarms for each window watched, the inverse of the run length.
    package func falseAlarmRate(_ monitor: Int) -> Measured {
        let length = runLength(monitor)
        return Measured(value: 1 / length.value, error: length.error / (length.value * length.value))
    }

    /// The share of series without a change whose first alarm is in each window, from 1 to the longest.
    package func firstAlarmShares(_ monitor: Int) -> [Measured] {
        shares(of: series.map { $0.unchanged[monitor] }, among: series.count, count: plan.longest)
    }

    // MARK: With the change

    /// The windows from the change to the alarm of each series without an alarm before, 1 for an alarm in the first changed
    /// window; nil without one in the longest series.
    package func delays(_ monitor: Int) -> [Int?] {
        guard let change = plan.change else { return [] }
        return series.map { $0.changed[monitor] }.filter { ($0 ?? .max) >= change.from }.map { alarm in
            alarm.map { $0 - change.from + 1 }
        }
    }

    /// The share of series whose first alarm came before the change.
    package func falseAlarmBeforeChange(_ monitor: Int) -> Measured {
        guard plan.change != nil else { return .none }
        return share(series.count - delays(monitor).count, of: series.count)
    }

    /// The mean delay; a series that was never detected counts with the longest.
    package func meanDelay(_ monitor: Int) -> Measured {
        let delays = delays(monitor).map { Double($0 ?? plan.longest) }
        guard delays.count > 1 else { return .none }
        let n = Double(delays.count)
        let mean = delays.reduce(0, +) / n
        let squares = delays.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Measured(value: mean, error: (squares / (n * (n - 1))).squareRoot())
    }

    /// The smallest delay that at least a share of the series do not exceed; NaN where so many were never detected.
    package func delayQuantile(_ monitor: Int, _ share: Double) -> Double {
        let delays = delays(monitor).map { $0 ?? .max }.sorted()
        let place = Int((share * Double(delays.count)).rounded(.up)) - 1
        guard delays.indices.contains(place), delays[place] < .max else { return .nan }
        return Double(delays[place])
    }

    /// The share detected within each of the plan's numbers of windows.
    package func detected(_ monitor: Int) -> [Measured] {
        let delays = delays(monitor)
        return plan.within.map { most in
            share(delays.count { ($0 ?? .max) <= most }, of: delays.count)
        }
    }

    /// The share of each delay, from 1 to the longest.
    package func delayShares(_ monitor: Int) -> [Measured] {
        let delays = delays(monitor)
        return shares(of: delays, among: delays.count, count: plan.longest)
    }

    // MARK: Shares

    private func shares(of numbers: [Int?], among total: Int, count: Int) -> [Measured] {
        var counts = [Int](repeating: 0, count: count)
        for case .some(let number) in numbers where (1...count).contains(number) { counts[number - 1] += 1 }
        return counts.map { share($0, of: total) }
    }

    private func share(_ count: Int, of total: Int) -> Measured {
        guard total > 0 else { return .none }
        let share = Double(count) / Double(total)
        return Measured(value: share, error: (share * (1 - share) / Double(total)).squareRoot())
    }
}
