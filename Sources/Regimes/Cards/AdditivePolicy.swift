/// A policy whose scores are sums of what each input adds: its reasons are exact.
package protocol AdditivePolicy: FrozenPolicy {
    /// What adds up to the score that speaks for a level; nil where the policy has none for it.
    func terms(for level: String, decision: Double, _ input: (String) -> Double) -> ScoreTerms?

    /// What ``terms(for:decision:_:)`` adds up to, in words.
    func measure(of level: String) -> String

    /// The level that would be chosen next, and by how much the score would have to change; nil where nothing else can be
    /// chosen, or where the scores of all levels say it.
    func runnerUp(decision: Double, _ input: (String) -> Double) -> (level: String, margin: Double)?
}

extension AdditivePolicy {
    package func measure(of level: String) -> String { "score of \(level)" }

    package func runnerUp(decision _: Double, _: (String) -> Double) -> (level: String, margin: Double)? { nil }
}

/// A score as a sum: what it begins with, and what each input adds.
package struct ScoreTerms: Sendable, Hashable {
    package var start: Double
    /// The inputs in the policy's order; `decision` is the number of the decision.
    package var inputs: [Input]

    package struct Input: Sendable, Hashable {
        package var name: String
        package var value: Double
    }

    /// The score.
    package var sum: Double { inputs.reduce(start) { $0 + $1.value } }

    /// What an input adds; 0 for an input that the policy does not read.
    package subscript(_ name: String) -> Double { inputs.first { $0.name == name }?.value ?? 0 }

    /// The name under which the number of the decision is an input.
    package static let decision = "decision"
}

extension PolicyFrame {
    /// The sum `w · φ(z)` by input: its own term, its square, what its absence adds, and half of each product with another input.
    fileprivate func terms(
        _ weights: [Double], _ terms: QuadraticTerms, decision: Double, _ input: (String) -> Double
    ) -> ScoreTerms? {
        let count = inputs.count
        guard weights.count == terms.count(count), count > 0 else { return nil }
        var z = [Double](repeating: 0, count: count)
        z.withUnsafeMutableBufferPointer { z in
            if let base = z.baseAddress { inputs.fill(decision: decision, into: base) { input(inputs.names[$0]) } }
        }
        // The name to which each z belongs.
        var owners = Array(inputs.names.indices) + inputs.indicators
        if inputs.time != nil { owners.append(inputs.names.count) }
        var parts = [Double](repeating: 0, count: inputs.names.count + 1)
        for index in 0..<count { parts[owners[index]] += weights[1 + index] * z[index] }
        if terms == .quadratic {
            var next = 1 + count
            for first in 0..<count {
                for second in first..<count {
                    let half = weights[next] * z[first] * z[second] / 2
                    parts[owners[first]] += half
                    parts[owners[second]] += half
                    next += 1
                }
            }
        }
        var named = zip(inputs.names, parts).map { ScoreTerms.Input(name: $0, value: $1) }
        if inputs.time != nil {
            named.append(ScoreTerms.Input(name: ScoreTerms.decision, value: parts[inputs.names.count]))
        }
        return ScoreTerms(start: weights[0], inputs: named)
    }
}

extension LinearQPolicy: AdditivePolicy {
    package func terms(for level: String, decision: Double, _ input: (String) -> Double) -> ScoreTerms? {
        guard let place = frame.levels.firstIndex(of: level), decision >= 0, let last = weights.indices.last
        else { return nil }
        let stage = Int(min(decision, Double(last)))
        return frame.terms(weights[stage][place].values, terms, decision: decision, input)
    }
}

extension LinearBanditPolicy: AdditivePolicy {
    /// The posterior mean; a policy that explores adds a width to it, which is no sum of inputs.
    package func terms(for level: String, decision: Double, _ input: (String) -> Double) -> ScoreTerms? {
        guard explores == 0, let place = frame.levels.firstIndex(of: level) else { return nil }
        return frame.terms(means[place].values, terms, decision: decision, input)
    }
}

extension PointsPolicy: AdditivePolicy {
    package func measure(of level: String) -> String { thresholds == nil ? "points of \(level)" : "points" }

    package func terms(for level: String, decision _: Double, _ input: (String) -> Double) -> ScoreTerms? {
        guard let place = levels.firstIndex(of: level) else { return nil }
        return terms(ofSum: thresholds == nil ? place : 0, input)
    }

    private func terms(ofSum sum: Int, _ input: (String) -> Double) -> ScoreTerms {
        ScoreTerms(
            start: Double(start[sum]),
            inputs: items.map { item in
                ScoreTerms.Input(
                    name: item.bands.variable,
                    value: Double(item.points[sum][item.bands.band(of: input(item.bands.variable))]))
            })
    }

    /// With thresholds the nearest other level; without them the next sum.
    package func runnerUp(decision _: Double, _ input: (String) -> Double) -> (level: String, margin: Double)? {
        let sums = start.indices.map { terms(ofSum: $0, input).sum }
        guard let thresholds else {
            let order = sums.indices.sorted { sums[$0] != sums[$1] ? sums[$0] > sums[$1] : $0 < $1 }
            return order.count > 1 ? (levels[order[1]], sums[order[0]] - sums[order[1]]) : nil
        }
        let sum = Int(sums[0])
        // To fall by a point below a threshold that was reached, or to reach the next.
        let steps = thresholds.map { sum >= $0 ? $0 - 1 : $0 }
        let other = steps.min { abs($0 - sum) != abs($1 - sum) ? abs($0 - sum) < abs($1 - sum) : $0 < $1 }
        return other.map { (levels[reached($0)], Double(abs($0 - sum))) }
    }
}
