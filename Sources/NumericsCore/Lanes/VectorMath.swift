import CSLEEF

/// Elementary functions over arrays, with the bits of ``Elementary``'s scalar forms for every element.
///
/// Each function reads `count` ≥ 0 values and writes as many; any count is allowed, and `into` may be the input itself
/// but may not overlap it otherwise. Results do not depend on the processor, on the position in the array or on the
/// count: the vector and scalar forms round alike, which a test over many inputs checks.
package enum VectorMath {
    @inline(__always)
    package static func exp(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_exp, trialist_scalar_exp)
    }

    @inline(__always)
    package static func expm1(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_expm1, trialist_scalar_expm1)
    }

    @inline(__always)
    package static func log(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_log, trialist_scalar_log)
    }

    @inline(__always)
    package static func log1p(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_log1p, trialist_scalar_log1p)
    }

    @inline(__always)
    package static func log10(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_log10, trialist_scalar_log10)
    }

    @inline(__always)
    package static func log2(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_log2, trialist_scalar_log2)
    }

    @inline(__always)
    package static func sin(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_sin, trialist_scalar_sin)
    }

    @inline(__always)
    package static func cos(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_cos, trialist_scalar_cos)
    }

    @inline(__always)
    package static func tan(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_tan, trialist_scalar_tan)
    }

    @inline(__always)
    package static func asin(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_asin, trialist_scalar_asin)
    }

    @inline(__always)
    package static func acos(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_acos, trialist_scalar_acos)
    }

    @inline(__always)
    package static func atan(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_atan, trialist_scalar_atan)
    }

    @inline(__always)
    package static func sinh(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_sinh, trialist_scalar_sinh)
    }

    @inline(__always)
    package static func cosh(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_cosh, trialist_scalar_cosh)
    }

    @inline(__always)
    package static func tanh(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_tanh, trialist_scalar_tanh)
    }

    @inline(__always)
    package static func erf(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_erf, trialist_scalar_erf)
    }

    @inline(__always)
    package static func erfc(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_erfc, trialist_scalar_erfc)
    }

    @inline(__always)
    package static func gamma(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_gamma, trialist_scalar_gamma)
    }

    @inline(__always)
    package static func lgamma(_ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int) {
        map(x, r, count, trialist_lgamma, trialist_scalar_lgamma)
    }

    /// x to the power y, element by element.
    @inline(__always)
    package static func pow(
        _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int
    ) {
        let whole = count & ~3
        trialist_pow(x, y, r, whole)
        for i in whole..<count { r[i] = trialist_scalar_pow(x[i], y[i]) }
    }

    /// The angle of the point (x, y), element by element: the ordinate comes first.
    @inline(__always)
    package static func atan2(
        _ y: UnsafePointer<Double>, _ x: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>, count: Int
    ) {
        let whole = count & ~3
        trialist_atan2(y, x, r, whole)
        for i in whole..<count { r[i] = trialist_scalar_atan2(y[i], x[i]) }
    }

    /// Whole groups of four by the vector form, the rest one by one.
    @inline(__always)
    private static func map(
        _ x: UnsafePointer<Double>, _ r: UnsafeMutablePointer<Double>, _ count: Int,
        _ vector: (UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int) -> Void, _ scalar: (Double) -> Double
    ) {
        let whole = count & ~3
        vector(x, r, whole)
        for i in whole..<count { r[i] = scalar(x[i]) }
    }
}
