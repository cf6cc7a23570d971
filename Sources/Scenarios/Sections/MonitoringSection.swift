/// `monitoring`: a risk score, the windows of time in which it is watched, and by what.
package struct MonitoringSection: Sendable {
    package var auc = 0.0
    package var eventRate = 0.0
    package var calibration = (intercept: 0.0, slope: 1.0)
    /// The length of a window, as it was written.
    package var window = ""
    /// The same in days.
    package var windowDays = 0.0
    package var patients = 0
    package var baseline = 0
    package var change: ScoreChangeSection?
    package var monitors: [MonitorSection] = []
    package var longest = 400
    package var replicates = 0
    package var within = [3, 6, 12]

    static let keys = Keys([
        .required("score", .mapping(scoreKeys), "A risk score for an outcome that a patient has or has not."),
        .required("window", .duration, "The length of a window."),
        .required("patients", .integer(patientRange), "How many patients come in each window."),
        .required(
            "baseline", .integer(baselineRange),
            "Windows before watching starts: what monitors take as normal."),
        .optional("change", .mapping(ScoreChangeSection.keys), "What happens to the score; nothing by default."),
        .required(
            "monitors", .list(.mapping(MonitorSection.keys), count: 1...100),
            "What is followed, and by which control chart."),
        .optional(
            "longest", .integer(longestRange),
            "The windows after which a series without an alarm ends, counted from the change where there is one; 400."),
        .required(
            "replicates", .integer(replicateRange), "How many series are watched, each with the change and without."),
        .optional(
            "within", .list(.integer(withinRange), count: 1...100),
            "The windows after the change within which detection is reported; 3, 6 and 12 by default."),
    ])

    static let scoreKeys = Keys([
        .required("auc", .number(aucRange), "How well it tells patients with the outcome from those without."),
        .required("event_rate", .share, "The share of patients with the outcome."),
        .optional(
            "calibration", .mapping(ScoreChangeSection.calibrationKeys),
            "How far the score is off to begin with; it is calibrated by default."),
    ])

    private static let aucRange = 0.55...0.999
    private static let patientRange = 2...1_000_000
    private static let baselineRange = 1...10_000
    private static let longestRange = 10...100_000
    private static let replicateRange = 2...1_000_000
    private static let withinRange = 1...100_000
    /// Patients of each kind that a baseline must expect.
    private static let fewest = 10.0

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        let score = members["score"]?.mapping(Self.scoreKeys)
        let auc = score?["auc"]?.number(in: Self.aucRange)
        let eventRate = score?["event_rate"]?.share(below: 1)
        calibration = score?["calibration"].map(ScoreChangeSection.calibration) ?? calibration
        let days = members["window"]?.days(above: (1.0 / 24, "1 hour"))
        let patients = members["patients"]?.integer(in: Self.patientRange)
        let baseline = members["baseline"]?.integer(in: Self.baselineRange)
        change = members["change"].flatMap { ScoreChangeSection($0) }
        let monitors = members["monitors"].map(MonitorSection.list)
        longest = members["longest"]?.integer(in: Self.longestRange) ?? longest
        let replicates = members["replicates"]?.integer(in: Self.replicateRange)
        if let list = members["within"] { readWithin(list) }
        if let patients, let baseline, let eventRate {
            let events = Double(patients * baseline) * min(eventRate, 1 - eventRate)
            if events < Self.fewest {
                members["baseline"]?.refuse(
                    "\(baseline) windows of \(patients) patients expect \(plain(events)) patients of the rarer kind, "
                        + "allowed: at least \(plain(Self.fewest)); lengthen the baseline")
            }
        }
        guard let auc, let eventRate, let days, let patients, let baseline, let monitors, let replicates else {
            return nil
        }
        self.auc = auc
        self.eventRate = eventRate
        window = members["window"]?.scalar ?? ""
        windowDays = days
        self.patients = patients
        self.baseline = baseline
        self.monitors = monitors
        self.replicates = replicates
    }

    private mutating func readWithin(_ list: YAMLValue) {
        within = list.list().compactMap { $0.integer(in: Self.withinRange) }
        if list.isList, !(1...100).contains(list.list().count) {
            list.refuse("found \(list.found), allowed: from 1 to 100 numbers of windows")
        }
        if let (a, b) = zip(within, within.dropFirst()).first(where: { $0.1 <= $0.0 }) {
            list.refuse("the numbers of windows must grow, found \(a) before \(b)")
        } else if let last = within.last, last > longest {
            list.refuse("found \(last) windows, allowed: at most \(longest), the longest that a series is watched")
        }
    }
}

/// `monitoring.change`: what happens to the score from a window on.
package struct ScoreChangeSection: Sendable {
    /// The first window of the change, from 1.
    package var from = 1
    package var auc: Double?
    package var eventRate: Double?
    package var calibration: (intercept: Double, slope: Double)?
    package var caseMix: (shift: Double, spread: Double)?

    static let keys = Keys([
        .required("from", .integer(1...10_000), "The first window of the change; 1 is the first that is watched."),
        .optional("auc", .number(0.5...0.999), "The AUC from then on, by a predictor that tells less or more."),
        .optional("event_rate", .share, "The share of patients with the outcome from then on."),
        .optional(
            "calibration", .mapping(calibrationKeys),
            "The logit of the risk by that of the score: intercept + slope · logit, with the AUC as it is."),
        .optional(
            "case_mix", .mapping(caseMixKeys),
            "The predictor's distribution from then on, with the risk at each of its values as before."),
    ])

    static let calibrationKeys = Keys([
        .optional("intercept", .number(-10...10), "0 by default: neither too high nor too low."),
        .optional("slope", .number(0.05...20), "1 by default; below 1 the score is too extreme."),
    ])

    static let caseMixKeys = Keys([
        .optional("shift", .number(-10...10), "Added to the predictor, in its standard deviations; 0 by default."),
        .optional("spread", .number(0.05...20), "What its values are multiplied with before; 1 by default."),
    ])

    init?(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        let from = members["from"]?.integer(in: 1...10_000)
        auc = members["auc"]?.number(in: 0.5...0.999)
        eventRate = members["event_rate"]?.share(below: 1)
        calibration = members["calibration"].map(Self.calibration)
        caseMix = members["case_mix"].map { mix in
            let parts = mix.mapping(Self.caseMixKeys)
            return (parts["shift"]?.number(in: -10...10) ?? 0, parts["spread"]?.number(in: 0.05...20) ?? 1)
        }
        let changes = Self.keys.names.dropFirst()
        if value.isMapping, !changes.contains(where: { members[$0] != nil }) {
            value.refuse("nothing changes, allowed: at least one of \(changes.joined(separator: ", "))")
        }
        guard let from else { return nil }
        self.from = from
    }

    static func calibration(_ value: YAMLValue) -> (intercept: Double, slope: Double) {
        let parts = value.mapping(calibrationKeys)
        return (parts["intercept"]?.number(in: -10...10) ?? 0, parts["slope"]?.number(in: 0.05...20) ?? 1)
    }
}
