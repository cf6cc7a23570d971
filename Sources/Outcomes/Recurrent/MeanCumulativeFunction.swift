import NumericsCore

/// Nelson's estimate of the mean number of events by time t.
///
/// ```
/// μ(t) = Σ_{tᵢ ≤ t} dᵢ/nᵢ
/// robust:  Var = Σ_patients (Σ_{tᵢ ≤ t} (dN(tᵢ) − Y(tᵢ)·dᵢ/nᵢ)/nᵢ)²          Poisson:  Var = Σ dᵢ/nᵢ²
/// ```
///
/// d are events and n patients under observation. The robust variance needs no assumption on how a patient's events hang
/// together. Death must not be treated as the end of observation here unless events after it are of interest: the mean
/// is then that of patients who would not die. Sources: Nelson 1988, J Qual Technol 20:24; Lawless and Nadeau 1995,
/// Technometrics 37:158; the same numbers as R's `survfit` with an identifier.
public struct MeanCumulativeFunction: Sendable {
    /// Where the standard errors come from.
    public enum VarianceKind: String, CaseIterable, Sendable {
        /// Lawless and Nadeau's, of each patient's own deviations.
        case robust
        /// For events of a Poisson process; too small when patients differ.
        case poisson
    }

    /// The scale on which an interval is symmetric.
    public enum IntervalKind: String, CaseIterable, Sendable {
        /// `μ ± z·SE`, cut at 0.
        case plain
        /// `μ·exp(± z·SE/μ)`; undefined at μ = 0.
        case log
    }

    /// Distinct times with an event, ascending.
    public let times: [Double]
    /// Patients under observation at each time.
    public let atRisk: [Int]
    /// Events at each time.
    public let events: [Int]
    /// μ just after each time.
    public let mean: [Double]
    /// The standard error of each element of ``mean``.
    public let standardErrors: [Double]
    /// Where the standard errors come from.
    public let variance: VarianceKind
    /// The end of the longest observation.
    public let lastTime: Double

    /// The curve of the given patients, O(n log n) in patients and events together, standard errors included.
    public init(_ data: RecurrentEventData, variance: VarianceKind = .robust) {
        var sweep = RecurrentSweep(data, variance: variance)
        sweep.run()
        times = sweep.times
        atRisk = sweep.atRisk
        events = sweep.events
        mean = sweep.mean
        standardErrors = sweep.errors
        self.variance = variance
        lastTime = data.byFollowUp.last.map { data.followUp[$0] } ?? 0
    }

    /// μ(t), 0 before the first event.
    ///
    /// - Returns: undefined after the last time of observation.
    public func mean(at time: Double) -> Estimated<Double> {
        index(at: time).map { $0.map { mean[$0] } ?? 0 }
    }

    /// μ(t) with its standard error and a pointwise interval.
    ///
    /// - Returns: undefined as ``mean(at:)``; the log interval is undefined where the mean is 0.
    public func estimate(
        at time: Double, _ kind: IntervalKind = .log, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        index(at: time).map { index in
            let value = index.map { mean[$0] } ?? 0
            let error = index.map { standardErrors[$0] } ?? 0
            let reach = level.normalQuantile * error
            let interval: Estimated<ConfidenceInterval>
            if kind == .plain {
                interval = .value(.init(lower: max(0, value - reach), upper: value + reach, level: level))
            } else if value > 0 {
                let factor = Elementary.exp(reach / value)
                interval = .value(.init(lower: value / factor, upper: value * factor, level: level))
            } else {
                interval = .undefined(
                    .init(code: "no-event-yet", reason: "no event by time \(time): a log interval needs a mean above 0")
                )
            }
            return Estimate(value: value, standardError: .value(error), interval: interval)
        }
    }

    private func index(at time: Double) -> Estimated<Int?> {
        guard time <= lastTime else {
            return .undefined(
                .init(code: "beyond-follow-up", reason: "time \(time) is after the last observed time \(lastTime)"))
        }
        let after = times.partitioningIndex { $0 > time }
        return .value(after == 0 ? nil : after - 1)
    }
}

/// One pass over the events in time. Everybody under observation deviates by the same −d/n² at an event time, so the sum
/// of squared deviations follows from their sum; a patient's own deviation is needed only at an event or at the end.
private struct RecurrentSweep {
    private(set) var times: [Double] = []
    private(set) var atRisk: [Int] = []
    private(set) var events: [Int] = []
    private(set) var mean: [Double] = []
    private(set) var errors: [Double] = []

    private let data: RecurrentEventData
    private let robust: Bool
    private let all: [(time: Double, row: Int)]
    private var entered = 0
    private var left = 0
    private var drift = 0.0
    /// A patient's events' part of the deviation, less the drift at entry.
    private var own: [Double]
    private var sum = 0.0
    private var squares = 0.0

    init(_ data: RecurrentEventData, variance: MeanCumulativeFunction.VarianceKind) {
        self.data = data
        robust = variance == .robust
        var all: [(time: Double, row: Int)] = []
        for (row, times) in data.eventTimes.enumerated() {
            for time in times { all.append((time, row)) }
        }
        all.sort { a, b in a.time != b.time ? a.time < b.time : a.row < b.row }
        self.all = all
        own = [Double](repeating: 0, count: data.count)
        if data.entries == nil { entered = data.count }
    }

    mutating func run() {
        var position = 0
        var total = 0.0
        var poisson = 0.0
        while position < all.count {
            let time = all[position].time
            moveTo(time)
            let n = Double(entered - left)
            let first = position
            while position < all.count, all[position].time == time { position += 1 }
            let d = Double(position - first)
            total += d / n
            poisson += d / (n * n)
            let shift = -d / (n * n)
            squares += shift * (2 * sum + n * shift)
            sum += n * shift
            drift += shift
            for event in all[first..<position] {
                let deviation = drift + own[event.row]
                squares += (2 * deviation + 1 / n) / n
                own[event.row] += 1 / n
                sum += 1 / n
            }
            times.append(time)
            atRisk.append(entered - left)
            events.append(position - first)
            mean.append(total)
            errors.append((robust ? max(0, squares) : poisson).squareRoot())
        }
    }

    /// Lets patients in who entered before a time, and out whose observation ended before it.
    private mutating func moveTo(_ time: Double) {
        if let entries = data.entries {
            while entered < data.count, entries[data.byEntry[entered]] < time {
                own[data.byEntry[entered]] = -drift
                entered += 1
            }
        }
        while left < data.count, data.followUp[data.byFollowUp[left]] < time {
            sum -= drift + own[data.byFollowUp[left]]
            left += 1
        }
    }
}
