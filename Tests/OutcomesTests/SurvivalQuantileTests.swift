import Outcomes
import Testing

@Suite struct SurvivalQuantileTests {
    @Test("R survival 3.5-3: curves and quantiles of 150 small tied data sets, every third with delayed entry")
    func agreesWithR() throws {
        var risingBands = 0
        for (number, set) in try CurvesReference.load().small.enumerated() {
            let curve = KaplanMeier(try set.data())
            #expect(curve.times == set.distinct, "set \(number)")
            #expect(agree(curve.survival, set.survival, 1e-12), "set \(number)")
            for kind in KaplanMeier.IntervalKind.allCases {
                let expected = try #require(set.kinds[kind.rawValue])
                let lower = curve.intervals(kind).compactMap { $0?.lower }
                let isFalling = zip(lower, lower.dropFirst()).allSatisfy { $0 >= $1 }
                if !isFalling { risingBands += 1 }
                for (index, probability) in [0.25, 0.5, 0.75].enumerated() {
                    let quantile = try curve.quantile(probability, kind)
                    let place: Comment = "set \(number), \(kind), \(probability)"
                    #expect(quantile.time.value == expected.quantile[index], place)
                    #expect(quantile.upper.value == expected.upper[index], place)
                    if isFalling {
                        #expect(quantile.lower.value == expected.lower[index], place)
                    } else if let first = quantile.lower.value, let fromR = expected.lower[index] {
                        // R interpolates as if the band fell; the first time at which it crosses is never later.
                        #expect(first <= fromR, place)
                    }
                }
            }
        }
        // Delayed entry lets a log-log band rise again in two of the sets.
        #expect(risingBands == 2)
    }

    @Test("Second route: the intervals of a whole curve have the bits of one at a time")
    func wholeBandIsOneByOne() throws {
        for delayed in [false, true] {
            let curve = KaplanMeier(try SurvivalData.tied(count: 90, span: 40, seed: 8, delayed: delayed))
            for kind in KaplanMeier.IntervalKind.allCases {
                let band = curve.intervals(kind)
                for (index, time) in curve.times.enumerated() {
                    let one = try require(curve.estimate(at: time, kind)).interval.value
                    #expect(band[index] == one, "\(kind), \(time)")
                }
            }
        }
    }
}
