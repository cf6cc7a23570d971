import Cohorts
import Environments
import ModelLanguage
import NumericsCore
import Pharmacology
import Regimes
import Scenarios

/// An environment's document compiled: everything that its episodes run.
struct EnvironmentProgram: Sendable {
    let document: EnvironmentDocument
    let board: Board
    let patients: PatientSource
    let groupings: [Grouping]
    /// Values: the group of each grouping.
    let grouping: BoardProgram?
    let derive: BoardProgram?
    let blocks: [EnvironmentDocument.Moment: BoardProgram]
    let response: Response?
    /// Values: what is observed, then what is hidden.
    let observe: BoardProgram
    let isMissable: [Bool]
    /// Value: whether the action is allowed.
    let allowed: BoardProgram?
    /// Values: conditions and hazards, in the order of the ends.
    let ends: BoardProgram?
    let reward: BoardProgram
    let measures: BoardProgram?
    let rules: [(name: String, rule: WrittenRule)]
    let actions: ActionSpace
    /// The places of the action's components.
    let actionPlaces: [Int]
    let endPlaces: [Int]
    /// Places to keep as they are when a decision is made: from, to.
    let kept: [(from: Int, to: Int)]
    /// The places that statements assign: nothing is known of them when an episode begins.
    let cleared: [Int]
    let decisionPlace: Int
    let partPlace: Int

    /// The model that answers an action, and how the board's values become its inputs.
    struct Response: Sendable {
        let model: SimulationModel
        let options: SolverOptions
        /// Time between two decisions, in the model's unit.
        let every: Double
        /// Inputs with one value for all.
        let constants: [(slot: Int, value: Double)]
        /// Inputs from the board when an episode begins.
        let fixed: [(slot: Int, place: Int)]
        /// Values: inputs that are computed when an episode begins.
        let set: BoardProgram?
        let setSlots: [Int]
        /// Inputs from the board before each part of the response; the value at the beginning.
        let driven: [(slot: Int, place: Int, initial: Double)]
        /// Places of reported outputs.
        let reported: [Int]
        /// States that statements assign.
        let assigned: [(state: Int, place: Int)]
        /// Values: the amounts of doses.
        let doses: BoardProgram?
        let doseRecords: [DosingRecord]
    }
}
