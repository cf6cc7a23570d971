import NumericsCore
import Testing

@testable import Regimes

/// Backed by the weights themselves at the first and the last of ten decisions: environments ask a policy that says it does not
/// change with time at one decision alone.
@Suite struct PolicyTimeTests {
    private let still = PolicyFrame(
        inputs: PolicyInputs(names: ["weight"], means: [70], deviations: [10]), levels: PolicyFileTests.doses.names)
    private var timed: PolicyFrame {
        var frame = still
        frame.inputs.time = 10
        return frame
    }

    private func numbers(_ rows: [[Double]]) -> [NumberList] { rows.map { NumberList($0) } }

    /// A tree that pays up to a dose of 6 as much as `low`, and above as much as `high`.
    private func forest(_ low: Double, _ high: Double) -> RegressionForest {
        RegressionForest(roots: [0], variable: [1, -1, -1], threshold: [6, low, high], left: [1, 0, 0])
    }

    private func table(_ stages: [Double]) -> TablePolicy {
        var table = TablePolicy(frame: still, cuts: [[70]], stages: stages)
        let (early, late): ([Double], [Double]) = ([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 1, 1, 0, 0, 0, 1, 0])
        table.values = NumberList(stages.isEmpty ? early : early + late)
        table.visits = NumberList([Double](repeating: 1, count: table.values.count))
        return table
    }

    private func bandit(_ frame: PolicyFrame, _ means: [[Double]]) -> LinearBanditPolicy {
        let unit = [Double](repeating: 0, count: means[0].count * means[0].count)
        return LinearBanditPolicy(
            frame: frame, terms: .linear, means: numbers(means), covariances: numbers(means.map { _ in unit }),
            deviation: 1)
    }

    private func network(_ frame: PolicyFrame, _ weights: [Double]) -> NetworkPolicy {
        let layer = NetworkPolicy.Layer(
            inputs: frame.inputs.count, outputs: 3, weights: weights, biases: [0.5, -0.5, -10])
        return NetworkPolicy(frame: frame, layers: [layer])
    }

    /// Every kind that does not change, and every way in which one can.
    private var policies: [(name: String, changes: Bool, policy: any FrozenPolicy)] {
        let byWeight = [[0.0, 1], [0.1, 0], [0, -1]]
        let byTime = [[0.5, 0.0, -1], [-0.5, 0, 1], [-10, 0, 0]]
        let other = [[0.0, -1], [0.1, 0], [0, 1]]
        return [
            ("tree", false, PolicyFileTests.tree),
            ("linear", false, LinearQPolicy(frame: still, terms: .linear, weights: [numbers(byWeight)])),
            (
                "linear, two stages", true,
                LinearQPolicy(frame: still, terms: .linear, weights: [numbers(byWeight), numbers(other)])
            ),
            ("linear, time", true, LinearQPolicy(frame: timed, terms: .linear, weights: [numbers(byTime)])),
            ("forest", false, ForestQPolicy(frame: still, stages: [forest(0, 1)])),
            ("forest, two stages", true, ForestQPolicy(frame: still, stages: [forest(0, 1), forest(1, 0)])),
            ("network", false, network(still, [0, 1, -1])),
            ("network, time", true, network(timed, [0, -1, 0, 1, 0, 0])),
            ("bandit", false, bandit(still, byWeight)),
            ("bandit, time", true, bandit(timed, byTime)),
            ("table", false, table([])),
            ("table, stages", true, table([5])),
            ("constant", false, ConstantPolicy(PolicyFileTests.doses.levels[1].values)),
            ("points", false, CardRenderingTests.points),
            (
                "dose table", false,
                DoseTablePolicy(
                    rows: Bands(variable: "weight", cuts: [70]), columns: nil,
                    cells: [
                        [PolicyFileTests.doses.levels[0].values], [PolicyFileTests.doses.levels[2].values], [nil],
                    ], otherwise: PolicyFileTests.doses.levels[1].values)
            ),
        ]
    }

    private func weights(_ policy: any Policy, decision: Double) throws -> [Lane] {
        let worker = try policy.makeWorker(observing: ["weight", "count"], choosing: PolicyFileTests.doses)
        let lanes = LanePointer.allocate(capacity: 8)
        defer { lanes.deallocate() }
        lanes.initialize(repeating: Lane(repeating: 1), count: 8)
        for lane in 0..<laneCount { lanes[0][lane] = 54 + 2 * Double(lane) }
        worker.weigh(
            PolicyPoint(
                decision: Lane(repeating: decision), observation: lanes, allowed: lanes + 2,
                uniform: Lane(repeating: 0.5)), into: lanes + 5)
        return (5..<8).map { lanes[$0] }
    }

    @Test("A policy chooses otherwise later where it says that it may, and nowhere else")
    func changes() throws {
        let kinds = Set(policies.map { type(of: $0.policy).kind })
        #expect(kinds == Set(PolicyKinds.all.map { $0.kind }))
        for (name, changes, policy) in policies {
            #expect(policy.changesWithTime == changes, "\(name)")
            #expect(try (weights(policy, decision: 0) != weights(policy, decision: 9)) == changes, "\(name)")
        }
    }
}
