import NumericsCore

/// The Aalen–Johansen estimate of the probability of an event of each cause by time t, with the other causes at work.
///
/// ```
/// F_k(t) = Σ_{tᵢ ≤ t} S(tᵢ−)·d_kᵢ/nᵢ          S(t) = ∏_{tᵢ ≤ t} (1 − dᵢ/nᵢ) = 1 − Σ_k F_k(t)
/// ```
///
/// The columns have one element for each distinct follow-up time, event or censoring, ascending. One cause gives 1 − S of
/// ``KaplanMeier``. Source: Aalen and Johansen 1978, Scand J Stat 5:141; Kalbfleisch and Prentice 1980, section 7.2.
public struct CumulativeIncidence: Sendable {
    /// Where the standard errors come from. The two differ by a part of about 1/n.
    public enum VarianceKind: String, CaseIterable, Sendable {
        /// The sum of the squared influences of the patients on F_k(t), as of R's `survfit`. See
        /// Therneau et al. 2024 (vignette of the R package survival on its methods, section on the infinitesimal jackknife).
        case infinitesimalJackknife
        /// Aalen's sum over event times with factors (n − d)/(n − 1) for ties, as of R's `cmprsk::cuminc`
        /// (Aalen 1978, Ann Stat 6:534):
        /// `Σ (S⁻ − (F(t) − F)q)²·v(d_k) + ((F(t) − F)q)²·v(d − d_k)`, `q = S⁻/S`, `v(d) = d(n − d)/(n²(n − 1))`
        /// for d > 1, else d/n².
        case aalen
    }

    /// The scale on which an interval is symmetric.
    public enum IntervalKind: String, CaseIterable, Sendable {
        /// `F ± z·SE`, cut to [0, 1].
        case plain
        /// `exp(−exp(log(−log F) ± z·SE/(F·log F)))`; undefined at F = 0 and F = 1.
        case logLog
    }

    /// Distinct follow-up times, ascending, in the unit of the data.
    public let times: [Double]
    /// Patients at risk just before each time.
    public let atRisk: [Int]
    /// Events of each cause at each time: `events[k − 1][i]`.
    public let events: [[Int]]
    /// Patients censored at each time, after the events.
    public let censored: [Int]
    /// S just after each time: the probability of no event of any cause.
    public let survival: [Double]
    /// F_k just after each time: `incidence[k − 1][i]`.
    public let incidence: [[Double]]
    /// The standard error of each element of ``incidence``.
    public let standardErrors: [[Double]]
    /// Where the standard errors come from.
    public let variance: VarianceKind

    /// The curves of the given patients, O(n log n + K·n), standard errors at all times included.
    public init(_ data: CompetingRisksData, variance: VarianceKind = .infinitesimalJackknife) {
        let table = CauseTable(data)
        times = table.times
        atRisk = table.atRisk
        events = table.events
        censored = table.censored
        survival = table.survival
        let incidence = (0..<data.causeCount).map { table.incidence(of: $0) }
        self.incidence = incidence
        self.variance = variance
        standardErrors = (0..<data.causeCount).map { cause in
            switch variance {
            case .infinitesimalJackknife: table.jackknifeErrors(data, cause: cause, incidence: incidence[cause])
            case .aalen: table.aalenErrors(cause: cause, incidence: incidence[cause])
            }
        }
    }

    /// F_k(t), 0 before the first time.
    ///
    /// - Parameter cause: from 1.
    /// - Returns: undefined after the last time, unless everybody at risk has had an event there, and for a cause that
    ///   does not exist.
    public func incidence(at time: Double, cause: Int) -> Estimated<Double> {
        index(at: time, cause: cause).map { $0.map { incidence[cause - 1][$0] } ?? 0 }
    }

    /// F_k(t) with its standard error and a pointwise interval.
    ///
    /// - Parameter cause: from 1.
    /// - Returns: undefined as ``incidence(at:cause:)``; the log-log interval is undefined where the curve is 0 or 1.
    public func estimate(
        at time: Double, cause: Int, _ kind: IntervalKind = .logLog, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        index(at: time, cause: cause).map { index in
            let value = index.map { incidence[cause - 1][$0] } ?? 0
            let error = index.map { standardErrors[cause - 1][$0] } ?? 0
            return Estimate(
                value: value, standardError: .value(error),
                interval: Self.interval(value, error, at: time, kind, level: level))
        }
    }

    /// The last row at or before `time`, nil inside for times before the first row.
    private func index(at time: Double, cause: Int) -> Estimated<Int?> {
        guard incidence.indices.contains(cause - 1) else {
            return .undefined(
                .init(code: "no-such-cause", reason: "cause \(cause) is not one of 1 to \(incidence.count)"))
        }
        let after = times.partitioningIndex { $0 > time }
        guard after > 0 else { return .value(nil) }
        if after == times.count, let last = times.last, !(time <= last), survival[after - 1] > 0 {
            return .undefined(.beyondFollowUp(time, last: last))
        }
        return .value(after - 1)
    }

    static func interval(
        _ value: Double, _ error: Double, at time: Double, _ kind: IntervalKind, level: ConfidenceLevel
    ) -> Estimated<ConfidenceInterval> {
        let reach = level.normalQuantile * error
        switch kind {
        case .plain:
            return .value(.init(lower: max(0, value - reach), upper: min(1, value + reach), level: level))
        case .logLog:
            guard value > 0, value < 1 else {
                return .undefined(
                    .init(
                        code: "probability-at-bound",
                        reason:
                            "the probability at time \(time) is \(value): a log-log interval needs one inside 0 to 1"
                    ))
            }
            let depth = -Elementary.log(value)
            let factor = Elementary.exp(reach / (value * depth))
            return .value(
                .init(lower: Elementary.exp(-depth * factor), upper: Elementary.exp(-depth / factor), level: level))
        }
    }
}
