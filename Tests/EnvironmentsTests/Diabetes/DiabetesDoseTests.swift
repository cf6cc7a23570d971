import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by doses and payments computed by hand.
@Suite struct DiabetesDoseTests {
    /// What a rule does at an observation, the same in each lane.
    private func decide(_ rule: DiabetesRule, _ doses: DiabetesSettings.Doses, _ seen: [DiabetesVariable: Double])
        throws
        -> (action: [Double], weights: [Double])
    {
        let actions = doses.actions
        let worker = try rule.makeWorker(
            observing: DiabetesVariable.allCases.map(\.observed.name), choosing: actions)
        let lanes = LanePointer.allocate(capacity: 100)
        lanes.initialize(repeating: Lane(repeating: 0), count: 100)
        defer { lanes.deallocate() }
        for (variable, value) in seen { lanes[variable.rawValue] = Lane(repeating: value) }
        let point = PolicyPoint(
            decision: Lane(repeating: 0), observation: lanes, allowed: lanes + 40, uniform: Lane(repeating: 0.5))
        worker.decide(point, into: lanes + 20, scratch: lanes + 60)
        worker.weigh(point, into: lanes + 60)
        return ([lanes[20][6], lanes[21][6]], actions.levels.indices.map { lanes[60 + $0][6] })
    }

    private let patient: [DiabetesVariable: Double] = [
        .basalRate: 0.8, .carbohydrateRatio: 10, .correctionFactor: 30, .glucoseSensor: 200, .sensorBefore: 180,
        .sensorIntegral: 3000, .carbohydrate: 60,
    ]

    @Test(
        "60 g at 200 mg/dL with ratio 10 and factor 30 are 8 U, at 150 mg/dL 6 U; without carbohydrate nothing is given"
    )
    func bolus() throws {
        #expect(try decide(.basalBolus, .absolute, patient).action == [0.8, 8])
        #expect(try decide(.basalBolus, .absolute, patient.merging([.glucoseSensor: 150]) { $1 }).action == [0.8, 6])
        #expect(try decide(.basalBolus, .absolute, patient.merging([.carbohydrate: 0]) { $1 }).action == [0.8, 0])
        #expect(try decide(.basalBolus, .relative, patient).action == [1, 1])
        #expect(try decide(.basalBolus, .relative, patient.merging([.carbohydrate: 0]) { $1 }).action == [1, 0])
        #expect(try decide(.basalOnly, .absolute, patient).action == [0.8, 0])
        #expect(try decide(.basalOnly, .relative, patient).action == [1, 0])
    }

    /// 10⁻³ · 60 + 10⁻⁵ · 3000 + 10⁻³ · 20/5 = 0.094 U/min = 5.64 U/h.
    @Test("The PID rule gives 5.64 U/h at 200 after 180 mg/dL, and nothing where it would take insulin away")
    func pid() throws {
        #expect(abs(try decide(.pid, .absolute, patient).action[0] - 5.64) < 1e-12)
        #expect(abs(try decide(.pid, .relative, patient).action[0] - 7.05) < 1e-12)
        #expect(try decide(.pid, .absolute, patient.merging([.sensorIntegral: -20_000]) { $1 }).action == [0, 0])
    }

    @Test("A rule is weighed as the level that it chooses, and as none between levels")
    func weights() throws {
        let levels = DiabetesSettings.Doses.relative.actions.levels
        let weights = try decide(.basalBolus, .relative, patient).weights
        #expect(weights.reduce(0, +) == 1)
        let chosen = try #require(weights.firstIndex(of: 1))
        #expect(levels[chosen].name == "1+1")
        #expect(try decide(.pid, .relative, patient).weights.allSatisfy { $0 == 0 })
    }

    @Test("An Insulet pump gives steps of 0.05, the published one steps of 0.05 pmol/min without a limit that matters")
    func pump() {
        func rate(_ pump: InsulinPump, _ basal: Double, _ bolus: Double) -> Double {
            pump.rate(basal: Lane(repeating: basal), bolus: Lane(repeating: bolus))[3]
        }
        #expect(abs(rate(.insulet, 0.836, 0) - 0.85 / 60) < 1e-15)
        #expect(abs(rate(.insulet, 0.82, 5.63) - (0.8 / 60 + 5.65 / 5)) < 1e-15)
        #expect(rate(.insulet, 40, 0) == 0.5)
        #expect(rate(.insulet, 0, 50) == 6)
        #expect(rate(.insulet, -1, .nan) == 0)
        #expect(abs(rate(.publishedUnits, 0.836, 0) * 6000 - 83.6) < 1e-9)
        #expect(abs(rate(.publishedUnits, 0, 50) - 10) < 1e-5)
        #expect(rate(.publishedUnits, 6000, 0) == 30)
    }

    @Test("What a decision pays, by hand, and a risk of 0 has a finite logarithm")
    func rewards() {
        let scratch = LanePointer.allocate(capacity: 2)
        defer { scratch.deallocate() }
        func pay(_ glucose: Double, rise: Double, insulin: Double) -> Double {
            let f = GlucoseRisk.symmetric(Lane(repeating: glucose), scratch)
            return GlucoseRisk.reward(f, rise: Lane(repeating: rise), insulin: Lane(repeating: insulin), scratch)[8]
        }
        #expect(abs(pay(180, rise: 45, insulin: 10) - (-2.388140810802)) < 1e-10)
        #expect(abs(pay(250, rise: 90, insulin: 0.5) - (-2.350949296274)) < 1e-10)
        #expect(abs(pay(70, rise: -80, insulin: 1) - (-0.889593314335)) < 1e-10)
        #expect(pay(112.517, rise: 0, insulin: 0) <= 6)
        #expect(pay(0.2, rise: 0, insulin: 0) == pay(1, rise: 0, insulin: 0))
        func share(_ glucose: Double) -> Double { GlucoseRisk.timeInRange(Lane(repeating: glucose), decisions: 288)[1] }
        #expect([70, 180, 180.01, 69.99, 54, 53.9].map { share($0) * 288 } == [1, 1, 0, -1, -1, -3])
    }
}
