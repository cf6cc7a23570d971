import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Equations that switch at times known before: the integrator steps exactly to each. Backed by piecewise closed forms.
///
/// Every model has a term that makes a stepper integrate it; the tolerances are the default ones.
@Suite("Switches in time")
struct SwitchTests {
    /// The value of a' = rate(t) − k·a at `time`, the rate being constant between the switches.
    static func piecewise(
        from start: Double, k: Double, switches: [Double], at time: Double, rate: (Double) -> Double
    ) -> Double {
        var value = start
        var now = 0.0
        for next in switches.filter({ $0 < time }) + [time] {
            let length = next - now
            let level = rate(now + 0.5 * length) / k
            value = level + (value - level) * Elementary.exp(-k * length)
            now = next
        }
        return value
    }

    private func check(
        _ input: String, inputs: [String: Double] = [:], doses: [DosingRecord] = [], switches: [Double],
        _ rate: @escaping (Double) -> Double, preamble: String = "", within bound: Double = 1e-9,
        methods: [SolverOptions.Method] = [.automatic, .explicit5, .explicit8, .rosenbrock, .radau]
    ) throws {
        let model = try Simulate.model(
            "\(preamble)\na(0) <- 1\nd/dt(depot) <- -depot\nd/dt(a) <- \(input) - 0.2 * a + 0 * a * a", outputs: ["a"])
        let patient = TestPatient(inputs: inputs, doses: doses)
        let times = [0.5, 11, 24, 47, 84, 84.5, 100, 168, 300.0]
        for method in methods {
            // What is tested is the switch; between switches the smooth path must not cost the digits.
            let options = SolverOptions(method: method, relativeTolerance: method == .automatic ? 1e-7 : 1e-10)
            let reported = try Simulate.course(model, patient, at: times, options)
            let recorded = try Simulate.recordedCourses(model, [patient], at: times, options)[0]
            for (index, time) in times.enumerated() {
                let expected = Self.piecewise(from: 1, k: 0.2, switches: switches, at: time, rate: rate)
                let allowed = (method == .automatic ? 1e-7 : 10 * bound) * max(1, abs(expected))
                #expect(abs(reported[0][index] - expected) < allowed, "\(input), \(method), \(time)")
                #expect(abs(recorded[0][index] - expected) < allowed, "\(input), \(method), \(time), recorded")
            }
        }
    }

    @Test("A rate that changes at one time")
    func single() throws {
        try check("ifelse(t <= 84, 3, 0.5)", switches: [84]) { $0 <= 84 ? 3 : 0.5 }
        for start in [0, 0.1, 33.3, 84, 299.9] {
            try check("5 * (t >= tstart)", inputs: ["tstart": start], switches: [start]) { $0 >= start ? 5 : 0 }
        }
        try check(
            "2 * max(t - 50, 0) / max(t - 50, 1e-9)", switches: [50, 50 + 1e-9], { $0 > 50 ? 2 : 0 }, within: 1e-8)
    }

    @Test("A rate that changes some time after each dose")
    func afterDoses() throws {
        let doses = [0.0, 30, 40, 120].map { DosingRecord(time: $0, compartment: 0, amount: 1) }
        let switches = [17.0, 30, 40, 57, 120, 137]
        try check(
            "ifelse(tad(depot) > tau, 4, 1)", inputs: ["tau": 17], doses: doses, switches: switches
        ) { time in
            let last = doses.map(\.time).last { $0 <= time } ?? 0
            return time - last > 17 ? 4 : 1
        }
    }

    @Test("A rate that changes every day, and one that is on for half of each")
    func repeated() throws {
        let days = (1...13).map { 24 * Double($0) }
        try check("floor(t / 24)", switches: days) { ($0 / 24).rounded(.down) }
        let halves = (1...26).map { 12 * Double($0) }
        try check("3 * (t %% 24 < 12)", switches: halves) {
            $0.truncatingRemainder(dividingBy: 24) < 12 ? 3 : 0
        }
        // A twentieth of an hour each day: a step could pass over it without a trace.
        let pulses = (0...12).flatMap { (day: Int) -> [Double] in
            let start = 24 * Double(day) + 7
            return [start, start + 0.05]
        }
        try check(
            "100 * ((t - 7) %% 24 < 0.05)", switches: pulses
        ) { time in
            let rest = (time - 7) - ((time - 7) / 24).rounded(.down) * 24
            return rest < 0.05 ? 100 : 0
        }
        let periods = (1...40).map { 7.7 * Double($0) }
        try check("ceil(t / period)", inputs: ["period": 7.7], switches: periods) { ($0 / 7.7).rounded(.up) }
    }

    @Test("Switches of a patient's own change no bit of a neighbour's")
    func neighbours() throws {
        let model = try Simulate.model(
            "d/dt(a) <- (t %% period < 0.5 * period) - 0.2 * a * a", outputs: ["a"])
        let patients = [24, 3.3, 1e9, 0.7, -5].map { TestPatient(inputs: ["period": $0]) }
        let together = try Simulate.courses(model, patients, at: [10, 50], SolverOptions())
        for (patient, course) in zip(patients, together) {
            #expect(try Simulate.course(model, patient, at: [10, 50], SolverOptions()).hasSameBits(as: course))
        }
    }
}
