import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Delay equations, backed by the closed forms that the method of steps gives.
@Suite("Delays")
struct DelayTests {
    /// y' = −y(t − 1), y = 1 until 0: Σ (−1)^k (t − k + 1)^k / k! over k ≤ t + 1.
    static func steps(_ t: Double) -> Double {
        var sum = 1.0
        var factorial = 1.0
        var k = 1.0
        while t - k + 1 > 0 {
            factorial *= k
            var power = 1.0
            for _ in 0..<Int(k) { power *= t - k + 1 }
            sum += (Int(k).isMultiple(of: 2) ? 1 : -1) * power / factorial
            k += 1
        }
        return sum
    }

    static let times = [0.3, 1, 1.5, 2, 2.7, 3, 4.4, 6, 7.9, 10]

    @Test("y' = −y(t − 1) follows its polynomial pieces within 1e-7 at default tolerances")
    func pieces() throws {
        let model = try Simulate.model("y(0) <- 1\nd/dt(y) <- -delay(y, 1)", outputs: ["y"])
        for recorded in [false, true] {
            let course =
                recorded
                ? try Simulate.recordedCourses(model, [TestPatient()], at: Self.times, SolverOptions())[0]
                : try Simulate.course(model, at: Self.times, SolverOptions())
            for (time, value) in zip(Self.times, course[0]) {
                #expect(abs(value - Self.steps(time)) < 1e-7, "\(time), recorded \(recorded): \(value)")
            }
        }
    }

    @Test("A delay of an expression is the expression of delays")
    func expressions() throws {
        // z follows (y(t − 1))² through the expression; w through the delayed state.
        let model = try Simulate.model(
            """
            y(0) <- 1
            d/dt(y) <- -delay(y, 1)
            d/dt(z) <- delay(y * y + t, 1.3)
            d/dt(w) <- delay(y, 1.3)^2 + t - 1.3
            """, outputs: ["z", "w"])
        for values in try Simulate.course(model, at: Self.times, SolverOptions()).values {
            #expect(abs(values[0] - values[1]) < 1e-9 * max(1, abs(values[1])))
        }
    }

    @Test("A delay that reads a delay looks back twice")
    func nested() throws {
        let model = try Simulate.model(
            """
            y(0) <- 1
            d/dt(y) <- -delay(y, 1)
            once <- delay(y, 0.6)
            twice <- delay(once, 0.7)
            direct <- delay(y, 1.3)
            d/dt(a) <- twice
            d/dt(b) <- direct
            """, outputs: ["a", "b", "twice", "direct"])
        for (time, values) in zip(Self.times, try Simulate.course(model, at: Self.times, SolverOptions()).values) {
            #expect(abs(values[0] - values[1]) < 1e-9 * max(1, abs(values[1])))
            #expect(abs(values[2] - values[3]) < 1e-12)
            let past = time - 1.3
            #expect(abs(values[2] - (past < 0 ? 1 : Self.steps(past))) < 1e-7)
        }
    }

    /// y = t + 1 solves y' = y(t − (y − 1)), y(0) = 1: the delayed time is 0 throughout.
    @Test("A lag that follows the state")
    func stateDependentLag() throws {
        let model = try Simulate.model("y(0) <- 1\nd/dt(y) <- delay(y, y - 1 + 0 * t)", outputs: ["y"])
        for (time, values) in zip(Self.times, try Simulate.course(model, at: Self.times, SolverOptions()).values) {
            #expect(relativeError(values[0], time + 1) < 1e-9, "\(time)")
        }
    }

    static let stiffMethods: [SolverOptions.Method] = [.automatic, .radau]

    /// y' = L (y(t − 1) − y) + 1 with y = 1 until 0. On n ≤ t < n + 1, with s = L (t − n):
    /// y = 1 + (n + 1 − e^(−s) Σ sʲ/j!, j ≤ n) / L, up to e^(−L).
    @Test("A stiff equation that looks back: its layers come again with every lag", arguments: stiffMethods)
    func stiff(_ method: SolverOptions.Method) throws {
        let rate = 2000.0
        let model = try Simulate.model(
            "y(0) <- 1\nd/dt(y) <- L * (delay(y, 1) - y) + 1", outputs: ["y"])
        let patient = TestPatient(inputs: ["L": rate])
        // An explicit method needs L / 6 steps a unit of time.
        let options = SolverOptions(method: method, maximumSteps: 2000)
        let times = [0.0003, 0.5, 1, 1.002, 1.7, 2.001, 4.5, 10, 30]
        let recorded = try Simulate.recordedCourses(model, [patient], at: times, options)[0][0]
        for (time, value) in zip(times, recorded) {
            let n = time.rounded(.down)
            let s = rate * (time - n)
            var (term, sum) = (1.0, 1.0)
            for j in stride(from: 1, through: n, by: 1) {
                term *= s / j
                sum += term
            }
            let expected = 1 + (n + 1 - Elementary.exp(-s) * sum) / rate
            #expect(abs(value - expected) < 2e-7, "\(time): \(value), \(expected)")
        }
    }

    /// A plasma that follows its source at 5000 a unit of time, and a slow response to it 2 units later: sums of exponentials.
    /// Nothing happens at 2, when the start is seen again; at 3 the layer behind the dose comes again.
    @Test("Fast kinetics with a slow delayed response", arguments: stiffMethods)
    func stiffKinetics(_ method: SolverOptions.Method) throws {
        let k = 5000.0
        let model = try Simulate.model(
            """
            d/dt(s) <- -0.1 * s
            d/dt(c) <- k * (s - c) + 0 * c^2
            d/dt(r) <- delay(c, 2) - 0.2 * r
            """, outputs: ["c", "r"])
        let patient = TestPatient(
            inputs: ["k": k], doses: [DosingRecord(time: 1, compartment: 0, amount: 10)])
        func plasma(_ t: Double) -> Double {
            guard t > 0 else { return 0 }
            return 10 * k / (k - 0.1) * (Elementary.exp(-0.1 * t) - Elementary.exp(-k * t))
        }
        func response(_ t: Double) -> Double {
            guard t > 0 else { return 0 }
            let slow = (Elementary.exp(-0.1 * t) - Elementary.exp(-0.2 * t)) / 0.1
            let fast = (Elementary.exp(-k * t) - Elementary.exp(-0.2 * t)) / (0.2 - k)
            return 10 * k / (k - 0.1) * (slow - fast)
        }
        let times = [0.9, 1.0002, 1.1, 2.9, 3.0004, 3.5, 7, 20, 60]
        let options = SolverOptions(method: method, maximumSteps: 2000)
        let course = try Simulate.recordedCourses(model, [patient], at: times, options)[0]
        for (index, time) in times.enumerated() {
            #expect(abs(course[0][index] - plasma(time - 1)) < 1e-6, "c, \(time): \(course[0][index])")
            #expect(abs(course[1][index] - response(time - 3)) < 2e-6, "r, \(time): \(course[1][index])")
        }
    }

    @Test("A bolus is seen again after the lag, at any step")
    func echo() throws {
        let model = try Simulate.model(
            "d/dt(a) <- -0.2 * a\nd/dt(b) <- delay(a, 2.5) - 0.1 * b", outputs: ["a", "b"])
        let patient = TestPatient(doses: [
            DosingRecord(time: 1, compartment: 0, amount: 30), DosingRecord(time: 4.2, compartment: 0, amount: 12),
        ])
        func echo(_ t: Double) -> Double {
            t <= 0 ? 0 : (Elementary.exp(-0.1 * t) - Elementary.exp(-0.2 * t)) / 0.1
        }
        let times = [1, 3.4, 3.5, 3.6, 6.7, 6.9, 12, 30]
        let course = try Simulate.recordedCourses(model, [patient], at: times, SolverOptions())[0]
        for (time, value) in zip(times, course[1]) {
            let expected = 30 * echo(time - 3.5) + 12 * echo(time - 6.7)
            #expect(abs(value - expected) < 1e-6, "\(time): \(value), \(expected)")
        }
    }
}
