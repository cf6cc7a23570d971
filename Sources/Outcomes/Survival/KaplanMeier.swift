import NumericsCore

/// The Kaplan–Meier (product-limit) estimate of a survival curve.
///
/// ```
/// S(t) = ∏_{tᵢ ≤ t} (1 − dᵢ/nᵢ)         SE(S) = S·√Σ dᵢ/(nᵢ(nᵢ − dᵢ))   (Greenwood 1926)
/// ```
///
/// The columns have one element for each distinct follow-up time, event or censoring, ascending. While nobody is
/// censored S is a ratio of two counts, without accumulated rounding.
/// Source: Kaplan and Meier 1958, J Am Stat Assoc 53:457.
public struct KaplanMeier: Sendable {
    /// Distinct follow-up times, ascending, in the unit of the data.
    public let times: [Double]
    /// Patients at risk just before each time.
    public let atRisk: [Int]
    /// Events at each time.
    public let events: [Int]
    /// Patients censored at each time, after the events.
    public let censored: [Int]
    /// S just after each time.
    public let survival: [Double]
    /// Σ dᵢ/(nᵢ(nᵢ − dᵢ)) up to and with each time, the variance of log S; nil once everyone at risk has had the event.
    public let greenwoodSums: [Double?]
    /// The number of patients.
    public let count: Int

    private let sortedEntries: [Double]
    /// Patients whose follow-up ended before each time; empty without delayed entry, where they are those not at risk.
    private let leftBefore: [Int]

    /// The scale on which an interval for S is symmetric. R's `survfit` takes `.log` unless told otherwise.
    public enum IntervalKind: String, CaseIterable, Sendable {
        /// `S ± z·SE`, cut to [0, 1].
        case plain
        /// `exp(log S ± z·SE/S)`, cut at 1.
        case log
        /// `exp(−exp(log(−log S) ± z·SE/(S·log S)))`; undefined at S = 1.
        case logLog
    }

    /// The curve of the given patients, O(n log n).
    public init(_ data: SurvivalData) {
        self.init(RiskTable(data), count: data.count, sortedEntries: data.sortedEntries)
    }

    init(_ table: RiskTable, count: Int, sortedEntries: [Double]) {
        times = table.times
        atRisk = table.atRisk
        events = table.events
        censored = table.censored
        survival = ProductLimit.curve(atRisk: table.atRisk, events: table.events)
        greenwoodSums = ProductLimit.greenwood(atRisk: table.atRisk, events: table.events)
        self.count = count
        self.sortedEntries = sortedEntries
        var gone = 0
        leftBefore =
            sortedEntries.isEmpty
            ? []
            : table.times.indices.map { index in
                defer { gone += table.events[index] + table.censored[index] }
                return gone
            }
    }

    /// Greenwood's standard error of S at each time; nil where S has reached 0, as 0·∞ has no value.
    public var standardErrors: [Double?] {
        survival.indices.map { index in greenwoodSums[index].map { survival[index] * $0.squareRoot() } }
    }

    /// The pointwise interval at each time; nil where it is undefined (S = 0, and S = 1 on the log-log scale).
    public func intervals(
        _ kind: IntervalKind = .log, level: ConfidenceLevel = .ninetyFivePercent
    ) -> [ConfidenceInterval?] {
        Band(survival: survival, variances: greenwoodSums, kind, level: level).intervals
    }

    /// S(t), 1 before the first time.
    ///
    /// - Returns: undefined after the last time, unless the curve has reached 0 there.
    public func survival(at time: Double) -> Estimated<Double> {
        index(at: time).map { $0.map { survival[$0] } ?? 1 }
    }

    /// S(t) with Greenwood's standard error and a pointwise interval.
    ///
    /// - Returns: undefined after the last time, as ``survival(at:)``; the error and the interval are undefined where
    ///   the curve is 0.
    public func estimate(
        at time: Double, _ kind: IntervalKind = .log, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        index(at: time).map { index in
            guard let index else {
                return Estimate(normal: 1, standardError: 0, level: level)
            }
            let error = standardError(at: index)
            return Estimate(
                value: survival[index], standardError: error, interval: interval(at: index, kind, level: level))
        }
    }

    /// The patients still followed and free of the event just before `time`: `entry < t ≤ time`.
    public func numberAtRisk(at time: Double) -> Int {
        let next = times.partitioningIndex { $0 >= time }
        guard !sortedEntries.isEmpty else { return next == times.count ? 0 : atRisk[next] }
        let gone = next == times.count ? count : leftBefore[next]
        return sortedEntries.partitioningIndex { $0 >= time } - gone
    }

    /// The last row at or before `time`, nil inside for times before the first row.
    private func index(at time: Double) -> Estimated<Int?> {
        let after = times.partitioningIndex { $0 > time }
        guard after > 0 else { return .value(nil) }
        if after == times.count, let last = times.last, time > last, survival[after - 1] > 0 {
            return .undefined(.beyondFollowUp(time, last: last))
        }
        return .value(after - 1)
    }

    private func standardError(at index: Int) -> Estimated<Double> {
        guard let sum = greenwoodSums[index] else { return .undefined(.curveAtZero(times[index])) }
        return .value(survival[index] * sum.squareRoot())
    }

    func interval(at index: Int, _ kind: IntervalKind, level: ConfidenceLevel) -> Estimated<ConfidenceInterval> {
        guard let sum = greenwoodSums[index] else { return .undefined(.curveAtZero(times[index])) }
        let s = survival[index]
        let reach = level.normalQuantile * sum.squareRoot()
        switch kind {
        case .plain:
            return .value(.init(lower: max(0, s - s * reach), upper: min(1, s + s * reach), level: level))
        case .log:
            let factor = Elementary.exp(reach)
            return .value(.init(lower: s / factor, upper: min(1, s * factor), level: level))
        case .logLog:
            guard s < 1 else { return .undefined(.noEventYet(by: times[index])) }
            let hazard = -Elementary.log(s)
            let factor = Elementary.exp(reach / hazard)
            return .value(
                .init(
                    lower: Elementary.exp(-hazard * factor), upper: Elementary.exp(-hazard / factor), level: level))
        }
    }
}

/// The two running sums that the product-limit curves of events and of censorings share.
enum ProductLimit {
    static func curve(atRisk: [Int], events: [Int]) -> [Double] {
        var survival = 1.0
        var base = 1.0
        var baseAtRisk = atRisk.first ?? 1
        var remaining = baseAtRisk
        return atRisk.indices.map { index in
            if atRisk[index] != remaining {
                base = survival
                baseAtRisk = atRisk[index]
            }
            remaining = atRisk[index] - events[index]
            // An event at zero risk (everyone enters later) cannot occur: the patient with the event is at risk.
            survival = survival == 0 ? 0 : base * (Double(remaining) / Double(baseAtRisk))
            return survival
        }
    }

    static func greenwood(atRisk: [Int], events: [Int]) -> [Double?] {
        var sum: Double? = 0
        return atRisk.indices.map { index in
            let n = Double(atRisk[index])
            let d = Double(events[index])
            if d > 0 { sum = n > d ? sum.map { $0 + d / (n * (n - d)) } : nil }
            return sum
        }
    }
}

extension Undefined {
    static func beyondFollowUp(_ time: Double, last: Double) -> Undefined {
        .init(
            code: "beyond-follow-up",
            reason: "time \(time) is after the last observed time \(last), where the curve has not reached 0")
    }

    static func curveAtZero(_ time: Double) -> Undefined {
        .init(code: "curve-at-zero", reason: "the curve has reached 0 at time \(time): its error has no estimate")
    }

    static func noEventYet(by time: Double) -> Undefined {
        .init(code: "no-event-yet", reason: "no event by time \(time): a log-log interval needs a curve below 1")
    }
}
