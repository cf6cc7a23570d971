import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Patients who come and go in the lanes of a block, and whose inputs change between advances.
@Suite("Lane admission")
struct AdmissionTests {
    /// Logistic growth that a drug holds back: non-linear, with a linear part that is solved exactly.
    private static let source = """
        growth <- function() {
          ini({ r <- 1.2 })
          model({
            dose <- 0
            size(0) <- start
            d/dt(drug) <- dose - 0.7 * drug
            d/dt(size) <- r * size * (1 - size) - drug * size
          })
        }
        """

    private static func simulation(_ options: SolverOptions = SolverOptions()) throws -> LaneSimulation {
        let model = try Model(ModelParser.parse(model: SourceText(name: "growth", text: source)))
        let simulation = LaneSimulation(try SimulationModel(model, outputs: ["size", "drug"]), options: options)
        simulation.clear()
        return simulation
    }

    private static func mask(_ lanes: [Int]) -> LaneMask {
        var mask = LaneMask(repeating: false)
        for lane in lanes { mask[lane] = true }
        return mask
    }

    /// One patient's course: admitted at 0, the dose changed at each of six decisions.
    private static func course(lane: Int, busy: Bool, _ options: SolverOptions) throws -> [Double] {
        let simulation = try simulation(options)
        let (r, start, dose) = try slots(simulation)
        func admit(_ lanes: [Int], start value: Double) {
            for lane in lanes {
                simulation.setInput(r, lane: lane, to: 1.2)
                simulation.setInput(start, lane: lane, to: value)
                simulation.setInput(dose, lane: lane, to: 0)
            }
            simulation.admit(mask(lanes), at: 0)
        }
        let others = (0..<laneCount).filter { $0 != lane }
        if busy { admit(others, start: 0.9) }
        if busy { simulation.advance(to: simulation.time.replacing(with: 2.7, where: mask(others))) }
        admit([lane], start: 0.2)
        var values: [Double] = []
        for decision in 0..<6 {
            simulation.setInput(dose, lane: lane, to: [0, 1, 1, 0.4, 0, 2][decision])
            if busy, decision == 1 {
                for other in others { simulation.setInput(dose, lane: other, to: 3) }
                simulation.renew(mask(others))
            }
            simulation.renew(mask([lane]))
            if busy, decision == 3 { admit(Array(others.prefix(5)), start: 0.01) }
            var target = simulation.time
            target[lane] = Double(decision + 1) * 0.5
            if busy, decision != 2 { for other in others { target[other] += 0.31 } }
            simulation.advance(to: target)
            simulation.report()
            values += [simulation.value(ofOutput: 0)[lane], simulation.value(ofOutput: 1)[lane]]
        }
        return values
    }

    private static func slots(_ simulation: LaneSimulation) throws -> (r: Int, start: Int, dose: Int) {
        let model = simulation.model.model
        return (
            try #require(model.inputSlot("r")), try #require(model.inputSlot("start")),
            try #require(model.inputSlot("dose"))
        )
    }

    /// The invariant: not a bit depends on who is beside a patient, nor on the lane.
    @Test(arguments: [SolverOptions.Method.automatic, .explicit5, .explicit8, .rosenbrock, .radau])
    func neighboursDoNotMatter(_ method: SolverOptions.Method) throws {
        let options = SolverOptions(method: method)
        let alone = try Self.course(lane: 3, busy: false, options)
        #expect(alone.allSatisfy(\.isFinite))
        #expect(try Self.course(lane: 3, busy: true, options) == alone)
        #expect(try Self.course(lane: 11, busy: true, options) == alone)
    }

    /// Closed form: a drug infused at a rate that changes, `b' = u - k b`, over each interval.
    @Test(arguments: [SolverOptions.Method.automatic, .explicit5, .radau])
    func changedInputsActFromNowOn(_ method: SolverOptions.Method) throws {
        let values = try Self.course(
            lane: 0, busy: true, SolverOptions(method: method, relativeTolerance: 1e-10, absoluteTolerance: 1e-12))
        var drug = 0.0
        for (decision, dose) in [0.0, 1, 1, 0.4, 0, 2].enumerated() {
            let decay = Elementary.exp(-0.7 * 0.5)
            drug = drug * decay + dose / 0.7 * (1 - decay)
            #expect(abs(values[2 * decision + 1] - drug) < 1e-9)
        }
    }

    /// A state that is set acts from the present time on: growth without drug, in closed form, from the new size.
    @Test func setAmountsActFromNowOn() throws {
        let simulation = try Self.simulation(SolverOptions(relativeTolerance: 1e-10, absoluteTolerance: 1e-12))
        let (r, start, _) = try Self.slots(simulation)
        for lane in [0, 1] {
            simulation.setInput(r, lane: lane, to: 1.2)
            simulation.setInput(start, lane: lane, to: 0.2)
        }
        simulation.admit(Self.mask([0, 1]), at: 0)
        simulation.advance(to: Lane(repeating: 0).replacing(with: 1, where: Self.mask([0, 1])))
        let size = try #require(simulation.model.model.stateIndex("size"))
        simulation.setAmount(inState: size, to: Lane(repeating: 0.05), Self.mask([1]))
        simulation.renew(Self.mask([1]))
        simulation.advance(to: simulation.time.replacing(with: 2, where: Self.mask([0, 1])))
        func logistic(_ start: Double, _ time: Double) -> Double {
            start / (start + (1 - start) * Elementary.exp(-1.2 * time))
        }
        let reached = simulation.amount(inState: size)
        #expect(abs(reached[0] - logistic(0.2, 2)) < 1e-9)
        #expect(abs(reached[1] - logistic(0.05, 1)) < 1e-9)
    }

    /// A lane that is taken again forgets who was there: doses to come, failures, the clock.
    @Test func takenLanesForget() throws {
        let simulation = try Self.simulation()
        let (r, start, _) = try Self.slots(simulation)
        func run(_ value: Double, dose: Bool) throws -> Double {
            simulation.setInput(r, lane: 2, to: 1.2)
            simulation.setInput(start, lane: 2, to: value)
            simulation.admit(Self.mask([2]), at: 0)
            let drug = try #require(simulation.model.model.stateIndex("drug"))
            if dose {
                simulation.give(
                    DosingRecord(time: 0, compartment: drug, amount: 5, interval: 0.4, additional: 9), lane: 2)
            }
            simulation.advance(to: simulation.time.replacing(with: 1, where: Self.mask([2])))
            simulation.report()
            return simulation.value(ofOutput: 0)[2]
        }
        let plain = try run(0.3, dose: false)
        let dosed = try run(0.3, dose: true)
        #expect(dosed < plain)
        _ = try run(.infinity, dose: false)
        #expect(!simulation.isActive(lane: 2))
        #expect(try run(0.3, dose: false) == plain)
    }
}
