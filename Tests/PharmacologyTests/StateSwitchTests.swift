import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Equations that switch where their state takes them: a step ends at the crossing. Backed by piecewise closed forms, whose
/// crossing times are formulas.
@Suite("Switches by state")
struct StateSwitchTests {
    static let methods: [SolverOptions.Method] = [.automatic, .explicit5, .explicit8, .rosenbrock]

    private func options(_ method: SolverOptions.Method) -> SolverOptions {
        SolverOptions(method: method, relativeTolerance: 1e-10)
    }

    /// The times at which the equations of some patients switch.
    private func located(
        _ model: SimulationModel, _ patient: TestPatient = TestPatient(), until end: Double, _ options: SolverOptions
    ) throws -> [Double] {
        let simulation = LaneSimulation(model, options: options)
        simulation.locatedSwitches = Array(repeating: [], count: laneCount)
        try Simulate.begin(simulation, [patient])
        simulation.advance(to: end)
        #expect(simulation.failures[0] == nil)
        return simulation.locatedSwitches?[0] ?? []
    }

    @Test("A decay whose rate changes at a threshold: values and the crossing time", arguments: methods)
    func decay(_ method: SolverOptions.Method) throws {
        for comparison in ["a < 2", "a <= 2", "2 > a", "!(a >= 2)", "a - 1 < 1", "a * c < 2 * c"] {
            let model = try Simulate.model(
                "a(0) <- 10\nd/dt(a) <- -ifelse(\(comparison), 0.05, 0.4) * a", outputs: ["a"])
            let patient = TestPatient(inputs: comparison.contains("c <") ? ["c": 3] : [:])
            let crossing = Elementary.log(5) / 0.4
            func expected(_ t: Double) -> Double {
                t < crossing ? 10 * Elementary.exp(-0.4 * t) : 2 * Elementary.exp(-0.05 * (t - crossing))
            }
            let times = [1, 4, crossing, 4.1, 7, 30, 90.0]
            for course in [
                try Simulate.course(model, patient, at: times, options(method)),
                try Simulate.recordedCourses(model, [patient], at: times, options(method))[0],
            ] {
                for (index, time) in times.enumerated() {
                    #expect(relativeError(course[0][index], expected(time)) < 2e-10, "\(comparison), \(time)")
                }
            }
            let found = try located(model, patient, until: 90, options(method))
            #expect(found.count == 1)
            #expect(found.allSatisfy { abs($0 - crossing) < 1e-9 }, "\(found) against \(crossing)")
        }
    }

    @Test("The crossing is found to rounding where the path between is a polynomial", arguments: methods)
    func exactCrossing(_ method: SolverOptions.Method) throws {
        // A triangle: up with slope 3 to 7, and down with slope 2 for ever, by a latch that only fills.
        let model = try Simulate.model(
            "d/dt(up) <- ifelse(up < 7, 3, 0) + 0 * up * up\nd/dt(a) <- ifelse(up < 7, 3, -2)", outputs: ["up", "a"])
        let found = try located(model, until: 10, options(method))
        let corner = 7.0 / 3
        #expect(found.count == 1 && found.allSatisfy { abs($0 - corner) < 1e-12 }, "\(found) against \(corner)")
        let course = try Simulate.course(model, at: [1, 2, 5, 10], options(method))
        for (index, time) in [1.0, 2, 5, 10].enumerated() {
            let expected = time < corner ? 3 * time : 7 - 2 * (time - corner)
            #expect(abs(course.values[index][1] - expected) < 1e-11)
        }
    }

    /// A ball that a floor without loss throws back: `v' = −g`, and below the floor a stiff spring, a half period of
    /// π/ω, sends it up again with the speed with which it came.
    @Test("A bouncing path meets its switch again and again, at times that are known", arguments: methods)
    func bounces(_ method: SolverOptions.Method) throws {
        let (g, omega, height) = (10.0, 40.0, 5.0)
        let model = try Simulate.model(
            """
            x(0) <- \(height)
            d/dt(x) <- v
            d/dt(v) <- ifelse(x < 0, -\(omega * omega) * x - 0 * v * v, -\(g))
            """, outputs: ["x", "v"])
        let fall = (2 * height / g).squareRoot()
        let found = try located(model, until: 9, options(method))
        // In the spring the weight is left out, so that contact lasts π/ω.
        let contact = Double.pi / omega
        let expected = (0..<4).flatMap { bounce -> [Double] in
            let start = fall + Double(bounce) * (2 * fall + contact)
            return [start, start + contact]
        }
        #expect(found.count == expected.count)
        for (time, known) in zip(found, expected) { #expect(abs(time - known) < 1e-7, "\(time), \(known)") }
    }

    @Test("Mass is conserved through switches, whatever the doses")
    func massBalance() throws {
        let model = try Simulate.model(
            """
            k12 <- ifelse(a > high, 0.1, 0.9)
            k21 <- ifelse(b >= 2 * high, 0.05, ifelse(a < 0.5 * high, 0.2, 0.7))
            d/dt(a) <- k21 * b - k12 * a
            d/dt(b) <- k12 * a - k21 * b
            """, outputs: ["a", "b"])
        for method in Self.methods {
            var choices = Choices(seed: 11)
            let patients = (0..<16).map { _ in
                TestPatient(
                    inputs: ["high": choices.number(1...20)],
                    doses: (0..<5).map { _ in
                        DosingRecord(
                            time: choices.number(0...30), compartment: choices.below(2),
                            amount: choices.number(1...40), duration: choices.pick([0, choices.number(0.1...5)]))
                    })
            }
            let courses = try Simulate.courses(model, patients, at: [50], SolverOptions(method: method))
            for (patient, course) in zip(patients, courses) {
                let given = patient.doses.reduce(0) { $0 + $1.amount }
                #expect(course.failure == nil)
                #expect(abs(course.values[0][0] + course.values[0][1] - given) < 1e-11 * given)
            }
        }
    }

    @Test("A patient's switches change no bit of a neighbour's, whatever lanes they are in", arguments: methods)
    func neighbours(_ method: SolverOptions.Method) throws {
        let model = try Simulate.model(
            """
            d/dt(depot) <- -0.7 * depot
            inhibited <- central / v > ic
            d/dt(central) <- 0.7 * depot - 0.2 * central
            d/dt(r) <- 3 * (1 - 0.8 * inhibited) - 0.3 * r - 0 * r * r
            """, outputs: ["central", "r"])
        let patients = (0..<23).map { index in
            TestPatient(
                inputs: ["v": 3 + 0.5 * Double(index), "ic": 0.3 + 0.2 * Double(index % 5)],
                doses: [
                    DosingRecord(time: 0.3 * Double(index), compartment: 0, amount: 40, interval: 12, additional: 4)
                ])
        }
        let times = [5, 17, 40, 70.0]
        let alone = try patients.map { try Simulate.course(model, $0, at: times, SolverOptions(method: method)) }
        for order in [Array(0..<16), Array((7..<23).reversed()), [4, 22, 9]] {
            let together = try Simulate.courses(
                model, order.map { patients[$0] }, at: times, SolverOptions(method: method))
            for (index, course) in zip(order, together) { #expect(course.hasSameBits(as: alone[index])) }
        }
    }

    @Test("A comparison may read the linear part, which is solved apart, and delayed values")
    func surroundings() throws {
        let central = try Simulate.model(
            "d/dt(c) <- -0.3 * c\nd/dt(a) <- (c > 2) - 0 * a * a", outputs: ["a"])
        let dose = [DosingRecord(time: 1, compartment: 0, amount: 10)]
        let end = try Simulate.course(central, TestPatient(doses: dose), at: [40], SolverOptions())[0][0]
        #expect(abs(end - Elementary.log(5) / 0.3) < 1e-11)

        let delayed = try Simulate.model(
            "c(0) <- 10\nd/dt(c) <- -0.3 * c\nd/dt(a) <- (delay(c, 2) > 2) - 0 * a * a", outputs: ["a"])
        let late = try Simulate.course(delayed, at: [40], SolverOptions(relativeTolerance: 1e-10))[0][0]
        #expect(abs(late - (2 + Elementary.log(5) / 0.3)) < 1e-8)
    }

    @Test("A guard whose own side has no value beyond the threshold does not stop the patient", arguments: methods)
    func guarded(_ method: SolverOptions.Method) throws {
        // Torricelli: the root of the level runs dry at t = 2, and the root of a negative level has no value.
        let model = try Simulate.model(
            "x(0) <- 1\nd/dt(x) <- ifelse(x > 0, -sqrt(x), 0)", outputs: ["x"])
        let course = try Simulate.course(model, at: [1, 3], SolverOptions(method: method))
        #expect(course.failure == nil)
        #expect(abs(course[0][0] - 0.25) < 1e-7)
        #expect(abs(course[0][1]) < 1e-7)
    }

    @Test("The event of a hazard behind a switch is timed by the equations that hold there")
    func hazard() throws {
        let model = try Simulate.model(
            "d/dt(a) <- 1 + 0 * a * a", outputs: ["a"],
            hazards: [Simulate.hazard("death", "hazard <- ifelse(a < 3, 0.1, 2)")])
        for threshold in [0.2, 0.29999, 0.3001, 0.9, 4] {
            let course = try Simulate.course(
                model, TestPatient(thresholds: [threshold]), at: [20], SolverOptions(relativeTolerance: 1e-10))
            let expected = threshold < 0.3 ? threshold / 0.1 : 3 + (threshold - 0.3) / 2
            #expect(abs(course.eventTimes[0] - expected) < 1e-9, "\(threshold)")
        }
    }
}
