import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by an invariant: a patient's bits do not depend on who stands in the other lanes, or in which lane.
@Suite("Lane independence")
struct LaneIndependenceTests {
    /// Models that differ in what a lane could pick up from another: explicit time, infusions, events, failures.
    static let texts = [
        // Depends on time: a derivative evaluated again must have the clock's own bits.
        "d/dt(a) <- kin * (1 + 0.5 * sin(0.3 * t)) - k * a\nd/dt(b) <- k * a - t * b / 50",
        // Nonlinear, with a switch in time.
        "d/dt(a) <- -vm * a / (5 + a) + kin * (t > 6.7)\nd/dt(b) <- vm * a / (5 + a) - k * b",
        // Initial values, lag and bioavailability of the patient's own; logarithm, exponential, power.
        """
        a(0) <- 10 * k
        f(a) <- 0.4 + k
        alag(b) <- vm / 3
        d/dt(a) <- kin - k * a^1.3
        d/dt(b) <- exp(-k * b) - log(1 + a) * b
        """,
        // Ends in a finite time for some, long after for others.
        "d/dt(a) <- 0.02 * kin * a^2 + 0.01\nd/dt(b) <- vm - k * b",
    ]

    static func model(_ index: Int) throws -> SimulationModel {
        try Simulate.model(
            texts[index] + "\nunused <- kin + k + vm", outputs: ["a", "b"],
            hazards: [Simulate.hazard("event", "hazard <- 0.02 + 0.01 * b / (1 + b)")])
    }

    static func patient(_ choices: inout Choices, times: [Double] = [0, 4]) -> TestPatient {
        let inputs = ["kin": choices.number(0...6), "k": choices.number(0.05...1.5), "vm": choices.number(0.5...8)]
        let doses = (0..<choices.below(6)).map { _ in
            DosingRecord(
                time: choices.pick([0, choices.number(0...20), choices.pick(times)]), compartment: choices.below(2),
                amount: choices.number(0.1...30), duration: choices.pick([0, 0, choices.number(0.05...9)]))
        }
        return TestPatient(inputs: inputs, doses: doses, thresholds: [choices.number(0.01...0.8)])
    }

    @Test("Alone, in any lane and among any neighbours, a patient has the same bits", arguments: 0..<4)
    func grouping(_ index: Int) throws {
        let model = try Self.model(index)
        var compared = 0
        var failed = 0
        for seed in 0..<75 {
            var choices = Choices(seed: UInt64(1000 * index + seed))
            let times = (0..<5).map { _ in choices.number(0.01...24) }.sorted()
            let patients = (0..<16).map { _ in Self.patient(&choices, times: times) }
            let options = SolverOptions(relativeTolerance: 1e-5, absoluteTolerance: 1e-7, maximumSteps: 2000)
            let whole = try Simulate.courses(model, patients, at: times, options)
            let recorded = try Simulate.recordedCourses(model, patients, at: times, options)
            failed += whole.filter { $0.failure != nil }.count

            // Another order, in two blocks of unequal size.
            let order = choices.shuffle(Array(patients.indices))
            let cut = 1 + choices.below(15)
            for part in [order[..<cut], order[cut...]] {
                let members = part.map { patients[$0] }
                let again = try Simulate.courses(model, members, at: times, options)
                let recordedAgain = try Simulate.recordedCourses(model, members, at: times, options)
                for (lane, patient) in part.enumerated() {
                    #expect(
                        again[lane].hasSameBits(as: whole[patient]), "model \(index), seed \(seed), patient \(patient)")
                    #expect(
                        recordedAgain[lane].hasSameBits(as: recorded[patient]),
                        "model \(index), seed \(seed), patient \(patient), recorded")
                    compared += 1
                }
            }
            let alone = choices.below(16)
            let single = try Simulate.course(model, patients[alone], at: times, options)
            #expect(single.hasSameBits(as: whole[alone]), "model \(index), seed \(seed), patient \(alone) alone")
        }
        #expect(compared == 75 * 16)
        // The last model is here for its failures: some fail, and some live.
        if index == 3 { #expect((1..<(75 * 16)).contains(failed)) } else { #expect(failed == 0) }
    }

    @Test("A neighbour's dose at a visit changes no bit where the derivative depends on time")
    func neighbourAtVisit() throws {
        let model = try Simulate.model("d/dt(a) <- k * t * t", outputs: ["a"])
        for seed in 0..<200 {
            var choices = Choices(seed: UInt64(seed))
            // Far apart, so that one step more than doubles the time and its end is rounded.
            var times = [choices.number(0.1...1)]
            for _ in 0..<6 { times.append(times[times.count - 1] * choices.number(2...4)) }
            let patient = TestPatient(inputs: ["k": choices.number(0.5...2)])
            var neighbour = patient
            neighbour.doses = times.map { DosingRecord(time: $0, compartment: 0, amount: 1) }
            let alone = try Simulate.course(model, patient, at: times, SolverOptions())
            let beside = try Simulate.courses(model, [neighbour, patient], at: times, SolverOptions())[1]
            #expect(beside.hasSameBits(as: alone), "seed \(seed)")
        }
    }

    @Test("A block used for other patients before gives the same bits as a new one")
    func reuse() throws {
        let model = try Self.model(2)
        var choices = Choices(seed: 7)
        let first = (0..<16).map { _ in Self.patient(&choices) }
        let second = (0..<9).map { _ in Self.patient(&choices) }
        let used = LaneSimulation(model)
        try Simulate.begin(used, first)
        used.advance(to: 11.3)
        used.retire(lane: 3)
        used.advance(to: 13)
        try Simulate.begin(used, second)
        used.advance(to: 20)
        let expected = try Simulate.courses(model, second, at: [20], SolverOptions())
        for lane in second.indices {
            for state in 0..<3 {
                let fresh = LaneSimulation(model)
                try Simulate.begin(fresh, second)
                fresh.advance(to: 20)
                #expect(used.amount(inState: state)[lane].bitPattern == fresh.amount(inState: state)[lane].bitPattern)
            }
            #expect(used.eventTimes[0][lane] == expected[lane].eventTimes[0])
        }
    }

    @Test("Retiring a patient changes nobody else")
    func retiring() throws {
        let model = try Self.model(0)
        var choices = Choices(seed: 11)
        let patients = (0..<16).map { _ in Self.patient(&choices) }
        let whole = LaneSimulation(model)
        let thinned = LaneSimulation(model)
        for simulation in [whole, thinned] {
            try Simulate.begin(simulation, patients)
            simulation.advance(to: 5.1)
        }
        for lane in stride(from: 0, to: 16, by: 3) { thinned.retire(lane: lane) }
        for simulation in [whole, thinned] { simulation.advance(to: 17.7) }
        for lane in 0..<16 {
            let same = (0..<3).allSatisfy {
                whole.amount(inState: $0)[lane].bitPattern == thinned.amount(inState: $0)[lane].bitPattern
            }
            // A retired patient's clock and amounts stand still.
            #expect(same == (lane % 3 != 0), "lane \(lane)")
            #expect(thinned.time[lane] == (lane % 3 == 0 ? 5.1 : 17.7))
        }
    }
}
