import NumericsCore

/// A control chart: when a sequence of values, such as the AUC of each month, has left its reference.
///
/// Each value is first put on the scale of its own error, z = (x − target)/SE. A chart of ``Side/lower`` watches for a fall
/// only, as of an AUC; ``Side/both`` for either. A window without a value leaves the chart as it is.
/// Sources: Shewhart 1931; Page 1954, Biometrika 41:100; Roberts 1959, Technometrics 1:239.
public struct ControlChart: Hashable, Sendable {
    /// What is summed, and when it is an alarm.
    public enum Rule: Hashable, Sendable {
        /// |z| > limit: sees large shifts at once, small ones late. 3 is usual.
        case shewhart(limit: Double)
        /// S ← max(0, S + |z| − slack) in each direction, alarm at S > limit: quickest for a lasting shift of 2·slack
        /// standard errors. Slack 0.5 with limit 4 or 5 is usual.
        case cusum(slack: Double, limit: Double)
        /// E ← (1 − weight)·E + weight·z, alarm at |E| > limit·√(weight/(2 − weight)), the limit in standard deviations of E
        /// after a long time. Weight 0.1 with limit 2.7 is usual.
        case ewma(weight: Double, limit: Double)

        /// The limit as it was given.
        public var statedLimit: Double {
            switch self {
            case .shewhart(let limit), .cusum(_, let limit), .ewma(_, let limit): limit
            }
        }
    }

    /// Which way a value may not move.
    public enum Side: String, CaseIterable, Sendable {
        /// Below the target.
        case lower
        /// Above the target.
        case upper
        /// Either.
        case both
    }

    /// What is summed, and when it is an alarm.
    public let rule: Rule
    /// Which way a value may not move.
    public let side: Side

    /// A chart with its limits.
    ///
    /// - Throws: ``InvalidInput`` for limits that are not over 0, a negative slack, and a weight not over 0 and up to 1.
    public init(_ rule: Rule, side: Side = .both) throws(InvalidInput) {
        func positive(_ column: String, _ value: Double) -> [InvalidInput.Problem] {
            value.isFinite && value > 0
                ? [] : [.init(column: column, found: "\(value)", allowed: "a finite number > 0")]
        }
        var problems: [InvalidInput.Problem]
        switch rule {
        case .shewhart(let limit): problems = positive("limit", limit)
        case .cusum(let slack, let limit):
            problems = positive("limit", limit)
            if !(slack.isFinite && slack >= 0) {
                problems.append(.init(column: "slack", found: "\(slack)", allowed: "a finite number ≥ 0"))
            }
        case .ewma(let weight, let limit):
            problems = positive("limit", limit)
            if !(weight > 0 && weight <= 1) {
                problems.append(.init(column: "weight", found: "\(weight)", allowed: "a number over 0 and at most 1"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.rule = rule
        self.side = side
    }

    /// Where a chart stands.
    public struct State: Hashable, Sendable {
        /// The statistic that looks upward and the one that looks downward, both positive in their own direction; 0 at start.
        public fileprivate(set) var up = 0.0
        /// See ``up``.
        public fileprivate(set) var down = 0.0
        /// True when the last value put the chart over a limit.
        public fileprivate(set) var isAlarm = false

        /// The start of a chart.
        public init() {}

        /// The same sums, with no alarm from a window that tells nothing.
        var quiet: State {
            var state = self
            state.isAlarm = false
            return state
        }
    }

    /// What an alarm is compared with: on the scale of ``State/up``.
    public var limit: Double {
        switch rule {
        case .shewhart(let limit), .cusum(_, let limit): limit
        case .ewma(let weight, let limit): limit * (weight / (2 - weight)).squareRoot()
        }
    }

    /// The chart after one more z, a finite number.
    public func advanced(_ state: State, by z: Double) -> State {
        var next = state
        switch rule {
        case .shewhart: (next.up, next.down) = (z, -z)
        case .cusum(let slack, _):
            next.up = max(0, state.up + z - slack)
            next.down = max(0, state.down - z - slack)
        case .ewma(let weight, _):
            next.up = (1 - weight) * state.up + weight * z
            next.down = -next.up
        }
        next.isAlarm = (side != .lower && next.up > limit) || (side != .upper && next.down > limit)
        return next
    }
}
