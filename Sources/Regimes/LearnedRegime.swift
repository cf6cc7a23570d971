import ModelLanguage
import NumericsCore

/// The frame in which a regime is learned: whose proposals it adjusts, by which actions, seeing what.
///
/// At each visit the base regime proposes; the learned policy then picks one `action` for the present features, and
/// `apply` turns proposal and action into the treatment. Caps and rounding written in `apply` hold in training and in
/// use alike.
package struct LearningFrame: Sendable {
    package let base: any Regime
    /// The features that a policy sees, computed from the decision variables.
    package let features: RowProgram
    /// Assigns the actions of the trial from the decision variables, with `action` set.
    package let apply: RowProgram
    /// The values that `action` may take.
    package let actions: [Double]
    /// The value of `action` that leaves the base regime's proposal as it is.
    package let neutral: Double
    package let variables: DecisionVariables
    let actionSlot: Int

    /// Memory variables that every learned regime keeps: the action chosen last, and the base's proposal.
    package static let action = "action"
    package static func proposal(_ action: String) -> String { "\(action)_proposed" }

    package static func memory(for actions: [String]) -> [String] { [action] + actions.map { proposal($0) } }

    /// - Parameters:
    ///   - variables: with ``memory(for:)`` in their memory.
    /// - Throws: ``SourceErrors`` where `features` or `apply` reads what a regime cannot see.
    package init(
        base: any Regime, features: SourceText, apply: SourceText, actions: [Double], neutral: Double,
        variables: DecisionVariables
    ) throws(SourceErrors) {
        guard let slot = variables.slot(Self.action),
            Self.memory(for: variables.actions).allSatisfy(variables.isWritable)
        else { preconditionFailure("A learning frame keeps its action and the proposals in the regimes' memory.") }
        actionSlot = slot
        self.base = base
        self.features = try RowProgram(features, inputs: variables.symbols)
        self.apply = try RowProgram(apply, inputs: variables.symbols)
        self.actions = actions
        self.neutral = neutral
        self.variables = variables
    }

    package var featureNames: [String] { features.outputs.map(\.name) }

    /// The decision variables that the features, and what is learned from them, read in a log.
    var variablesRead: Set<String> {
        let proposals = variables.actions.filter(features.used.contains).map { Self.proposal($0) }
        return features.used.union(proposals).union([Self.action])
    }

    /// The features of a log's patients at a visit, `[feature][patient]`, as a policy sees them: when the base regime has
    /// proposed and nothing is chosen yet. The log was written after the choice.
    func featuresSeen(_ log: DecisionLog, visit: Int) -> [[Double]] {
        var seen = log.snapshots[visit]
        for action in variables.actions {
            guard let slot = variables.slot(action), let proposed = variables.slot(Self.proposal(action)) else {
                continue
            }
            seen[slot] = log.snapshots[visit][proposed]
        }
        let none = [Double](repeating: .nan, count: log.patients)
        seen[actionSlot] = visit > 0 ? log.snapshots[visit - 1][actionSlot] : none
        return features.evaluate(seen, count: log.patients)
    }
}

/// How an action is chosen within a learning frame.
package enum ActionChoice: Sendable {
    /// With probability `rate` a random action, else what the policy says (the neutral action where there is none).
    case explore(rate: Double, following: QPolicy?)
    /// The policy's best action.
    case follow(QPolicy)
    /// What a frozen policy says.
    case frozen(FrozenChoice)
}

/// A learned policy: for each visit, the weights of its value function.
package struct QPolicy: Sendable {
    package let basis: PolicyBasis
    package let actions: [Double]
    /// One set of weights for each visit.
    package let weights: [[Double]]

    package init(basis: PolicyBasis, actions: [Double], weights: [[Double]]) {
        self.basis = basis
        self.actions = actions
        self.weights = weights
    }

    /// The best action at a visit, and its value; the first of equals.
    package func best(visit: Int, features: [Double], _ terms: inout [Double]) -> (action: Double, value: Double) {
        let stage = weights[min(visit, weights.count - 1)]
        var best = (action: actions[0], value: -Double.infinity)
        for action in actions {
            let value = basis.value(stage, &terms, features: features, action: action)
            if value > best.value { best = (action, value) }
        }
        return best
    }
}

/// A regime that adjusts another's proposals by a learned (or, while learning, an exploring) policy.
package struct LearnedRegime: Regime {
    package let frame: LearningFrame
    package let choice: ActionChoice

    package init(frame: LearningFrame, choice: ActionChoice) {
        self.frame = frame
        self.choice = choice
    }

    package func makeWorker() -> any RegimeWorker { LearnedWorker(self) }
}

private final class LearnedWorker: RegimeWorker {
    private let frame: LearningFrame
    private let worker: FrameWorker
    private let choice: ActionChoice
    private var values: [Double]
    private var terms: [Double]
    private let frozen: FrozenWorker?

    init(_ regime: LearnedRegime) {
        frame = regime.frame
        worker = FrameWorker(frame)
        choice = regime.choice
        values = Array(repeating: 0, count: frame.features.outputs.count)
        let basis = PolicyBasis(shape: .quadratic, means: values, deviations: values)
        terms = Array(repeating: 0, count: basis.count)
        if case .frozen(let choice) = choice { frozen = choice.makeWorker() } else { frozen = nil }
    }

    func decide(_ point: DecisionPoint, _ history: DecisionLanes, deciding: LaneMask) {
        worker.propose(point, history, deciding: deciding)
        var chosen = history[LearningFrame.action]
        if let frozen {
            chosen.replace(with: frozen.decide(point, worker, deciding: deciding), where: deciding)
        } else {
            for lane in LaneSet(deciding) { chosen[lane] = action(point, lane: lane) }
        }
        worker.take(chosen, history, deciding: deciding)
    }

    private func action(_ point: DecisionPoint, lane: Int) -> Double {
        for feature in values.indices { values[feature] = worker.feature(feature)[lane] }
        switch choice {
        case .follow(let policy): return policy.best(visit: point.visit, features: values, &terms).action
        case .frozen: return frame.neutral
        case .explore(let rate, let policy):
            let stream = RandomStream(
                seed: point.seed, purpose: .exploration, replicate: point.replicate, patient: point.patients[lane])
            let draw = UInt64(2 * point.visit)
            if stream.uniform(at: draw) < rate {
                let index = Int(stream.uniform(at: draw + 1) * Double(frame.actions.count))
                return frame.actions[min(index, frame.actions.count - 1)]
            }
            return policy?.best(visit: point.visit, features: values, &terms).action ?? frame.neutral
        }
    }
}
