/// What happened at every decision of a set of patients: the material that learners learn from.
///
/// For each visit and patient it holds the decision variables as they stood after the decision, whether the patient was
/// still under treatment, and what followed until the next visit.
package struct DecisionLog: Sendable {
    package let variables: DecisionVariables
    package let visits: Int
    package let patients: Int
    /// `snapshots[visit][symbol][patient]`
    package var snapshots: [[[Double]]]
    /// Whether the patient decided at this visit.
    package var isPresent: [[Bool]]
    /// `outcomes[visit][k][patient]`: days until the next visit, and of those in range, below and above it.
    package var outcomes: [[[Double]]]

    /// The names of the outcomes of an interval, as a reward may use them.
    package static let outcomeNames = ["days", "days_in_range", "days_below", "days_above"]

    package init(variables: DecisionVariables, visits: Int, patients: Int) {
        self.variables = variables
        self.visits = visits
        self.patients = patients
        let empty = [Double](repeating: .nan, count: patients)
        snapshots = Array(repeating: Array(repeating: empty, count: variables.symbols.count), count: visits)
        isPresent = Array(repeating: Array(repeating: false, count: patients), count: visits)
        let none = [Double](repeating: 0, count: patients)
        outcomes = Array(repeating: Array(repeating: none, count: Self.outcomeNames.count), count: visits)
    }
}
