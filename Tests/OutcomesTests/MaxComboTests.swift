import NumericsCore
import Outcomes
import Testing

@Suite struct MaxComboTests {
    private static let arms = ["control", "treated"]

    @Test("simtrial 1.0.2: statistics and correlation; SciPy: the p-value by quadrature", arguments: ReferenceSet.all)
    func agreesWithSimtrial(_ set: ReferenceSet) throws {
        let expected = try #require(try TrialCurvesReference.load(set.name)).maxCombo
        let combo = try MaxCombo(set.survival(), groups: set.grouping("group"))
        let test = try require(combo.test)
        #expect(agree(test.statistics, expected.z, 1e-9, floor: 1e-3))
        #expect(agree(test.correlation.flatMap { $0 }, expected.correlation.flatMap { $0 }))
        #expect(agree(test.statistics[test.mostExtreme], try #require(expected.z.min())))
        // simtrial samples until the error of the probability, not of the p-value, is below 10⁻³.
        #expect(abs(test.pValue - expected.p) < 1e-3)
        #expect(agree(test.pValue, try #require(try MaxComboReference.load().p[set.name]), 1e-8))
    }

    @Test("R mvtnorm 1.1-3: normal probabilities in two to four dimensions, one- and two-sided")
    func agreesWithMiwa() throws {
        for (number, expected) in try CurvesReference.load().normal.enumerated() {
            let bounds = expected.correlation.map { _ in expected.bound }
            let none = bounds.map { _ in -Double.infinity }
            let upper = try NormalRectangle(lower: none, upper: bounds, correlation: expected.correlation).outside()
            #expect(abs(upper - expected.upper) < 1e-6, "case \(number)")
            let both = try NormalRectangle(
                lower: bounds.map { -$0 }, upper: bounds, correlation: expected.correlation
            ).outside()
            #expect(abs(both - expected.twoSided) < 1e-6, "case \(number)")
        }
    }

    /// P(every Z ≤ b) with correlations λᵢλⱼ is ∫ φ(x) ∏ Φ((b − λᵢx)/√(1 − λᵢ²)) dx (Dunnett and Sobel 1955).
    @Test("Closed form: correlations of one common factor, two to five dimensions, near and far tails")
    func oneFactor() throws {
        for (loadings, bound) in [
            ([0.9, 0.5], 0.3), ([0.7, 0.7, 0.7], 1.6), ([0.99, 0.95, 0.4], 2.2), ([0.8, 0.8, 0.8, 0.8], 2.2),
            ([0.95, 0.9, 0.6, 0.3], 4.5), ([0.9, 0.8, 0.7, 0.6, 0.5], 2.5),
        ] {
            let correlation = loadings.indices.map { i in
                loadings.indices.map { i == $0 ? 1 : loadings[i] * loadings[$0] }
            }
            let expected = try Quadrature.integrate(
                from: -12, to: 12, relativeTolerance: 1e-13, maximumIntervals: 2_000
            ) { x in
                var logInside = 0.0
                for loading in loadings {
                    logInside += Normal.logCDF((bound - loading * x) / (1 - loading * loading).squareRoot())
                }
                return Normal.density(x) * -Elementary.expm1(logInside)
            }.value
            let found = try NormalRectangle(
                lower: loadings.map { _ in -.infinity }, upper: loadings.map { _ in bound }, correlation: correlation
            ).outside()
            #expect(agree(found, expected, 1e-8), "\(loadings), \(bound)")
            let twoSided = try Quadrature.integrate(
                from: -12, to: 12, relativeTolerance: 1e-13, maximumIntervals: 2_000
            ) { x in
                var logInside = 0.0
                for loading in loadings {
                    let scale = (1 - loading * loading).squareRoot()
                    let outside =
                        Normal.cdf((-bound - loading * x) / scale) + Normal.survival((bound - loading * x) / scale)
                    logInside += outside < 1 ? Elementary.log1p(-outside) : -.infinity
                }
                return Normal.density(x) * -Elementary.expm1(logInside)
            }.value
            let both = try NormalRectangle(
                lower: loadings.map { _ in -bound }, upper: loadings.map { _ in bound }, correlation: correlation
            ).outside()
            #expect(agree(both, twoSided, 1e-8), "\(loadings), \(bound)")
        }
    }

    /// X, Y independent and Z = (X + Y)/√2: P(all ≤ b) = ∫_{−∞}^b φ(x) Φ(min(b, √2b − x)) dx.
    @Test("Closed form: a singular correlation, as of the weights 1, S and 1 − S")
    func singular() throws {
        let half = 0.5.squareRoot()
        let correlation = [[1, 0, half], [0, 1, half], [half, half, 1]]
        for bound in [0.4, 1.3, 2.1, 3.5] {
            let kink = 2.0.squareRoot() * bound - bound
            let low = try Quadrature.integrate(from: -12, to: kink, relativeTolerance: 1e-13) {
                Normal.density($0) * Normal.survival(bound)
            }.value
            let high = try Quadrature.integrate(from: kink, to: bound, relativeTolerance: 1e-13) {
                Normal.density($0) * Normal.survival(2.0.squareRoot() * bound - $0)
            }.value
            let expected = Normal.survival(bound) + low + high
            let three = NormalRectangle(
                lower: [-.infinity, -.infinity, -.infinity], upper: [bound, bound, bound], correlation: correlation)
            #expect(agree(try three.outside(), expected, 1e-8), "\(bound)")
            // The third number twice changes nothing.
            let four = NormalRectangle(
                lower: [Double](repeating: -.infinity, count: 4), upper: [Double](repeating: bound, count: 4),
                correlation: (correlation + [correlation[2]]).map { $0 + [$0[2]] })
            #expect(try four.outside() == three.outside(), "\(bound)")
        }
    }

    @Test("Simulation: two million draws of the four correlated statistics of lung, within four standard errors")
    func simulated() throws {
        let set = try ReferenceSet.named("lung")
        let test = try require(MaxCombo(set.survival(), groups: set.grouping("group"), alternative: .twoSided).test)
        // (0, 0) is the sum of (0, 1) and (1, 0), so that three independent numbers make the four statistics.
        let kept = [1, 2, 3]
        let factor = try Cholesky(
            of: Matrix(rowsOf: kept.map { a in kept.map { test.correlation[a][$0] } }))
        let bound = 1.5
        let all = NormalRectangle(
            lower: [Double](repeating: -bound, count: 4), upper: [Double](repeating: bound, count: 4),
            correlation: test.correlation)
        let expected = try all.outside()
        // Z₀₀ by regression on Z₀₁ and Z₁₀, exact here.
        let (r01, r02, r12) = (test.correlation[0][1], test.correlation[0][2], test.correlation[1][2])
        let (b1, b2) = ((r01 - r12 * r02) / (1 - r12 * r12), (r02 - r12 * r01) / (1 - r12 * r12))
        var sequence = TestSequence(seed: 77)
        let draws = 2_000_000
        var outside = 0
        for _ in 0..<draws {
            let e = [0, 1, 2].map { _ in Normal.quantile(sequence.uniform()) }
            let z = kept.indices.map { i in (0...i).reduce(0) { $0 + factor.lower[i, $1] * e[$1] } }
            if max(abs(z[0]), abs(z[1]), abs(z[2]), abs(b1 * z[0] + b2 * z[1])) > bound { outside += 1 }
        }
        let error = (expected * (1 - expected) / Double(draws)).squareRoot()
        #expect(abs(Double(outside) / Double(draws) - expected) < 4 * error)
    }

    @Test("Limits: one weight is that test; equal weights are one; five weights; a sign turned over")
    func limits() throws {
        let set = try ReferenceSet.named("gbsg2")
        let (data, groups) = (try set.survival(), try set.grouping("group"))
        let strata = try set.grouping("strat")
        let weight = LogRank.Weight.flemingHarrington(rho: 0, gamma: 1)
        let one = try require(LogRank(data, groups: groups, strata: strata, weight: weight).normalTest(of: 1))
        func p(_ weights: [LogRank.Weight], _ alternative: MaxCombo.Alternative) throws -> Double {
            try require(
                MaxCombo(data, groups: groups, strata: strata, weights: weights, alternative: alternative).test
            ).pValue
        }
        #expect(agree(try p([weight], .fewerEvents), one.lowerPValue, 1e-12))
        #expect(agree(try p([weight], .moreEvents), one.upperPValue, 1e-12))
        #expect(agree(try p([weight, weight, weight], .twoSided), one.pValue, 1e-12))
        let four = try p(MaxCombo.standardWeights, .fewerEvents)
        let five = try p(MaxCombo.standardWeights + [.flemingHarrington(rho: 0.5, gamma: 0.5)], .fewerEvents)
        #expect(five >= four * (1 - 1e-8) && five < 1.5 * four)
        let turned = try Grouping(codes: groups.codes.map { 1 - $0 }, labels: Self.arms)
        let mirrored = try MaxCombo(data, groups: turned, strata: strata, alternative: .moreEvents)
        #expect(agree(try require(mirrored.test).pValue, four, 1e-8))
    }

    @Test("Invariant: p lies between the smallest single p-value and its Bonferroni multiple; ties, delayed entry")
    func bounds() throws {
        for seed in 1...16 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 40, span: 15, seed: seed, delayed: seed % 2 == 0)
            var sequence = TestSequence(seed: 300 + seed)
            let groups = try Grouping(codes: data.times.map { _ in sequence.integer(below: 2) }, labels: Self.arms)
            let singles = try MaxCombo.standardWeights.map {
                try require(LogRank(data, groups: groups, weight: $0).normalTest(of: 1))
            }
            for (alternative, p) in [
                (MaxCombo.Alternative.fewerEvents, singles.map(\.lowerPValue)), (.twoSided, singles.map(\.pValue)),
            ] {
                let combo = try require(MaxCombo(data, groups: groups, alternative: alternative).test)
                let smallest = try #require(p.min())
                #expect(combo.pValue >= smallest * (1 - 1e-9), "seed \(seed), \(alternative)")
                #expect(combo.pValue <= min(1, 4 * smallest) * (1 + 1e-9), "seed \(seed), \(alternative)")
                #expect(agree(combo.statistics, singles.map(\.statistic), 1e-12), "seed \(seed)")
            }
        }
    }

    @Test("Undefined: no event, one group, only weights of 0")
    func undefined() throws {
        let two = Grouping(["a", "b"])
        let none = try SurvivalData(times: [1, 2], events: [false, false])
        #expect(try MaxCombo(none, groups: two).test.undefined?.reason == "there is no event")
        let first = try SurvivalData(times: [1, 1, 2], events: [true, true, false])
        #expect(
            try MaxCombo(first, groups: Grouping(["a", "b", "b"])).test.undefined?.reason
                == "for one of the weights no event with a weight above 0 has both groups at risk and a survivor")
    }

    @Test("Failure: groups, weights")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        let error = #expect(throws: InvalidInput.self) {
            try MaxCombo(data, groups: Grouping(["a", "a"]), weights: [])
        }
        #expect(
            error?.description == """
                group: found 1 groups, allowed is two groups
                weight: found 0 weights, allowed is from 1 to 5
                """)
        let weight = #expect(throws: InvalidInput.self) {
            try MaxCombo(
                data, groups: Grouping(["a", "b"]), weights: [.logRank, .flemingHarrington(rho: .nan, gamma: -1)])
        }
        #expect(
            weight?.description == """
                rho: found nan, allowed is a finite number ≥ 0
                gamma: found -1.0, allowed is a finite number ≥ 0
                """)
    }
}
