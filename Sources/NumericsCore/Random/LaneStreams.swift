/// The random streams of sixteen patients side by side: the numbers of ``RandomStream``, sixteen at a time.
///
/// A block of a stream makes its draws 2b and 2b + 1. Lanes may be at different blocks.
package struct LaneStreams {
    private let key: SIMD2<UInt32>
    private let patient: UnsafeMutablePointer<SIMD16<UInt64>>

    /// Streams of one purpose; `storage` holds the patients and replicates of the lanes and outlives this value.
    ///
    /// - Parameter storage: two vectors.
    package init(key: StreamKey, storage: UnsafeMutablePointer<SIMD16<UInt64>>) {
        self.key = key.words
        patient = storage
        storage.initialize(repeating: SIMD16(repeating: 0), count: 2)
    }

    /// Puts a lane at the stream of a patient.
    package func open(_ lane: Int, replicate: UInt32, patient index: UInt32) {
        patient[0][lane] = UInt64(index)
        patient[1][lane] = UInt64(replicate)
    }

    /// The two uniform numbers of a block, in each lane.
    ///
    /// - Parameters:
    ///   - block: the index of each lane's block, below 2³².
    ///   - uniforms: takes draw 2b, and behind it draw 2b + 1.
    @inline(never)
    package func uniforms(_ block: UnsafePointer<SIMD16<UInt64>>, into uniforms: LanePointer) {
        let words = UnsafeRawPointer(block).assumingMemoryBound(to: SIMD8<UInt64>.self)
        let patients = UnsafeRawPointer(patient).assumingMemoryBound(to: SIMD8<UInt64>.self)
        let results = UnsafeMutableRawPointer(uniforms).assumingMemoryBound(to: SIMD8<Double>.self)
        for half in 0..<2 {
            let (first, second) = bits(words[half], patients[half], patients[2 + half])
            results[half] = Self.uniform(first)
            results[2 + half] = Self.uniform(second)
        }
    }

    /// Philox in eight lanes: a word stands in the lower half of each element, and the upper half holds anything. A product
    /// reads lower halves alone, which is one instruction for four lanes.
    @inline(__always)
    private func bits(
        _ block: SIMD8<UInt64>, _ patient: SIMD8<UInt64>, _ replicate: SIMD8<UInt64>
    ) -> (SIMD8<UInt64>, SIMD8<UInt64>) {
        let mask = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
        var (a, b, c, d) = (block, SIMD8<UInt64>(repeating: 0), patient, replicate)
        var (low, high) = (key[0], key[1])
        for _ in 0..<Philox4x32.rounds {
            let first = SIMD8(repeating: Philox4x32.multipliers.0) &* (a & mask)
            let second = SIMD8(repeating: Philox4x32.multipliers.1) &* (c & mask)
            a = (second &>> 32) ^ b ^ SIMD8(repeating: UInt64(low))
            b = second
            c = (first &>> 32) ^ d ^ SIMD8(repeating: UInt64(high))
            d = first
            low &+= Philox4x32.keyIncrements.0
            high &+= Philox4x32.keyIncrements.1
        }
        return ((a & mask) | (b &<< 32), (c & mask) | (d &<< 32))
    }

    /// ``RandomStream/uniform(fromBits:)``. A whole number below 2⁵³ becomes a double by its two halves, as digits of 2⁸⁴ and
    /// of 2⁵², exactly.
    @inline(__always)
    private static func uniform(_ bits: SIMD8<UInt64>) -> SIMD8<Double> {
        let whole = (bits &>> 11) | SIMD8(repeating: 1)
        let upper = (whole &>> 32) | SIMD8(repeating: 0x4530_0000_0000_0000)
        let lower = (whole & SIMD8(repeating: 0xFFFF_FFFF)) | SIMD8(repeating: 0x4330_0000_0000_0000)
        let shifted = unsafeBitCast(upper, to: SIMD8<Double>.self) - SIMD8(repeating: 0x1p84 + 0x1p52)
        return (shifted + unsafeBitCast(lower, to: SIMD8<Double>.self)) * SIMD8(repeating: 0x1p-53)
    }
}
