extension Normal {
    /// Φ⁻¹(p): the x with P(X ≤ x) = p, with a relative error of about 1e-16.
    ///
    /// Source: Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
    /// 37(3):477–484, routine PPND16.
    ///
    /// - Parameter p: a probability. 0 gives −∞ and 1 gives +∞; anything outside [0, 1] gives NaN.
    public static func quantile(_ p: Double) -> Double {
        guard p >= 0, p <= 1 else { return .nan }
        let centred = p - 0.5
        if abs(centred) <= 0.425 {
            let r = 0.180625 - centred * centred
            return centred * Self.evaluate(centralNumerator, r) / Self.evaluate(centralDenominator, r)
        }
        let tail = centred < 0 ? p : 1 - p
        guard tail > 0 else { return centred < 0 ? -.infinity : .infinity }
        let x = upperTailQuantile((-Elementary.log(tail)).squareRoot())
        return centred < 0 ? -x : x
    }

    /// The x with ln Φ(x) = `logProbability`; it reaches tails whose probability is too small for a double.
    ///
    /// Down to ln p = −700 this is ``quantile(_:)`` of the exponential, corrected by one Newton step; below, Newton's
    /// iteration on ln Φ from the asymptotic solution x² ≈ −2 ln p − ln(2π · (−2 ln p)).
    ///
    /// - Parameter logProbability: at most 0; −∞ gives −∞, 0 gives +∞, a positive number gives NaN.
    public static func quantile(logProbability: Double) -> Double {
        guard logProbability <= 0 else { return .nan }
        guard logProbability > -.infinity else { return -.infinity }
        if logProbability > -0.5 { return -quantile(-Elementary.expm1(logProbability)) }
        var x: Double
        if logProbability > -700 {
            x = quantile(Elementary.exp(logProbability))
        } else {
            let doubled = -2 * logProbability
            x = -(doubled - Elementary.log(2 * .pi * doubled)).squareRoot()
        }
        // The derivative of ln Φ at x is the hazard at −x; convergence is quadratic from a start this close.
        for _ in 0..<(logProbability > -700 ? 1 : 3) { x -= (logCDF(x) - logProbability) / hazard(-x) }
        return x
    }

    /// Wichura's two rational functions of r = √(−ln tail probability).
    private static func upperTailQuantile(_ r: Double) -> Double {
        r <= 5
            ? evaluate(tailNumerator, r - 1.6) / evaluate(tailDenominator, r - 1.6)
            : evaluate(farTailNumerator, r - 5) / evaluate(farTailDenominator, r - 5)
    }

    /// Horner's rule, unfused, from the constant term upwards: c₀ + c₁ x + … + c₇ x⁷.
    @inline(__always)
    private static func evaluate(_ c: SIMD8<Double>, _ x: Double) -> Double {
        ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0]
    }

    static let centralNumerator = SIMD8(
        3.387_132_872_796_366_608_0, 1.331_416_678_917_843_774_5e+2, 1.971_590_950_306_551_442_7e+3,
        1.373_169_376_550_946_112_5e+4, 4.592_195_393_154_987_145_7e+4, 6.726_577_092_700_870_085_3e+4,
        3.343_057_558_358_812_810_5e+4, 2.509_080_928_730_122_672_7e+3)
    static let centralDenominator = SIMD8(
        1, 4.231_333_070_160_091_125_2e+1, 6.871_870_074_920_579_083_0e+2, 5.394_196_021_424_751_107_7e+3,
        2.121_379_430_158_659_586_7e+4, 3.930_789_580_009_271_061_0e+4, 2.872_908_573_572_194_267_4e+4,
        5.226_495_278_852_854_561_0e+3)
    static let tailNumerator = SIMD8(
        1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90, 5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04, 1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_40e-4)
    static let tailDenominator = SIMD8(
        1, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40, 6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1, 1.519_866_656_361_645_719_66e-2, 5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9)
    static let farTailNumerator = SIMD8(
        6.657_904_643_501_103_777_20, 5.463_784_911_164_114_369_90, 1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1, 2.653_218_952_657_612_309_30e-2, 1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7)
    static let farTailDenominator = SIMD8(
        1, 5.998_322_065_558_879_376_90e-1, 1.369_298_809_227_358_053_10e-1, 1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4, 1.846_318_317_510_054_681_80e-5, 1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15)
}
