import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by invariants: a patient whose equations cannot be solved has a named failure, and costs nobody else a bit.
@Suite("Solver failures")
struct FailureTests {
    /// Patients of whom every third is given `bad`; the others' courses are compared with those without them.
    private func check(
        _ text: String, good: [String: Double], bad: [String: Double], at times: [Double],
        _ failures: Set<SolverFailure>,
        _ options: SolverOptions = SolverOptions()
    ) throws {
        let model = try Simulate.model(text, outputs: ["y"])
        let patients = (0..<16).map { lane in
            var patient = TestPatient(inputs: good.mapValues { $0 * (1 + 0.01 * Double(lane)) })
            if lane % 3 == 1 { patient.inputs = bad }
            return patient
        }
        let courses = try Simulate.courses(model, patients, at: times, options)
        let without = patients.enumerated().filter { $0.offset % 3 != 1 }.map(\.element)
        var expected = try Simulate.courses(model, without, at: times, options)[...]
        for (lane, course) in courses.enumerated() {
            if lane % 3 == 1 {
                let failure = try #require(course.failure, "lane \(lane)")
                #expect(failures.contains(failure), "lane \(lane): \(failure)")
            } else {
                #expect(course.failure == nil)
                #expect(course.hasSameBits(as: expected.removeFirst()), "lane \(lane)")
            }
        }
    }

    @Test("A blow-up in finite time ends the patient, not the block")
    func blowUp() throws {
        // 1/y₀ − t: infinite at t = 0.5 for y₀ = 2.
        try check(
            "y(0) <- y0\nd/dt(y) <- y^2", good: ["y0": 0.01], bad: ["y0": 2], at: [0.4, 1, 5],
            [.stepTooSmall, .notFinite])
        try check(
            "y(0) <- y0\nd/dt(y) <- exp(y)", good: ["y0": -6], bad: ["y0": 1], at: [0.1, 1, 5],
            [.stepTooSmall, .notFinite])
    }

    @Test("The blown-up path is right up to the end")
    func beforeBlowUp() throws {
        let model = try Simulate.model("y(0) <- 2\nd/dt(y) <- y^2", outputs: ["y"])
        let times = [0.1, 0.3, 0.49, 0.4999, 0.6, 0.7]
        let course = try Simulate.recordedCourses(model, [TestPatient()], at: times)[0]
        for (time, value) in zip(times, course[0]) where time < 0.5 {
            #expect(relativeError(value, 1 / (0.5 - time)) < 1e-6, "\(time)")
        }
        // Nothing is recorded behind the failure, where the buffer held something else before.
        #expect(course[0].suffix(2).allSatisfy { $0.isNaN })
        #expect([.stepTooSmall, .notFinite].contains(course.failure))
    }

    @Test("A missing input that the equations read is a failure, from the start or from when it is read")
    func missingInput() throws {
        try check("d/dt(y) <- -k * y + 1", good: ["k": 0.3], bad: ["k": .nan], at: [1, 3], [.notFinite])
        try check("y(0) <- k\nd/dt(y) <- 1", good: ["k": 0.3], bad: ["k": .nan], at: [1, 3], [.notFinite])
        // √(2 − t) is not a number after t = 2.
        try check(
            "d/dt(y) <- sqrt(k - t)", good: ["k": 9], bad: ["k": 2], at: [1, 1.9, 3], [.stepTooSmall, .notFinite])
    }

    @Test("An infinite initial amount fails at once, since no error is large beside it")
    func infiniteStart() throws {
        try check("y(0) <- exp(k)\nd/dt(y) <- 1", good: ["k": 0.3], bad: ["k": 800], at: [0, 1], [.notFinite])
    }

    @Test("Too many steps are a failure of their own")
    func tooManySteps() throws {
        let options = SolverOptions(maximumSteps: 200)
        try check(
            "y(0) <- 1\nd/dt(y) <- cos(w * t)", good: ["w": 0.1], bad: ["w": 500], at: [1, 9], [.tooManySteps], options)
        // The count starts anew at every stop.
        let model = try Simulate.model("y(0) <- 1\nd/dt(y) <- cos(100 * t)", outputs: ["y"])
        #expect(try Simulate.course(model, at: [30], options).failure == .tooManySteps)
        let steps = (1...30).map { Double($0) }
        let patient = TestPatient()
        let course = try Simulate.course(model, patient, at: steps, options)
        #expect(course.failure == nil)
        #expect(abs(course[0][29] - 1 - Elementary.sin(3000) / 100) < 1e-5)
    }

    @Test("A failed patient stays failed and still until the next begin, and takes no doses")
    func afterwards() throws {
        let model = try Simulate.model("y(0) <- y0\nd/dt(y) <- y^2", outputs: ["y"])
        let simulation = LaneSimulation(model)
        try Simulate.begin(simulation, [TestPatient(inputs: ["y0": 1]), TestPatient(inputs: ["y0": 0])])
        simulation.advance(to: 2)
        let still = (simulation.time[0], simulation.amount(inState: 0)[0])
        #expect(!simulation.isActive(lane: 0))
        #expect(simulation.isActive(lane: 1))
        #expect(still.0 < 1.000_001)
        simulation.give(DosingRecord(time: 3, compartment: 0, amount: 1), lane: 0)
        simulation.advance(to: 4)
        #expect(simulation.time[0] == still.0 && simulation.amount(inState: 0)[0] == still.1)
        try Simulate.begin(simulation, [TestPatient(inputs: ["y0": 0])])
        #expect(simulation.failures[0] == nil && simulation.isActive(lane: 0))
        simulation.advance(to: 4)
        #expect(simulation.amount(inState: 0)[0] == 0)
    }

    @Test("Every failure has a name of its own, and a code that results keep")
    func names() {
        #expect(SolverFailure.allCases.map(\.rawValue) == [1, 2, 3, 4, 5])
        #expect(
            SolverFailure.allCases.map(\.name) == [
                "step too small", "too many steps", "not finite", "unusable dose", "no steady state",
            ])
    }

    @Test("A model may report only what it computes")
    func unknownOutput() {
        do {
            _ = try Simulate.model("d/dt(central) <- -k * central\ncp <- central / v", outputs: ["cP"])
            Issue.record("taken")
        } catch {
            #expect("\(error)" == "'cP' is not computed by the model; did you mean 'cp'?; it computes: cp, central")
        }
    }

    @Test("A model just below the largest size simulates")
    func largeModel() throws {
        let sums = (1..<9900).map { "x\($0) <- x\($0 - 1) * 0.5 + a * \($0)" }.joined(separator: "\n")
        let text = "x0 <- k * t\n\(sums)\nd/dt(a) <- 0\na(0) <- 2"
        let model = try Simulate.model(text, outputs: ["x9899"])
        #expect(model.model.graph.nodes.count > RegisterLayout.largestProgram / 2)
        // x converges to 2 a n − 2 a as n grows.
        let value = try Simulate.course(model, TestPatient(inputs: ["k": 1]), at: [1])[0][0]
        #expect(relativeError(value, 2 * 2 * 9899 - 2 * 2) < 1e-12)
    }
}
