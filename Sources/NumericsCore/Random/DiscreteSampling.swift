extension RandomStream {
    /// True with `probability`, from 0 to 1: 0 is never, 1 is always. One draw.
    public mutating func nextBernoulli(probability: Double) -> Bool {
        precondition(
            probability >= 0 && probability <= 1, "A probability of \(probability) is not allowed: it is from 0 to 1.")
        return nextUniform() < probability
    }

    /// An index into `weights`, each as likely as its share of their sum; an index of weight 0 never comes. One draw.
    ///
    /// - Parameter weights: finite and at least 0, with a positive and finite sum. They need not add up to 1.
    public mutating func nextCategorical(weights: [Double]) -> Int {
        CategoricalDistribution.index(at: nextUniform(), weights: weights)
    }

    /// A whole number from 0 to `bound` − 1, all exactly equally likely. One draw, rarely more.
    ///
    /// Source: Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29(1):3.
    public mutating func nextInteger(below bound: Int) -> Int {
        precondition(bound > 0, "A whole number below \(bound) does not exist: the bound is positive.")
        let n = UInt64(bound)
        while true {
            let product = nextBits().multipliedFullWidth(by: n)
            // Of the 2⁶⁴ low halves, 2⁶⁴ mod n would favour some results; they are refused.
            if product.low >= n || product.low >= (0 &- n) % n { return Int(product.high) }
        }
    }

    /// Brings `elements` into a random order, all orders equally likely (Fisher–Yates, Durstenfeld 1964).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, nextInteger(below: last + 1))
        }
    }

    /// The numbers 0 to `count` − 1 in a random order.
    public mutating func nextPermutation(count: Int) -> [Int] {
        var indices = Array(0..<count)
        shuffle(&indices)
        return indices
    }
}

/// Choice among weighted categories.
enum CategoricalDistribution {
    /// The smallest index whose cumulative weight exceeds p times the total.
    static func index(at p: Double, weights: [Double]) -> Int {
        var total = 0.0
        var lastPossible = -1
        for (index, weight) in weights.enumerated() {
            precondition(weight >= 0 && weight < .infinity, "The weight \(weight) at index \(index) is not allowed.")
            total += weight
            if weight > 0 { lastPossible = index }
        }
        precondition(lastPossible >= 0 && total < .infinity, "Weights with the sum \(total) are not allowed.")
        let target = p * total
        var cumulative = 0.0
        for index in 0..<lastPossible {
            cumulative += weights[index]
            if target < cumulative { return index }
        }
        return lastPossible
    }
}
