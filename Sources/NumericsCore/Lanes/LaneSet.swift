/// Some of the sixteen lanes, to go through one by one: a bit for each.
///
/// Asking a ``LaneMask`` for one lane after the other moves the whole vector through memory each time.
@usableFromInline
package struct LaneSet: Sequence, IteratorProtocol, Sendable {
    @usableFromInline var bits: UInt16

    /// No lane.
    @inlinable
    package init() { bits = 0 }

    /// The lanes that a mask holds.
    @inlinable
    @inline(__always)
    package init(_ mask: LaneMask) {
        let lanes = unsafeBitCast(mask, to: SIMD16<Int64>.self) & LaneSet.weights
        let eight = lanes.lowHalf | lanes.highHalf
        let four = eight.lowHalf | eight.highHalf
        let two = four.lowHalf | four.highHalf
        bits = UInt16(truncatingIfNeeded: two.x | two.y)
    }

    @inlinable
    static var weights: SIMD16<Int64> {
        SIMD16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    }

    /// The same lanes as a mask.
    @inlinable
    @inline(__always)
    package var mask: LaneMask {
        let own = SIMD16<Int64>(repeating: Int64(bits)) & LaneSet.weights
        return own .== LaneSet.weights
    }

    @inlinable
    @inline(__always)
    package var isEmpty: Bool { bits == 0 }

    @inlinable
    @inline(__always)
    package func contains(_ lane: Int) -> Bool { bits & (1 << UInt16(lane)) != 0 }

    @inlinable
    @inline(__always)
    package mutating func insert(_ lane: Int) { bits |= 1 << UInt16(lane) }

    /// The lowest lane that is left, which is then taken out.
    @inlinable
    @inline(__always)
    package mutating func next() -> Int? {
        guard bits != 0 else { return nil }
        defer { bits &= bits &- 1 }
        return bits.trailingZeroBitCount
    }
}
