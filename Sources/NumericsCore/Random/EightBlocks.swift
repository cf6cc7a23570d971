extension Philox4x32 {
    /// The outputs of eight counters under one key, each as its two halves of 64 bits: the draws 2b and 2b + 1 of a block.
    ///
    /// A word stands in the lower half of an element, and on the way the upper half holds anything: a product reads lower halves
    /// alone, which is one instruction for four elements.
    @inline(__always)
    static func eight(
        _ first: SIMD8<UInt64>, _ second: SIMD8<UInt64>, _ third: SIMD8<UInt64>, _ fourth: SIMD8<UInt64>,
        key: SIMD2<UInt32>
    ) -> (SIMD8<UInt64>, SIMD8<UInt64>) {
        let mask = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
        var (a, b, c, d) = (first, second, third, fourth)
        var (low, high) = (key[0], key[1])
        for _ in 0..<rounds {
            let one = SIMD8(repeating: multipliers.0) &* (a & mask)
            let other = SIMD8(repeating: multipliers.1) &* (c & mask)
            a = (other &>> 32) ^ b ^ SIMD8(repeating: UInt64(low))
            b = other
            c = (one &>> 32) ^ d ^ SIMD8(repeating: UInt64(high))
            d = one
            low &+= keyIncrements.0
            high &+= keyIncrements.1
        }
        return ((a & mask) | (b &<< 32), (c & mask) | (d &<< 32))
    }
}

extension RandomStream {
    /// ``uniform(fromBits:)`` of eight draws. A whole number below 2⁵³ becomes a double by its two halves, as digits of 2⁸⁴ and
    /// of 2⁵², exactly.
    @inline(__always)
    static func uniforms(fromBits bits: SIMD8<UInt64>) -> SIMD8<Double> {
        let whole = (bits &>> 11) | SIMD8(repeating: 1)
        let upper = (whole &>> 32) | SIMD8(repeating: 0x4530_0000_0000_0000)
        let lower = (whole & SIMD8(repeating: 0xFFFF_FFFF)) | SIMD8(repeating: 0x4330_0000_0000_0000)
        let shifted = unsafeBitCast(upper, to: SIMD8<Double>.self) - SIMD8(repeating: 0x1p84 + 0x1p52)
        return (shifted + unsafeBitCast(lower, to: SIMD8<Double>.self)) * SIMD8(repeating: 0x1p-53)
    }

    /// The uniform numbers of the sixteen draws from `16 · batch`, those of even index first: draw `16 · batch + k` at
    /// `(k & 1) · 8 + k / 2`.
    ///
    /// - Parameter uniforms: two vectors.
    @inline(never)
    package func uniforms(batch: UInt32, into uniforms: UnsafeMutablePointer<SIMD8<Double>>) {
        let block = SIMD8<UInt64>(repeating: UInt64(batch) * 8) &+ SIMD8(0, 1, 2, 3, 4, 5, 6, 7)
        let (first, second) = Philox4x32.eight(
            block, SIMD8(repeating: UInt64(substream)), SIMD8(repeating: UInt64(patient)),
            SIMD8(repeating: UInt64(replicate)), key: key)
        uniforms[0] = Self.uniforms(fromBits: first)
        uniforms[1] = Self.uniforms(fromBits: second)
    }
}
