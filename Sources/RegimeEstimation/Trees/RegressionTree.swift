/// A regression tree by least squares: at each node the question that lowers the weighted sum of squares most.
///
/// Source: Breiman, Friedman, Olshen and Stone 1984, chapter 8. Grown to a depth; no pruning.
struct RegressionTree: Sendable {
    private struct Node: Sendable {
        var column = -1
        var threshold = 0.0
        var low = -1
        var high = -1
        var mean = 0.0
    }

    private var nodes: [Node] = []

    /// - Parameters:
    ///   - x: row-major n × width.
    ///   - leaf: the fewest rows with a weight in a leaf.
    init(_ x: [Double], width: Int, _ y: [Double], _ weights: [Double], depth: Int, leaf: Int) {
        let rows = weights.indices.filter { weights[$0] > 0 }
        _ = grow(x, width, y, weights, rows, depth, max(1, leaf))
    }

    private mutating func grow(
        _ x: [Double], _ width: Int, _ y: [Double], _ weights: [Double], _ rows: [Int], _ depth: Int, _ leaf: Int
    ) -> Int {
        let place = nodes.count
        nodes.append(Node())
        let total = rows.reduce(0) { $0 + weights[$1] }
        let sum = rows.reduce(0) { $0 + weights[$1] * y[$1] }
        nodes[place].mean = total > 0 ? sum / total : 0
        guard depth > 0, rows.count >= 2 * leaf else { return place }
        // About the node's mean, so that sums of squares do not lose digits.
        let centre = nodes[place].mean
        var best = (
            gain: 1e-12 * rows.reduce(0) { $0 + weights[$1] * (y[$1] - centre) * (y[$1] - centre) }, column: -1,
            threshold: 0.0
        )
        for column in 0..<width {
            let order = rows.sorted { (x[$0 * width + column], $0) < (x[$1 * width + column], $1) }
            var (lowWeight, lowSum) = (0.0, 0.0)
            for (index, row) in order.enumerated().dropLast() {
                lowWeight += weights[row]
                lowSum += weights[row] * (y[row] - centre)
                let (here, next) = (x[row * width + column], x[order[index + 1] * width + column])
                guard here < next, index + 1 >= leaf, order.count - index - 1 >= leaf else { continue }
                let gain = lowSum * lowSum / lowWeight + lowSum * lowSum / (total - lowWeight)
                if gain > best.gain { best = (gain, column, here + (next - here) / 2) }
            }
        }
        guard best.column >= 0 else { return place }
        let low = rows.filter { x[$0 * width + best.column] <= best.threshold }
        let high = rows.filter { x[$0 * width + best.column] > best.threshold }
        let lowPlace = grow(x, width, y, weights, low, depth - 1, leaf)
        let highPlace = grow(x, width, y, weights, high, depth - 1, leaf)
        nodes[place] = Node(
            column: best.column, threshold: best.threshold, low: lowPlace, high: highPlace, mean: nodes[place].mean)
        return place
    }

    func value(_ x: [Double]) -> Double {
        var place = 0
        while nodes[place].column >= 0 {
            place = x[nodes[place].column] <= nodes[place].threshold ? nodes[place].low : nodes[place].high
        }
        return nodes[place].mean
    }
}

extension RegimeEstimate {
    /// Q-learning with regression trees on the covariates and indicators of the actions.
    static func byTrees(
        _ request: RegimeRequest, _ problem: RegimeProblem, depth: Int, leaf: Int
    ) throws -> RegimeEstimate {
        let ones = [Double](repeating: 1, count: problem.count)
        let censoring = try problem.survival.flatMap { survival -> CensoringFit? in
            survival.outcome == .pseudo ? nil : try CensoringFit(survival, frequency: ones)
        }
        var later = [Double](repeating: 0, count: problem.count)
        var learned = [LearnedStage?](repeating: nil, count: problem.stages.count)
        for index in problem.stages.indices.reversed() {
            let stage = problem.stages[index]
            let counts = [Double](repeating: 1, count: stage.count)
            let weights = try StageCensoring(
                problem, stage: index, fit: censoring, predictsLater: true, frequency: counts
            ).weights
            let outcomes = (0..<stage.count).map { row -> Double in
                let person = stage.persons[row]
                let follows = index + 1 < problem.stages.count && problem.rowOf[index + 1][person] >= 0
                return stage.reward[row] + (follows ? later[person] : 0)
            }
            let values = treeValues(stage, outcomes, weights, depth: depth, leaf: leaf)
            let levels = stage.levels.count
            let best = (0..<stage.count).map { row -> Int in
                let allowed = (0..<levels).filter { stage.isAllowed(row, $0) }
                return allowed.dropFirst().reduce(allowed[0]) {
                    problem.direction * values[row * levels + $1] > problem.direction * values[row * levels + $0]
                        ? $1 : $0
                }
            }
            for row in 0..<stage.count { later[stage.persons[row]] = values[row * levels + best[row]] }
            learned[index] = LearnedStage(
                recommended: best.map(Double.init), actionValues: values,
                observedValues: (0..<stage.count).map { values[$0 * levels + stage.actions[$0]] },
                bestValues: (0..<stage.count).map { values[$0 * levels + best[$0]] },
                propensities: try TreatmentFit(stage, frequency: counts).probabilities)
        }
        var estimate = try RegimeEstimate(request, problem, learned.compactMap { $0 })
        for index in estimate.stages.indices {
            estimate.stages[index].rule = "give the action with the best predicted outcome of a regression tree"
        }
        return estimate
    }

    private static func treeValues(
        _ stage: StageData, _ outcomes: [Double], _ weights: [Double], depth: Int, leaf: Int
    ) -> [Double] {
        let covariates = stage.blocks[0].design
        let levels = stage.levels.count
        let width = stage.free.width + covariates.width + levels - 1
        func row(_ row: Int, action: Int) -> [Double] {
            Array(stage.free.row(row)) + Array(covariates.row(row)) + (1..<levels).map { $0 == action ? 1 : 0 }
        }
        let x = (0..<stage.count).flatMap { row($0, action: stage.actions[$0]) }
        let tree = RegressionTree(x, width: width, outcomes, weights, depth: depth, leaf: leaf)
        return (0..<stage.count).flatMap { place in (0..<levels).map { tree.value(row(place, action: $0)) } }
    }
}
