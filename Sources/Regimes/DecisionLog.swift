/// What happened at every decision of a set of patients: the material that learners learn from.
///
/// For each visit and patient it holds the decision variables as they stood after the decision, whether the patient was
/// still under treatment, what followed until the next visit, and how that interval ended.
package struct DecisionLog: Sendable {
    package let variables: DecisionVariables
    package let visits: Int
    package let patients: Int
    /// `snapshots[visit][symbol][patient]`; empty for a symbol that was not kept.
    package var snapshots: [[[Double]]]
    /// Whether the patient decided at this visit.
    package var isPresent: [[Bool]]
    /// `outcomes[visit][k][patient]`: days until the next visit or until the patient left, and of those in range, below
    /// and above it; NaN where they are not known, and where the patient did not decide.
    package var outcomes: [[[Double]]]
    /// `endings[visit][patient]`: how the interval after the visit ended.
    package var endings: [[IntervalEnding]]

    /// The names of the outcomes of an interval, as a reward may use them.
    package static let outcomeNames = ["days", "days_in_range", "days_below", "days_above"]

    package init(variables: DecisionVariables, visits: Int, patients: Int) {
        self.variables = variables
        self.visits = visits
        self.patients = patients
        let empty = [Double](repeating: .nan, count: patients)
        snapshots = Array(repeating: Array(repeating: empty, count: variables.symbols.count), count: visits)
        isPresent = Array(repeating: Array(repeating: false, count: patients), count: visits)
        outcomes = Array(repeating: Array(repeating: empty, count: Self.outcomeNames.count), count: visits)
        endings = Array(repeating: Array(repeating: .complete, count: patients), count: visits)
    }
}

/// How the interval after a decision ended. A learner must not take the one for the other: an event is part of what a
/// decision leads to, a dropout hides it.
package enum IntervalEnding: UInt8, Sendable, Hashable {
    /// With the next visit, or the planned end of follow-up.
    case complete
    /// With an event that ended treatment or follow-up: nothing followed.
    case event
    /// With a dropout or a failed solve: what followed is not known.
    case lost
}
