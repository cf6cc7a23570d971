import Pharmacology

/// What one patient went through in one arm: what endpoints are computed from.
package struct PatientPath: Sendable {
    /// The days of the recorded path, from 0 to the end of follow-up.
    package var days: [Double]
    /// The true value of each recorded output on each of those days.
    package var tracks: [[Double]]
    /// For each measurement: the days on which it was taken, and what was read.
    package var measuredDays: [[Double]]
    package var measured: [[Double]]
    /// The day of each event, infinite for none within follow-up.
    package var eventDays: [Double]
    /// The last day under observation: the end of follow-up, dropout, or an event that ends it.
    package var lastDay: Double
    /// Whether the patient left early without an event.
    package var droppedOut: Bool
    /// The amount taken over the whole time, and doses missed and due.
    package var amountTaken: Double
    package var dosesMissed: Int
    package var dosesDue: Int
    /// Why the equations could not be solved to the end, if they could not.
    package var failure: SolverFailure?
}
