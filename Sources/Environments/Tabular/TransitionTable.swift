/// The possible outcomes of every (state, action): successors, probabilities and rewards, row after row.
///
/// Row `state · actions + action` is the range `rowStart[row]..<rowStart[row + 1]` of the three columns.
public struct TransitionTable: Sendable {
    let actions: Int
    let rowStart: [Int32]
    let successors: [Int32]
    let probabilities: [Double]
    let rewards: [Double]
    /// The expected reward of each row.
    let expectedRewards: [Double]
    /// Whether an action may be taken in a state, row by row.
    let isAdmissible: [Bool]

    /// One possible outcome.
    public struct Outcome: Sendable, Hashable {
        /// The successor's number.
        public var state: Int
        /// In 0...1.
        public var probability: Double
        /// What arriving there by this action pays.
        public var reward: Double

        /// An outcome; without a reward it pays nothing.
        public init(state: Int, probability: Double, reward: Double = 0) {
            self.state = state
            self.probability = probability
            self.reward = reward
        }
    }

    /// The outcomes of each (state, action), asked for in the order of the rows.
    public init(
        states: Int, actions: Int, isAdmissible: [Bool]? = nil, _ outcomes: (_ state: Int, _ action: Int) -> [Outcome]
    ) {
        var rowStart: [Int32] = [0]
        var (successors, probabilities, rewards) = ([Int32](), [Double](), [Double]())
        var expected: [Double] = []
        for state in 0..<states {
            for action in 0..<actions {
                var mean = 0.0
                for outcome in outcomes(state, action) where outcome.probability != 0 {
                    successors.append(Int32(outcome.state))
                    probabilities.append(outcome.probability)
                    rewards.append(outcome.reward)
                    mean += outcome.probability * outcome.reward
                }
                rowStart.append(Int32(successors.count))
                expected.append(mean)
            }
        }
        self.actions = actions
        self.rowStart = rowStart
        self.successors = successors
        self.probabilities = probabilities
        self.rewards = rewards
        expectedRewards = expected
        self.isAdmissible = isAdmissible ?? [Bool](repeating: true, count: states * actions)
    }

    /// The places of the outcomes of a row.
    func row(_ state: Int, _ action: Int) -> Range<Int> {
        let row = state * actions + action
        return Int(rowStart[row])..<Int(rowStart[row + 1])
    }

    /// Σ P(s′ | s, a) · value(s′), in the order of the row.
    func mean(_ value: [Double], _ state: Int, _ action: Int) -> Double {
        var sum = 0.0
        for place in row(state, action) { sum += probabilities[place] * value[Int(successors[place])] }
        return sum
    }

    /// What is wrong with the rows of states that go on. Published tables round to single precision, hence the tolerance.
    func problems(states: [String], actions: [String], ends: [String?]) -> [String] {
        guard isAdmissible.count == states.count * actions.count, rowStart.count == isAdmissible.count + 1 else {
            return ["\(rowStart.count - 1) rows for \(states.count) states and \(actions.count) actions"]
        }
        var found: [String] = []
        for state in states.indices where ends[state] == nil {
            for action in actions.indices {
                let row = row(state, action)
                let sum = probabilities[row].reduce(0, +)
                let fits =
                    abs(sum - 1) < 1e-6
                    && row.allSatisfy {
                        probabilities[$0] >= 0 && states.indices.contains(Int(successors[$0])) && rewards[$0].isFinite
                    }
                if !fits {
                    found.append(
                        "state \(states[state]), action \(actions[action]): probabilities sum to \(sum), not to 1")
                }
            }
        }
        return found
    }
}
