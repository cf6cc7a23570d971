import CSLEEF

/// Elementary functions whose bits do not depend on the processor.
///
/// The C library picks a fused or an unfused variant of `exp`, `log` and `pow` at run time, so its last bit differs
/// between machines. Everything that reaches a study's numbers calls these instead: SLEEF's deterministic forms without
/// fused multiply-add, at most 1.0 ulp from the true value (1.5 ulp for `erfc`).
public enum Elementary {
    public static func exp(_ x: Double) -> Double { trialist_scalar_exp(x) }
    public static func expm1(_ x: Double) -> Double { trialist_scalar_expm1(x) }
    public static func log(_ x: Double) -> Double { trialist_scalar_log(x) }
    public static func log1p(_ x: Double) -> Double { trialist_scalar_log1p(x) }
    public static func log10(_ x: Double) -> Double { trialist_scalar_log10(x) }
    public static func log2(_ x: Double) -> Double { trialist_scalar_log2(x) }
    public static func pow(_ x: Double, _ y: Double) -> Double { trialist_scalar_pow(x, y) }
    public static func sin(_ x: Double) -> Double { trialist_scalar_sin(x) }
    public static func cos(_ x: Double) -> Double { trialist_scalar_cos(x) }
    public static func tan(_ x: Double) -> Double { trialist_scalar_tan(x) }
    public static func asin(_ x: Double) -> Double { trialist_scalar_asin(x) }
    public static func acos(_ x: Double) -> Double { trialist_scalar_acos(x) }
    public static func atan(_ x: Double) -> Double { trialist_scalar_atan(x) }
    /// The angle of the point (x, y) in (−π, π].
    public static func atan2(_ y: Double, _ x: Double) -> Double { trialist_scalar_atan2(y, x) }
    public static func sinh(_ x: Double) -> Double { trialist_scalar_sinh(x) }
    public static func cosh(_ x: Double) -> Double { trialist_scalar_cosh(x) }
    public static func tanh(_ x: Double) -> Double { trialist_scalar_tanh(x) }
    public static func erf(_ x: Double) -> Double { trialist_scalar_erf(x) }
    public static func erfc(_ x: Double) -> Double { trialist_scalar_erfc(x) }
    public static func gamma(_ x: Double) -> Double { trialist_scalar_gamma(x) }
    public static func lgamma(_ x: Double) -> Double { trialist_scalar_lgamma(x) }
}

/// The instruction set that this build was compiled for: `x86-64-v3`, `x86-64` or `arm64`. It changes the speed only.
public var codeGeneration: String { String(cString: trialist_code_generation()) }
