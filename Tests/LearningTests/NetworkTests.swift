import NumericsCore
import Regimes
import Testing

@testable import Learning

/// Backed by differences of the loss, and by two routes to the same scores.
@Suite struct NetworkTests {
    @Test("Derivatives agree with central differences to 1e-6")
    func gradient() {
        let shape = NetworkShape([3, 5, 4, 2])
        var stream = RandomStream(seed: 1, purpose: .analysis, replicate: 0, patient: 0)
        var parameters = shape.initial(&stream).map { $0 + 0.1 * (stream.nextUniform() - 0.3) }
        let pass = NetworkPass(shape, capacity: 6)
        let inputs = (0..<18).map { _ in stream.nextNormal() }
        let goals = (0..<12).map { _ in stream.nextNormal() }
        func loss() -> Double {
            for index in inputs.indices { pass.inputs[index] = inputs[index] }
            pass.forward(parameters, rows: 6)
            var sum = 0.0
            for index in goals.indices {
                let away = pass.outputs[index] - goals[index]
                pass.outputSlopes[index] = away
                sum += 0.5 * away * away
            }
            return sum
        }
        _ = loss()
        var gradient = [Double](repeating: 0, count: shape.count)
        pass.backward(parameters, rows: 6, into: &gradient)
        for index in parameters.indices {
            let kept = parameters[index]
            parameters[index] = kept + 1e-5
            let above = loss()
            parameters[index] = kept - 1e-5
            let below = loss()
            parameters[index] = kept
            #expect(abs((above - below) / 2e-5 - gradient[index]) < 1e-6, "parameter \(index)")
        }
        #expect(gradient.contains { abs($0) > 0.1 })
    }

    @Test("A frozen network gives the scores of the one that was fitted, to rounding")
    func frozen() throws {
        let shape = NetworkShape([2, 7, 3])
        var stream = RandomStream(seed: 2, purpose: .analysis, replicate: 0, patient: 0)
        let parameters = shape.initial(&stream)
        let frame = PolicyFrame(
            inputs: PolicyInputs(names: ["x", "y"], means: [0, 0], deviations: [1, 1]), levels: ["a", "b", "c"])
        let actions = ActionSpace(names: ["a", "b", "c"])
        let worker = try NetworkPolicy(frame: frame, layers: shape.layers(parameters, scale: 3))
            .makeScorer(observing: ["x", "y"], choosing: actions)
        (worker.z[0], worker.z[1]) = (Lane(repeating: 0.4), Lane(repeating: -1.3))
        worker.score(decision: Lane(repeating: 0))
        let pass = NetworkPass(shape, capacity: 1)
        (pass.inputs[0], pass.inputs[1]) = (0.4, -1.3)
        pass.forward(parameters, rows: 1)
        for level in 0..<3 { #expect(abs(worker.scores[level][5] - 3 * pass.outputs[level]) < 1e-12) }
    }

    @Test("Adam's first step is the rate in each direction, and it finds the bottom of a bowl")
    func adam() {
        var adam = Adam(2, rate: 0.1)
        var (x, gradient) = ([5.0, -3.0], [2.0, -0.5])
        adam.step(&x, &gradient)
        #expect(abs(x[0] - 4.9) < 1e-6)
        #expect(abs(x[1] + 2.9) < 1e-6)
        #expect(gradient == [0, 0])
        for _ in 0..<2000 {
            gradient = x
            adam.step(&x, &gradient)
        }
        #expect(abs(x[0]) < 1e-3 && abs(x[1]) < 1e-3)
    }

    @Test("The softmax of open levels has no weight elsewhere, and its logarithm of the sum is the closed form")
    func softmax() {
        var shares = [Double](repeating: 9, count: 3)
        let scores = [1.0, 50, 2]
        let total = shares.withUnsafeMutableBufferPointer { shares in
            scores.withUnsafeBufferPointer { scores in
                OpenLevels.softmax(scores.baseAddress!, 0b101, 3, into: shares.baseAddress!)
            }
        }
        #expect(abs(total - (1 + Elementary.log(1 + Elementary.exp(1)))) < 1e-14)
        #expect(shares[1] == 0)
        #expect(abs(shares[0] + shares[2] - 1) < 1e-15)
    }
}
