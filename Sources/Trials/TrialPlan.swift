import Cohorts
import ModelLanguage
import Pharmacology
import Regimes

/// Everything that decides what happens to a patient in a trial, checked and compiled.
package struct TrialPlan: Sendable {
    package var seed: UInt64
    package var model: SimulationModel
    package var solver: SolverOptions
    /// How many units of the model's time make a day.
    package var modelTimePerDay: Double
    package var visits: VisitSchedule
    /// The days between two points of a patient's recorded path.
    package var trackInterval: Double
    package var measurements: [Measurement]
    package var treatment: Treatment
    package var dropoutPerDay: Double
    /// Where each input of the model comes from, in the order of its inputs.
    package var inputs: [InputSource]
    /// One for each event of the model.
    package var events: [TrialEvent]
    package var endpoints: [Endpoint]
    package var arms: [Arm]
    package var variables: DecisionVariables
    /// For each column among the decision variables, its place in the cohort.
    package var decisionColumns: [Int]
    /// What a learner's rewards call in range, where a regime is learned.
    package var learningRange: (track: Int, low: Double, high: Double)?

    package init(
        seed: UInt64, model: SimulationModel, solver: SolverOptions, modelTimePerDay: Double, visits: VisitSchedule,
        trackInterval: Double, measurements: [Measurement], treatment: Treatment, dropoutPerDay: Double,
        inputs: [InputSource], events: [TrialEvent], endpoints: [Endpoint], arms: [Arm], variables: DecisionVariables,
        decisionColumns: [Int], learningRange: (track: Int, low: Double, high: Double)?
    ) {
        self.seed = seed
        self.model = model
        self.solver = solver
        self.modelTimePerDay = modelTimePerDay
        self.visits = visits
        self.trackInterval = trackInterval
        self.measurements = measurements
        self.treatment = treatment
        self.dropoutPerDay = dropoutPerDay
        self.inputs = inputs
        self.events = events
        self.endpoints = endpoints
        self.arms = arms
        self.variables = variables
        self.decisionColumns = decisionColumns
        self.learningRange = learningRange
    }
}

/// An arm of the trial: a regime with a name.
package struct Arm: Sendable {
    package var name: String
    package var regime: any Regime
    /// When its doses are given; nil where the trial's treatment says.
    package var schedule: DosingSchedule?
    /// What stands between its recommendations and the doses; nil where every recommendation is carried out at once.
    package var clinic: Clinic?

    package init(name: String, regime: any Regime, schedule: DosingSchedule? = nil, clinic: Clinic? = nil) {
        self.name = name
        self.regime = regime
        self.schedule = schedule
        self.clinic = clinic
    }
}

/// A quantity measured at visits: an endpoint of the model, with its residual error.
package struct Measurement: Sendable, Hashable {
    package var name: String
    /// The number of the model's endpoint.
    package var endpoint: Int
    /// The number of the same variable among the recorded outputs.
    package var track: Int

    package init(name: String, endpoint: Int, track: Int) {
        self.name = name
        self.endpoint = endpoint
        self.track = track
    }
}

/// How a regime's action becomes doses: so much into a compartment, every so many days, some of them missed.
package struct Treatment: Sendable, Hashable {
    /// The action that holds the amount of one dose.
    package var action: String
    package var compartment: Int
    /// Days between two doses.
    package var interval: Double
    /// The largest amount that is ever given at once.
    package var maximum: Double
    /// The action that says for how many days after a visit no dose is given, where there is one.
    package var hold: String?
    /// The probability that a dose is missed: the same for all, or a column of the cohort.
    package var missed: MissedDoses

    package enum MissedDoses: Sendable, Hashable {
        case probability(Double)
        case column(Int)
    }

    package init(
        action: String, compartment: Int, interval: Double, maximum: Double, hold: String? = nil, missed: MissedDoses
    ) {
        self.action = action
        self.compartment = compartment
        self.interval = interval
        self.maximum = maximum
        self.hold = hold
        self.missed = missed
    }
}

/// Where an input of the model comes from.
package enum InputSource: Sendable, Hashable {
    case constant(Double)
    /// A column of the cohort.
    case column(Int)
    /// A random effect: its place among all etas of the model.
    case eta(Int)
}

/// An event that ends something: its hazard is in the model.
package struct TrialEvent: Sendable, Hashable {
    package enum Consequence: String, Sendable, Hashable, CaseIterable {
        /// The patient leaves the trial.
        case followUp = "follow-up"
        /// Treatment stops at the next visit; follow-up goes on.
        case treatment
        case nothing
    }

    package var name: String
    package var stops: Consequence

    package init(name: String, stops: Consequence) {
        self.name = name
        self.stops = stops
    }
}
