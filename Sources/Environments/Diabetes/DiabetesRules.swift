import NumericsCore
import Regimes

/// The rules of the diabetes problem.
enum DiabetesRule: String, Sendable, CaseIterable, Policy {
    /// The patient's basal rate and nothing else.
    case basalOnly = "basal-only"
    /// The basal rate, and where carbohydrate is announced the usual bolus.
    case basalBolus = "basal-bolus"
    /// The basal rate alone, in U/min: P (G − 140) + I Σ 5 (G − 140) + D (G − G before)/5 of the sensor's glucose G, where the sum
    /// is over the decisions before, and P = 10⁻³, I = 10⁻⁵, D = 10⁻³; nothing where it is negative.
    case pid

    /// P, I and D.
    static let gains = (proportional: 1e-3, integral: 1e-5, derivative: 1e-3)

    /// The usual bolus in U: carbohydrate over ratio, and where the sensor shows more than 150 mg/dL what brings it to 140, over
    /// the correction factor. Nothing without carbohydrate.
    @inline(__always)
    static func bolus(carbohydrate: Lane, sensor: Lane, ratio: Lane, factor: Lane) -> Lane {
        let zero = Lane(repeating: 0)
        var correction = (sensor - Lane(repeating: 140)) / factor
        correction.replace(with: zero, where: .!(sensor .> Lane(repeating: 150)))
        var bolus = carbohydrate / ratio + correction
        bolus.replace(with: zero, where: .!(carbohydrate .> zero))
        return bolus
    }

    /// What the rule asks for, and nothing else.
    private var reads: [DiabetesVariable] {
        switch self {
        case .basalOnly: [.basalRate]
        case .basalBolus: [.glucoseSensor, .carbohydrate, .basalRate, .carbohydrateRatio, .correctionFactor]
        case .pid: [.glucoseSensor, .basalRate, .sensorBefore, .sensorIntegral]
        }
    }

    package func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        var places = DiabetesVariable.allCases.map { _ in 0 }
        for variable in reads {
            let name = variable.observed.name
            guard let place = observations.firstIndex(of: name) else {
                throw .unobserved(name, observed: observations)
            }
            places[variable.rawValue] = place
        }
        let doses = [DiabetesSettings.Doses.relative, .absolute].first {
            $0.actions.components.map(\.name) == actions.components.map(\.name)
        }
        guard let doses else { throw .unsuitable("rule \(rawValue) gives insulin, which is no action here") }
        return DiabetesRuleWorker(self, places: places, doses: doses, actions: actions)
    }
}

extension DiabetesRule: ReadablePolicy {
    package func lines(_: ActionSpace, missing _: Set<String>) -> [String] {
        let gains = DiabetesRule.gains
        return switch self {
        case .basalOnly: ["the patient's basal rate"]
        case .basalBolus:
            [
                "the patient's basal rate", "if carbohydrate > 0",
                "  a bolus of carbohydrate / carbohydrate_ratio",
                "  and of (cgm - 140) / correction_factor if cgm > 150",
            ]
        case .pid:
            [
                "basal rate in U/min, nothing where negative",
                "  \(gains.proportional) (cgm - 140) + \(gains.integral) cgm_integral "
                    + "+ \(gains.derivative) (cgm - cgm_before) / 5",
            ]
        }
    }
}

private final class DiabetesRuleWorker: PolicyWorker {
    let actions: ActionSpace
    private let rule: DiabetesRule
    private let places: [Int]
    private let doses: DiabetesSettings.Doses
    private let chosen: LanePointer

    init(_ rule: DiabetesRule, places: [Int], doses: DiabetesSettings.Doses, actions: ActionSpace) {
        (self.rule, self.places, self.doses, self.actions) = (rule, places, doses, actions)
        chosen = .allocate(capacity: 2)
        chosen.initialize(repeating: Lane(repeating: 0), count: 2)
    }

    deinit { chosen.deallocate() }

    /// The level that the rule chooses; doses between levels are weighed as none.
    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        decide(point, into: chosen, scratch: weights)
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        for (index, level) in actions.levels.enumerated() {
            let isLevel =
                (chosen[0] .== Lane(repeating: level.values[0])) .& (chosen[1] .== Lane(repeating: level.values[1]))
            weights[index] = zero.replacing(with: one, where: isLevel)
        }
    }

    func decide(_ point: PolicyPoint, into action: LanePointer, scratch _: LanePointer) {
        func seen(_ variable: DiabetesVariable) -> Lane { point.observation[places[variable.rawValue]] }
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        let isRelative = doses == .relative
        (action[0], action[1]) = (isRelative ? one : seen(.basalRate), zero)
        switch rule {
        case .basalOnly: break
        case .basalBolus:
            let carbohydrate = seen(.carbohydrate)
            action[1] =
                isRelative
                ? zero.replacing(with: one, where: carbohydrate .> zero)
                : DiabetesRule.bolus(
                    carbohydrate: carbohydrate, sensor: seen(.glucoseSensor), ratio: seen(.carbohydrateRatio),
                    factor: seen(.correctionFactor))
        case .pid:
            let gains = DiabetesRule.gains
            let sensor = seen(.glucoseSensor)
            let change = (sensor - seen(.sensorBefore)) / Lane(repeating: Double(DiabetesLanes.stepMinutes))
            var rate = Lane(repeating: gains.proportional) * (sensor - Lane(repeating: DiabetesLanes.target))
            rate += Lane(repeating: gains.integral) * seen(.sensorIntegral) + Lane(repeating: gains.derivative) * change
            rate *= Lane(repeating: 60)
            rate.replace(with: zero, where: .!(rate .> zero))
            action[0] = isRelative ? rate / seen(.basalRate) : rate
        }
    }
}
