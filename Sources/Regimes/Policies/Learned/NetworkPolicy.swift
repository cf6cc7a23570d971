import NumericsCore

/// A network of rectified linear units with a score for each level: `x₊ = max(0, W x + b)` in each hidden layer, and no
/// rectifier in the last.
///
/// The best level is chosen; a policy that `draws` chooses by the softmax of the scores of open levels, as it did while it
/// was learned by a policy gradient. The forward pass is plain loops: the same decisions on every processor.
package struct NetworkPolicy: Sendable, Hashable, Codable {
    package struct Layer: Sendable, Hashable, Codable {
        package var inputs: Int
        package var outputs: Int
        /// `weights[output · inputs + input]`
        package var weights: NumberList
        package var biases: NumberList

        package init(inputs: Int, outputs: Int, weights: [Double], biases: [Double]) {
            self.inputs = inputs
            self.outputs = outputs
            self.weights = NumberList(weights)
            self.biases = NumberList(biases)
        }
    }

    package var frame: PolicyFrame
    package var layers: [Layer]
    package var draws: Bool

    package init(frame: PolicyFrame, layers: [Layer], draws: Bool = false) {
        self.frame = frame
        self.layers = layers
        self.draws = draws
    }

    private var fits: Bool {
        var width = frame.inputs.count
        for layer in layers {
            guard layer.inputs == width, layer.outputs > 0, layer.biases.count == layer.outputs,
                layer.weights.count == layer.inputs * layer.outputs
            else { return false }
            width = layer.outputs
        }
        return !layers.isEmpty && width == frame.levels.count && frame.fits
    }
}

extension NetworkPolicy: ScoringPolicy {
    package static let kind = "network"

    package var changesWithTime: Bool { frame.inputs.time != nil }

    package func makeScorer(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> ScoringWorker
    {
        guard fits else {
            throw .unsuitable(
                "its layers do not fit each other, \(frame.inputs.count) inputs and \(frame.levels.count) levels")
        }
        return try NetworkWorker(self, observing: observations, choosing: actions)
    }
}

private final class NetworkWorker: ScoringWorker {
    private let policy: NetworkPolicy
    /// The values of two layers, used in turn.
    private let even: LanePointer
    private let odd: LanePointer

    init(_ policy: NetworkPolicy, observing observed: [String], choosing actions: ActionSpace) throws(PolicyError) {
        self.policy = policy
        let width = policy.layers.map(\.outputs).max() ?? 1
        even = .allocate(capacity: width)
        even.initialize(repeating: Lane(repeating: 0), count: width)
        odd = .allocate(capacity: width)
        odd.initialize(repeating: Lane(repeating: 0), count: width)
        try super.init(policy.frame, observing: observed, choosing: actions)
    }

    deinit {
        even.deallocate()
        odd.deallocate()
    }

    override func score(decision _: Lane) {
        var source = z
        for (number, layer) in policy.layers.enumerated() {
            let isLast = number == policy.layers.count - 1
            let target = isLast ? scores : number % 2 == 0 ? even : odd
            forward(layer, from: source, to: target, rectified: !isLast)
            source = target
        }
    }

    private func forward(
        _ layer: NetworkPolicy.Layer, from source: LanePointer, to target: LanePointer, rectified: Bool
    ) {
        let zero = Lane(repeating: 0)
        layer.weights.values.withUnsafeBufferPointer { weights in
            for output in 0..<layer.outputs {
                var sum = Lane(repeating: layer.biases.values[output])
                let row = output * layer.inputs
                for input in 0..<layer.inputs { sum += source[input] * Lane(repeating: weights[row + input]) }
                if rectified { sum.replace(with: zero, where: sum .< zero) }
                target[output] = sum
            }
        }
    }

    override func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        super.weigh(point, into: weights)
        guard policy.draws else { return }
        let zero = Lane(repeating: 0)
        // What is open: all that is allowed and permitted; where that is nothing, the choice that was made without drawing.
        var top = Lane(repeating: -.infinity)
        for level in frame.levels.indices where frame.permitted[level] {
            top.replace(
                with: scores[level], where: (point.allowed[level] .> zero) .& (scores[level] .> top))
        }
        let isOpen = top .> Lane(repeating: -.infinity)
        var sum = zero
        for level in frame.levels.indices {
            var share = zero
            if frame.permitted[level] {
                even[0] = scores[level] - top
                LaneMath.exp(even, odd)
                share.replace(with: odd[0], where: point.allowed[level] .> zero)
            }
            weights[level].replace(with: share, where: isOpen)
            sum += share
        }
        for level in frame.levels.indices { weights[level].replace(with: weights[level] / sum, where: isOpen) }
    }
}
