import Outcomes
import Testing

@Suite struct TimeInRangeTests {
    @Test("Closed form by hand: 1.5 to 3.5 in ten days crosses 2 and 3 after a quarter and three quarters")
    func byHand() throws {
        let result = try TimeInRange(times: [0, 10], values: [1.5, 3.5], range: 2...3, window: 0...10)
        #expect(result.below == 2.5)
        #expect(result.within == 5)
        #expect(result.above == 2.5)
        #expect(result.notCovered == 0)
        #expect(result.percentWithin == .value(50))
    }

    @Test("Closed form: flat stretches on, under and over the limits; a falling line; both limits belong to the range")
    func segments() throws {
        let result = try TimeInRange(
            times: [0, 1, 2, 4, 5, 7], values: [2, 2, 3, 3, 1, 1], range: 2...3, window: 0...7)
        #expect(result.within == 4.5)
        #expect(result.below == 2.5)
        #expect(result.above == 0)
        let over = try TimeInRange(times: [0, 3], values: [4, 4], range: 2...3, window: 0...3)
        #expect(over.percentAbove == .value(100))
        #expect(over.percentBelow == .value(0))
    }

    @Test("The window cuts segments; time outside the measurements is not covered")
    func window() throws {
        let result = try TimeInRange(times: [2, 12], values: [1, 6], range: 2...3, window: 3...20)
        // The line is 1 + (t − 2)/2: in range from 4 to 6, below from 3 to 4, above from 6 to 12.
        #expect(agree([result.below, result.within, result.above, result.notCovered], [1, 2, 6, 8], 1e-14))
        #expect(agree(try require(result.percentWithin), 100 * 2 / 9.0, 1e-14))
    }

    @Test("Gap rule: a gap longer than allowed is not covered, also where the window cuts it; equal is covered")
    func gaps() throws {
        let times = [0.0, 10, 66, 123, 130]
        let values = [2.5, 2.5, 2.5, 2.5, 2.5]
        let result = try TimeInRange(
            times: times, values: values, range: 2...3, window: 0...130, gaps: .leaveOut(longerThan: 56))
        #expect(result.within == 10 + 56 + 7)
        #expect(result.notCovered == 57)
        let cut = try TimeInRange(
            times: times, values: values, range: 2...3, window: 100...125, gaps: .leaveOut(longerThan: 56))
        #expect(cut.within == 2)
        #expect(cut.notCovered == 23)
        #expect(try TimeInRange(times: times, values: values, range: 2...3, window: 0...130).within == 130)
    }

    @Test("Second route: ten thousand steps of the interpolated line, to the width of a step at each crossing")
    func agreesWithFineSteps() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var sequence = TestSequence(seed: seed)
            var times = [0.0]
            for _ in 0..<12 { times.append((times.last ?? 0) + 0.5 + 9 * sequence.uniform()) }
            let values = times.map { _ in 1 + 3 * sequence.uniform() }
            let end = times[12]
            let result = try TimeInRange(times: times, values: values, range: 2...3, window: 1...(end + 4))
            var within = 0
            for step in 0..<10_000 {
                let time = 1 + (Double(step) + 0.5) * (end - 1) / 10_000
                let next = times.firstIndex { $0 > time } ?? 12
                let slope = (values[next] - values[next - 1]) / (times[next] - times[next - 1])
                let value = values[next - 1] + slope * (time - times[next - 1])
                if value >= 2 && value <= 3 { within += 1 }
            }
            // At most two crossings in each of 12 segments, each off by at most one step.
            #expect(abs(result.within - Double(within) * (end - 1) / 10_000) < 24 * (end - 1) / 10_000, "seed \(seed)")
            #expect(agree(result.covered, end - 1, 1e-13), "seed \(seed)")
            #expect(agree(result.covered + result.notCovered, end + 3, 1e-13), "seed \(seed)")
        }
    }

    @Test("Undefined: no measurement, one measurement, none in the window")
    func undefined() throws {
        for times in [[], [3.0], [30.0, 40]] {
            let result = try TimeInRange(times: times, values: times.map { _ in 2.5 }, range: 2...3, window: 0...10)
            #expect(result.notCovered == 10)
            #expect(
                result.percentWithin.undefined?.reason == "no two measurements cover any time of the window")
        }
    }

    @Test("Failure: times that do not ascend, holes, another length, a gap rule without sense")
    func inputIsChecked() {
        let error = #expect(throws: InvalidInput.self) {
            try TimeInRange(
                times: [0, 5, 5], values: [1, .nan, 2], range: 2...3, window: 0...10, gaps: .leaveOut(longerThan: 0))
        }
        #expect(
            error?.description == """
                row 2, value: found nan, allowed is a finite number
                row 3, time: found 5.0 after 5.0, allowed is strictly ascending times
                longest gap: found 0.0, allowed is a number > 0
                """)
        let length = #expect(throws: InvalidInput.self) {
            try TimeInRange(times: [0, 5], values: [1], range: 2...3, window: 0...10)
        }
        #expect(length?.description == "value: found 1 rows, allowed is 2 rows, one for each patient")
    }
}
