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
