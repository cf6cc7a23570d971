import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the closed forms of linear compartment models.
struct ClosedFormTests {
    static func simulation(_ text: String, outputs: [String], _ options: SolverOptions) throws -> LaneSimulation {
        let document = try ModelParser.parse(model: SourceText(name: "model", text: text))
        return LaneSimulation(try SimulationModel(Model(document), outputs: outputs), options: options)
    }

    @Test("An oral dose into one compartment follows the Bateman function in every lane")
    func bateman() throws {
        let simulation = try Self.simulation(
            """
            ini({ lka <- log(1.1)
                  cl <- 2
                  v <- 20 })
            model({ ka <- exp(lka)
                    f(depot) <- 0.8
                    d/dt(depot) <- -ka * depot
                    d/dt(central) <- ka * depot - k * central
                    k <- cl / v
                    cp <- central / v })
            """, outputs: ["cp"], SolverOptions(relativeTolerance: 1e-9, absoluteTolerance: 1e-12))
        let model = simulation.model.model
        #expect(model.states == ["depot", "central"])
        // `k` stands below its first use, so it is an input there: what the language says.
        #expect(model.covariates == ["k"])
        let values = [Elementary.log(1.1), 2, 20, 0.1]
        for lane in 0..<16 {
            for (slot, value) in values.enumerated() { simulation.setInput(slot, lane: lane, to: value) }
        }
        simulation.begin(at: 0, lanes: 0..<16)
        for lane in 0..<16 {
            simulation.give(Dose(time: Double(lane) * 0.25, compartment: 0, amount: 100), lane: lane)
        }
        let times = (1...48).map { Double($0) * 0.5 }
        let recorded = LanePointer.allocate(capacity: times.count)
        defer { recorded.deallocate() }
        simulation.advance(to: 24, samples: times, recorded: recorded)
        let (ka, k, v, dose) = (1.1, 0.1, 20.0, 80.0)
        for (sample, time) in times.enumerated() {
            for lane in 0..<16 {
                let after = time - Double(lane) * 0.25
                let exact =
                    after <= 0
                    ? 0 : dose * ka / (v * (ka - k)) * (Elementary.exp(-k * after) - Elementary.exp(-ka * after))
                #expect(abs(recorded[sample][lane] - exact) < 2e-8, "lane \(lane), time \(time)")
            }
        }
    }

    @Test("An infusion with bioavailability keeps its rate and is shortened")
    func infusion() throws {
        let simulation = try Self.simulation(
            """
            model({ f(central) <- 0.5
                    d/dt(central) <- -0.2 * central })
            """, outputs: ["central"], SolverOptions(relativeTolerance: 1e-9, absoluteTolerance: 1e-12))
        simulation.begin(at: 0, lanes: 0..<1)
        simulation.give(Dose(time: 1, compartment: 0, amount: 100, duration: 4), lane: 0)
        simulation.advance(to: 10)
        let rate = 25.0
        let end = rate / 0.2 * (1 - Elementary.exp(-0.2 * 2))
        #expect(abs(simulation.amount(inState: 0)[0] - end * Elementary.exp(-0.2 * 7)) < 1e-7)
    }
}
