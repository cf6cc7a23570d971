import NumericsCore

/// Episodes of a tabular problem under a policy, as fast as its tables can be read.
///
/// Each episode has a stream of its own: the starting state, then for each decision the action where the policy leaves a
/// choice, and the successor. Rows of tables are drawn from in constant time.
struct TabularEpisodes: Sendable {
    private let environment: TabularEnvironment
    private let policy: StagedPolicy
    private let seed: UInt64

    /// Episodes in a block: what one thread simulates at a time, and what is summed before blocks are joined.
    static let blockSize = 1024

    /// - Parameter environment: one with a horizon, or one in which every policy ends.
    init(_ environment: TabularEnvironment, _ policy: TabularPolicy, seed: UInt64) {
        self.environment = environment
        self.policy = StagedPolicy(policy)
        self.seed = seed
    }

    /// Simulates episodes 0..<count on a number of threads; the totals do not depend on it.
    func run(_ count: Int, threads: Int, stop: StopSignal = StopSignal()) throws -> EpisodeTotals {
        let facts = environment.facts
        let blocks = (count + Self.blockSize - 1) / Self.blockSize
        var parts = [EpisodeTotals](repeating: EpisodeTotals(facts), count: blocks)
        try parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            try ParallelBlocks.run(count: blocks, threads: threads, stop: stop) {
                TabularCourses(environment, policy, seed: seed, capacity: Self.blockSize)
            } run: { courses, block in
                let first = block * Self.blockSize
                let range = first..<min(count, first + Self.blockSize)
                courses.run(range)
                add(courses, range.count, to: &parts[block])
            }
        }
        return parts.reduce(into: EpisodeTotals(facts)) { $0.join($1) }
    }

    /// Adds the courses of a block in the order of their episodes.
    private func add(_ courses: TabularCourses, _ count: Int, to totals: inout EpisodeTotals) {
        let groups = environment.groups
        for index in 0..<count {
            let course = courses[index]
            let end = environment.endings[Int(course.state)]
            totals.add(
                course.value, steps: course.decisions, ending: end < 0 ? .truncated : .event(Int(end)),
                group: { groups[$0][Int(course.first)] }, measure: { _ in .nan })
        }
    }
}
