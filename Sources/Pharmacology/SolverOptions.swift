/// How exactly, and with how much patience, the equations are solved.
package struct SolverOptions: Sendable, Hashable {
    /// Relative tolerance of one step's error.
    package var relativeTolerance: Double
    /// Absolute tolerance of one step's error, in the state's unit.
    package var absoluteTolerance: Double
    /// The most steps that one patient may take between two stops.
    package var maximumSteps: Int

    package init(relativeTolerance: Double = 1e-6, absoluteTolerance: Double = 1e-8, maximumSteps: Int = 100_000) {
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
        self.maximumSteps = maximumSteps
    }
}

/// Why one patient's equations could not be solved. It is a result of that patient and stops nobody else.
package enum SolverFailure: Int32, Sendable, Hashable, CaseIterable {
    case stepTooSmall = 1
    case tooManySteps = 2
    case notFinite = 3
    case unusableDose = 4

    /// The name under which results list it.
    package var name: String {
        switch self {
        case .stepTooSmall: "step too small"
        case .tooManySteps: "too many steps"
        case .notFinite: "not finite"
        case .unusableDose: "unusable dose"
        }
    }
}
