import NumericsCore
import Outcomes
import Testing

@Suite struct GonenHellerTests {
    private func naive(_ eta: [Double]) -> Double {
        var sum = CompensatedSum()
        for i in eta.indices {
            for j in 0..<i where eta[i] != eta[j] { sum.add(1 / (1 + Elementary.exp(-abs(eta[i] - eta[j])))) }
        }
        return sum.value * 2 / Double(eta.count * (eta.count - 1))
    }

    @Test("survAUC 1.3.0: GHCI of the Cox model's linear predictor", arguments: ReferenceSet.all)
    func agreesWithSurvAUC(_ set: ReferenceSet) throws {
        let expected = try #require(DiscriminationGolden.r.sets[set.name]).gonenHeller
        #expect(agree(try require(GonenHeller(linearPredictors: set.r.lp).value), expected, 1e-12))
    }

    @Test("Second route: every pair, narrow, wide and far-off predictors, with and without ties")
    func agreesWithAllPairs() throws {
        for (seed, width) in [0.01, 1, 5, 60, 3_000].enumerated() {
            var sequence = TestSequence(seed: UInt64(seed))
            var eta = (0..<700).map { _ in width * sequence.uniform() }
            #expect(agree(try require(GonenHeller(linearPredictors: eta).value), naive(eta), 1e-14), "width \(width)")
            eta = eta.map { ($0 * 20 / width).rounded() * width / 20 } + [-1e6, 1e9]
            #expect(agree(try require(GonenHeller(linearPredictors: eta).value), naive(eta), 1e-14), "width \(width)")
        }
    }

    @Test("Limits: predictors alike, two patients, one patient; not finite")
    func limits() throws {
        #expect(try GonenHeller(linearPredictors: [2, 2, 2]).value == .value(0))
        #expect(agree(try require(GonenHeller(linearPredictors: [0, 1]).value), 0.7310585786300049, 1e-15))
        #expect(try GonenHeller(linearPredictors: [1]).value.undefined?.reason == "1 patients form no pair")
        let problem = #expect(throws: InvalidInput.self) { try GonenHeller(linearPredictors: [1, .infinity]) }
        #expect(problem?.description == "row 2, linear predictor: found inf, allowed is a finite number")
    }
}
