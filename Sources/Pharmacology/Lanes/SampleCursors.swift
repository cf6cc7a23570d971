import NumericsCore

/// When each lane is looked at, and how far it has come.
///
/// Row `i` of the recorded values belongs to each lane's own sample `i`. Lanes that share one schedule are moved together.
final class SampleCursors {
    private var times: UnsafeMutablePointer<Double>
    private var capacity = 64
    private let cursor: UnsafeMutablePointer<SIMD16<Int32>>
    private let upcoming = Lanes.allocate(1)
    /// Whether all lanes have the schedule of the first.
    private var isShared = false

    /// The time of each lane's next sample; infinite behind the last.
    @inline(__always)
    var next: Lane { upcoming[0] }
    /// The row of each lane's next sample.
    @inline(__always)
    var rows: SIMD16<Int32> { cursor[0] }
    private var counts: SIMD16<Int32> { cursor[1] }

    init() {
        times = .allocate(capacity: laneCount * capacity)
        cursor = .allocate(capacity: 2)
        cursor.initialize(repeating: SIMD16(repeating: 0), count: 2)
        clear()
    }

    deinit {
        times.deallocate()
        cursor.deallocate()
        upcoming.deallocate()
    }

    func clear() {
        cursor[1] = SIMD16(repeating: 0)
        upcoming[0] = Lane(repeating: .infinity)
    }

    /// Lets every lane have a schedule of its own from now on.
    func separate() {
        clear()
        isShared = false
    }

    /// Gives one lane its own samples; those before `start` stay unrecorded.
    func load(_ samples: [Double], lane: Int, from start: Double) {
        var row = 0
        while row < samples.count, samples[row] < start { row += 1 }
        write(samples, lane: lane, row: row, copy: true)
    }

    /// Gives each subject's lane its own samples.
    func load(_ subjects: UnsafeBufferPointer<Subject>) {
        clear()
        guard let first = subjects.first else { return }
        isShared = subjects.allSatisfy { $0.samples == first.samples }
        for lane in subjects.indices {
            write(subjects[lane].samples, lane: lane, row: 0, copy: !isShared || lane == 0)
        }
    }

    /// Gives the lanes of a mask one schedule. Samples that are not after a lane's time stay unrecorded.
    func load(_ samples: [Double], _ mask: LaneMask, after time: Lane) {
        clear()
        isShared = true
        for lane in 0..<laneCount where mask[lane] || lane == 0 {
            let row = samples.firstIndex { $0 > time[lane] } ?? samples.count
            write(samples, lane: lane, row: row, copy: lane == 0)
            if !mask[lane] { upcoming[0][lane] = .infinity }
        }
    }

    private func write(_ samples: [Double], lane: Int, row: Int, copy: Bool) {
        reserve(samples.count)
        if copy {
            samples.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return }
                (times + lane * capacity).update(from: base, count: samples.count)
            }
        }
        cursor[0][lane] = Int32(row)
        cursor[1][lane] = Int32(samples.count)
        upcoming[0][lane] = row < samples.count ? samples[row] : .infinity
    }

    /// Moves the lanes of a mask, which stand at one row if `row` is given, to their next sample.
    @inline(__always)
    func step(_ mask: LaneMask, from row: Int?) {
        if let row, isShared {
            let following = row + 1 < Int(counts[0]) ? times[row + 1] : .infinity
            if all(mask) {
                upcoming[0] = Lane(repeating: following)
                cursor[0] = SIMD16(repeating: Int32(row + 1))
                return
            }
            upcoming[0].replace(with: Lane(repeating: following), where: mask)
            let moved = SIMD16<Int32>(repeating: Int32(row + 1))
            cursor[0].replace(with: moved, where: SIMDMask<SIMD16<Int32>>(narrowing: mask))
            return
        }
        for lane in LaneSet(mask) {
            let following = cursor[0][lane] + 1
            cursor[0][lane] = following
            let own = times + (isShared ? 0 : lane * capacity)
            upcoming[0][lane] = following < counts[lane] ? own[Int(following)] : .infinity
        }
    }

    /// The row that all lanes of a mask have in common, if they have.
    @inline(__always)
    func commonRow(_ mask: LaneMask) -> Int? {
        let rows = rows
        if all(mask) {
            let first = rows[0]
            // The standard library compares such short lanes one by one.
            let apart = rows ^ SIMD16(repeating: first)
            let eight = apart.lowHalf | apart.highHalf
            let four = eight.lowHalf | eight.highHalf
            let two = four.lowHalf | four.highHalf
            return two.x | two.y == 0 ? Int(first) : nil
        }
        var common: Int32 = -1
        for lane in LaneSet(mask) {
            if common < 0 { common = rows[lane] } else if rows[lane] != common { return nil }
        }
        return common < 0 ? nil : Int(common)
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        let wider = UnsafeMutablePointer<Double>.allocate(capacity: laneCount * count)
        for lane in 0..<laneCount {
            (wider + lane * count).update(from: times + lane * capacity, count: min(capacity, Int(counts[lane])))
        }
        times.deallocate()
        times = wider
        capacity = count
    }
}

extension SIMDMask where Storage == SIMD16<Int32> {
    /// The same lanes.
    @inline(__always)
    fileprivate init(narrowing mask: LaneMask) {
        let wide = SIMD16<Int64>(repeating: 0).replacing(with: SIMD16<Int64>(repeating: -1), where: mask)
        self = SIMD16<Int32>(truncatingIfNeeded: wide) .!= SIMD16<Int32>(repeating: 0)
    }
}
