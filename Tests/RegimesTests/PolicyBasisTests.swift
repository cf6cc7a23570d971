import Testing

@testable import Regimes

/// Backed by the formula of the documentation, written out naively, and by closed forms of the counts.
@Suite struct PolicyBasisTests {
    /// `Q(s, a) = w·φ(z) + a u·ψ(z) + a² v·ψ(z)`, weights in that order.
    static func naive(_ basis: PolicyBasis, _ weights: [Double], _ features: [Double], _ action: Double) -> Double {
        let z = features.indices.map { (features[$0] - basis.means[$0]) / basis.deviations[$0] }
        var phi = [1.0] + z
        if basis.shape == .quadratic {
            for i in z.indices { for j in z.indices where j >= i { phi.append(z[i] * z[j]) } }
        }
        let psi = [1.0] + z
        let terms = phi + psi.map { action * $0 } + psi.map { action * action * $0 }
        return zip(weights, terms).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test(arguments: PolicyBasis.Shape.allCases, 0...5)
    func countsFollowTheFormula(_ shape: PolicyBasis.Shape, _ features: Int) {
        let ones = [Double](repeating: 1, count: features)
        let basis = PolicyBasis(shape: shape, means: ones, deviations: ones)
        let products = shape == .quadratic ? features * (features + 1) / 2 : 0
        #expect(basis.stateTerms == 1 + features + products)
        #expect(basis.count == basis.stateTerms + 2 * (1 + features))
    }

    @Test(arguments: PolicyBasis.Shape.allCases)
    func valuesFollowTheFormula(_ shape: PolicyBasis.Shape) {
        let basis = PolicyBasis(shape: shape, means: [1, -2, 10], deviations: [0.5, 3, 4])
        let weights = (0..<basis.count).map { 0.3 + 0.17 * Double($0 * $0 % 11) }
        var terms = [Double](repeating: .nan, count: basis.count)
        for (features, action) in [([1.0, -2, 10], 0.0), ([3, 7, -1], 1.3), ([0.25, 0.5, 100], -2)] {
            let value = basis.value(weights, &terms, features: features, action: action)
            let expected = Self.naive(basis, weights, features, action)
            #expect(abs(value - expected) < 1e-12 * abs(expected))
        }
    }

    @Test func aMissingFeatureCountsAsAverage() {
        let basis = PolicyBasis(shape: .quadratic, means: [1, -2], deviations: [0.5, 3])
        let weights = (0..<basis.count).map { Double($0) - 3 }
        var terms = [Double](repeating: 0, count: basis.count)
        for missing in [Double.nan, .infinity, -.infinity] {
            #expect(
                basis.value(weights, &terms, features: [missing, 4], action: 2)
                    == basis.value(weights, &terms, features: [1, 4], action: 2))
        }
    }

    @Test func aConstantFeatureCountsNothing() {
        // 0.1 added up has rounding noise about its mean: constant all the same.
        let features = [[[Double](repeating: 0.1, count: 1000), (0..<1000).map { 1e6 + Double($0 % 2) }]]
        let basis = PolicyBasis(shape: .linear, standardising: features, where: [[Bool](repeating: true, count: 1000)])
        #expect(basis.deviations[0] == 0)
        #expect(basis.means[1] == 1e6 + 0.5)
        #expect(basis.deviations[1] == 0.5)
        var terms = [Double](repeating: 0, count: basis.count)
        basis.fill(&terms, features: [77, 1e6 + 1], action: 2)
        #expect(terms == [1, 0, 1, 2, 0, 2, 4, 0, 4])
    }

    @Test func standardisingUsesTheDecisionsThatWereMadeAndKnown() {
        let features = [[[1.0, 50, .nan, 3]], [[5, 7, 9, .infinity]]]
        let basis = PolicyBasis(
            shape: .linear, standardising: features, where: [[true, false, true, true], [true, false, false, true]])
        // 1, 3 and 5: mean 3, population variance 8/3.
        #expect(basis.means == [3])
        #expect(abs(basis.deviations[0] - (8.0 / 3).squareRoot()) < 1e-15)
    }
}
