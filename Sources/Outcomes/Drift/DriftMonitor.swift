import NumericsCore

/// A measure of a model followed over windows of time, with a control chart that says when it has moved.
///
/// ```swift
/// let windows = try CalendarWindows(dates: days, length: 90)
/// let monitor = try DriftMonitor(windows: windows.rows, target: 0.90, chart: .init(.cusum(slack: 0.5, limit: 4), side: .lower)) {
///     rows in try TimeDependentAUC(data.subset(rows), scores: rows.map { score[$0] }, times: [365]).points[0].auc
/// }
/// ```
///
/// Any measure will do that has an error: an AUC, O/E or a calibration slope, a Brier score. A ratio is followed on the
/// log scale. The time between false alarms is ``ControlChart/averageRunLength(shift:cells:)`` windows if the measure is
/// close to normal with the error it states and the target is right; a target estimated from few patients shortens it.
public struct DriftMonitor: Sendable {
    /// On which scale the distance from the target is measured.
    public enum Scale: String, CaseIterable, Sendable {
        /// That of the estimate: the unit itself, or the logarithm of a ratio.
        case estimate
        /// log(p/(1 − p)), for a measure between 0 and 1. An AUC of 0.9 is skewed and states a larger error the lower it
        /// falls, which hides falls on its own scale.
        case logit
    }

    /// One window of the sequence.
    public struct Window: Sendable {
        /// Patients in it.
        public let count: Int
        /// The measure, or why there is none.
        public let estimate: Estimated<Estimate>
        /// (measure − target)/SE, on the ``Scale`` asked for; undefined without an error over 0.
        public let z: Estimated<Double>
        /// The chart after this window; as before it where z is undefined.
        public let state: ControlChart.State
    }

    /// In the order of time.
    public let windows: [Window]
    /// Where the measure should be, in its own unit.
    public let target: Double
    /// What decides on an alarm.
    public let chart: ControlChart

    /// The first window with an alarm, counted from 0; nil without one.
    public var firstAlarm: Int? { windows.firstIndex { $0.state.isAlarm } }
    /// All windows with an alarm, counted from 0. The chart goes on after an alarm as if there had been none.
    public var alarms: [Int] { windows.indices.filter { windows[$0].state.isAlarm } }

    /// Follows a measure.
    ///
    /// - Parameters:
    ///   - windows: the rows of each window, in the order of time.
    ///   - target: finite; over 0 for a measure with its error on the log scale, between 0 and 1 for logits.
    ///   - scale: on which the measure is closest to normal.
    ///   - measure: of the patients of given rows; not called for an empty window.
    /// - Throws: ``InvalidInput`` for a target that is not allowed, and what the measure throws.
    public init(
        windows: [[Int]], target: Double, chart: ControlChart, scale: Scale = .estimate,
        measure: (_ rows: [Int]) throws -> Estimated<Estimate>
    ) throws {
        guard target.isFinite else {
            throw InvalidInput(.init(column: "target", found: "\(target)", allowed: "a finite number"))
        }
        var state = ControlChart.State()
        self.windows = try windows.map { rows in
            let estimate =
                rows.isEmpty
                ? .undefined(Undefined(code: "empty-window", reason: "no patient is in the window"))
                : try measure(rows)
            let z = try estimate.flatMap { try Self.z($0, target, scale) }
            if let z = z.value {
                state = chart.advanced(state, by: z)
            } else {
                state = state.quiet
            }
            return Window(count: rows.count, estimate: estimate, z: z, state: state)
        }
        self.target = target
        self.chart = chart
    }

    /// How far a measure is from its target, in its errors.
    package static func z(
        _ estimate: Estimate, _ target: Double, _ scale: Scale
    ) throws(InvalidInput) -> Estimated<Double> {
        func require(_ isAllowed: Bool, _ allowed: String) throws(InvalidInput) {
            guard isAllowed else {
                throw InvalidInput(.init(column: "target", found: "\(target)", allowed: allowed))
            }
        }
        let value = estimate.value
        let distance: Double
        var unit = 1.0
        switch (scale, estimate.scale) {
        case (.estimate, .identity): distance = value - target
        case (.estimate, .log):
            try require(target > 0, "a number > 0 for a ratio")
            guard value > 0 else { return .undefined(.atBound(value)) }
            distance = Elementary.log(value / target)
        case (.logit, let own):
            try require(target > 0 && target < 1, "a number between 0 and 1 for logits")
            guard value > 0, value < 1 else { return .undefined(.atBound(value)) }
            distance = Elementary.log(value / (1 - value)) - Elementary.log(target / (1 - target))
            unit = own == .identity ? value * (1 - value) : 1 - value
        }
        return estimate.standardError.flatMap { error in
            let z = distance * unit / error
            return error > 0 && z.isFinite ? .value(z) : .undefined(.oneInfluence)
        }
    }
}

extension Undefined {
    static func atBound(_ value: Double) -> Undefined {
        .init(code: "at-bound", reason: "the measure is \(value): it has no logarithm")
    }
}
