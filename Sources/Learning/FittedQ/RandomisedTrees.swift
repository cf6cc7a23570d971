import NumericsCore
import Regimes

/// Extremely randomised regression trees (Geurts, Ernst and Wehenkel 2006, table 1; extra-trees).
///
/// At a node `attempts` variables that vary there are drawn, each with one cut, uniform between its least and greatest value;
/// the cut with the greatest fall of the sum of squares is kept. A node with fewer than `leaf` rows, or whose targets are all
/// equal, is a leaf: the weighted mean of its targets. All trees see all rows. Each tree has a random stream of its own.
struct RandomisedTrees: Sendable {
    let trees: Int
    let attempts: Int
    /// n_min
    let leaf: Int

    /// Rows of a regression, `x[row · width + variable]`.
    struct Sample: Sendable {
        let width: Int
        let x: [Double]
        let weight: [Double]
        var count: Int { weight.count }
    }

    /// A forest, and the leaf of each row in each tree, `[tree][row]`.
    struct Fit: Sendable {
        var forest: RegressionForest
        var leaves: [[Int32]]
    }

    func fit(_ sample: Sample, targets: [Double], seed: UInt64, round: UInt32, threads: Int) throws -> Fit {
        var grown = [Tree](repeating: Tree(), count: trees)
        try grown.withUnsafeMutableBufferPointer { grown in
            nonisolated(unsafe) let grown = grown
            try ParallelBlocks.run(count: trees, threads: threads, stop: StopSignal()) {
            } run: { _, index in
                let stream = RandomStream(
                    seed: seed, purpose: .learning, replicate: round, patient: UInt32(index), substream: 1)
                var growth = Growth(self, sample, targets, stream)
                growth.grow()
                grown[index] = growth.tree
            }
        }
        return joined(grown)
    }

    /// The same trees with the means of other targets in their leaves.
    static func refreshed(_ fit: Fit, _ sample: Sample, targets: [Double]) -> Fit {
        var result = fit
        var (sums, totals) = (
            [Double](repeating: 0, count: fit.forest.variable.count),
            [Double](repeating: 0, count: fit.forest.variable.count)
        )
        for leaves in fit.leaves {
            for row in 0..<sample.count {
                let leaf = Int(leaves[row])
                sums[leaf] += sample.weight[row] * targets[row]
                totals[leaf] += sample.weight[row]
            }
        }
        for node in sums.indices where totals[node] > 0 { result.forest.threshold[node] = sums[node] / totals[node] }
        return result
    }

    private func joined(_ grown: [Tree]) -> Fit {
        var forest = RegressionForest(roots: [], variable: [], threshold: [], left: [])
        var leaves: [[Int32]] = []
        for tree in grown {
            let offset = Int32(forest.variable.count)
            forest.roots.append(offset)
            forest.variable += tree.variable
            forest.threshold += tree.threshold
            forest.left += tree.left.map { $0 + offset }
            leaves.append(tree.leaves.map { $0 + offset })
        }
        return Fit(forest: forest, leaves: leaves)
    }

    struct Tree: Sendable {
        var variable: [Int32] = []
        var threshold: [Double] = []
        var left: [Int32] = []
        /// The leaf of each row.
        var leaves: [Int32] = []
    }

    /// A tree that grows.
    private struct Growth {
        let rules: RandomisedTrees
        let sample: Sample
        let targets: [Double]
        var stream: RandomStream
        var tree = Tree()
        /// The rows, those of a node side by side.
        var rows: [Int32]
        var candidates: [Int]

        init(_ rules: RandomisedTrees, _ sample: Sample, _ targets: [Double], _ stream: RandomStream) {
            self.rules = rules
            self.sample = sample
            self.targets = targets
            self.stream = stream
            rows = (0..<sample.count).map { Int32($0) }
            candidates = Array(0..<sample.width)
            tree.leaves = [Int32](repeating: 0, count: sample.count)
        }

        mutating func grow() {
            tree.variable.append(-1)
            tree.threshold.append(0)
            tree.left.append(0)
            var open = [(node: 0, first: 0, end: rows.count)]
            while let (node, first, end) = open.popLast() {
                guard end - first >= rules.leaf, let cut = bestCut(first, end) else {
                    close(node, first, end)
                    continue
                }
                let middle = partition(first, end, cut)
                let left = tree.variable.count
                for _ in 0..<2 {
                    tree.variable.append(-1)
                    tree.threshold.append(0)
                    tree.left.append(0)
                }
                tree.variable[node] = Int32(cut.variable)
                tree.threshold[node] = cut.threshold
                tree.left[node] = Int32(left)
                open.append((left + 1, middle, end))
                open.append((left, first, middle))
            }
        }

        private mutating func close(_ node: Int, _ first: Int, _ end: Int) {
            var (sum, total) = (0.0, 0.0)
            for place in first..<end {
                let row = Int(rows[place])
                sum += sample.weight[row] * targets[row]
                total += sample.weight[row]
                tree.leaves[row] = Int32(node)
            }
            tree.threshold[node] = total > 0 ? sum / total : 0
        }

        /// The best of the cuts that are drawn; nil where nothing can be cut or all targets are equal.
        private mutating func bestCut(_ first: Int, _ end: Int) -> (variable: Int, threshold: Double)? {
            guard !isConstant(first, end) else { return nil }
            var best: (variable: Int, threshold: Double)?
            var bestScore = -Double.infinity
            var (left, tried) = (candidates.count, 0)
            while left > 0, tried < rules.attempts {
                let pick = min(left - 1, Int(stream.nextUniform() * Double(left)))
                let variable = candidates[pick]
                candidates.swapAt(pick, left - 1)
                left -= 1
                let (low, high) = range(variable, first, end)
                guard high > low else { continue }
                tried += 1
                var threshold = low + (high - low) * stream.nextUniform()
                if threshold <= low { threshold = high }
                let score = fall(variable, threshold, first, end)
                if score > bestScore { (best, bestScore) = ((variable, threshold), score) }
            }
            return best
        }

        private func isConstant(_ first: Int, _ end: Int) -> Bool {
            let value = targets[Int(rows[first])]
            for place in first..<end where targets[Int(rows[place])] != value { return false }
            return true
        }

        private func range(_ variable: Int, _ first: Int, _ end: Int) -> (low: Double, high: Double) {
            sample.x.withUnsafeBufferPointer { x in
                rows.withUnsafeBufferPointer { rows in
                    var (low, high) = (Double.infinity, -Double.infinity)
                    for place in first..<end {
                        let value = x[Int(rows[place]) * sample.width + variable]
                        if value < low { low = value }
                        if value > high { high = value }
                    }
                    return (low, high)
                }
            }
        }

        /// The fall of the sum of squares, up to what all cuts of a node share: Σ (Σ v y)² / Σ v over both sides.
        private func fall(_ variable: Int, _ threshold: Double, _ first: Int, _ end: Int) -> Double {
            sample.x.withUnsafeBufferPointer { x in
                rows.withUnsafeBufferPointer { rows in
                    targets.withUnsafeBufferPointer { targets in
                        sample.weight.withUnsafeBufferPointer { weight in
                            var (sumLeft, totalLeft, sumRight, totalRight) = (0.0, 0.0, 0.0, 0.0)
                            for place in first..<end {
                                let row = Int(rows[place])
                                let own = weight[row]
                                if x[row * sample.width + variable] < threshold {
                                    sumLeft += own * targets[row]
                                    totalLeft += own
                                } else {
                                    sumRight += own * targets[row]
                                    totalRight += own
                                }
                            }
                            let left = totalLeft > 0 ? sumLeft * sumLeft / totalLeft : 0
                            return left + (totalRight > 0 ? sumRight * sumRight / totalRight : 0)
                        }
                    }
                }
            }
        }

        /// Brings the rows below the threshold to the front, in their order, and says where the others begin.
        private mutating func partition(
            _ first: Int, _ end: Int, _ cut: (variable: Int, threshold: Double)
        ) -> Int {
            var above: [Int32] = []
            var place = first
            for index in first..<end {
                let row = rows[index]
                if sample.x[Int(row) * sample.width + cut.variable] < cut.threshold {
                    rows[place] = row
                    place += 1
                } else {
                    above.append(row)
                }
            }
            for (index, row) in above.enumerated() { rows[place + index] = row }
            return place
        }
    }
}
