import Outcomes
import Testing

@Suite struct RadixSortTests {
    /// What the comparison sort of the standard library says, with ties by row.
    private func compared(_ values: [Double]) -> [Int] {
        values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
    }

    @Test("Second route: the standard library's sort, for any size, sign, spread and number of ties")
    func agreesWithComparisonSort() {
        var sequence = TestSequence(seed: 12)
        for count in [0, 1, 2, 24, 25, 26, 100, 1_000, 20_000] {
            let spread = (0..<count).map { _ in 1_000 * sequence.uniform() - 300 }
            let tied = (0..<count).map { _ in Double(sequence.integer(below: 7) - 3) }
            let narrow = (0..<count).map { _ in 1 + 1e-12 * sequence.uniform() }
            let wild = (0..<count).map { _ in
                [-1, 1][sequence.integer(below: 2)] * [1e-305, 1e300, 1][sequence.integer(below: 3)]
                    * sequence.uniform()
            }
            for values in [spread, tied, narrow, wild, spread.sorted(), Array(spread.sorted().reversed())] {
                #expect(RadixSort.rows(ascending: values) == compared(values), "\(count) values")
            }
        }
    }

    @Test("Zeros of either sign are one value; infinities stand at the ends")
    func zerosAndInfinities() {
        #expect(RadixSort.rows(ascending: [0, -0.0, .infinity, 0, -.infinity]) == [4, 0, 1, 3, 2])
        #expect(RadixSort.rows(ascending: (0..<50).map { $0 % 2 == 0 ? 0.0 : -0.0 }) == Array(0..<50))
    }

    @Test("Follow-up times: ascending, at equal times events first, then by row; the sorted columns follow")
    func orderOfFollowUp() throws {
        for count in [5, 60, 3_000] {
            let data = try SurvivalData.tied(count: count, span: 12, seed: 4)
            let expected = data.times.indices.sorted { a, b in
                if data.times[a] != data.times[b] { return data.times[a] < data.times[b] }
                if data.events[a] != data.events[b] { return data.events[a] }
                return a < b
            }
            #expect(data.order == expected)
            #expect(data.sortedTimes == expected.map { data.times[$0] })
            #expect(data.sortedEvents == expected.map { data.events[$0] })
        }
        let zeros = try SurvivalData(times: [0, -0.0, 0], events: [false, true, true])
        #expect(zeros.order == [1, 2, 0])
    }

    @Test("Delayed entries before time 0 are counted as entered")
    func negativeEntries() throws {
        let data = try SurvivalData(times: [1, 2, 3], events: [true, true, true], entries: [-5, 1.5, -0.5])
        #expect(data.sortedEntries == [-5, -0.5, 1.5])
        #expect(RiskTable(data).atRisk == [2, 2, 1])
    }
}
