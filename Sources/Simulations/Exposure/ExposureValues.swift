import Pharmacology

/// What one subject is exposed to in one window; every number NaN where it could not be known.
package struct ExposureValues: Sendable, Hashable {
    package var from = Double.nan
    package var to = Double.nan
    /// The area under the course.
    package var area = Double.nan
    package var average = Double.nan
    /// The largest value and the first time at which it is reached.
    package var peak = Double.nan
    package var peakTime = Double.nan
    package var lowest = Double.nan
    /// The value at the window's end, before a dose that is given there.
    package var trough = Double.nan
    /// The time at or above the threshold; NaN without one.
    package var timeAbove = Double.nan

    init() {}

    init(_ exposure: Exposure<ChebyshevPath>, threshold: Double?) throws(ExposureError) {
        from = exposure.from
        to = exposure.to
        area = try exposure.area()
        average = area / exposure.duration
        (peak, peakTime) = (exposure.peak.value, exposure.peak.time)
        lowest = exposure.lowest.value
        trough = exposure.trough
        if let threshold { timeAbove = try exposure.timeAbove(threshold) }
    }

    /// The columns of a table and the variables of a results file, in order.
    static let columns: [(name: String, title: String, value: KeyPath<ExposureValues, Double> & Sendable)] = [
        ("from", "start of the window", \.from), ("to", "end of the window", \.to),
        ("auc", "area under the course", \.area), ("cavg", "mean over the window", \.average),
        ("cmax", "largest value", \.peak), ("tmax", "first time of the largest value", \.peakTime),
        ("cmin", "smallest value", \.lowest), ("ctrough", "value at the end, before a dose there", \.trough),
        ("time_above", "time at or above the threshold", \.timeAbove),
    ]
}
