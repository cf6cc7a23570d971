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

    private static let stream = RandomStream(seed: 9, purpose: .residualError, replicate: 0, patient: 0)

    @Test("Additive, proportional, combined and log-normal error of one standard normal draw")
    func kinds() throws {
        for draw in 0..<20 as Range<UInt64> {
            let z = Self.stream.normal(at: draw)
            func observed(_ error: String, lane: Int) throws -> Double {
                try Self.reading(error).observed(lane: lane, from: Self.stream, at: draw)
            }
            #expect(try observed("add(a)", lane: 0) == 4 + 0.3 * z)
            #expect(try observed("add(a)", lane: 1) == 8 + 0.6 * z)
            #expect(try observed("prop(0.1)", lane: 1) == 8 + (0.1 * 8.0) * z)
            // Combined: variance a² + (b f)², here 0.3² + 0.4² = 0.5².
            #expect(try relativeError(observed("add(a) + prop(0.1)", lane: 0), 4 + z * 0.5) < 1e-15)
            #expect(try observed("lnorm(a)", lane: 1) == 8 * Elementary.exp(0.6 * z))
            #expect(try observed("add(0)", lane: 0) == 4)
            #expect(try observed("lnorm(0)", lane: 0) == 4)
        }
    }

    @Test("Every kind of error of the language arrives as the distribution that it names")
    func mapping() throws {
        func distribution(_ error: String) throws -> ResidualDistribution {
            try Self.reading(error).distribution(lane: 1)
        }
        #expect(
            try distribution("add(a) + prop(0.2) + combined1()")
                == .continuous(Spread(additive: 0.6, proportional: 0.2, combination: .deviations)))
        #expect(
            try distribution("pow(0.1, 0.5) + t(4)")
                == .continuous(Spread(proportional: 0.1, exponent: 0.5), law: .studentT(degreesOfFreedom: 4)))
        #expect(try distribution("lnorm(a)") == .continuous(Spread(additive: 0.6), scale: .logarithm))
        #expect(
            try distribution("logitNorm(a, 0, 20)")
                == .continuous(Spread(additive: 0.6), scale: .logit(low: 0, high: 20)))
        #expect(try distribution("pois(scale)") == .poisson(mean: 2))
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
        #expect(simulation.endpoint(0).distribution(lane: 0) == .continuous(Spread(additive: 0.5)))
        #expect(simulation.endpoint(1).distribution(lane: 0) == .continuous(Spread(proportional: 0.25)))
        #expect(simulation.endpoint(0).value[0] == 3 && simulation.endpoint(1).value[0] == 6)
    }
}
