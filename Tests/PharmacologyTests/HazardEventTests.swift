import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by closed forms of cumulative hazards, and by the exponential distribution of their thresholds.
@Suite("Events by cumulative hazard")
struct HazardEventTests {
    @Test("A constant hazard reaches its threshold at threshold / rate, to 1e-10")
    func constant() throws {
        let model = try Simulate.model(
            "y <- rate", outputs: ["y"], hazards: [Simulate.hazard("bleeding", "hazard <- rate")])
        var choices = Choices(seed: 1)
        for _ in 0..<20 {
            let patients = (0..<16).map { _ in
                TestPatient(inputs: ["rate": choices.number(0.001...0.4)], thresholds: [choices.number(1e-6...3)])
            }
            // Targets cut the path into pieces; where they lie does not matter.
            let times = [0.5, choices.number(1...20), 40, choices.number(50...80), 4000]
            let courses = try Simulate.courses(model, patients, at: times, SolverOptions())
            for (patient, course) in zip(patients, courses) {
                let exact = patient.thresholds[0] / (patient.inputs["rate"] ?? 0)
                #expect(relativeError(course.eventTimes[0], exact) < 1e-10)
            }
        }
    }

    @Test("A Weibull hazard reaches its threshold at scale · threshold^(1/shape), to 1e-8")
    func weibull() throws {
        let model = try Simulate.model(
            "y <- t", outputs: ["y"],
            hazards: [Simulate.hazard("death", "hazard <- shape / scale * (t / scale)^(shape - 1)")])
        var choices = Choices(seed: 2)
        let patients = (0..<16).map { _ in
            TestPatient(
                inputs: ["shape": choices.number(1.2...4), "scale": choices.number(3...30)],
                thresholds: [choices.number(0.01...3)])
        }
        for (patient, course) in zip(patients, try Simulate.courses(model, patients, at: [10, 100])) {
            let (shape, scale) = (patient.inputs["shape"] ?? 0, patient.inputs["scale"] ?? 0)
            let exact = scale * Elementary.pow(patient.thresholds[0], 1 / shape)
            #expect(relativeError(course.eventTimes[0], exact) < 1e-8)
        }
    }

    @Test(
        "A Weibull hazard without bound at the start, or with none, reaches its threshold to 1e-7",
        arguments: [0.3, 0.5, 0.7, 1.5, 3])
    func weibullAtAnyShape(_ shape: Double) throws {
        let model = try Simulate.model(
            "y <- t", outputs: ["y"],
            hazards: [Simulate.hazard("death", "hazard <- shape / 10 * (t / 10)^(shape - 1)")])
        let thresholds = [1e-3, 0.01, 0.1, 0.5, 1, 2]
        let patients = thresholds.map { TestPatient(inputs: ["shape": shape], thresholds: [$0]) }
        for (threshold, course) in zip(thresholds, try Simulate.courses(model, patients, at: [1, 200])) {
            let exact = 10 * Elementary.pow(threshold, 1 / shape)
            #expect(relativeError(course.eventTimes[0], exact) < 1e-7, "\(threshold): \(course.eventTimes[0])")
        }
    }

    @Test("A hazard that a dose starts and elimination ends: the crossing of its closed form, or none")
    func afterDose() throws {
        let model = try Simulate.model(
            "d/dt(c) <- -0.5 * c", outputs: ["c"], hazards: [Simulate.hazard("toxicity", "hazard <- 0.1 * c")])
        // The cumulative hazard after a bolus of 10 at t = 2 is 2 (1 − e^{−(t − 2)/2}), at most 2.
        let thresholds = [0.4, 1.999, 2.001, 0.0]
        let patients = thresholds.map {
            TestPatient(doses: [DosingRecord(time: 2, compartment: 0, amount: 10)], thresholds: [$0])
        }
        let courses = try Simulate.courses(model, patients, at: [1, 2, 100])
        for (threshold, course) in zip(thresholds.prefix(2), courses) {
            #expect(relativeError(course.eventTimes[0], 2 - 2 * Elementary.log1p(-threshold / 2)) < 1e-8)
        }
        #expect(courses[2].eventTimes[0] == .infinity)
        // A threshold of nothing is crossed at once.
        #expect(courses[3].eventTimes[0] < 1e-6)
    }

    @Test("Several events are independent of each other, and each happens once")
    func several() throws {
        let hazards = [
            Simulate.hazard("early", "hazard <- 0.2"), Simulate.hazard("late", "slow <- 0.1\nhazard <- slow * 0.1"),
        ]
        let model = try Simulate.model("y <- t", outputs: ["y"], hazards: hazards)
        #expect(model.model.events == ["early", "late"])
        #expect(model.model.states == ["cumulative_hazard_early", "cumulative_hazard_late"])
        let course = try Simulate.course(model, TestPatient(thresholds: [0.7, 0.05]), at: [1, 4, 60])
        #expect(relativeError(course.eventTimes[0], 3.5) < 1e-10)
        #expect(relativeError(course.eventTimes[1], 5) < 1e-10)
        let alone = try Simulate.model("y <- t", outputs: ["y"], hazards: [hazards[1]])
        let late = try Simulate.course(alone, TestPatient(thresholds: [0.05]), at: [1, 4, 60])
        #expect(relativeError(late.eventTimes[0], 5) < 1e-10)
    }

    @Test("Unit exponential thresholds give the event times of the hazard: mean and fraction within 4 standard errors")
    func distribution() throws {
        let model = try Simulate.model("y <- t", outputs: ["y"], hazards: [Simulate.hazard("event", "hazard <- 0.25")])
        let simulation = LaneSimulation(model)
        let count = 4000
        var times: [Double] = []
        for first in stride(from: 0, to: count, by: 16) {
            let patients = (first..<(first + 16)).map { number in
                let stream = RandomStream(seed: 6, purpose: .eventThreshold, replicate: 0, patient: UInt32(number))
                return TestPatient(thresholds: [-Elementary.log(stream.uniform(at: 0))])
            }
            try Simulate.begin(simulation, patients)
            simulation.advance(to: 200)
            times += (0..<16).map { simulation.eventTimes[0][$0] }
        }
        let mean = times.reduce(0, +) / Double(count)
        #expect(abs(mean - 4) < 4 * 4 / Double(count).squareRoot())
        let early = Double(times.count { $0 <= 2 }) / Double(count)
        let expected = -Elementary.expm1(-0.5)
        #expect(abs(early - expected) < 4 * (expected * (1 - expected) / Double(count)).squareRoot())
    }
}
