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
            // What needs a smooth path is told.
            let inputs = try Simulate.inputs(of: model.model, for: patient)
            let stops = PopulationSimulation(model, options: options(method)).stops(
                [Subject(inputs: inputs, samples: [0, 90])], end: 90)
            #expect(stops[0] == found)
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

    @Test("A path that dips across a threshold within one step is found there")
    func dip() throws {
        // x is a parabola with its lowest point 1 at t = 5: below 1.25 from 4.5 to 5.5.
        let model = try Simulate.model(
            "x(0) <- 26\nd/dt(x) <- 2 * (t - 5)\nd/dt(a) <- (x < 1.25) + 0 * a * a", outputs: ["a"])
        for method in Self.methods {
            let found = try located(model, until: 20, options(method))
            #expect(found.count == 2, "\(method): \(found)")
            for (time, known) in zip(found, [4.5, 5.5]) { #expect(abs(time - known) < 1e-11, "\(method)") }
            let course = try Simulate.course(model, at: [4, 5, 20], options(method))[0]
            for (value, known) in zip(course, [0, 0.5, 1]) { #expect(abs(value - known) < 1e-11, "\(method)") }
        }
    }

    /// Both sides push towards x = 1, which the path reaches at t = 1/3. From t = 4 on the push from below grows weaker; it
    /// ends at t = 4.6, and the path falls from there.
    @Test(
        "Where both sides push towards a switch the path slides along it, in few steps",
        arguments: [
            "3 * (x < 1) - 2 * (x >= 1) + 0 * x * x", "ifelse(x < 1, 3, -2) - 0 * x * x",
        ])
    func sliding(_ push: String) throws {
        let model = try Simulate.model(
            """
            d/dt(x) <- \(push) - (t > 4) * 5 * (t - 4)
            d/dt(below) <- (x < 1) + 0 * x * x
            """, outputs: ["x"])
        for method in Self.methods {
            let simulation = LaneSimulation(model, options: options(method))
            simulation.locatedSwitches = Array(repeating: [], count: laneCount)
            try Simulate.begin(simulation, [TestPatient()])
            simulation.advance(to: 3)
            #expect(abs(simulation.amount(inState: 0)[0] - 1) < 1e-12)
            #expect(simulation.pace.steps[0] < 60)
            simulation.advance(to: 6)
            #expect(simulation.failures[0] == nil)
            // The push from below is 0 at 4.6; from there the path falls by 5/2 (t − 4.6)².
            #expect(abs(simulation.amount(inState: 0)[0] - (1 - 2.5 * 1.4 * 1.4)) < 1e-9, "\(method)")
            // Below it to 1/3; on it the share of the side below is 2/5 at first and grows with time to 1.
            let onIt = 0.4 * (4 - 1.0 / 3) + 0.4 * 0.6 + 0.5 * 0.6 * 0.6
            #expect(abs(simulation.amount(inState: 1)[0] - (1.0 / 3 + onIt + 1.4)) < 1e-9, "\(method)")
            // At 4 the equations switch in time, and the path meets the switch anew.
            let found = simulation.locatedSwitches?[0] ?? []
            #expect(found.count == 3)
            for (time, known) in zip(found, [1.0 / 3, 4, 4.6]) { #expect(abs(time - known) < 1e-9, "\(method)") }
        }
    }

    @Test("A concentration that is held at its target by an infusion that goes on and off")
    func clamp() throws {
        // The target is moved by the distribution into a second compartment; the infusion is what keeps the balance.
        let model = try Simulate.model(
            """
            d/dt(c) <- ifelse(c < 5, 40, 0) - 1.2 * c + 0.3 * p
            d/dt(p) <- 0.7 * c - 0.3 * p - 0 * c * c
            d/dt(given) <- ifelse(c < 5, 40, 0)
            """, outputs: ["c", "p", "given"])
        let course = try Simulate.course(model, at: [2, 10, 50], SolverOptions())
        #expect(course.failure == nil)
        for values in course.values { #expect(abs(values[0] - 5) < 1e-7) }
        #expect(abs(course.values[2][1] - 5 * 0.7 / 0.3) < 1e-4)
        // On the target p follows p' = 3.5 − 0.3 p, and what is given is what is lost.
        let rise = Elementary.exp(-0.3 * 8)
        let p = 3.5 / 0.3 + (course.values[0][1] - 3.5 / 0.3) * rise
        #expect(abs(course.values[1][1] - p) < 1e-6)
        let lost = 6 * 8 - 0.3 * (3.5 / 0.3 * 8 + (course.values[0][1] - 3.5 / 0.3) * (1 - rise) / 0.3)
        #expect(abs(course.values[1][2] - course.values[0][2] - lost) < 1e-6)
    }

    @Test("A patient that slides changes no bit of a neighbour's, nor they of its")
    func slidingNeighbours() throws {
        let model = try Simulate.model(
            "d/dt(c) <- ifelse(c < goal, 40, 0) - 1.2 * c + 0.3 * p\nd/dt(p) <- 0.7 * c - 0.3 * p - 0 * c * c",
            outputs: ["c", "p"])
        let patients = (0..<20).map { index in
            TestPatient(
                inputs: ["goal": 2 + 4 * Double(index)],
                doses: [DosingRecord(time: 3 + 0.1 * Double(index), compartment: 0, amount: 10)])
        }
        for method in [SolverOptions.Method.automatic, .rosenbrock] {
            let options = SolverOptions(method: method, relativeTolerance: 1e-5, maximumSteps: 5000)
            let alone = try patients.map { try Simulate.course(model, $0, at: [2, 9], options) }
            for order in [Array(0..<16), Array((4..<20).reversed()), [3, 17, 9]] {
                let together = try Simulate.courses(model, order.map { patients[$0] }, at: [2, 9], options)
                for (index, course) in zip(order, together) { #expect(course.hasSameBits(as: alone[index])) }
            }
        }
    }

    @Test("Time above a threshold is found however long a step could be: short excursions of a linear part")
    func shortExcursion() throws {
        // A late and short peak: six transit compartments, all solved exactly; the clock above it is all that is integrated.
        var text = "d/dt(x0) <- -3 * x0\n"
        for index in 1...5 { text += "d/dt(x\(index)) <- 3 * x\(index - 1) - 3.0\(index) * x\(index)\n" }
        let model = try Simulate.model(
            text + "d/dt(above) <- (x5 > level) - 0 * above * above", outputs: ["above", "x5"])
        let dose = [DosingRecord(time: 0, compartment: 0, amount: 100)]
        let grid = (1...40_000).map { 24 * Double($0) / 40_000 }
        let course = try Simulate.recordedCourses(
            model, [TestPatient(inputs: ["level": 1e9], doses: dose)], at: grid, SolverOptions())[0]
        let peak = course[1].max() ?? 0
        for share in [0.05, 0.5, 0.9, 0.99] {
            let patient = TestPatient(inputs: ["level": share * peak], doses: dose)
            let above = try Simulate.course(model, patient, at: [24], SolverOptions())[0][0]
            let known = Double(course[1].count { $0 > share * peak }) * 24 / 40_000
            #expect(abs(above - known) < 2 * 24 / 40_000, "\(share): \(above), \(known)")
        }
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
