/// The 21-point Gauss–Kronrod rule with its embedded 10-point Gauss rule.
enum GaussKronrod {
    static let points = 21

    /// The contribution of one interval.
    struct Estimate {
        let lower: Double
        let upper: Double
        let value: Double
        let error: Double
    }

    /// Nodes in [0, 1), descending, then the centre; every second one is a node of the Gauss rule. Source: QUADPACK, QK21.
    static let nodes = [
        0.995_657_163_025_808_080_74, 0.973_906_528_517_171_720_08, 0.930_157_491_355_708_226_00,
        0.865_063_366_688_984_510_73, 0.780_817_726_586_416_897_06, 0.679_409_568_299_024_406_23,
        0.562_757_134_668_604_683_34, 0.433_395_394_129_247_190_80, 0.294_392_862_701_460_198_13,
        0.148_874_338_981_631_210_88, 0,
    ]
    static let weights = [
        0.011_694_638_867_371_874_28, 0.032_558_162_307_964_727_48, 0.054_755_896_574_351_996_03,
        0.075_039_674_810_919_952_77, 0.093_125_454_583_697_605_54, 0.109_387_158_802_297_641_90,
        0.123_491_976_262_065_851_08, 0.134_709_217_311_473_325_93, 0.142_775_938_577_060_080_80,
        0.147_739_104_901_338_491_37, 0.149_445_554_002_916_905_66,
    ]
    private static let gauss = GaussLegendre(order: 10)

    /// The Kronrod value over one interval; the error is QUADPACK's, scaled from its distance to the Gauss value.
    static func estimate(_ problem: FiniteRange, _ lower: Double, _ upper: Double) throws -> Estimate {
        let half = 0.5 * (upper - lower)
        let middle = lower + half
        let centre = try problem.value(middle)
        var kronrod = weights[10] * centre
        var gaussSum = 0.0
        var pairs: [(low: Double, high: Double)] = []
        for index in 0..<10 {
            let pair = (
                low: try problem.value(middle - half * nodes[index]),
                high: try problem.value(middle + half * nodes[index])
            )
            pairs.append(pair)
            kronrod += weights[index] * (pair.low + pair.high)
            if index % 2 == 1 { gaussSum += gauss.weights[index / 2] * (pair.low + pair.high) }
        }
        let average = 0.5 * kronrod
        var spread = weights[10] * abs(centre - average)
        for (weight, pair) in zip(weights, pairs) {
            spread += weight * (abs(pair.low - average) + abs(pair.high - average))
        }
        let error = scaled(abs(kronrod - gaussSum), spread: spread)
        return Estimate(lower: lower, upper: upper, value: half * kronrod, error: half * error)
    }

    /// spread · min(1, (200 difference / spread)^(3/2)): the observed order of the pair on smooth integrands.
    private static func scaled(_ difference: Double, spread: Double) -> Double {
        guard difference > 0, spread > 0 else { return difference }
        let ratio = 200 * difference / spread
        return ratio < 1 ? spread * ratio * ratio.squareRoot() : spread
    }
}
