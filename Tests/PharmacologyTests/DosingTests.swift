import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by invariants (mass balance, independence of order) and closed forms of models without elimination.
@Suite("Dosing")
struct DosingTests {
    /// Two compartments that exchange and lose nothing.
    static let conservative = """
        d/dt(a) <- k21 * b - k12 * a
        d/dt(b) <- k12 * a - k21 * b
        """

    @Test("Doses at any times are all there: mass is conserved to 1e-12")
    func massBalance() throws {
        let model = try Simulate.model(Self.conservative, outputs: ["a", "b"])
        for seed in 0..<40 {
            var choices = Choices(seed: UInt64(seed))
            let patients = (0..<16).map { _ in
                TestPatient(
                    inputs: ["k12": choices.number(0.01...3), "k21": choices.number(0.01...3)],
                    doses: (0..<choices.below(9)).map { _ in
                        DosingRecord(
                            time: choices.number(0...20), compartment: choices.below(2),
                            amount: choices.number(0.5...90),
                            duration: choices.pick([0, choices.number(0.001...5)]))
                    })
            }
            let times = [choices.number(0...10), choices.number(10...19), 26]
            let courses = try Simulate.courses(model, patients, at: times, SolverOptions())
            for (patient, course) in zip(patients, courses) {
                for (index, time) in times.enumerated() {
                    let given = patient.doses.reduce(0.0) { sum, dose in
                        guard dose.duration > 0 else { return sum + (dose.time <= time ? dose.amount : 0) }
                        return sum + dose.amount * min(1, max(0, (time - dose.time) / dose.duration))
                    }
                    let total = course.values[index][0] + course.values[index][1]
                    #expect(abs(total - given) <= 1e-12 * max(1, given), "seed \(seed), time \(time)")
                }
            }
        }
    }

    @Test("The end of the last infusion leaves a rate of exactly 0, whatever was added before")
    func infusionEnds() throws {
        let model = try Simulate.model("d/dt(a) <- 0\nunused <- a", outputs: ["a"])
        // Rates whose sum and differences are rounded: 0.1 + 0.2 + 0.3 − 0.1 − 0.2 − 0.3 is not 0.
        let doses = [0.1, 0.2, 0.3, -0.7, 1e9].enumerated().map { index, rate in
            DosingRecord(
                time: Double(index), compartment: 0, amount: rate * (10 + Double(index)), duration: 10 + Double(index))
        }
        let after = try Simulate.course(model, TestPatient(doses: doses), at: [30, 1e6], SolverOptions())[0]
        #expect(after[0].bitPattern == after[1].bitPattern)
        #expect(relativeError(after[0], doses.reduce(0) { $0 + $1.amount }) < 1e-14)
    }

    @Test("Infusions of opposite sign run side by side")
    func oppositeInfusions() throws {
        let model = try Simulate.model("d/dt(a) <- 0", outputs: ["a"])
        let doses = [
            DosingRecord(time: 0, compartment: 0, amount: 30, duration: 10),
            DosingRecord(time: 1, compartment: 0, amount: -4, duration: 2),
        ]
        let course = try Simulate.course(model, TestPatient(doses: doses), at: [2, 3, 10, 20])[0]
        for (value, expected) in zip(course, [4.0, 5, 26, 26]) { #expect(abs(value - expected) < 1e-12) }
    }

    @Test("Doses at different times, or into different compartments, may be given in any order")
    func order() throws {
        let model = try Simulate.model(Self.conservative + "\nf(b) <- 0.7\nalag(a) <- 0.3", outputs: ["a", "b"])
        for seed in 0..<30 {
            var choices = Choices(seed: UInt64(seed))
            var doses = (0..<8).map { _ in
                DosingRecord(
                    time: choices.number(0...20), compartment: choices.below(2), amount: choices.number(-5...40),
                    duration: choices.pick([0, choices.number(0.1...6)]))
            }
            doses += [0, 1].map { DosingRecord(time: 5, compartment: $0, amount: 3 + Double($0)) }
            let inputs = ["k12": 0.4, "k21": 0.1]
            let given = try Simulate.course(model, TestPatient(inputs: inputs, doses: doses), at: [4, 9, 30])
            let shuffled = TestPatient(inputs: inputs, doses: choices.shuffle(doses))
            #expect(try Simulate.course(model, shuffled, at: [4, 9, 30]).hasSameBits(as: given), "seed \(seed)")
        }
    }

    @Test("Lag moves the whole record; bioavailability scales a bolus and shortens an infusion")
    func lagAndBioavailability() throws {
        let model = try Simulate.model(
            "f(a) <- share\nalag(a) <- tlag\nd/dt(a) <- 0", outputs: ["a"])
        let bolus = DosingRecord(time: 1, compartment: 0, amount: 40)
        let infusion = DosingRecord(time: 1, compartment: 0, amount: 40, duration: 8)
        let inputs = ["share": 0.25, "tlag": 1.5]
        let times = [2.5 - 0x1p-40, 2.5, 3.5, 4.5, 9]
        let values = try [bolus, infusion].map {
            try Simulate.course(model, TestPatient(inputs: inputs, doses: [$0]), at: times)[0]
        }
        #expect(values[0] == [0, 10, 10, 10, 10])
        // 5 a unit of time, for 2 units instead of 8.
        for (value, expected) in zip(values[1], [0.0, 0, 5, 10, 10]) { #expect(abs(value - expected) < 1e-14) }
        let nothing = try Simulate.course(
            model, TestPatient(inputs: ["share": 0, "tlag": 0], doses: [bolus, infusion]), at: times)[0]
        #expect(nothing == [0, 0, 0, 0, 0])
    }

    @Test("At the time of a dose, a sample sees the state after it, or before it where that is asked for")
    func samplesAtDoses() throws {
        // A linear model, solved exactly, and one that a stepper integrates.
        for derivative in ["0", "0 * t"] {
            let model = try Simulate.model("d/dt(a) <- \(derivative)", outputs: ["a"])
            let patient = TestPatient(doses: [1, 2, 4].map { DosingRecord(time: $0, compartment: 0, amount: $0) })
            let times: [Double] = [0.5, 1, 1.5, 2, 3, 4]
            let after = try Simulate.recordedCourses(model, [patient], at: times, SolverOptions())[0]
            #expect(after[0] == [0, 1, 1, 3, 3, 7])
            let before = try Simulate.recordedCourses(
                model, [patient], at: times, SolverOptions(observation: .before))[0]
            #expect(before[0] == [0, 0, 1, 1, 3, 3])
            let reported = try Simulate.course(model, patient, at: times)
            #expect(reported[0] == [0, 1, 1, 3, 3, 7])
        }
    }

    @Test("An advance to the present gives the doses due and moves nothing else")
    func targetAtPresent() throws {
        let model = try Simulate.model("a(0) <- 3\nd/dt(a) <- -0.1 * a + 0 * t", outputs: ["a"])
        let simulation = LaneSimulation(model)
        try Simulate.begin(simulation, [TestPatient(doses: [DosingRecord(time: 0, compartment: 0, amount: 2)])])
        #expect(simulation.amount(inState: 0)[0] == 3)
        simulation.advance(to: 0)
        #expect(simulation.amount(inState: 0)[0] == 5)
        #expect(simulation.time[0] == 0)
        simulation.advance(to: 2.5)
        let there = simulation.amount(inState: 0)[0]
        simulation.advance(to: 2.5)
        // A target in the past is no way back.
        simulation.advance(to: 1)
        #expect(simulation.amount(inState: 0)[0] == there)
        #expect(simulation.time[0] == 2.5)
        simulation.give(DosingRecord(time: 2.5, compartment: 0, amount: 1), lane: 0)
        simulation.advance(to: 2.5)
        #expect(simulation.amount(inState: 0)[0] == there + 1)
    }

    @Test("A dose that cannot be given is a named failure of its patient alone")
    func unusableDoses() throws {
        let model = try Simulate.model("f(a) <- share\nalag(a) <- tlag\nd/dt(a) <- -0.2 * a", outputs: ["a"])
        let usual = ["share": 1.0, "tlag": 0]
        func patient(_ dose: DosingRecord, _ inputs: [String: Double] = [:]) -> TestPatient {
            TestPatient(
                inputs: usual.merging(inputs) { $1 }, doses: [dose, DosingRecord(time: 3, compartment: 0, amount: 1)])
        }
        let fine = patient(DosingRecord(time: 1, compartment: 0, amount: 10))
        let refused = [
            patient(DosingRecord(time: .nan, compartment: 0, amount: 10)),
            patient(DosingRecord(time: .infinity, compartment: 0, amount: 10)),
            patient(DosingRecord(time: -1, compartment: 0, amount: 10)),
            patient(DosingRecord(time: 1, compartment: 0, amount: .nan)),
            patient(DosingRecord(time: 1, compartment: 0, amount: -.infinity)),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10, duration: -1)),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10, duration: .nan)),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10, duration: .infinity)),
            patient(DosingRecord(time: 1, compartment: 0, amount: 1e300, duration: 1e-300)),
            patient(DosingRecord(time: 1, compartment: 1, amount: 10)),
            patient(DosingRecord(time: 1, compartment: -1, amount: 10)),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10), ["share": .nan]),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10, duration: 2), ["share": -0.5]),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10), ["tlag": .nan]),
            patient(DosingRecord(time: 1, compartment: 0, amount: 10), ["tlag": -2]),
        ]
        let courses = try Simulate.courses(model, [fine] + refused, at: [0.5, 4])
        #expect(courses[0].hasSameBits(as: try Simulate.course(model, fine, at: [0.5, 4])))
        #expect(courses[0].failure == nil)
        #expect(courses.dropFirst().map(\.failure) == refused.map { _ in SolverFailure.unusableDose })
        #expect(SolverFailure.unusableDose.name == "unusable dose")
    }

    @Test("Negative amounts are a loss; a dose that rounding put behind the present is given now")
    func unusualDoses() throws {
        let model = try Simulate.model("d/dt(a) <- 0", outputs: ["a"])
        let loss = TestPatient(doses: [
            DosingRecord(time: 0, compartment: 0, amount: 5), DosingRecord(time: 1, compartment: 0, amount: -2),
            DosingRecord(time: 2, compartment: 0, amount: -2, duration: 1),
        ])
        let course = try Simulate.course(model, loss, at: [0, 1, 2.5, 4])[0]
        for (value, expected) in zip(course, [5.0, 3, 2, 1]) { #expect(abs(value - expected) < 1e-14) }

        let simulation = LaneSimulation(model)
        try Simulate.begin(simulation, [TestPatient()])
        simulation.advance(to: 0.3 * 24)
        simulation.give(DosingRecord(time: (0.3 * 24).nextDown, compartment: 0, amount: 4), lane: 0)
        simulation.advance(to: 8)
        #expect(simulation.amount(inState: 0)[0] == 4)
        #expect(simulation.failures[0] == nil)
    }
}
