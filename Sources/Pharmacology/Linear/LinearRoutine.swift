import NumericsCore

/// A ``LinearReading`` made ready for an inner loop: flat tables in memory of their own, which the owner deallocates.
struct LinearRoutine {
    let modes: UnsafeMutablePointer<Int>
    let modeCount: Int
    /// The states to write, and where the terms of each begin.
    let states: UnsafeMutablePointer<Int>
    let rowCount: Int
    private let starts: UnsafeMutablePointer<Int>
    private let entries: UnsafeMutablePointer<Int>
    private let termModes: UnsafeMutablePointer<Int>

    init(_ reading: LinearReading) {
        func table(_ values: [Int]) -> UnsafeMutablePointer<Int> {
            let pointer = UnsafeMutablePointer<Int>.allocate(capacity: max(1, values.count))
            pointer.initialize(from: values, count: values.count)
            return pointer
        }
        modeCount = reading.modes.count
        rowCount = reading.rows.count
        modes = table(reading.modes)
        states = table(reading.rows.map(\.state))
        starts = table(reading.rows.map(\.pairs.lowerBound) + [reading.pairs.count])
        entries = table(reading.pairs.map(\.entry))
        termModes = table(reading.pairs.map(\.mode))
    }

    func deallocate() { for pointer in [modes, states, starts, entries, termModes] { pointer.deallocate() } }

    /// One state: the sum over its modes of eigenvector times coordinate.
    @inline(__always)
    func sum(_ row: Int, _ vectors: LanePointer, _ coordinates: LanePointer) -> Lane {
        var sum = Lane(repeating: 0)
        for pair in starts[row]..<starts[row + 1] { sum += vectors[entries[pair]] * coordinates[termModes[pair]] }
        return sum
    }
}
