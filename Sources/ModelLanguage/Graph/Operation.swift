import NumericsCore

/// What one node of an expression graph, or one instruction of a lane program, computes.
///
/// Arithmetic is protected as the language defines it (rxode2's default): a divisor of exactly 0 counts as 2.22e-16, the
/// logarithm of a number that is not positive is log(2.22e-16), and 0 to a negative power has the base 2.22e-16.
/// A comparison gives 1 or 0, and 0 when either side is missing (NaN). The smaller or larger of two numbers is missing when
/// either is.
package enum Operation: UInt8, Sendable, Hashable, CaseIterable {
    // No operand.
    case constant, input, state, time
    /// The value that an expression had some time ago, which the simulation keeps: the number of the delay in `a`.
    case delayed
    /// The outcome of a comparison, which the simulation keeps for as long as a step lasts: the number in `a`.
    case held
    // One operand.
    case copy, negate, absolute, squareRoot, reciprocal, exp, expm1, log, log1p, log10, log2
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh
    case gamma, lgamma, floor, ceiling, round, not, isMissing, normalCDF, normalQuantile, erf, erfc
    // Two operands.
    case add, subtract, multiply, divide, power, remainder, minimum, maximum, atan2, gammaP, gammaQ, polygamma
    case less, lessOrEqual, equal, notEqual, and, or
    // Three operands: a where the condition is not 0, else b.
    case select
    /// a b + c, a b − c and c − a b, each rounded twice as the two operations are: programs alone hold them.
    case multiplyAdd, multiplySubtract, subtractProduct

    /// How many operands it takes.
    package var arity: Int {
        switch self {
        case .constant, .input, .state, .time, .delayed, .held: 0
        case .copy, .negate, .absolute, .squareRoot, .reciprocal, .exp, .expm1, .log, .log1p, .log10, .log2, .sin,
            .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh, .gamma, .lgamma, .floor, .ceiling, .round, .not,
            .isMissing, .normalCDF, .normalQuantile, .erf, .erfc:
            1
        case .select, .multiplyAdd, .multiplySubtract, .subtractProduct: 3
        default: 2
        }
    }

    var isCommutative: Bool {
        switch self {
        case .add, .multiply, .minimum, .maximum, .equal, .notEqual, .and, .or: true
        default: false
        }
    }
}

/// The smallest divisor, logarithm argument and base of a negative power that protected arithmetic lets through
/// (2⁻⁵², rxode2's value).
package let protectedZero = 0x1p-52

extension Operation {
    /// The value for one lane: what constant folding uses, with the same bits as the lane machine.
    package func value(_ a: Double, _ b: Double = 0, _ c: Double = 0) -> Double {
        switch self {
        case .constant, .input, .state, .time, .delayed, .held, .copy: a
        case .negate: 0 - a  // as a vector negates: the zero keeps no sign
        case .absolute: abs(a)
        case .squareRoot: a.squareRoot()
        case .reciprocal: 1 / (a == 0 ? protectedZero : a)
        case .exp: Elementary.exp(a)
        case .expm1: Elementary.expm1(a)
        case .log: Elementary.log(a <= 0 ? protectedZero : a)
        case .log1p: Elementary.log1p(a)
        case .log10: Elementary.log10(a)
        case .log2: Elementary.log2(a)
        case .sin: Elementary.sin(a)
        case .cos: Elementary.cos(a)
        case .tan: Elementary.tan(a)
        case .asin: Elementary.asin(a)
        case .acos: Elementary.acos(a)
        case .atan: Elementary.atan(a)
        case .sinh: Elementary.sinh(a)
        case .cosh: Elementary.cosh(a)
        case .tanh: Elementary.tanh(a)
        case .gamma: Elementary.gamma(a)
        case .lgamma: Elementary.lgamma(a)
        case .floor: a.rounded(.down)
        case .ceiling: a.rounded(.up)
        case .round: a.rounded(.toNearestOrEven)
        case .not: a == 0 ? 1 : 0
        case .isMissing: a.isNaN ? 1 : 0
        case .normalCDF: 0.5 * Elementary.erfc(-a * 0.5.squareRoot())
        case .normalQuantile: Normal.quantile(a)
        case .erf: Elementary.erf(a)
        case .erfc: Elementary.erfc(a)
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / (b == 0 ? protectedZero : b)
        case .power: power(a, b)
        case .remainder: a - (a / (b == 0 ? protectedZero : b)).rounded(.down) * b
        case .minimum: a < b || a.isNaN ? a : b
        case .maximum: a > b || a.isNaN ? a : b
        case .atan2: Elementary.atan2(a, b)
        case .gammaP: SpecialFunctions.gammaP(a, b)
        case .gammaQ: SpecialFunctions.gammaQ(a, b)
        case .polygamma: SpecialFunctions.polygamma(a, b)
        case .less: a < b ? 1 : 0
        case .lessOrEqual: a <= b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .notEqual: a == b || a.isNaN || b.isNaN ? 0 : 1
        case .and: a != 0 && b != 0 ? 1 : 0
        case .or: a != 0 || b != 0 ? 1 : 0
        case .select: a != 0 ? b : c
        case .multiplyAdd: a * b + c
        case .multiplySubtract: a * b - c
        case .subtractProduct: c - a * b
        }
    }

    /// `a^b`: exp(b log a) for a positive base, which is three times as fast as a correctly rounded power and within
    /// (2 + |b log a|) units in the last place of it; the library's power for any other base.
    private func power(_ a: Double, _ b: Double) -> Double {
        if a > 0 { return Elementary.exp(b * Elementary.log(a)) }
        return Elementary.pow(a == 0 && b < 0 ? protectedZero : a, b)
    }
}
