import NumericsCore

/// The concordance probability of a Cox model as the model itself sees it, without follow-up times.
///
/// ```
/// K = 2/(n(n − 1)) Σ_{i<j} 1{ηᵢ ≠ ηⱼ} / (1 + exp(−|ηᵢ − ηⱼ|))
/// ```
///
/// It does not depend on censoring, and is right as far as the model is. Pairs with equal predictors count as not
/// concordant, as in the paper.
///
/// The sum over pairs costs O(n·p): predictors are put into panels of a width of 2, in which the logistic function of a
/// difference is a polynomial in each of its two arguments to rounding error (p = 20 Chebyshev nodes; its poles are π away
/// from the real line). It has no standard error here: take ``Bootstrap``, with the model fitted anew or not.
/// Source: Gönen and Heller 2005, Biometrika 92:965.
public struct GonenHeller: Hashable, Sendable {
    /// K, from 0 to 1: one half for predictors that hardly differ. Undefined for fewer than two patients.
    public let value: Estimated<Double>

    /// K of linear predictors.
    ///
    /// - Parameter linearPredictors: n finite log hazards β·x, such as ``CoxModel/linearPredictors(_:)``.
    /// - Throws: ``InvalidInput`` for values that are not finite.
    public init(linearPredictors: [Double]) throws(InvalidInput) {
        let problems = InvalidInput.Problem.notFinite("linear predictor", linearPredictors)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let n = Double(linearPredictors.count)
        guard n > 1 else {
            value = .undefined(.init(code: "one-patient", reason: "\(linearPredictors.count) patients form no pair"))
            return
        }
        let sorted = ascendingOrder(linearPredictors).map { linearPredictors[Int($0)] }
        let sum = LogisticPanels(sorted).pairSum
        value = .value(min(max(sum * 2 / (n * (n - 1)), 0), 1))
    }
}

/// Σ 1/(1 + exp(−(xᵢ − xⱼ))) over pairs xᵢ > xⱼ of sorted numbers.
private struct LogisticPanels {
    private struct Panel {
        let start: Int
        let end: Int
        let centre: Double
        /// Where the panel's mass is put: at the nodes, or at its numbers where they are fewer.
        let nodes: [Double]
        let masses: [Double]
    }

    private static let halfWidth = 1.0
    private static let nodeCount = 20
    /// Beyond this distance the logistic function is 1 to the last bit.
    private static let reach = 40.0

    private let sorted: [Double]
    private let panels: [Panel]
    private let unitNodes: [Double]
    private let nodeWeights: [Double]

    init(_ sorted: [Double]) {
        // Chebyshev's points of the second kind, whose barycentric weights are ±1, halved at the ends.
        let last = Self.nodeCount - 1
        let nodes = (0...last).map { Elementary.cos(Double.pi * Double($0) / Double(last)) }
        let weights = (0...last).map { ($0 % 2 == 0 ? 1.0 : -1) * ($0 == 0 || $0 == last ? 0.5 : 1) }
        var panels: [Panel] = []
        var start = 0
        while start < sorted.count {
            let limit = sorted[start] + 2 * Self.halfWidth
            var end = start
            while end < sorted.count, sorted[end] <= limit { end += 1 }
            let centre = sorted[start] + Self.halfWidth
            if end - start <= Self.nodeCount {
                let numbers = Array(sorted[start..<end])
                panels.append(
                    Panel(start: start, end: end, centre: centre, nodes: numbers, masses: numbers.map { _ in 1 }))
            } else {
                var masses = [Double](repeating: 0, count: Self.nodeCount)
                var shares = masses
                for index in start..<end {
                    Self.interpolate(sorted[index] - centre, nodes, weights, &shares)
                    for node in shares.indices { masses[node] += shares[node] }
                }
                panels.append(
                    Panel(start: start, end: end, centre: centre, nodes: nodes.map { centre + $0 }, masses: masses))
            }
            start = end
        }
        (self.sorted, self.panels, unitNodes, nodeWeights) = (sorted, panels, nodes, weights)
    }

    /// The shares of the nodes in the polynomial's value at x (barycentric form).
    private static func interpolate(_ x: Double, _ nodes: [Double], _ weights: [Double], _ shares: inout [Double]) {
        var sum = 0.0
        for node in nodes.indices {
            guard x != nodes[node] else {
                for other in nodes.indices { shares[other] = other == node ? 1 : 0 }
                return
            }
            shares[node] = weights[node] / (x - nodes[node])
            sum += shares[node]
        }
        for node in nodes.indices { shares[node] /= sum }
    }

    var pairSum: Double {
        var sum = 0.0
        for index in panels.indices { sum += within(panels[index]) + withLower(index) }
        return sum
    }

    /// Pairs of one panel: each number with the mass below it.
    private func within(_ panel: Panel) -> Double {
        guard panel.end - panel.start > Self.nodeCount else { return withinFew(panel) }
        let powers = unitNodes.map { Elementary.exp($0) }
        var below = [Double](repeating: 0, count: Self.nodeCount)
        var shares = below
        var sum = 0.0
        var first = panel.start
        while first < panel.end {
            var end = first
            while end < panel.end, sorted[end] == sorted[first] { end += 1 }
            let power = Elementary.exp(sorted[first] - panel.centre)
            var here = 0.0
            for node in below.indices { here += below[node] * (power / (power + powers[node])) }
            sum += Double(end - first) * here
            Self.interpolate(sorted[first] - panel.centre, unitNodes, nodeWeights, &shares)
            for node in below.indices { below[node] += Double(end - first) * shares[node] }
            first = end
        }
        return sum
    }

    private func withinFew(_ panel: Panel) -> Double {
        var sum = 0.0
        for i in panel.start..<panel.end {
            for j in panel.start..<i where sorted[j] < sorted[i] {
                sum += 1 / (1 + Elementary.exp(sorted[j] - sorted[i]))
            }
        }
        return sum
    }

    /// Pairs of one panel with all below it.
    private func withLower(_ index: Int) -> Double {
        let panel = panels[index]
        var sum = 0.0
        for other in panels[..<index].reversed() {
            guard panel.centre - other.centre < Self.reach else {
                // This panel and all below it are as far away.
                return sum + Double(panel.end - panel.start) * Double(other.end)
            }
            for (high, highMass) in zip(panel.nodes, panel.masses) {
                for (low, lowMass) in zip(other.nodes, other.masses) {
                    sum += highMass * lowMass / (1 + Elementary.exp(low - high))
                }
            }
        }
        return sum
    }
}
