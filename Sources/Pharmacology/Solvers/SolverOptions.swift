/// How exactly, and with how much patience, the equations are solved.
package struct SolverOptions: Sendable, Hashable {
    /// Which method solves the equations. Every one gives the same numbers within its tolerance.
    package enum Method: String, Sendable, Hashable, CaseIterable {
        /// Chosen from the equations: exactly where they are linear, by collocation where states drive each other without
        /// feedback, else an explicit pair that hands over to the Radau method (where derivatives bend, as with `max(g, 0)`,
        /// to the Rosenbrock method) while a patient's equations are stiff.
        case automatic
        /// The explicit pair of order 5 for all states.
        case explicit5
        /// The explicit pair of order 8 for all states.
        case explicit8
        /// The Rosenbrock method of order 5 for all states.
        case rosenbrock
        /// The Radau IIA method of order 7 for all states. It may miss where in a step derivatives bend by a thousandth of
        /// what happens within the step.
        case radau

        /// Whether every step is one for stiff equations.
        var isStiff: Bool { self == .rosenbrock || self == .radau }
    }

    /// Whether a sample at the time of a dose sees the state before or after it.
    package enum Observation: String, Sendable, Hashable, CaseIterable {
        case before, after
    }

    /// What becomes of the doses that earlier records still have to give (ADDL) where a record resets the patient (EVID 3
    /// and 4) or puts it into a steady state (SS 1).
    package enum PendingDoses: String, Sendable, Hashable, CaseIterable {
        /// They are cancelled, as in NONMEM (Users Guide VIII, data items EVID and SS).
        case cancelled
        /// They are given, as in rxode2, which writes them out as records of their own before it solves.
        case kept
    }

    package var method: Method
    /// The relative error that the main course of a solution may have. Each method's steps are held to a share of it that
    /// workloads of the field showed to be enough.
    package var relativeTolerance: Double
    /// An absolute error that is allowed besides, in the state's unit. Nil: a fixed share of the largest amount that the
    /// state has held, so that results do not depend on the unit.
    package var absoluteTolerance: Double?
    /// The most steps that one patient may take between two stops: doses, ends of infusions, changes of inputs, switches of
    /// the equations in time, and the end of an advance.
    package var maximumSteps: Int
    package var observation: Observation
    package var pendingDoses: PendingDoses

    package init(
        method: Method = .automatic, relativeTolerance: Double = 1e-7, absoluteTolerance: Double? = nil,
        maximumSteps: Int = 100_000, observation: Observation = .after,
        pendingDoses: PendingDoses = .cancelled
    ) {
        self.method = method
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
        self.maximumSteps = maximumSteps
        self.observation = observation
        self.pendingDoses = pendingDoses
    }

    /// The share of a state's largest amount, times the relative tolerance, below which its error does not count.
    static let negligible = 1e-6
    /// The same for the largest amount of any state.
    static let vanishing = 1e-12
}

/// Why one patient's equations could not be solved. It is a result of that patient and stops nobody else.
package enum SolverFailure: Int32, Sendable, Hashable, CaseIterable {
    case stepTooSmall = 1
    case tooManySteps = 2
    case notFinite = 3
    case unusableDose = 4
    case noSteadyState = 5

    /// The name under which results list it.
    package var name: String {
        switch self {
        case .stepTooSmall: "step too small"
        case .tooManySteps: "too many steps"
        case .notFinite: "not finite"
        case .unusableDose: "unusable dose"
        case .noSteadyState: "no steady state"
        }
    }
}
