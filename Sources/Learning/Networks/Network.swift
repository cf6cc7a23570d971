import NumericsCore
import Regimes

/// The shape of a network of rectified linear units and where its parameters lie in one array: for each layer first
/// `weights[output · inputs + input]`, then its biases.
struct NetworkShape: Sendable, Hashable {
    /// Inputs, hidden units, outputs.
    let widths: [Int]
    let offsets: [Int]
    let count: Int

    init(_ widths: [Int]) {
        self.widths = widths
        var (offsets, next) = ([Int](), 0)
        for layer in 0..<widths.count - 1 {
            offsets.append(next)
            next += (widths[layer] + 1) * widths[layer + 1]
        }
        self.offsets = offsets
        count = next
    }

    var layers: Int { widths.count - 1 }
    var inputs: Int { widths[0] }
    var outputs: Int { widths[widths.count - 1] }
    func weights(_ layer: Int) -> Int { offsets[layer] }
    func biases(_ layer: Int) -> Int { offsets[layer] + widths[layer] * widths[layer + 1] }

    /// Weights drawn as He et al. (2015) do for rectifiers, N(0, 2 / inputs); the last layer's a tenth of that; biases 0.
    func initial(_ stream: inout RandomStream) -> [Double] {
        var parameters = [Double](repeating: 0, count: count)
        for layer in 0..<layers {
            let deviation = (2 / Double(widths[layer])).squareRoot() * (layer == layers - 1 ? 0.1 : 1)
            for index in weights(layer)..<biases(layer) { parameters[index] = deviation * stream.nextNormal() }
        }
        return parameters
    }

    /// The layers for a policy, with outputs scaled and shifted.
    func layers(_ parameters: [Double], scale: Double = 1, shift: Double = 0, outputs kept: Range<Int>? = nil)
        -> [NetworkPolicy.Layer]
    {
        (0..<layers).map { layer in
            var own = Array(parameters[weights(layer)..<biases(layer)])
            var biases = Array(parameters[self.biases(layer)..<self.biases(layer) + widths[layer + 1]])
            var outputs = widths[layer + 1]
            if layer == layers - 1 {
                if let kept {
                    own = Array(own[kept.lowerBound * widths[layer]..<kept.upperBound * widths[layer]])
                    biases = Array(biases[kept])
                    outputs = kept.count
                }
                own = own.map { $0 * scale }
                biases = biases.map { $0 * scale + shift }
            }
            return NetworkPolicy.Layer(inputs: widths[layer], outputs: outputs, weights: own, biases: biases)
        }
    }
}

/// A batch on its way through a network and back. All memory is allocated once.
final class NetworkPass {
    let shape: NetworkShape
    let capacity: Int
    /// Values of each layer's units, `[row · width + unit]`; the first are the inputs.
    private let values: [UnsafeMutablePointer<Double>]
    /// The loss's derivatives by the units' values before the rectifier.
    private let slopes: [UnsafeMutablePointer<Double>]

    init(_ shape: NetworkShape, capacity: Int) {
        self.shape = shape
        self.capacity = capacity
        func memory(_ width: Int) -> UnsafeMutablePointer<Double> {
            let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, width * capacity))
            memory.initialize(repeating: 0, count: max(1, width * capacity))
            return memory
        }
        values = shape.widths.map(memory)
        slopes = shape.widths.map(memory)
    }

    deinit {
        for memory in values { memory.deallocate() }
        for memory in slopes { memory.deallocate() }
    }

    /// Inputs to be filled before ``forward(_:rows:)``.
    var inputs: UnsafeMutablePointer<Double> { values[0] }
    var outputs: UnsafeMutablePointer<Double> { values[shape.layers] }
    /// Derivatives of the loss by the outputs, to be filled before ``backward(_:rows:into:)``.
    var outputSlopes: UnsafeMutablePointer<Double> { slopes[shape.layers] }

    func forward(_ parameters: UnsafePointer<Double>, rows: Int) {
        for layer in 0..<shape.layers {
            let (width, next) = (shape.widths[layer], shape.widths[layer + 1])
            let target = values[layer + 1]
            let biases = parameters + shape.biases(layer)
            for row in 0..<rows {
                for unit in 0..<next { target[row * next + unit] = biases[unit] }
            }
            LinearAlgebra.multiply(
                rows, next, width, values[layer], parameters + shape.weights(layer), transposesB: true, adding: 1,
                into: target)
            guard layer < shape.layers - 1 else { continue }
            for index in 0..<rows * next where target[index] < 0 { target[index] = 0 }
        }
    }

    /// Adds the derivatives of the loss by the parameters to `gradient`, after a forward pass of the same rows.
    func backward(_ parameters: UnsafePointer<Double>, rows: Int, into gradient: UnsafeMutablePointer<Double>) {
        for layer in (0..<shape.layers).reversed() {
            let (width, next) = (shape.widths[layer], shape.widths[layer + 1])
            let slope = slopes[layer + 1]
            LinearAlgebra.multiply(
                next, width, rows, slope, transposesA: true, values[layer], adding: 1,
                into: gradient + shape.weights(layer))
            let biases = gradient + shape.biases(layer)
            for row in 0..<rows {
                for unit in 0..<next { biases[unit] += slope[row * next + unit] }
            }
            guard layer > 0 else { return }
            LinearAlgebra.multiply(
                rows, width, next, slope, parameters + shape.weights(layer), into: slopes[layer])
            for index in 0..<rows * width where values[layer][index] <= 0 { slopes[layer][index] = 0 }
        }
    }
}

/// Adam (Kingma and Ba 2015, algorithm 1), with the gradient's length limited beforehand.
struct Adam: Sendable {
    let rate: Double
    /// The greatest length of a gradient.
    let limit: Double
    private var first: [Double]
    private var second: [Double]
    private var (decayFirst, decaySecond) = (1.0, 1.0)

    init(_ count: Int, rate: Double, limit: Double = 10) {
        self.rate = rate
        self.limit = limit
        first = [Double](repeating: 0, count: count)
        second = first
    }

    /// Takes a step against the gradient, which is 0 afterwards.
    ///
    /// - Parameter share: the share of the rate that is used.
    mutating func step(_ parameters: inout [Double], _ gradient: inout [Double], share: Double = 1) {
        var square = 0.0
        for value in gradient { square += value * value }
        let length = square.squareRoot()
        let scale = length > limit ? limit / length : 1
        decayFirst *= 0.9
        decaySecond *= 0.999
        let pace = rate * share * (1 - decaySecond).squareRoot() / (1 - decayFirst)
        parameters.withUnsafeMutableBufferPointer { parameters in
            gradient.withUnsafeMutableBufferPointer { gradient in
                first.withUnsafeMutableBufferPointer { first in
                    second.withUnsafeMutableBufferPointer { second in
                        for index in parameters.indices {
                            let own = gradient[index] * scale
                            first[index] = 0.9 * first[index] + 0.1 * own
                            second[index] = 0.999 * second[index] + 0.001 * own * own
                            parameters[index] -= pace * first[index] / (second[index].squareRoot() + 1e-8)
                            gradient[index] = 0
                        }
                    }
                }
            }
        }
    }
}
