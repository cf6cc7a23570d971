import NumericsCore

/// A thread's episodes of a tabular problem: several on their way, a decision of each in turn.
///
/// A successor has to be read before the next one can be asked for, from a table that no near cache holds. Taken alone, an
/// episode waits most of the time; taken in turn, the episodes wait together. Each has its own stream and adds up its
/// own rewards, so that its numbers are those that it has alone.
final class TabularCourses {
    /// One episode, on its way or over.
    struct Course {
        var value = 0.0
        fileprivate var weight = 1.0
        var decisions = 0
        /// The place of the episode in the range.
        fileprivate var index = 0
        var first: Int32 = 0
        var state: Int32 = 0
    }

    /// How many episodes take turns: enough to cover the memory's delay, and few enough for the nearest cache.
    private static let width = 8

    private let environment: TabularEnvironment
    private let policy: StagedPolicy
    private let uniforms: EpisodeUniforms
    /// Those on their way.
    private let running: UnsafeMutablePointer<Course>
    /// The courses that are over, by the place of the episode in the range.
    private let finished: UnsafeMutablePointer<Course>

    /// - Parameter capacity: the most episodes of a range.
    init(_ environment: TabularEnvironment, _ policy: StagedPolicy, seed: UInt64, capacity: Int) {
        self.environment = environment
        self.policy = policy
        uniforms = EpisodeUniforms(key: StreamKey(seed: seed, purpose: .environment), count: Self.width)
        running = .allocate(capacity: Self.width)
        running.initialize(repeating: Course(), count: Self.width)
        finished = .allocate(capacity: max(1, capacity))
        finished.initialize(repeating: Course(), count: max(1, capacity))
    }

    deinit {
        uniforms.deallocate()
        running.deallocate()
        finished.deallocate()
    }

    /// A course of the latest range, by the place of its episode.
    subscript(index: Int) -> Course { finished[index] }

    /// Runs the episodes of a range to their ends.
    func run(_ range: Range<Int>) {
        let (table, endings) = (environment.outcomes.outcomes.view, environment.outcomes.endings)
        let (stages, lastStage) = (policy.stages, policy.count - 1)
        let (horizon, discount) = (environment.problem.horizon ?? .max, environment.problem.discount)
        let actions = environment.outcomes.actions
        let (running, uniforms) = (running, uniforms)
        var (begun, busy) = (0, 0)
        while busy < min(Self.width, range.count) {
            begin(busy, range, index: begun)
            begun += 1
            busy += 1
        }
        while busy > 0 {
            var slot = 0
            while slot < busy {
                let state = Int(running[slot].state)
                let decision = running[slot].decisions
                guard decision < horizon, endings[state] < 0 else {
                    finished[running[slot].index] = running[slot]
                    if begun < range.count {
                        begin(slot, range, index: begun)
                        begun += 1
                    } else {
                        busy -= 1
                        running[slot] = running[busy]
                        uniforms.move(busy, to: slot)
                    }
                    continue
                }
                let stage = stages[min(decision, lastStage)]
                var action = Int(stage.actions[state])
                if action < 0 { action = stage.draw(action, of: actions, in: state, uniforms.next(slot)) }
                let row = state &* actions &+ action
                let (successor, reward) = table.payingOutcome(inRow: row, uniforms.next(slot))
                running[slot].value += running[slot].weight * reward
                running[slot].weight *= discount
                running[slot].state = Int32(truncatingIfNeeded: successor)
                running[slot].decisions = decision &+ 1
                slot += 1
            }
        }
    }

    /// Starts the episode at a place of a range.
    private func begin(_ slot: Int, _ range: Range<Int>, index: Int) {
        uniforms.begin(slot, episode: range.lowerBound + index)
        let state = Int32(truncatingIfNeeded: environment.start.view.outcome(inRow: 0, uniforms.next(slot)))
        var course = Course()
        (course.index, course.first, course.state) = (index, state, state)
        running[slot] = course
    }
}
