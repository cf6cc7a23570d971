import CSLEEF

/// Elementary functions whose bits do not depend on the processor.
///
/// The C library picks a fused or an unfused variant of `exp`, `log` and `pow` at run time, so its last bit differs
/// between machines. Everything that reaches a study's numbers calls these instead: `exp` and `log` of our own, whose every
/// operation IEEE 754 defines to the last bit, and SLEEF's deterministic forms without fused multiply-add, at most 1.0 ulp
/// from the true value (1.5 ulp for `erfc`).
public enum Elementary {
    /// eˣ; +∞ above 709.78 and 0 below −745.13.
    public static func exp(_ x: Double) -> Double { trialist_scalar_exp(x) }
    /// eˣ − 1, to all digits near 0.
    public static func expm1(_ x: Double) -> Double { trialist_scalar_expm1(x) }
    /// The natural logarithm: −∞ at 0, NaN below.
    public static func log(_ x: Double) -> Double { trialist_scalar_log(x) }
    /// ln(1 + x), to all digits near 0: −∞ at −1, NaN below; SLEEF gives +∞ above 1e307.
    public static func log1p(_ x: Double) -> Double { trialist_scalar_log1p(x) }
    /// The decimal logarithm: −∞ at 0, NaN below.
    public static func log10(_ x: Double) -> Double { trialist_scalar_log10(x) }
    /// The binary logarithm: −∞ at 0, NaN below.
    public static func log2(_ x: Double) -> Double { trialist_scalar_log2(x) }
    /// x to the power y; NaN for a negative x and a y that is not whole, 1 for y = 0.
    public static func pow(_ x: Double, _ y: Double) -> Double { trialist_scalar_pow(x, y) }
    /// The sine of x radians; any finite x, reduced exactly.
    public static func sin(_ x: Double) -> Double { trialist_scalar_sin(x) }
    /// The cosine of x radians; any finite x, reduced exactly.
    public static func cos(_ x: Double) -> Double { trialist_scalar_cos(x) }
    /// The tangent of x radians; any finite x, reduced exactly.
    public static func tan(_ x: Double) -> Double { trialist_scalar_tan(x) }
    /// The angle in [−π/2, π/2] with sine x; NaN outside [−1, 1].
    public static func asin(_ x: Double) -> Double { trialist_scalar_asin(x) }
    /// The angle in [0, π] with cosine x; NaN outside [−1, 1].
    public static func acos(_ x: Double) -> Double { trialist_scalar_acos(x) }
    /// The angle in [−π/2, π/2] with tangent x.
    public static func atan(_ x: Double) -> Double { trialist_scalar_atan(x) }
    /// The angle of the point (x, y) in (−π, π].
    public static func atan2(_ y: Double, _ x: Double) -> Double { trialist_scalar_atan2(y, x) }
    /// (eˣ − e⁻ˣ) / 2; infinite where eˣ is, above 709.78 in size.
    public static func sinh(_ x: Double) -> Double { trialist_scalar_sinh(x) }
    /// (eˣ + e⁻ˣ) / 2; infinite where eˣ is, above 709.78 in size.
    public static func cosh(_ x: Double) -> Double { trialist_scalar_cosh(x) }
    /// The hyperbolic tangent, in [−1, 1].
    public static func tanh(_ x: Double) -> Double { trialist_scalar_tanh(x) }
    /// 2/√π ∫₀ˣ exp(−t²) dt.
    public static func erf(_ x: Double) -> Double { trialist_scalar_erf(x) }
    /// 1 − erf(x), to all digits for large x; 0 above 27.23.
    public static func erfc(_ x: Double) -> Double { trialist_scalar_erfc(x) }
    /// Γ(x); infinite at ±0 and above 171.62, NaN at negative whole numbers.
    public static func gamma(_ x: Double) -> Double { trialist_scalar_gamma(x) }
    /// ln |Γ(x)|; +∞ at 0 and negative whole numbers.
    public static func lgamma(_ x: Double) -> Double { trialist_scalar_lgamma(x) }
}

/// The instruction set that this build was compiled for: `x86-64-v3`, `x86-64` or `arm64`. It changes the speed only.
public var codeGeneration: String { String(cString: trialist_code_generation()) }
