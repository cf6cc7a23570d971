/// Four 32-bit words: the counter and the output of ``Philox4x32``.
public typealias PhiloxBlock = SIMD4<UInt32>

/// The counter-based random function Philox4x32-10.
///
/// It is a keyed bijection of 128-bit counters: equal key and counter give equal output, and no state is kept, so any
/// draw of any patient can be computed alone and in any order. Ten rounds pass all of TestU01's BigCrush.
///
/// Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11, section 3.3;
/// tested against the known answers published with the authors' Random123.
public enum Philox4x32 {
    /// Multipliers of words 0 and 2 (Salmon et al. 2011, table 2).
    static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
    /// Increments of the key words from round to round: the golden ratio and √3 − 1, in 32 bits.
    static let keyIncrements: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)
    static let rounds = 10

    /// The output of `counter` under `key` (low word first): four uniform 32-bit words.
    public static func block(counter: PhiloxBlock, key: SIMD2<UInt32>) -> PhiloxBlock {
        // Scalars: taking lanes of a vector apart in every round costs more than the multiplications.
        var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
        var (low, high) = (key[0], key[1])
        for _ in 0..<rounds {
            let first = multipliers.0 &* UInt64(a)
            let second = multipliers.1 &* UInt64(c)
            a = UInt32(truncatingIfNeeded: second >> 32) ^ b ^ low
            b = UInt32(truncatingIfNeeded: second)
            c = UInt32(truncatingIfNeeded: first >> 32) ^ d ^ high
            d = UInt32(truncatingIfNeeded: first)
            low &+= keyIncrements.0
            high &+= keyIncrements.1
        }
        return PhiloxBlock(a, b, c, d)
    }
}
