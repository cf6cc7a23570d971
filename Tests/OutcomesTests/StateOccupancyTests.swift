import Outcomes
import Testing

@Suite struct StateOccupancyTests {
    // MARK: Reference software

    @Test("R survival 3.5-3: four states with recovery, late entry and ties, with errors")
    func agreesWithSurvfit() throws {
        let expected = StatesReference.shared.multi.occupancy
        let occupancy = try StateOccupancy(StatesReference.stays())
        #expect(agree(occupancy.initial, expected.p0, 1e-14))
        for (i, time) in expected.times.enumerated() {
            let estimates = try require(occupancy.estimates(at: time))
            #expect(agree(estimates.map(\.value), expected.p.map { $0[i] }, 1e-10))
            #expect(try agree(estimates.map { try require($0.standardError) }, expected.se.map { $0[i] }, 1e-10))
        }
        let mean = try require(occupancy.expectedTimes(to: 12))
        #expect(agree(mean.map(\.value), StatesReference.shared.multi.expected, 1e-10))
        #expect(abs(mean.reduce(0) { $0 + $1.value } - 12) < 1e-12)
    }

    @Test("R survival 3.5-3 from a fixed state after time 4, R etm 1.1.1: transition probabilities")
    func transitionProbabilities() throws {
        let data = try StatesReference.stays()
        let multi = StatesReference.shared.multi
        for (i, time) in multi.fixed[0].times.enumerated() {
            let rows = try data.transitionProbabilities(from: 4, to: time)
            for state in data.states.indices {
                let estimates = try require(rows[state])
                #expect(agree(estimates.map(\.value), multi.fixed[state].p.map { $0[i] }, 1e-10))
                #expect(
                    try agree(
                        estimates.map { try require($0.standardError) }, multi.fixed[state].se.map { $0[i] }, 1e-9,
                        floor: 1e-6))
                guard time == 14 else { continue }
                #expect(agree(estimates.map(\.value), multi.etm[state], 1e-10))
            }
        }
    }

    // MARK: Second routes and identities

    /// p and its integral with a weight for each subject, by plain loops over the rows.
    private func weighted(
        _ data: MultiStateData, subjects: [Int], initial: [Double], to time: Double, _ weights: [Double]
    ) -> (p: [Double], mean: [Double]) {
        var p = initial
        var mean = [Double](repeating: 0, count: p.count)
        var left = data.firstTime
        for event in Set(data.exits).sorted() where event <= time {
            for state in p.indices { mean[state] += p[state] * (event - left) }
            left = event
            let before = p
            for row in data.from.indices where data.exits[row] == event {
                guard let to = data.to[row] else { continue }
                let n = data.from.indices.filter {
                    data.from[$0] == data.from[row] && data.entries[$0] < event && event <= data.exits[$0]
                }.reduce(0) { $0 + weights[subjects[$1]] }
                let moved = before[data.from[row]] * weights[subjects[row]] / n
                p[to] += moved
                p[data.from[row]] -= moved
            }
        }
        for state in p.indices { mean[state] += p[state] * (time - left) }
        return (p, mean)
    }

    @Test("Second route: errors are sums of squared derivatives by each subject's weight, with gaps and returns")
    func influenceByDifferences() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let (data, subjects) = try Self.random(subjects: 15, seed: seed)
            let occupancy = try StateOccupancy(data)
            for time in [4.0, 9] where time <= data.lastTime {
                let estimates = try require(occupancy.estimates(at: time))
                let means = try require(occupancy.expectedTimes(to: time))
                var squares = [Double](repeating: 0, count: 3)
                var meanSquares = squares
                let h = 1e-4
                for subject in 0..<15 {
                    var weights = [Double](repeating: 1, count: 15)
                    weights[subject] = 1 + h
                    let up = weighted(data, subjects: subjects, initial: occupancy.initial, to: time, weights)
                    weights[subject] = 1 - h
                    let down = weighted(data, subjects: subjects, initial: occupancy.initial, to: time, weights)
                    for state in 0..<3 {
                        let u = (up.p[state] - down.p[state]) / (2 * h)
                        squares[state] += u * u
                        let v = (up.mean[state] - down.mean[state]) / (2 * h)
                        meanSquares[state] += v * v
                    }
                }
                let whole = weighted(
                    data, subjects: subjects, initial: occupancy.initial, to: time, [Double](repeating: 1, count: 15))
                for state in 0..<3 {
                    #expect(abs(estimates[state].value - whole.p[state]) < 1e-12, "seed \(seed)")
                    #expect(abs(means[state].value - whole.mean[state]) < 1e-12, "seed \(seed)")
                    #expect(
                        abs(try require(estimates[state].standardError) - squares[state].squareRoot()) < 1e-6,
                        "seed \(seed), time \(time), state \(state)")
                    #expect(
                        abs(try require(means[state].standardError) - meanSquares[state].squareRoot()) < 1e-5,
                        "seed \(seed), time \(time), state \(state)")
                }
            }
        }
    }

    /// Random stays in three states, at whole times, with gaps.
    private static func random(subjects count: Int, seed: UInt64) throws -> (MultiStateData, [Int]) {
        var sequence = TestSequence(seed: seed)
        var (ids, from, to, entries, exits): ([Int], [Int], [Int?], [Double], [Double]) = ([], [], [], [], [])
        for subject in 0..<count {
            var time = Double(sequence.integer(below: 3))
            var state = sequence.integer(below: 2)
            for _ in 0..<4 {
                let exit = time + 1 + Double(sequence.integer(below: 4))
                let next = sequence.integer(below: 3)
                ids.append(subject)
                from.append(state)
                to.append(next == state ? nil : next)
                entries.append(time)
                exits.append(exit)
                time = exit
                state = next
                // A gap, after which the subject is found in another state.
                if sequence.uniform() < 0.3 {
                    time += 1
                    state = sequence.integer(below: 3)
                }
            }
        }
        let data = try MultiStateData(
            subjects: ids, from: from, to: to, entries: entries, exits: exits, states: ["a", "b", "c"])
        return (data, ids)
    }

    @Test("Identity: competing risks as states give the cumulative incidence and its jackknife error")
    func competingRisks() throws {
        for delayed in [false, true] {
            let data = try StatesReference.coarse(delayed: delayed)
            let occupancy = try StateOccupancy(MultiStateData(data))
            let curve = CumulativeIncidence(data)
            for time in [2.0, 9, 31] {
                let states = try require(occupancy.estimates(at: time))
                for cause in 1...3 {
                    let estimate = try require(curve.estimate(at: time, cause: cause))
                    #expect(agree(states[cause].value, estimate.value, 1e-11))
                    #expect(
                        agree(try require(states[cause].standardError), try require(estimate.standardError), 1e-10))
                }
            }
        }
    }

    @Test("Closed form: illness and death with constant hazards, within four standard errors")
    func constantHazards() throws {
        let (a, b, c) = (0.15, 0.05, 0.2)  // healthy to ill, healthy to dead, ill to dead
        var sequence = TestSequence(seed: 31)
        func exponential(_ rate: Double) -> Double { -logarithm(sequence.uniform()) / rate }
        var illness: [Double?] = []
        var times: [Double] = []
        var died: [Bool] = []
        for _ in 0..<4_000 {
            let leave = exponential(a + b)
            let falls = sequence.uniform() < a / (a + b)
            let death = falls ? leave + exponential(c) : leave
            let censoring = 20 * sequence.uniform()
            illness.append(falls && leave < censoring ? leave : nil)
            times.append(min(death, censoring))
            died.append(death <= censoring)
        }
        let occupancy = try StateOccupancy(
            MultiStateData.illnessDeath(illness: illness, times: times, died: died))
        for time in [2.0, 5, 10] {
            let healthy = decay(-(a + b) * time)
            let ill = a / (c - a - b) * (decay(-(a + b) * time) - decay(-c * time))
            // c = a + b makes the general form 0/0; its limit is a·t·exp(−c·t).
            let truth = [healthy, c == a + b ? a * time * decay(-c * time) : ill]
            let estimates = try require(occupancy.estimates(at: time))
            for state in 0..<2 {
                let error = try require(estimates[state].standardError)
                #expect(abs(estimates[state].value - truth[state]) < 4 * error)
            }
        }
        let means = try require(occupancy.expectedTimes(to: 8))
        let truth = (1 - decay(-(a + b) * 8)) / (a + b)
        #expect(abs(means[0].value - truth) < 4 * (try require(means[0].standardError)))
    }

    @Test("Cost: a hundred thousand patients with ties and without, errors included")
    func noQuadraticRoute() throws {
        var sequence = TestSequence(seed: 8)
        let times = (0..<100_000).map { _ in 1 + 100 * sequence.uniform() }
        let illness = times.map { sequence.uniform() < 0.5 ? $0 * sequence.uniform() : nil }
        let died = times.map { _ in sequence.uniform() < 0.6 }
        let start = ContinuousClock.now
        let occupancy = try StateOccupancy(
            MultiStateData.illnessDeath(illness: illness, times: times, died: died))
        let estimates = try require(occupancy.estimates(at: 60))
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(abs(estimates.reduce(0) { $0 + $1.value } - 1) < 1e-9)
    }

    private func decay(_ x: Double) -> Double { OutcomesTests.exponential(x) }

    // MARK: Limits and failures

    @Test("Limits: no transition, one subject, times outside")
    func limits() throws {
        let still = try StateOccupancy(
            MultiStateData(
                subjects: [4, 9], from: [0, 1], to: [nil, nil], entries: [0, 0], exits: [3, 5], states: ["a", "b"]))
        #expect(try require(still.probabilities(at: 5)) == [0.5, 0.5])
        #expect(
            still.probabilities(at: 6).undefined?.reason
                == "time 6.0 is after the last observed time 5.0, with a part not in a final state")
        #expect(still.probabilities(at: -1).undefined?.reason == "time -1.0 is before the start 0.0")
        #expect(still.expectedTimes(to: 0).undefined?.code == "horizon")
        let one = try StateOccupancy(
            MultiStateData(subjects: [1], from: [0], to: [1], entries: [0], exits: [3], states: ["a", "b"]))
        #expect(try require(one.probabilities(at: 100)) == [0, 1])
        #expect(try require(one.expectedTimes(to: 4)).map(\.value) == [3, 1])
    }

    @Test("Failure: states, lengths, overlap and a jump without a transition")
    func badRows() {
        func message(_ make: () throws -> MultiStateData) -> String? {
            #expect(throws: InvalidInput.self) { try make() }?.description
        }
        let states = ["a", "b"]
        #expect(
            message {
                try MultiStateData(
                    subjects: [1, 1, 2], from: [0, 2, 1], to: [1, nil, 1], entries: [0, 1, 2], exits: [1, 4, 2],
                    states: states)
            } == """
                row 2, from: found 2, allowed is 0 to 1
                row 3, to: found 1, allowed is 0 to 1 and not 1
                row 3, exit: found 2.0, allowed is a finite number > entry 2.0
                """)
        #expect(
            message {
                try MultiStateData(
                    subjects: [1, 1, 2, 2], from: [0, 0, 0, 0], to: [1, nil, nil, nil], entries: [0, 1, 0, 3],
                    exits: [1, 4, 4, 5], states: states)
            } == """
                row 2, from: found "a", allowed is "b", where row 1 of the same subject ends at this time
                row 4, entry: found 3.0, allowed is a time ≥ 4.0, the exit of row 3 of the same subject
                """)
        #expect(
            message {
                try MultiStateData(subjects: [1], from: [0, 1], to: [1], entries: [0], exits: [1], states: ["a", "a"])
            } == """
                from: found 2 rows, allowed is 1 rows, as many as subjects
                states: found "a" twice, allowed is each name once
                """)
        #expect(
            message { try MultiStateData.illnessDeath(illness: [3], times: [2], died: [true]) }
                == "row 1, illness: found 3.0, allowed is a time between 0 and time 2.0, or none")
    }
}
