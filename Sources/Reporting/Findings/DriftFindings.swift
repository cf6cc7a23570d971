import ResultsStore

/// A score watched over calendar time: how often each monitor alarms without a change, and how soon after one.
package struct DriftFindings: Encodable, Sendable {
    /// The length of a window in the user's words.
    package var window: String
    package var patientsPerWindow: Int?
    package var baselineWindows: Int?
    package var replicates: Int
    /// The windows after which a series without an alarm ended.
    package var longest: Int?
    /// The first window of the change; nil without a change.
    package var changeWindow: Int?
    package var before: Period
    package var after: Period?
    package var monitors: [Monitor] = []

    /// The score in one period, in closed form.
    package struct Period: Encodable, Sendable {
        package var auc: Double?
        package var eventRate: Double?
        package var calibrationIntercept: Double?
        package var calibrationSlope: Double?
        package var caseMixShift: Double?
        package var caseMixSpread: Double?
    }

    package struct Monitor: Encodable, Sendable {
        package var name: String
        package var measure: String
        package var chart: String
        package var side: String
        package var limit: Double?
        package var designedRunLength: Double?
        package var runLength: EstimateFindings
        package var falseAlarmRate: EstimateFindings
        package var falseAlarmBeforeChange: EstimateFindings?
        package var meanDelay: EstimateFindings?
        package var medianDelay: Double?
        package var delay90Percent: Double?
        package var detected: [Detected]
    }

    package struct Detected: Encodable, Sendable {
        package var within: Int
        package var share: EstimateFindings
    }

    init(_ group: FindingsGroup) throws {
        window = group.textAttribute("window") ?? ""
        patientsPerWindow = integer(group.numberAttribute("patients_per_window"))
        baselineWindows = integer(group.numberAttribute("baseline_windows"))
        longest = integer(group.numberAttribute("longest"))
        changeWindow = integer(group.numberAttribute("change_window"))
        replicates = group.size("replicate")
        before = Period("before", group)
        after = changeWindow == nil ? nil : Period("after", group)
        let axes = ["monitor"]
        func measured(_ name: String, _ axes: [String]) throws -> [EstimateFindings]? {
            guard let values = try group.numbers(name, axes) else { return nil }
            let errors = try group.numbers("\(name)_mc_error", axes)
            return values.indices.map { EstimateFindings(value: known(values[$0]), standardError: known(errors?[$0])) }
        }
        let texts = try ["measure", "chart", "side"].map { try group.texts($0, axes) }
        let limits = try group.numbers("limit", axes)
        let designed = try group.numbers("designed_run_length", axes)
        let lengths = try measured("run_length", axes)
        let rates = try measured("false_alarm_rate", axes)
        let early = try measured("false_alarm_before_change", axes)
        let means = try measured("mean_delay", axes)
        let medians = try group.numbers("median_delay", axes)
        let tails = try group.numbers("delay_90_percent", axes)
        let within = group.coordinates("within")
        let detected = try measured("detected", ["monitor", "within"])
        let none = EstimateFindings(value: nil)
        monitors = group.labels("monitor").enumerated().map { index, name in
            Monitor(
                name: name, measure: texts[0]?[index] ?? "", chart: texts[1]?[index] ?? "",
                side: texts[2]?[index] ?? "", limit: known(limits?[index]), designedRunLength: known(designed?[index]),
                runLength: lengths?[index] ?? none, falseAlarmRate: rates?[index] ?? none,
                falseAlarmBeforeChange: early?[index], meanDelay: means?[index], medianDelay: known(medians?[index]),
                delay90Percent: known(tails?[index]),
                detected: within.indices.compactMap { column in
                    guard let detected, let windows = integer(within[column]) else { return nil }
                    return Detected(within: windows, share: detected[index * within.count + column])
                })
        }
    }
}

extension DriftFindings.Period {
    fileprivate init(_ name: String, _ group: FindingsGroup) {
        func number(_ key: String) -> Double? { known(group.numberAttribute("\(key)_\(name)")) }
        auc = number("auc")
        eventRate = number("event_rate")
        calibrationIntercept = number("calibration_intercept")
        calibrationSlope = number("calibration_slope")
        caseMixShift = number("case_mix_shift")
        caseMixSpread = number("case_mix_spread")
    }

    /// `AUC 0.85, 15.0 % with the outcome, calibration intercept -0.29, slope 0.81`
    var words: String {
        var words: [String] = []
        if let auc { words.append("AUC \(Rounding.text(auc, decimals: 2))") }
        if let eventRate { words.append("\(Rounding.text(100 * eventRate, decimals: 1)) % with the outcome") }
        if let calibrationIntercept, let calibrationSlope {
            words.append(
                "calibration intercept \(Rounding.text(calibrationIntercept, decimals: 2)), slope "
                    + Rounding.text(calibrationSlope, decimals: 2))
        }
        if let caseMixShift, let caseMixSpread {
            words.append(
                "predictor shifted by \(Rounding.text(caseMixShift, decimals: 2)), spread by "
                    + Rounding.text(caseMixSpread, decimals: 2))
        }
        return words.joined(separator: ", ")
    }
}

/// The example series of a file, for the page's charts.
struct DriftExample {
    var windows: Int
    var value: [Double]
    var z: [Double]
    var upward: [Double]
    var downward: [Double]
    var limit: [Double]
    var alarm: [Double]

    /// nil where the file lacks a part of it.
    init?(_ group: FindingsGroup) throws {
        let axes = ["monitor", "window"]
        guard let value = try group.numbers("value", axes), let z = try group.numbers("z", axes),
            let upward = try group.numbers("upward", axes), let downward = try group.numbers("downward", axes),
            let limit = try group.numbers("chart_limit", ["monitor"]), let alarm = try group.numbers("alarm", axes)
        else { return nil }
        windows = group.size("window")
        (self.value, self.z, self.upward, self.downward, self.limit, self.alarm) = (
            value, z, upward, downward, limit, alarm
        )
    }

    /// The places of a monitor's windows in the arrays.
    func cells(_ monitor: Int) -> Range<Int> { monitor * windows..<(monitor + 1) * windows }
}
