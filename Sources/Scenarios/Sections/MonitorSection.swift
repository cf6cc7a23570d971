/// One entry of `monitoring.monitors`: what is followed, and when it is an alarm.
package struct MonitorSection: Sendable {
    package var name: String
    package var measure: String
    package var chart: String
    package var side: String
    package var slack: Double
    package var weight: Double
    /// The limit, or the windows between false alarms that it is chosen for.
    package var limit: Limit
    /// Where it stands: `monitoring.monitors[2]`.
    package var path: String

    package enum Limit: Sendable {
        case given(Double)
        case runLength(Double)
    }

    static let keys = Keys([
        .required("name", .name, "The monitor's name."),
        .required(
            "measure", .choice(measures.map(\.name)),
            "The AUC; observed over expected events; the population stability index or the Kolmogorov–Smirnov distance of the score."
        ),
        .required("chart", .choice(charts.map(\.name)), "How windows are summed up: alone, by CUSUM, or by EWMA."),
        .optional("side", .choice(["lower", "upper", "both"]), "Which way the measure may not move."),
        .optional(
            "slack", .number(slackRange), "Of a CUSUM: half the shift, in errors, that it is to find soonest; 0.5."),
        .optional("weight", .number(weightRange), "Of an EWMA: the share of the newest window; 0.2."),
        .optional("run_length", .number(runLengthRange), "Chooses the limit: windows between two false alarms."),
        .optional("limit", .number(limitRange), "The limit itself, in errors."),
    ])

    private static let measures = [("auc", "lower"), ("calibration", "both"), ("psi", "upper"), ("ks", "upper")].map {
        (name: $0, side: $1)
    }
    private static let charts = [("shewhart", nil), ("cusum", "slack"), ("ewma", "weight")].map {
        (name: $0, key: $1 as String?)
    }
    private static let slackRange = 0.0...10
    private static let weightRange = 0.01...1
    private static let runLengthRange = 10.0...100_000
    private static let limitRange = 0.01...100

    static func list(_ value: YAMLValue) -> [MonitorSection] {
        var monitors: [MonitorSection] = []
        let items = value.list()
        if value.isList, !(1...100).contains(items.count) {
            value.refuse("found \(value.found), allowed: from 1 to 100 monitors")
        }
        for item in items {
            guard let monitor = MonitorSection(item) else { continue }
            if monitors.contains(where: { $0.name == monitor.name }) {
                item.refuse("the monitor '\(monitor.name)' stands twice")
            }
            monitors.append(monitor)
        }
        return monitors
    }

    private init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        let name = members["name"]?.name
        let measure = members["measure"]?.choice(Self.measures.map(\.name))
        let chart = members["chart"]?.choice(Self.charts.map(\.name))
        let side = members["side"]?.choice(["lower", "upper", "both"])
        slack = members["slack"]?.number(in: Self.slackRange) ?? 0.5
        weight = members["weight"]?.number(in: Self.weightRange) ?? 0.2
        let length = members["run_length"]?.number(in: Self.runLengthRange)
        let given = members["limit"]?.number(in: Self.limitRange)
        if let chart {
            for case (let other, let key?) in Self.charts where other != chart {
                members[key]?.refuse("'\(chart)' does not read this key; leave it out")
            }
        }
        if value.isMapping, (members["run_length"] == nil) == (members["limit"] == nil) {
            value.refuse("a monitor needs either 'run_length' or 'limit'")
        }
        if let side, side != "upper", measure == "psi" || measure == "ks" {
            members["side"]?.refuse(
                "found '\(side)', allowed for '\(measure ?? "")': upper; a distance can only be too large")
        }
        guard let name, let measure, let chart, let limit = length.map(Limit.runLength) ?? given.map(Limit.given) else {
            return nil
        }
        self.name = name
        self.measure = measure
        self.chart = chart
        self.side = side ?? Self.measures.first { $0.name == measure }?.side ?? "both"
        self.limit = limit
        path = value.path
    }
}
