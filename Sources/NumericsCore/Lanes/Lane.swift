import CSLEEF

/// Sixteen patients side by side: the value of one quantity in each of them.
///
/// Sixteen lanes ran register programs about twice as fast as eight on AVX2.
@usableFromInline
package typealias Lane = SIMD16<Double>

/// A yes or no for each of the sixteen lanes.
@usableFromInline
package typealias LaneMask = SIMDMask<SIMD16<Int64>>

package let laneCount = 16

/// A quantity of sixteen lanes in memory.
package typealias LanePointer = UnsafeMutablePointer<Lane>

/// Whether some lane is set. The standard library's way takes a minimum lane by lane.
@inlinable
@inline(__always)
package func any(_ mask: LaneMask) -> Bool {
    let lanes = unsafeBitCast(mask, to: SIMD16<Int64>.self)
    let eight = lanes.lowHalf | lanes.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return two.x | two.y != 0
}

/// Whether every lane is set.
@inlinable
@inline(__always)
package func all(_ mask: LaneMask) -> Bool {
    let lanes = unsafeBitCast(mask, to: SIMD16<Int64>.self)
    let eight = lanes.lowHalf & lanes.highHalf
    let four = eight.lowHalf & eight.highHalf
    let two = four.lowHalf & four.highHalf
    return two.x & two.y != 0
}

/// Elementary functions over the sixteen lanes of one register, with the same bits as ``Elementary``.
///
/// They take pointers because a vector passed by value stays in 128-bit registers. `x` and `r` may be the same.
package enum LaneMath {
    @inline(__always)
    private static func doubles(_ x: LanePointer) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(x).assumingMemoryBound(to: Double.self)
    }

    package static func exp(_ x: LanePointer, _ r: LanePointer) { trialist_exp_16(doubles(x), doubles(r)) }
    /// eˣ into `r`, and eˣ − 1, to all digits near 0, into `less`. The three may not overlap.
    package static func exp(_ x: LanePointer, _ r: LanePointer, less: LanePointer) {
        trialist_exponentials_16(doubles(x), doubles(r), doubles(less))
    }
    package static func squareRoot(_ x: LanePointer, _ r: LanePointer) { trialist_sqrt(doubles(x), doubles(r), 16) }
    package static func expm1(_ x: LanePointer, _ r: LanePointer) { trialist_expm1(doubles(x), doubles(r), 16) }
    package static func log(_ x: LanePointer, _ r: LanePointer) { trialist_log_16(doubles(x), doubles(r)) }
    package static func log1p(_ x: LanePointer, _ r: LanePointer) { trialist_log1p(doubles(x), doubles(r), 16) }
    package static func log10(_ x: LanePointer, _ r: LanePointer) { trialist_log10(doubles(x), doubles(r), 16) }
    package static func log2(_ x: LanePointer, _ r: LanePointer) { trialist_log2(doubles(x), doubles(r), 16) }
    package static func sin(_ x: LanePointer, _ r: LanePointer) { trialist_sin(doubles(x), doubles(r), 16) }
    package static func cos(_ x: LanePointer, _ r: LanePointer) { trialist_cos(doubles(x), doubles(r), 16) }
    package static func tan(_ x: LanePointer, _ r: LanePointer) { trialist_tan(doubles(x), doubles(r), 16) }
    package static func asin(_ x: LanePointer, _ r: LanePointer) { trialist_asin(doubles(x), doubles(r), 16) }
    package static func acos(_ x: LanePointer, _ r: LanePointer) { trialist_acos(doubles(x), doubles(r), 16) }
    package static func atan(_ x: LanePointer, _ r: LanePointer) { trialist_atan(doubles(x), doubles(r), 16) }
    package static func sinh(_ x: LanePointer, _ r: LanePointer) { trialist_sinh(doubles(x), doubles(r), 16) }
    package static func cosh(_ x: LanePointer, _ r: LanePointer) { trialist_cosh(doubles(x), doubles(r), 16) }
    package static func tanh(_ x: LanePointer, _ r: LanePointer) { trialist_tanh(doubles(x), doubles(r), 16) }
    package static func erfc(_ x: LanePointer, _ r: LanePointer) { trialist_erfc(doubles(x), doubles(r), 16) }
    package static func gamma(_ x: LanePointer, _ r: LanePointer) { trialist_gamma(doubles(x), doubles(r), 16) }
    package static func lgamma(_ x: LanePointer, _ r: LanePointer) { trialist_lgamma(doubles(x), doubles(r), 16) }
    package static func pow(_ x: LanePointer, _ y: LanePointer, _ r: LanePointer) {
        trialist_pow(doubles(x), doubles(y), doubles(r), 16)
    }
    package static func atan2(_ x: LanePointer, _ y: LanePointer, _ r: LanePointer) {
        trialist_atan2(doubles(x), doubles(y), doubles(r), 16)
    }
}
