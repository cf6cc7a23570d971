/// A prescription of one patient: the actions, and from which day on they are in force.
struct Prescription {
    var from: Double
    /// In the order of ``DecisionVariables/actions``.
    var actions: [Double]
    /// The day before which no dose is given.
    var heldUntil: Double
}
