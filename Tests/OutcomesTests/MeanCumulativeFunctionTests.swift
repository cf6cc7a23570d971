import Outcomes
import Testing

@Suite struct MeanCumulativeFunctionTests {
    @Test("R survival 3.5-3: cumulative hazard and robust error with an identifier, delayed entry")
    func agreesWithSurvfit() throws {
        let expected = StatesReference.shared.recurrent.mcf
        let curve = MeanCumulativeFunction(try StatesReference.counts().data)
        #expect(curve.times == expected.time)
        #expect(agree(curve.mean, expected.mean, 1e-12))
        #expect(agree(curve.standardErrors, expected.se, 1e-10))
    }

    @Test("Second route: Lawless and Nadeau's sum over patients, with several events at once")
    func definition() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            var sequence = TestSequence(seed: seed)
            let entries = (0..<25).map { _ in Double(sequence.integer(below: 4)) }
            let followUp = entries.map { $0 + 1 + Double(sequence.integer(below: 9)) }
            let events = entries.indices.map { row in
                (0..<sequence.integer(below: 4)).map { _ in
                    entries[row] + 1 + Double(sequence.integer(below: Int(followUp[row] - entries[row])))
                }
            }
            let data = try RecurrentEventData(
                eventTimes: events, followUp: followUp, entries: seed % 2 == 0 ? entries : nil)
            let curve = MeanCumulativeFunction(data)
            let poisson = MeanCumulativeFunction(data, variance: .poisson)
            for (i, time) in curve.times.enumerated() {
                var deviations = [Double](repeating: 0, count: 25)
                var independent = 0.0
                for event in curve.times where event <= time {
                    let risk = (0..<25).filter { (data.entries?[$0] ?? -1) < event && event <= followUp[$0] }
                    let n = Double(risk.count)
                    let d = Double(events.reduce(0) { $0 + $1.filter { $0 == event }.count })
                    independent += d / (n * n)
                    for row in risk {
                        deviations[row] += (Double(events[row].filter { $0 == event }.count) - d / n) / n
                    }
                }
                let sum = deviations.reduce(0) { $0 + $1 * $1 }
                #expect(abs(curve.standardErrors[i] - sum.squareRoot()) < 1e-12, "seed \(seed)")
                #expect(agree(poisson.standardErrors[i], independent.squareRoot(), 1e-12))
            }
        }
    }

    @Test("Closed form: a patient's own rate makes the robust error larger than Poisson's, within four standard errors")
    func frailty() throws {
        var sequence = TestSequence(seed: 3)
        // Half of the patients at rate 0.5, half at 1.5: the mean at 4 is 4, its variance 4 + 4²·0.25 per patient.
        let events = (0..<2_000).map { row in
            let rate = row % 2 == 0 ? 0.5 : 1.5
            var time = 0.0
            var times: [Double] = []
            while true {
                time -= logarithm(sequence.uniform()) / rate
                guard time <= 4 else { return times }
                times.append(time)
            }
        }
        let data = try RecurrentEventData(eventTimes: events, followUp: events.map { _ in 4 })
        let estimate = try require(MeanCumulativeFunction(data).estimate(at: 4))
        let error = try require(estimate.standardError)
        #expect(abs(estimate.value - 4) < 4 * error)
        // The relative error of a standard error from n patients is about √((kurtosis − 1)/4n) < 2 %.
        #expect(agree(error, (8.0 / 2_000).squareRoot(), 0.08))
        let poisson = try require(MeanCumulativeFunction(data, variance: .poisson).estimate(at: 4).get().standardError)
        #expect(agree(poisson, (4.0 / 2_000).squareRoot(), 0.05))
    }

    @Test("Limits: nobody has an event, before the first and after the last time")
    func limits() throws {
        let none = MeanCumulativeFunction(try RecurrentEventData(eventTimes: [[], []], followUp: [3, 4]))
        let estimate = try require(none.estimate(at: 2))
        #expect(estimate.value == 0)
        #expect(estimate.interval.undefined?.reason == "no event by time 2.0: a log interval needs a mean above 0")
        #expect(none.mean(at: 5).undefined?.reason == "time 5.0 is after the last observed time 4.0")
        let one = MeanCumulativeFunction(try RecurrentEventData(eventTimes: [[2, 1]], followUp: [3]))
        #expect(one.mean == [1, 2])
        #expect(one.standardErrors == [0, 0])
    }

    @Test("Failure: events outside the observation")
    func badRows() {
        let error = #expect(throws: InvalidInput.self) {
            try RecurrentEventData(eventTimes: [[1, 5], [0.5], []], followUp: [4, 3, 2], entries: [0, 1, 2])
        }
        #expect(
            error?.description == """
                row 1, event times: found 5.0, allowed is a time after entry 0.0, up to follow-up 4.0
                row 2, event times: found 0.5, allowed is a time after entry 1.0, up to follow-up 3.0
                row 3, entry: found 2.0, allowed is a finite number < follow-up 2.0
                """)
    }
}
