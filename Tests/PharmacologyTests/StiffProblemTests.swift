import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by published reference values of the standard stiff problems, and by a second method.
@Suite("Stiff problems")
struct StiffProblemTests {
    static let robertson = """
        a(0) <- 1
        d/dt(a) <- -0.04 * a + 1e4 * b * c
        d/dt(b) <- 0.04 * a - 1e4 * b * c - 3e7 * b * b
        d/dt(c) <- 3e7 * b * b
        """

    /// F. Mazzia, C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4 (2008), problem ROBER: at 1e11.
    @Test(
        "Robertson's kinetics over eleven decades of time",
        arguments: [SolverOptions.Method.automatic, .rosenbrock, .radau])
    func robertson(_ method: SolverOptions.Method) throws {
        let model = try Simulate.model(Self.robertson, outputs: ["a", "b", "c"])
        let course = try Simulate.course(
            model, at: [40, 1e11], SolverOptions(method: method, relativeTolerance: 1e-7))
        #expect(course.failure == nil)
        let reference = [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050]
        for (value, expected) in zip(course.values[1], reference) {
            #expect(relativeError(value, expected) < 1e-6, "\(value) \(expected)")
        }
        // Mass is conserved on the way: the three right-hand sides add up to 0.
        #expect(abs(course.values[0].reduce(0, +) - 1) < 1e-11)
    }

    /// The same test set, problem VDPOL: μ = 1e6 in the time scaled by μ (ε = 1e-6), at 2.
    @Test("van der Pol's oscillator at ε = 1e-6")
    func vanDerPol() throws {
        let model = try Simulate.model(
            """
            x(0) <- 2
            d/dt(x) <- v
            d/dt(v) <- ((1 - x * x) * v - x) / 1e-6
            """, outputs: ["x", "v"])
        for method in [SolverOptions.Method.automatic, .rosenbrock, .radau] {
            let course = try Simulate.course(
                model, at: [2], SolverOptions(method: method, relativeTolerance: 1e-8))
            #expect(course.failure == nil, "\(method)")
            #expect(relativeError(course.values[0][0], 1.706167732170483) < 1e-6, "\(method) \(course.values)")
            #expect(relativeError(course.values[0][1], -0.8928097010247975) < 1e-6, "\(method) \(course.values)")
        }
    }

    /// `z' = max(x − c, 0)` with `x = 2 e^(−t/2)` grows to `4 (1 − c/2) − 2 c ln(2/c)`, until x meets c. A stiff state beside
    /// it hands all over to the method for stiff equations, whose steps the bend meets anywhere.
    @Test("A bend within the steps of stiff equations", arguments: [1e-7, 1e-8, 1e-10])
    func bends(_ tolerance: Double) throws {
        let model = try Simulate.model(
            """
            x(0) <- 2
            d/dt(x) <- -0.5 * x
            d/dt(z) <- max(x - level, 0)
            d/dt(q) <- 4000 * (x * x - q) - q * q * z
            """, outputs: ["z"])
        #expect(model.hasBends)
        let levels = (0..<64).map { 0.2 + 0.025 * Double($0) + 0.003 * Elementary.sin(7 * Double($0)) }
        var worst = 0.0
        for first in stride(from: 0, to: levels.count, by: 16) {
            let some = levels[first..<first + 16]
            let patients = some.map { TestPatient(inputs: ["level": $0]) }
            let courses = try Simulate.courses(
                model, patients, at: [6, 12], SolverOptions(relativeTolerance: tolerance))
            for (level, course) in zip(some, courses) {
                let expected = 4 * (1 - level / 2) - 2 * level * Elementary.log(2 / level)
                worst = max(worst, abs(course.values[1][0] - expected))
            }
        }
        // Of what reaches 3.1; the Radau method leaves 2e-4 at 1e-7 and 6e-6 at 1e-10.
        #expect(worst < 400 * tolerance, "\(worst / tolerance)")
    }

    @Test("van der Pol's oscillator at μ = 1e3: switching between methods agrees with each of them")
    func switching() throws {
        let model = try Simulate.model(
            "x(0) <- 2\nd/dt(x) <- v\nd/dt(v) <- 1000 * (1 - x * x) * v - x", outputs: ["x", "v"])
        let times = [100, 500, 800, 1200, 1800, 2000.0]
        let courses = try [SolverOptions.Method.automatic, .rosenbrock, .explicit8].map {
            try Simulate.course(
                model, at: times, SolverOptions(method: $0, relativeTolerance: 1e-9, maximumSteps: 10_000_000))
        }
        for course in courses { #expect(course.failure == nil) }
        for (index, time) in times.enumerated() {
            for other in 1...2 {
                let (value, expected) = (courses[0].values[index][0], courses[other].values[index][0])
                #expect(relativeError(value, expected) < 1e-6, "\(time), \(other)")
            }
        }
    }

    /// The same test set, problem HIRES: at 321.8122.
    @Test("The eight compartments of HIRES")
    func hires() throws {
        let model = try Simulate.model(
            """
            y1(0) <- 1
            y8(0) <- 0.0057
            d/dt(y1) <- -1.71 * y1 + 0.43 * y2 + 8.32 * y3 + 0.0007
            d/dt(y2) <- 1.71 * y1 - 8.75 * y2
            d/dt(y3) <- -10.03 * y3 + 0.43 * y4 + 0.035 * y5
            d/dt(y4) <- 8.32 * y2 + 1.71 * y3 - 1.12 * y4
            d/dt(y5) <- -1.745 * y5 + 0.43 * y6 + 0.43 * y7
            d/dt(y6) <- -280 * y6 * y8 + 0.69 * y4 + 1.71 * y5 - 0.43 * y6 + 0.69 * y7
            d/dt(y7) <- 280 * y6 * y8 - 1.81 * y7
            d/dt(y8) <- -280 * y6 * y8 + 1.81 * y7
            """, outputs: (1...8).map { "y\($0)" })
        let reference = [
            0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
            0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
        ]
        for method in SolverOptions.Method.allCases {
            let course = try Simulate.course(model, at: [321.8122], SolverOptions(method: method))
            for (value, expected) in zip(course.values[0], reference) {
                #expect(relativeError(value, expected) < 1e-6, "\(method)")
            }
        }
    }

    /// Backed by the closed form. Steps beside an equilibrium grow until stability bounds them, so that a patient may turn
    /// stiff with the very step that reaches the end: nothing more may happen to it then.
    @Test("A patient who turns stiff with the last step has arrived")
    func turningOnArrival() throws {
        let model = try Simulate.model(
            """
            d/dt(depot) <- -1.5 * depot
            d/dt(central) <- 1.5 * depot - 0.08 * central
            g(0) <- 1.3
            d/dt(g) <- 2 * g^(2/3) - 2 * g
            """, outputs: ["central", "g"])
        for step in 0..<240 {
            let end = 30 + 0.75 * Double(step)
            let simulation = LaneSimulation(model, options: SolverOptions())
            try Simulate.begin(
                simulation, [TestPatient(doses: [DosingRecord(time: 0, compartment: 0, amount: 100, input: .bolus)])])
            simulation.advance(to: end)
            simulation.report()
            let expected = 150 / 1.42 * (Elementary.exp(-0.08 * end) - Elementary.exp(-1.5 * end))
            #expect(relativeError(simulation.value(ofOutput: 0)[0], expected) < 1e-7, "until \(end)")
        }
    }
}
