/// A part of a study's replicates: shard 2 of 4 holds the second quarter.
///
/// Shards divide the replicates of the randomised trial in contiguous parts. The first also holds everything that is done
/// once: twins, survival, strata, learned regimes.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public let index: Int
    /// How many shards there are.
    public let count: Int

    /// The whole study.
    public static let whole = Shard(unchecked: 1, of: 1)

    private init(unchecked index: Int, of count: Int) {
        self.index = index
        self.count = count
    }

    /// A shard `index` of `count`; nil unless `1 ≤ index ≤ count`.
    public init?(_ index: Int, of count: Int) {
        guard count >= 1, (1...count).contains(index) else { return nil }
        self.init(unchecked: index, of: count)
    }

    /// A shard written as `2/4`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
        self.init(index, of: count)
    }

    /// `2/4`, as ``init(_:)`` reads it.
    public var description: String { "\(index)/\(count)" }

    /// Whether this shard does what is done once.
    var isFirst: Bool { index == 1 }

    /// The replicates of this shard among `total`, from 0. The first shard has the first replicate, where there is one.
    func replicates(of total: Int) -> Range<Int> {
        func start(_ index: Int) -> Int { (index * total + count - 1) / count }
        return start(index - 1)..<start(index)
    }
}
