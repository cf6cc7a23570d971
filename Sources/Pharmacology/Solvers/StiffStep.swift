import NumericsCore

/// One trial step of a method for stiff equations on sixteen lanes, for all states.
protocol StiffStep: AnyObject {
    /// The order by which the step's error governs the next one.
    var order: Int { get }
    /// A bound on the fastest rate at the start of the latest step.
    var fastest: Lane { get }

    /// The whole step. The new state is in `yNew`.
    ///
    /// - Parameters:
    ///   - moving: the lanes that take part.
    ///   - fresh: those that start anew, from a state or equations that the step before did not lead to.
    ///   - first: the time of the first evaluation: just behind `time` where the equations switch there.
    ///   - latest: the time that no evaluation may pass.
    func attempt(_ moving: LaneMask, fresh: LaneMask, from time: Lane, first: Lane, by step: Lane, latest: Lane)
    /// The error of the step as a multiple of what the tolerances allow: root mean square over the states.
    func errorNorm(_ options: SolverOptions) -> Lane
    /// Takes the step in the lanes of `mask`.
    func commit(_ mask: LaneMask)
    /// Prepares what stands below. Must stand before ``commit(_:)``.
    func prepareDense()
    /// Leaves the step behind in a history, for equations that look back. Must stand before ``commit(_:)``.
    func keep(_ mask: LaneMask, from time: Lane, by step: Lane, in history: LaneHistory)
    /// The states at `fraction` (0…1) of the step, into `target[state]`.
    func interpolate(at fraction: Lane, into target: LanePointer)
    /// One state of one lane at `fraction` of the step: what root finding on the path evaluates.
    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double
}
