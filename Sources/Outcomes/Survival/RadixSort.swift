/// Stable ascending order of numbers in linear time: by the digits of a whole-number key that orders as the number does.
///
/// The most significant differing bits part the rows into buckets, each bucket is parted again, and a small one is sorted by
/// insertion. Sources: Knuth 1998, The Art of Computer Programming 3, section 5.2.5; McIlroy et al. 1993, Computing
/// Systems 6:5.
package enum RadixSort {
    /// A key and the row that it belongs to.
    struct Item {
        let key: UInt64
        let row: Int
    }

    /// The rows of numbers in ascending order, equal numbers by row; −0 and 0 are equal, and no number may be NaN.
    package static func rows(ascending values: [Double]) -> [Int] {
        values.withUnsafeBufferPointer { values in
            sorted(values.count) { Item(key: key(values[$0]), row: $0) }
        }.map(\.row)
    }

    /// A whole number that orders as the number does: the bits of an IEEE 754 number order by size once the sign bit is
    /// turned, and backwards for negative numbers.
    @inline(__always)
    private static func key(_ value: Double) -> UInt64 {
        // −0 + 0 is 0.
        let bits = (value + 0).bitPattern
        return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
    }

    /// The items by ascending key, equal keys in the order in which they are made.
    @inline(__always)
    static func sorted(_ count: Int, _ item: (Int) -> Item) -> [Item] {
        var items = [Item](unsafeUninitializedCapacity: count) { buffer, filled in
            for row in 0..<count { buffer.initializeElement(at: row, to: item(row)) }
            filled = count
        }
        withUnsafeTemporaryAllocation(of: Item.self, capacity: count) { scratch in
            items.withUnsafeMutableBufferPointer { items in
                guard let home = items.baseAddress, let away = scratch.baseAddress else { return }
                part(home, away, count, isHome: true)
            }
        }
        return items
    }

    private typealias Items = UnsafeMutablePointer<Item>

    /// Sorts `count` items, which lie in `home` or else in `away`; the result lies in `home`.
    private static func part(_ home: Items, _ away: Items, _ count: Int, isHome: Bool) {
        let from = isHome ? home : away
        var varying: UInt64 = 0
        for i in 0..<count { varying |= from[i].key ^ from[0].key }
        guard count > 24, varying != 0 else {
            if !isHome { home.update(from: away, count: count) }
            if varying != 0 { insert(home, count) }
            return
        }
        // About eight items to a bucket; with more buckets than 2¹¹ each write would miss the cache.
        let width = UInt64.bitWidth - varying.leadingZeroBitCount
        let bits = min(width, max(4, min(11, Int.bitWidth - 3 - count.leadingZeroBitCount)))
        let shift = UInt64(width - bits)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << bits) { ends in
            let to = isHome ? away : home
            distribute(from, to, count, shift, ends)
            var begin = 0
            for end in ends where end > begin {
                part(home + begin, away + begin, end - begin, isHome: !isHome)
                begin = end
            }
        }
    }

    /// Moves the items to their buckets in the order they have, and leaves the end of each bucket in `ends`.
    private static func distribute(
        _ from: Items, _ to: Items, _ count: Int, _ shift: UInt64, _ ends: UnsafeMutableBufferPointer<Int>
    ) {
        let mask = UInt64(ends.count - 1)
        ends.initialize(repeating: 0)
        for i in 0..<count { ends[Int(from[i].key >> shift & mask)] &+= 1 }
        var start = 0
        for bucket in ends.indices {
            let size = ends[bucket]
            ends[bucket] = start
            start &+= size
        }
        for i in 0..<count {
            let item = from[i]
            let bucket = Int(item.key >> shift & mask)
            to[ends[bucket]] = item
            ends[bucket] &+= 1
        }
    }

    private static func insert(_ items: Items, _ count: Int) {
        for i in 1..<count {
            let item = items[i]
            var hole = i
            while hole > 0, items[hole - 1].key > item.key {
                items[hole] = items[hole - 1]
                hole -= 1
            }
            items[hole] = item
        }
    }
}
