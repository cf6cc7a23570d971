import NumericsCore
import Testing

@testable import Trials

/// Backed by a fine grid (a second route to the linear interpolation), by hand computation, and by the limits.
@Suite struct EndpointTests {
    private func path(
        days: [Double] = [], track: [Double] = [], measuredDays: [Double] = [], measured: [Double] = [],
        eventDay: Double = .infinity, lastDay: Double = 10
    ) -> PatientPath {
        PatientPath(
            days: days, tracks: [track], measuredVisits: [Array(measuredDays.indices)], measuredDays: [measuredDays],
            measured: [measured], eventDays: [eventDay], lastDay: lastDay, droppedOut: false, amountTaken: 30,
            dosesMissed: 0, dosesDue: 0, decisionsWithoutDose: 0, failure: nil)
    }

    /// Percent in range by stepping through the window: 100,000 midpoints.
    private func naive(
        _ times: [Double], _ values: [Double], _ range: ClosedRange<Double>, _ window: ClosedRange<Double>
    ) -> Double {
        let start = max(window.lowerBound, times.first ?? 0)
        let end = min(window.upperBound, times.last ?? 0)
        let steps = 100_000
        var inside = 0
        var next = 1
        for step in 0..<steps {
            let t = start + (end - start) * (Double(step) + 0.5) / Double(steps)
            while times[next] < t { next += 1 }
            let share = (t - times[next - 1]) / (times[next] - times[next - 1])
            if range.contains(values[next - 1] + share * (values[next] - values[next - 1])) { inside += 1 }
        }
        return 100 * Double(inside) / Double(steps)
    }

    @Test("Percent time in range agrees with a fine grid, for measured values and for the true path", arguments: 0..<20)
    func timeInRange(_ patient: Int) {
        let stream = RandomStream(seed: 5, purpose: .analysis, replicate: 0, patient: UInt32(patient))
        let times = (0..<12).map { Double($0) + 0.9 * stream.uniform(at: UInt64($0)) }
        let values = (0..<12).map { 1.5 + 2 * stream.uniform(at: UInt64(20 + $0)) }
        let days = 1 + stream.uniform(at: 40)...8 + 2 * stream.uniform(at: 41)
        let lastDay = patient % 4 == 0 ? 6.5 : 20
        let window = days.lowerBound...min(days.upperBound, lastDay)
        let expected = naive(times, values, 2...3, window)
        let measured = PercentTimeInRange(source: .measurement(0), range: 2...3, days: days)
        let track = PercentTimeInRange(source: .track(0), range: 2...3, days: days)
        // At most 24 crossings, each misjudged by at most one step of 1e-5: 0.024 percent.
        let found = measured.value(of: path(measuredDays: times, measured: values, lastDay: lastDay)).value
        #expect(abs(found - expected) < 0.024)
        #expect(abs(track.value(of: path(days: times, track: values, lastDay: lastDay)).value - expected) < 0.024)
    }

    @Test("The path of a patient who left counts until then, whatever stands behind")
    func pathsThatEnd() {
        let endpoint = PercentTimeInRange(source: .track(0), range: 2...3, days: 0...10)
        let days = (0...10).map { Double($0) }
        // 1 to 2 on the first day, then 2.5.
        let rest = [2.5, 2.5, 2.5, 2.5]
        let known = path(days: days, track: [1, 2] + rest + [2.5, 2.5, 2.5, 2.5, 2.5], lastDay: 4.5)
        let ended = path(days: days, track: [1, 2] + rest + [.nan, .nan, .nan, .nan, .nan], lastDay: 4.5)
        let expected = 100 * 3.5 / 4.5
        #expect(abs(endpoint.value(of: known).value - expected) < 1e-12)
        #expect(endpoint.value(of: ended).value.bitPattern == endpoint.value(of: known).value.bitPattern)
        // A gap while under observation is not guessed.
        let gap = path(days: days, track: [1, 2, .nan, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5], lastDay: 4.5)
        #expect(endpoint.value(of: gap).value.isNaN)
    }

    @Test("Nothing measured, or gone before the window: no value")
    func undefinedTimeInRange() {
        let endpoint = PercentTimeInRange(source: .measurement(0), range: 2...3, days: 5...10)
        #expect(endpoint.value(of: path()).value.isNaN)
        #expect(endpoint.value(of: path(measuredDays: [6], measured: [2.5])).value.isNaN)
        #expect(endpoint.value(of: path(measuredDays: [1, 3], measured: [2.5, 2.5])).value.isNaN)
        #expect(endpoint.value(of: path(measuredDays: [4, 6], measured: [2.5, 2.5], lastDay: 5)).value.isNaN)
        #expect(endpoint.value(of: path(measuredDays: [4, 6], measured: [2.5, 2.5])).value == 100)
        #expect(endpoint.scale == .continuous)
    }

    @Test("The first value at or beyond a threshold within its window, else censored")
    func firstCrossing() {
        let measured = path(measuredDays: [1, 3, 5, 8], measured: [2, 4, 4.5, 1], lastDay: 9)
        func crossing(
            _ threshold: Double, _ direction: FirstCrossing.Direction, from: Double = 0, until: Double = 10
        ) -> EndpointValue {
            FirstCrossing(measurement: 0, threshold: threshold, direction: direction, from: from, until: until).value(
                of: measured)
        }
        #expect(crossing(4, .above) == EndpointValue(3, hasEvent: true))
        #expect(crossing(4.2, .above) == EndpointValue(5, hasEvent: true))
        #expect(crossing(5, .above) == EndpointValue(9))
        #expect(crossing(4.2, .above, until: 4) == EndpointValue(4))
        #expect(crossing(4, .above, until: 3) == EndpointValue(3, hasEvent: true))
        #expect(crossing(4, .above, from: 3.5) == EndpointValue(5, hasEvent: true))
        #expect(crossing(1, .below) == EndpointValue(8, hasEvent: true))
        #expect(crossing(2, .below) == EndpointValue(1, hasEvent: true))
        #expect(crossing(0.5, .below, until: 28) == EndpointValue(9))
        #expect(FirstCrossing(measurement: 0, threshold: 4, direction: .above, until: 9).scale == .timeToEvent)
    }

    @Test("An event counts on its day while the patient is seen; the mean dose is that of the days observed")
    func eventsAndDoses() {
        #expect(EventTime(event: 0).value(of: path(eventDay: 4)) == EndpointValue(4, hasEvent: true))
        #expect(EventTime(event: 0).value(of: path(eventDay: 10)) == EndpointValue(10, hasEvent: true))
        #expect(EventTime(event: 0).value(of: path(eventDay: 4, lastDay: 3.5)) == EndpointValue(3.5))
        #expect(EventTime(event: 0).value(of: path()) == EndpointValue(10))
        #expect(MeanDose().value(of: path()) == EndpointValue(3))
        #expect(MeanDose().value(of: path(lastDay: 0)).value.isNaN)
    }
}
