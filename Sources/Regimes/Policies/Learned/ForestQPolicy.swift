import NumericsCore

/// An ensemble of regression trees over inputs and action values: `Q(s, a)` is the mean of the trees' leaves. The best level
/// is chosen.
package struct ForestQPolicy: Sendable, Hashable, Codable {
    package var frame: PolicyFrame
    /// `stages[stage]`; the last one serves all decisions after it.
    package var stages: [RegressionForest]

    package init(frame: PolicyFrame, stages: [RegressionForest]) {
        self.frame = frame
        self.stages = stages
    }
}

/// Trees in arrays: node k asks `x[variable[k]] < threshold[k]` and goes on at `left[k]`, or else at `left[k] + 1`; a leaf has
/// variable −1 and its value in `threshold`.
package struct RegressionForest: Sendable, Hashable {
    /// Where each tree begins.
    package var roots: [Int32]
    package var variable: [Int32]
    package var threshold: [Double]
    package var left: [Int32]

    package init(roots: [Int32], variable: [Int32], threshold: [Double], left: [Int32]) {
        self.roots = roots
        self.variable = variable
        self.threshold = threshold
        self.left = left
    }

    /// The mean of the trees at a point.
    package func value(at x: UnsafePointer<Double>) -> Double {
        var sum = 0.0
        for root in roots {
            var node = Int(root)
            while variable[node] >= 0 {
                node = Int(left[node]) + (x[Int(variable[node])] < threshold[node] ? 0 : 1)
            }
            sum += threshold[node]
        }
        return sum / Double(roots.count)
    }

    /// The means of the trees for one patient and every level, with the bits of ``value(at:)``: levels walk together until a
    /// question about the action parts them.
    ///
    /// - Parameters:
    ///   - z: the inputs, variables 0..<`inputs`.
    ///   - actions: the values of the levels' components, `[component · levels + level]`.
    ///   - sums: a place for each of `levels`, at most 64.
    ///   - open: scratch of twice as many places as there are levels.
    func values(
        at z: UnsafePointer<Double>, inputs: Int, actions: UnsafePointer<Double>, levels: Int,
        into sums: UnsafeMutablePointer<Double>, open: UnsafeMutablePointer<(node: Int32, levels: UInt64)>
    ) {
        for level in 0..<levels { sums[level] = 0 }
        let all: UInt64 = levels >= 64 ? .max : (1 << UInt64(levels)) - 1
        for root in roots {
            var count = 1
            open[0] = (root, all)
            while count > 0 {
                count -= 1
                var (node, walking) = (Int(open[count].node), open[count].levels)
                while variable[node] >= 0 {
                    let asked = Int(variable[node])
                    guard asked >= inputs else {
                        node = Int(left[node]) + (z[asked] < threshold[node] ? 0 : 1)
                        continue
                    }
                    let row = actions + (asked - inputs) * levels
                    var below: UInt64 = 0
                    var rest = walking
                    while rest != 0 {
                        let level = rest.trailingZeroBitCount
                        rest &= rest &- 1
                        if row[level] < threshold[node] { below |= 1 << UInt64(level) }
                    }
                    let above = walking & ~below
                    if below == 0 {
                        node = Int(left[node]) + 1
                    } else {
                        if above != 0 {
                            open[count] = (left[node] + 1, above)
                            count += 1
                        }
                        (node, walking) = (Int(left[node]), below)
                    }
                }
                while walking != 0 {
                    sums[walking.trailingZeroBitCount] += threshold[node]
                    walking &= walking &- 1
                }
            }
        }
        for level in 0..<levels { sums[level] /= Double(roots.count) }
    }

    /// Whether every walk ends: children lie behind their node and inside, and variables below `count`.
    func fits(_ count: Int) -> Bool {
        let nodes = variable.count
        guard !roots.isEmpty, threshold.count == nodes, left.count == nodes,
            roots.allSatisfy({ $0 >= 0 && Int($0) < nodes })
        else { return false }
        return (0..<nodes).allSatisfy { node in
            variable[node] < 0
                || (Int(variable[node]) < count && Int(left[node]) > node && Int(left[node]) + 1 < nodes)
        }
    }
}

extension RegressionForest: Codable {
    private enum Key: String, CodingKey { case roots, variable, threshold, left }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func numbers(_ key: Key) throws -> [Int32] {
            try container.decode(NumberList.self, forKey: key).values.map { value in
                guard let number = Int32(exactly: value) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: container, debugDescription: "found '\(value)', allowed: whole numbers")
                }
                return number
            }
        }
        roots = try numbers(.roots)
        variable = try numbers(.variable)
        threshold = try container.decode(NumberList.self, forKey: .threshold).values
        left = try numbers(.left)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func whole(_ values: [Int32]) -> String { values.map { "\($0)" }.joined(separator: " ") }
        try container.encode(whole(roots), forKey: .roots)
        try container.encode(whole(variable), forKey: .variable)
        try container.encode(NumberList(threshold), forKey: .threshold)
        try container.encode(whole(left), forKey: .left)
    }
}

extension ForestQPolicy: ScoringPolicy {
    package static let kind = "forest-q"

    package var changesWithTime: Bool { stages.count > 1 || frame.inputs.time != nil }

    package func makeScorer(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> ScoringWorker
    {
        let inputs = frame.inputs.count + actions.components.count
        guard frame.fits, !stages.isEmpty, stages.allSatisfy({ $0.fits(inputs) }) else {
            throw .unsuitable("its trees need \(inputs) variables and children inside of them")
        }
        return try ForestQWorker(self, observing: observations, choosing: actions)
    }
}

private final class ForestQWorker: ScoringWorker {
    private let policy: ForestQPolicy
    private let point: UnsafeMutablePointer<Double>
    private let sums: UnsafeMutablePointer<Double>
    private let open: UnsafeMutablePointer<(node: Int32, levels: UInt64)>
    /// `[component · levels + level]`
    private let values: [Double]

    init(_ policy: ForestQPolicy, observing observed: [String], choosing actions: ActionSpace) throws(PolicyError) {
        self.policy = policy
        let (inputs, levels) = (max(1, policy.frame.inputs.count), actions.levels.count)
        values = actions.components.indices.flatMap { component in actions.levels.map { $0.values[component] } }
        point = .allocate(capacity: inputs)
        point.initialize(repeating: 0, count: inputs)
        sums = .allocate(capacity: levels)
        sums.initialize(repeating: 0, count: levels)
        open = .allocate(capacity: 2 * levels)
        open.initialize(repeating: (0, 0), count: 2 * levels)
        try super.init(policy.frame, observing: observed, choosing: actions)
    }

    deinit {
        point.deallocate()
        sums.deallocate()
        open.deallocate()
    }

    override func score(decision: Lane) {
        let (inputs, levels) = (policy.frame.inputs.count, actions.levels.count)
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for lane in 0..<laneCount {
                let stage = max(0, min(policy.stages.count - 1, Int(decision[lane])))
                for index in 0..<inputs { point[index] = z[index][lane] }
                policy.stages[stage].values(
                    at: point, inputs: inputs, actions: base, levels: levels, into: sums, open: open)
                for level in 0..<levels { scores[level][lane] = sums[level] }
            }
        }
    }
}
