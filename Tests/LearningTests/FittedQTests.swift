import NumericsCore
import Testing

@testable import Environments
@testable import Learning
@testable import Regimes

/// Backed by closed forms and by second routes to the same numbers.
@Suite struct FittedQTests {
    private func decisions(_ x: [Double], weight: [Double]? = nil) -> Decisions {
        var log = LoggedEpisodes(variables: ["x"], actions: ActionSpace(names: ["a", "b"]), discount: 1)
        log.starts = Array(0...x.count)
        log.observations = [x]
        log.final = [x.map { _ in .nan }]
        log.chosen = x.map { _ in 0 }
        log.propensity = x.map { _ in 1 }
        log.allowed = x.map { _ in 3 }
        log.finalAllowed = log.allowed
        log.rewards = x.map { _ in 0 }
        log.endedByEvent = x.map { _ in true }
        let inputs = PolicyInputs(names: ["x"], means: [0], deviations: [1])
        return Decisions(log, inputs: inputs, reward: log.rewards, weight: weight ?? x.map { _ in 1 }, horizon: nil)
    }

    @Test("Ridge regression recovers a quadratic, and shrinks a slope by S / (S + κ n) about the mean")
    func ridge() throws {
        let x = [-2.0, -1, 0, 1, 2, 3]
        let rows = x.indices.map { Int32($0) }
        let quadratic = RidgeRegression(decisions(x), rows: rows, terms: .quadratic, ridge: 1e-12)
        let fit = try #require(quadratic.solve(decisions(x)) { 1 + 2 * x[$0] - 3 * x[$0] * x[$0] })
        for (found, expected) in zip(fit.weights, [1.0, 2, -3]) { #expect(abs(found - expected) < 1e-8) }
        #expect(fit.loss < 1e-8)
        let centred = [-2.0, -1, 1, 2]
        let shrunk = RidgeRegression(decisions(centred), rows: [0, 1, 2, 3], terms: .linear, ridge: 0.5)
        let slope = try #require(shrunk.solve(decisions(centred)) { 5 + 2 * centred[$0] }).weights
        // S = Σ x² = 10 and κ n = 2.
        #expect(abs(slope[1] - 2 * 10 / 12) < 1e-9)
        #expect(abs(slope[0] - 5) < 1e-9)
    }

    @Test("A row of weight 2 counts as two rows")
    func weights() throws {
        let doubled = decisions([1, 2, 4, 4])
        let weighed = decisions([1, 2, 4], weight: [1, 1, 2])
        let y = [3.0, 1, 7, 7]
        let one = try #require(
            RidgeRegression(doubled, rows: [0, 1, 2, 3], terms: .linear, ridge: 0.1).solve(doubled) { y[$0] })
        let two = try #require(
            RidgeRegression(weighed, rows: [0, 1, 2], terms: .linear, ridge: 0.1).solve(weighed) { y[$0] })
        for (first, second) in zip(one.weights, two.weights) { #expect(abs(first - second) < 1e-12) }
    }

    private func sample(_ count: Int, width: Int) -> RandomisedTrees.Sample {
        var stream = RandomStream(seed: 4, purpose: .analysis, replicate: 0, patient: 0)
        return RandomisedTrees.Sample(
            width: width, x: (0..<count * width).map { _ in Double(Int(4 * stream.nextUniform())) },
            weight: (0..<count).map { _ in 1 })
    }

    @Test("Trees with leaves of one value repeat what they have seen, and a constant makes one leaf")
    func trees() throws {
        let sample = sample(300, width: 2)
        let targets: [Double] = (0..<300).map { (row: Int) -> Double in
            let (first, second) = (sample.x[2 * row], sample.x[2 * row + 1])
            return first + 10 * second
        }
        let rules = RandomisedTrees(trees: 5, attempts: .max, leaf: 2)
        let fit = try rules.fit(sample, targets: targets, seed: 1, round: 0, threads: 2)
        for row in 0..<300 {
            let value = sample.x.withUnsafeBufferPointer { x in
                x.baseAddress.map { fit.forest.value(at: $0 + 2 * row) }
            }
            #expect(abs(try #require(value) - targets[row]) < 1e-12)
        }
        let flat = try rules.fit(sample, targets: targets.map { _ in 7 }, seed: 1, round: 0, threads: 1)
        #expect(flat.forest.variable == [-1, -1, -1, -1, -1])
        #expect(flat.forest.threshold == [7, 7, 7, 7, 7])
        #expect(try rules.fit(sample, targets: targets, seed: 1, round: 0, threads: 1).forest == fit.forest)
        #expect(try rules.fit(sample, targets: targets, seed: 1, round: 1, threads: 1).forest != fit.forest)
    }

    @Test("New targets in the same trees are the means of the leaves")
    func refreshed() throws {
        let sample = sample(200, width: 2)
        let targets = (0..<200).map { sample.x[2 * $0] }
        let fit = try RandomisedTrees(trees: 3, attempts: 1, leaf: 60)
            .fit(sample, targets: targets, seed: 2, round: 0, threads: 1)
        let again = RandomisedTrees.refreshed(fit, sample, targets: targets)
        for (old, new) in zip(fit.forest.threshold, again.forest.threshold) { #expect(abs(old - new) < 1e-12) }
        let doubled = RandomisedTrees.refreshed(fit, sample, targets: targets.map { 2 * $0 })
        for node in fit.forest.variable.indices where fit.forest.variable[node] < 0 {
            #expect(abs(doubled.forest.threshold[node] - 2 * fit.forest.threshold[node]) < 1e-12)
        }
    }

    @Test("Levels that walk together through a tree arrive where each arrives alone, to the bit")
    func together() throws {
        let sample = sample(400, width: 3)
        var stream = RandomStream(seed: 5, purpose: .analysis, replicate: 0, patient: 0)
        var targets: [Double] = []
        for row in 0..<400 {
            let product: Double = sample.x[3 * row] * sample.x[3 * row + 2]
            targets.append(product + stream.nextNormal())
        }
        let fit = try RandomisedTrees(trees: 7, attempts: .max, leaf: 5)
            .fit(sample, targets: targets, seed: 3, round: 0, threads: 1)
        let actions = ActionSpace(
            components: [ActionSpace.Component(name: "dose", low: 0, high: 3)],
            levels: [0, 1, 2, 3].map { ActionSpace.Level(name: "\($0)", values: [Double($0)]) })
        let inputs = PolicyInputs(names: ["x", "y"], means: [0, 0], deviations: [1, 1])
        let worker = try ForestQPolicy(
            frame: PolicyFrame(inputs: inputs, levels: actions.names), stages: [fit.forest]
        ).makeScorer(observing: ["x", "y"], choosing: actions)
        for lane in 0..<laneCount {
            (worker.z[0][lane], worker.z[1][lane]) = (Double(lane % 4), Double(lane / 4))
        }
        worker.score(decision: Lane(repeating: 0))
        for lane in 0..<laneCount {
            for level in 0..<4 {
                let point = [Double(lane % 4), Double(lane / 4), Double(level)]
                let alone = point.withUnsafeBufferPointer { point in
                    point.baseAddress.map { fit.forest.value(at: $0) }
                }
                #expect(worker.scores[level][lane] == alone)
            }
        }
    }

    @Test("Whole numbers, few values and many values are cut as each needs")
    func bins() {
        let whole = ObservationBins.cuts(ObservedVariable("n", low: 0, high: 3), [0, 3, 1], bins: 4)
        #expect(whole == [0.5, 1.5, 2.5])
        #expect(ObservationBins.cuts(ObservedVariable("x"), [0.5, 0.25, .nan, 0.5], bins: 4) == [0.375])
        let many = (0..<100).map { Double($0) + 0.5 }
        #expect(ObservationBins.cuts(ObservedVariable("x"), many, bins: 4) == [25.5, 50.5, 75.5])
        let zero = PolicyInputs(names: ["n"], means: [0], deviations: [0])
        let table = TablePolicy(frame: PolicyFrame(inputs: zero, levels: ["a"]), cuts: [whole], stages: [2])
        #expect([0.0, 1, 3, .nan].map { value in table.cell(decision: 1) { _ in value } } == [0, 1, 3, 4])
        #expect(table.cell(decision: 2) { _ in 0 } == 5)
    }

    @Test("A policy whose file does not fit is refused with the reason")
    func refused() throws {
        let actions = ActionSpace(names: ["a", "b"])
        let inputs = PolicyInputs(names: ["x"], means: [0], deviations: [1])
        let frame = PolicyFrame(inputs: inputs, levels: ["a", "b"])
        func message(_ policy: any Policy, _ actions: ActionSpace = actions) -> String {
            do {
                _ = try policy.makeWorker(observing: ["x"], choosing: actions)
                return "none"
            } catch { return "\(error)" }
        }
        let short = LinearQPolicy(frame: frame, terms: .linear, weights: [[NumberList([1]), NumberList([])]])
        #expect(message(short) == "policy: each stage needs 2 weights for each of 2 levels")
        let loop = RegressionForest(roots: [0], variable: [0], threshold: [1], left: [0])
        #expect(
            message(ForestQPolicy(frame: frame, stages: [loop]))
                == "policy: its trees need 2 variables and children inside of them")
        #expect(
            message(NetworkPolicy(frame: frame, layers: []))
                == "policy: its layers do not fit each other, 1 inputs and 2 levels")
        let fit = LinearQPolicy(frame: frame, terms: .linear, weights: [[NumberList([1, 2]), NumberList([])]])
        #expect(
            message(fit, ActionSpace(names: ["a"])) == "policy: action 'b' does not exist here; allowed: a")
        #expect(
            message(fit, ActionSpace(names: ["b", "a"]))
                == "policy: it chooses from a, b, and here from b, a")
    }
}
