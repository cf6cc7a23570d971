/// The visits of a patient's time in the trial, in days from the first.
package struct VisitSchedule: Sendable, Hashable {
    /// Growing, starting at 0.
    package let days: [Double]
    /// For each visit and measurement, whether it is taken.
    package let isMeasured: [[Bool]]
    /// The day on which follow-up ends.
    package let end: Double

    package init(days: [Double], isMeasured: [[Bool]], end: Double) {
        self.days = days
        self.isMeasured = isMeasured
        self.end = end
    }

    /// The day of the visit after `visit`, or of the end of follow-up.
    package func next(after visit: Int) -> Double { visit + 1 < days.count ? days[visit + 1] : end }
}
