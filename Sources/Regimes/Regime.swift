import NumericsCore

/// A rule that chooses treatment from history. An arm of a trial is a regime with a name.
///
/// A fixed protocol, a dosing algorithm and a learned policy are all regimes. A regime is a value that many workers
/// share; what it needs while it decides lives in the ``RegimeWorker`` that it makes for each.
package protocol Regime: Sendable {
    func makeWorker() -> any RegimeWorker
}

/// A regime at work on one block of sixteen patients. It holds scratch memory and no memory of patients.
package protocol RegimeWorker: AnyObject {
    /// Sets the actions of the patients in `deciding`, from what their decision variables say.
    func decide(_ point: DecisionPoint, _ history: DecisionLanes, deciding: LaneMask)
}

/// Where in the trial, and for whom, a decision is made.
package struct DecisionPoint: Sendable {
    /// The number of the visit, from 0.
    package var visit: Int
    package var seed: UInt64
    package var replicate: UInt32
    /// The patients in the lanes.
    package var patients: [UInt32]

    package init(visit: Int, seed: UInt64, replicate: UInt32, patients: [UInt32]) {
        self.visit = visit
        self.seed = seed
        self.replicate = replicate
        self.patients = patients
    }
}
