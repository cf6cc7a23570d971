/// The Philox key of one purpose under one seed.
///
/// The key is the first half of one Philox block whose key is the seed and whose counter is the purpose's code beside a
/// fixed tag. Mixing, unlike adding, keeps neighbouring seeds and purposes from sharing keys: seed 1 with purpose 2
/// and seed 2 with purpose 1 are unrelated. Making a key costs as much as two draws: keep it where many streams of
/// one purpose are opened.
public struct StreamKey: Hashable, Sendable {
    let words: SIMD2<UInt32>

    /// ASCII "TrialKey", which keeps key blocks apart from draw blocks should a derived key ever equal a seed.
    private static let tag = SIMD2<UInt32>(0x5472_6961, 0x6C4B_6579)

    /// The key of `purpose` in the study with the given `seed`.
    public init(seed: UInt64, purpose: StreamPurpose) {
        let block = Philox4x32.block(
            counter: PhiloxBlock(
                UInt32(truncatingIfNeeded: purpose.code), UInt32(truncatingIfNeeded: purpose.code >> 32),
                Self.tag[0], Self.tag[1]),
            key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
        words = block.lowHalf
    }
}
