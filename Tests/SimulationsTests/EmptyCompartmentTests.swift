import Foundation
import Pharmacology
import Simulations
import Testing

// What grows out of nothing has no size at first that a tolerance could refer to. Backed by closed forms.
@Suite("Growth out of empty compartments")
struct EmptyCompartmentTests {
    private func last(
        _ model: String, _ variable: String, _ method: SolverOptions.Method, _ change: (inout SimulationRequest) -> Void
    ) throws -> Double {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.outputs = [variable]
        request.options.method = method
        request.threads = 1
        change(&request)
        let outcome = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1").outcome
        #expect(outcome.failures == [])
        let cells = try folder.text("o.csv").split(separator: "\n").last?.split(separator: ",")
        return try #require(cells?.last.flatMap { Double($0) })
    }

    /// A cumulative hazard is `(t / 20)^shape`, whatever its rate at the start: none, or without bound.
    @Test("Weibull hazards", arguments: [0.2, 0.3, 0.5, 0.7, 0.8, 1, 1.5, 3, 6, 11], SolverOptions.Method.allCases)
    func hazards(_ shape: Double, _ method: SolverOptions.Method) throws {
        let found = try last("d/dt(h) <- shape / 20 * (t / 20)^(shape - 1)", "h", method) {
            $0.times = "0,20,40"
            $0.settings = ["shape=\(shape)"]
        }
        #expect(abs(found / pow(2, shape) - 1) <= 1e-7)
    }

    /// At 1e-100 of the time a hazard of shape 0.02 is at a hundredth of its course: no first step is short enough.
    @Test("A Weibull hazard that is too steep ends in a failure with a name", arguments: SolverOptions.Method.allCases)
    func tooSteep(_ method: SolverOptions.Method) throws {
        let folder = try TemporaryFolder()
        let model = "d/dt(h) <- 0.02 / 20 * (t / 20)^(0.02 - 1)"
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.times = "0,20,40"
        request.options.method = method
        let outcome = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1").outcome
        #expect(outcome.failures.map(\.failure) == [.stepTooSmall])
        #expect(outcome.failures.map(\.time) == [0])
    }

    /// The cumulative hazard beside a dose whose size says nothing of it.
    @Test("Weibull hazards beside a million units of drug", arguments: [0.3, 0.5, 0.7], SolverOptions.Method.allCases)
    func hazardsBesideDrug(_ shape: Double, _ method: SolverOptions.Method) throws {
        let model = "d/dt(a) <- -0.1 * a\nd/dt(h) <- shape / 20 * (t / 20)^(shape - 1) * (a >= 0)"
        let found = try last(model, "h", method) {
            $0.regimen = "1000000 mg into a"
            $0.times = "0,20,40"
            $0.settings = ["shape=\(shape)"]
        }
        #expect(abs(found / pow(2, shape) - 1) <= 1e-7, "\(found)")
    }

    /// All that a transit input brings is the dose, when it has passed: `ktr n`-fold Erlang, here its whole mass.
    @Test("Transit inputs of any order", arguments: [0.1, 0.5, 1, 4.3, 20, 60], SolverOptions.Method.allCases)
    func transits(_ order: Double, _ method: SolverOptions.Method) throws {
        let found = try last("d/dt(a) <- transit(n, 3)\nf(a) <- 0", "a", method) {
            $0.regimen = "100 mg into a"
            $0.times = "0,200"
            $0.settings = ["n=\(order)"]
        }
        #expect(abs(found / 100 - 1) <= 1e-7, "\(found)")
    }

    /// A rate that jumps as soon as there is any drug, beside a compartment with much of it: `2 t`.
    @Test("A rate that jumps right after the start", arguments: SolverOptions.Method.allCases)
    func jump(_ method: SolverOptions.Method) throws {
        let model = "d/dt(a) <- -a\nd/dt(c) <- a - c\nd/dt(e) <- 2 * c / (c + zero)"
        let found = try last(model, "e", method) {
            $0.regimen = "150 mg q8h x 2 into a"
            $0.times = "0,4,8,12"
            $0.settings = ["zero=0"]
        }
        #expect(abs(found / 24 - 1) <= 1e-7, "\(found)")
    }
}
