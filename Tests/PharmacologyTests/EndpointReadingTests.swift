import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the definitions of the residual errors.
@Suite("Endpoint readings")
struct EndpointReadingTests {
    static func reading(_ error: String, value: String = "4 * scale") throws -> EndpointReading {
        let model = try Simulate.model("y <- \(value)\na <- 0.3 * scale\ny ~ \(error)", outputs: [])
        let simulation = LaneSimulation(model)
        try Simulate.begin(simulation, [1.0, 2].map { TestPatient(inputs: ["scale": $0]) })
        simulation.report()
        return simulation.endpoint(0)
    }

    @Test("Additive, proportional, combined and log-normal error")
    func kinds() throws {
        #expect(try Self.reading("add(a)").observed(lane: 0, noise: 2) == 4 + 0.3 * 2)
        #expect(try Self.reading("add(a)").observed(lane: 1, noise: -1) == 8 - 0.6)
        #expect(try Self.reading("prop(0.1)").observed(lane: 1, noise: 1.5) == 8 + 1.5 * 0.8)
        // Combined: variance a² + (b f)², here 0.3² + 0.4² = 0.5².
        let combined = try Self.reading("add(a) + prop(0.1)")
        #expect(relativeError(combined.observed(lane: 0, noise: 2), 4 + 2 * 0.5) < 1e-15)
        let logNormal = try Self.reading("lnorm(a)")
        #expect(logNormal.observed(lane: 1, noise: -0.5) == 8 * Elementary.exp(-0.3))
        for error in ["add(a)", "prop(0.1)", "add(a) + prop(0.1)", "lnorm(a)", "add(0)", "lnorm(0)"] {
            #expect(try Self.reading(error).observed(lane: 0, noise: 0) == 4)
        }
        #expect(try Self.reading("lnorm(0)").observed(lane: 0, noise: 3) == 4)
    }

    @Test("The spread of readings is the spread asked for, within 4 standard errors of 20,000 draws")
    func spread() throws {
        let reading = try Self.reading("add(a) + prop(0.2)")
        let stream = RandomStream(seed: 9, purpose: .residualError, replicate: 0, patient: 0)
        let count = 20_000
        let residuals = (0..<count).map { reading.observed(lane: 0, noise: stream.normal(at: UInt64($0))) - 4 }
        let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(count)
        let expected = 0.3 * 0.3 + 0.8 * 0.8
        #expect(abs(variance - expected) < 4 * expected * (2 / Double(count)).squareRoot())
        #expect(abs(residuals.reduce(0, +) / Double(count)) < 4 * (expected / Double(count)).squareRoot())
    }

    @Test("An endpoint may be a state, and each endpoint of a model reads its own")
    func several() throws {
        let model = try Simulate.model(
            """
            a(0) <- 3
            d/dt(a) <- -0.1 * a
            twice <- 2 * a
            a ~ add(0.5)
            twice ~ prop(0.25) | second
            """, outputs: ["twice"])
        #expect(model.model.endpoints.map(\.name) == ["a", "second"])
        #expect(model.model.endpoints.map(\.variable) == ["a", "twice"])
        let simulation = LaneSimulation(model)
        try Simulate.begin(simulation, [TestPatient()])
        simulation.report()
        #expect(simulation.value(ofOutput: 0)[0] == 6)
        #expect(simulation.endpoint(0).observed(lane: 0, noise: 1) == 3.5)
        #expect(simulation.endpoint(1).observed(lane: 0, noise: 1) == 7.5)
    }
}
