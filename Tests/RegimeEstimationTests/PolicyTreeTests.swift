import Evaluation
import NumericsCore
import Testing

@testable import RegimeEstimation

@Suite struct PolicyTreeTests {
    /// Random scores on few distinct values: the tree of the sweep is as good as the best of all trees, tried one by one.
    @Test(arguments: 1...12) func bruteForce(seed: Int) {
        var stream = RandomStream(seed: UInt64(seed), purpose: .analysis, replicate: 0, patient: 0)
        let (n, p, actions) = (24, 3, 2 + seed % 2)
        let design = Design(
            names: (0..<p).map { "x\($0)" }, rowCount: n,
            values: (0..<n * p).map { _ in Double(stream.nextInteger(below: 6)) })
        let scores = (0..<n * actions).map { _ in stream.nextNormal() }
        let columns = TreeColumns(design)
        let found = DepthTwoSearch.best(columns, scores, actions: actions)
        let best = Self.best(columns, scores, actions, Array(0..<n), depth: 2)
        #expect(abs(found.value - best) < 1e-10, "seed \(seed)")
        // The value is that of the tree's own actions.
        let own = (0..<n).reduce(0) { $0 + scores[$1 * actions + found.tree.action($1, columns)] }
        #expect(abs(own - found.value) < 1e-10, "seed \(seed)")
        let one = DepthOneSearch.best(columns, scores, actions: actions, isMember: [Bool](repeating: true, count: n))
        #expect(abs(one.value - Self.best(columns, scores, actions, Array(0..<n), depth: 1)) < 1e-10)
    }

    private static func best(_ columns: TreeColumns, _ scores: [Double], _ actions: Int, _ rows: [Int], depth: Int)
        -> Double
    {
        let constants = (0..<actions).map { action in rows.reduce(0) { $0 + scores[$1 * actions + action] } }
        var best = constants.max() ?? 0
        guard depth > 0 else { return best }
        for column in columns.names.indices {
            for value in columns.distinct[column] {
                let low = rows.filter { columns.values[column][$0] <= value }
                let high = rows.filter { columns.values[column][$0] > value }
                best = max(
                    best,
                    Self.best(columns, scores, actions, low, depth: depth - 1)
                        + Self.best(columns, scores, actions, high, depth: depth - 1))
            }
        }
        return best
    }

    /// Effects that a tree of two levels describes without error are found: x0 > 0 and then x1 > 0.5.
    @Test func knownTree() throws {
        var stream = RandomStream(seed: 9, purpose: .analysis, replicate: 0, patient: 0)
        let n = 3000
        let x = (0..<n).map { _ in stream.nextNormal() }
        let z = (0..<n).map { _ in stream.nextUniform() }
        let a = (0..<n).map { _ in stream.nextBernoulli(probability: 0.5) ? 1.0 : 0 }
        let y = (0..<n).map { i in
            x[i] + a[i] * (x[i] > 0 ? (z[i] > 0.5 ? 2.0 : -2) : -2) + 0.5 * stream.nextNormal()
        }
        let table = try References.table([("x", x), ("z", z), ("a", a), ("y", y)])
        var request = RegimeRequest(stages: [try References.stage("only", "a", blip: "~ x + z")])
        request.outcome = try RowExpression("y")
        request.method = .tree
        let estimate = try References.estimate(request, table)
        guard case .split(let column, let threshold, let low, let high) = estimate.stages[0].tree,
            case .split(let second, let other, let a0, let a1) = high
        else {
            Issue.record("\(estimate.stages[0].rule)")
            return
        }
        #expect(column == "x" && abs(threshold) < 0.02)
        #expect(second == "z" && abs(other - 0.5) < 0.01)
        #expect(a0 == .leaf(action: "0") && a1 == .leaf(action: "1"))
        // Below 0 nobody gains; a question there can only part a few people by chance.
        #expect(abs((estimate.stages[0].recommended["1"] ?? 0) - 0.25) < 0.04, "\(low)")
        // E[y] under it: a quarter of the people gain 2. Within four standard errors.
        let (value, se) = (try #require(estimate.value.estimate), try #require(estimate.value.se))
        #expect(abs(value - 0.5) < 4 * se)
    }

    /// The worst group's mean is at least that of the tree for the mean, and both are what the leaves give.
    @Test func worstGroup() {
        var stream = RandomStream(seed: 3, purpose: .analysis, replicate: 0, patient: 0)
        let n = 60
        let design = Design(names: ["u", "v"], rowCount: n, values: (0..<2 * n).map { _ in stream.nextUniform() })
        let scores = (0..<2 * n).map { _ in stream.nextNormal() }
        let groups = (0..<n).map { $0 % 3 }
        let columns = TreeColumns(design)
        func worst(_ tree: FoundTree) -> Double {
            (0..<3).map { group in
                let rows = (0..<n).filter { groups[$0] == group }
                return rows.reduce(0) { $0 + scores[$1 * 2 + tree.action($1, columns)] } / Double(rows.count)
            }.min() ?? 0
        }
        let found = WorstGroupTree.best(columns, scores, actions: 2, groups: groups, groupCount: 3)
        #expect(abs(worst(found.tree) - found.value) < 1e-12)
        for column in 0..<2 {
            for threshold in columns.distinct[column] {
                for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let tree = FoundTree.split(column: column, threshold: threshold, low: .leaf(a), high: .leaf(b))
                    #expect(worst(tree) <= found.value + 1e-12)
                }
            }
        }
    }

    @Test func regressionTree() {
        // A step is found where it is, and the leaves hold the means.
        let x = (0..<40).map { Double($0) }
        let y = x.map { $0 < 13 ? 1.0 : 4 }
        let tree = RegressionTree(x, width: 1, y, [Double](repeating: 1, count: 40), depth: 2, leaf: 1)
        #expect(tree.value([12]) == 1 && tree.value([12.4]) == 1 && tree.value([12.6]) == 4)
    }
}
