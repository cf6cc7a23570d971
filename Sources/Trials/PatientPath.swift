import Outcomes
import Pharmacology

/// What one patient went through in one arm: what endpoints are computed from.
package struct PatientPath: Sendable {
    /// The days of the recorded path, from 0 to the end of follow-up.
    package var days: [Double]
    /// The true value of each recorded output on each of those days; NaN from the visit after the patient left.
    package var tracks: [[Double]]
    /// For each measurement: the visits and the days on which it was taken, and what was read.
    package var measuredVisits: [[Int]]
    package var measuredDays: [[Double]]
    package var measured: [[Double]]
    /// The day of each event, infinite for none under observation.
    package var eventDays: [Double]
    /// The last day under observation: the end of follow-up, dropout, an event that ends it, or the day up to which the
    /// equations could be solved.
    package var lastDay: Double
    /// Whether the patient left early without an event.
    package var droppedOut: Bool
    /// The amount taken while under observation, and doses missed and due.
    package var amountTaken: Double
    /// The amount that the last decision under observation gave as one dose; nil where none gave an amount.
    package var lastDose: Double?
    package var dosesMissed: Int
    package var dosesDue: Int
    /// At how many visits the regime left no amount that could be given: NaN, negative or infinite. No dose was given then
    /// until the next visit.
    package var decisionsWithoutDose: Int
    /// Why the equations could not be solved while the patient was under observation, if they could not.
    package var failure: SolverFailure?
    /// What became of the recommendations of the regime; zeros without a clinic.
    package var clinic = ClinicCounts()
}

extension PatientPath {
    /// How long a recorded output lay below, in and above a range between two days; nil where the path is not known for
    /// all of that time.
    package func timeInRange(
        track: Int, _ range: ClosedRange<Double>, between window: ClosedRange<Double>
    ) -> TimeInRange? {
        let values = tracks[track]
        let first = days.lastIndex { $0 <= window.lowerBound } ?? 0
        var end = first
        while end < days.count, days[end] <= window.upperBound {
            guard values[end].isFinite else { return nil }
            end += 1
        }
        // The sample behind the window tells where the path went within it, if the path goes on so far.
        if end < days.count, values[end].isFinite, days[end - 1] < window.upperBound { end += 1 }
        return try? TimeInRange(
            times: Array(days[first..<end]), values: Array(values[first..<end]), range: range, window: window)
    }
}
