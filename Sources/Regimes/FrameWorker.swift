import NumericsCore

/// A learning frame at work on sixteen patients: what the base regime proposes and a policy sees, and what its action becomes.
///
/// Between the two somebody chooses: a policy, or whoever plays the trial as an environment.
package final class FrameWorker {
    private let frame: LearningFrame
    private let base: any RegimeWorker
    private let features: BoundProgram
    private let apply: BoundProgram

    package init(_ frame: LearningFrame) {
        self.frame = frame
        base = frame.base.makeWorker()
        features = BoundProgram(frame.features, frame.variables)
        apply = BoundProgram(frame.apply, frame.variables)
    }

    /// Lets the base regime propose, and computes the features.
    package func propose(_ point: DecisionPoint, _ history: DecisionLanes, deciding: LaneMask) {
        base.decide(point, history, deciding: deciding)
        for action in frame.variables.actions {
            var proposal = history[LearningFrame.proposal(action)]
            proposal.replace(with: history[action], where: deciding)
            history[LearningFrame.proposal(action)] = proposal
        }
        features.run(history, deciding: LaneMask(repeating: false))
    }

    /// A feature of all sixteen patients, as ``propose(_:_:deciding:)`` left it.
    package func feature(_ index: Int) -> Lane { features.value(ofOutput: index) }

    /// Turns proposals and chosen actions into the treatment of the patients in `deciding`.
    package func take(_ chosen: Lane, _ history: DecisionLanes, deciding: LaneMask) {
        var actions = history[LearningFrame.action]
        actions.replace(with: chosen, where: deciding)
        history[LearningFrame.action] = actions
        apply.run(history, deciding: deciding)
    }
}
