/// The random numbers of one patient in one replicate for one purpose.
///
/// A stream is a function, not a state that patients share: the number at a draw index depends on (seed, purpose,
/// replicate, patient, substream, index) and on nothing else. Neither the order in which patients are simulated nor the
/// number of patients beside this one can change it.
///
/// ```swift
/// var stream = RandomStream(seed: 20_110, purpose: .randomEffects, replicate: 0, patient: 17)
/// let eta = stream.nextNormal()                  // one draw
/// let same = stream.normal(at: 0)                // the same number, by its index
/// ```
///
/// **Layout.** The Philox key is that of ``StreamKey``. The counter words are, low to high: block index, substream,
/// patient, replicate. A block is 128 bits, which make two draws of 64 bits: draw 2b takes words 0 (low) and 1 (high) of
/// block b, draw 2b + 1 words 2 and 3. A stream holds 2³³ draws.
///
/// **Uniform numbers.** A draw's 64 bits z become (2⌊z / 2¹²⌋ + 1) · 2⁻⁵³: the odd multiples of 2⁻⁵³, all of them exact
/// and equally likely, symmetric about ½ and never 0 or 1, so that logarithms and quantiles of them are finite.
///
/// The type does not conform to `RandomNumberGenerator` on purpose: how the standard library turns bits into numbers
/// is not fixed between its versions, and results here must be.
public struct RandomStream: Sendable {
    /// How many draws a stream holds.
    public static let capacity: UInt64 = 1 << 33

    let key: SIMD2<UInt32>
    let replicate: UInt32
    let patient: UInt32
    let substream: UInt32
    /// The second draw of the block that `position` is in the middle of; meaningful at odd positions only.
    private var pending: UInt64 = 0

    /// The index of the next sequential draw.
    public private(set) var position: UInt64 = 0

    /// The stream of a patient, before its first draw.
    ///
    /// - Parameters:
    ///   - seed: the study's seed.
    ///   - purpose: what the numbers are for.
    ///   - replicate: index of the replicate of the trial.
    ///   - patient: index of the patient in the cohort.
    ///   - substream: tells apart things of one patient and purpose that are counted on their own, such as visits,
    ///     occasions or endpoints, so that one more of them does not shift the numbers of the others.
    public init(seed: UInt64, purpose: StreamPurpose, replicate: UInt32, patient: UInt32, substream: UInt32 = 0) {
        self.init(
            key: StreamKey(seed: seed, purpose: purpose), replicate: replicate, patient: patient, substream: substream)
    }

    /// The same stream as ``init(seed:purpose:replicate:patient:substream:)`` from a key made beforehand.
    public init(key: StreamKey, replicate: UInt32, patient: UInt32, substream: UInt32 = 0) {
        self.key = key.words
        self.replicate = replicate
        self.patient = patient
        self.substream = substream
    }

    /// The 64 random bits of a draw.
    ///
    /// - Parameter draw: index of the draw, below ``capacity``.
    public func bits(at draw: UInt64) -> UInt64 {
        let pair = bitPair(block: draw >> 1)
        return draw & 1 == 0 ? pair.first : pair.second
    }

    /// The next draw's 64 random bits.
    public mutating func nextBits() -> UInt64 {
        let draw = position
        position += 1
        guard draw & 1 == 0 else { return pending }
        let pair = bitPair(block: draw >> 1)
        pending = pair.second
        return pair.first
    }

    /// Moves to a draw index, so that the next sequential draw is the one at `draw`.
    public mutating func seek(to draw: UInt64) {
        position = draw
        if draw & 1 == 1 { pending = bitPair(block: draw >> 1).second }
    }

    /// The uniform number in (0, 1) of a draw; equal to the one that the sequence gives at that index.
    ///
    /// - Parameter draw: index of the draw, below ``capacity``.
    public func uniform(at draw: UInt64) -> Double { Self.uniform(fromBits: bits(at: draw)) }

    /// The next uniform number in the open interval (0, 1). One draw.
    public mutating func nextUniform() -> Double { Self.uniform(fromBits: nextBits()) }

    /// The standard normal number of a draw, by inversion of its uniform number.
    ///
    /// - Parameter draw: index of the draw, below ``capacity``.
    public func normal(at draw: UInt64) -> Double { Normal.quantile(uniform(at: draw)) }

    /// The next standard normal number, by inversion of the distribution function: always exactly one draw, so that the
    /// draws after it stay where they are.
    public mutating func nextNormal() -> Double { Normal.quantile(nextUniform()) }

    static func uniform(fromBits bits: UInt64) -> Double {
        Double((bits >> 11) | 1) * 0x1p-53
    }

    private func bitPair(block index: UInt64) -> (first: UInt64, second: UInt64) {
        precondition(index < Self.capacity >> 1, "A random stream holds 2^33 draws; draw \(2 * index) is beyond.")
        let words = Philox4x32.block(
            counter: PhiloxBlock(UInt32(truncatingIfNeeded: index), substream, patient, replicate), key: key)
        return (
            UInt64(words[0]) | UInt64(words[1]) << 32,
            UInt64(words[2]) | UInt64(words[3]) << 32
        )
    }
}
