import Regimes

/// What is observed at a decision, then what stands behind it, in this order.
enum DiabetesVariable: Int, CaseIterable, Sendable {
    case glucoseSensor, sensorRate, insulinOnBoard, hour, carbohydrate, minutesSinceMeal, basalRate, carbohydrateRatio
    case correctionFactor, weight
    /// Hidden from learners.
    case glucose, plasmaInsulin, sensorBefore, sensorIntegral, stomach

    static let firstHidden = glucose.rawValue

    /// The name, the unit of which the article says, and the range.
    var observed: ObservedVariable {
        switch self {
        case .glucoseSensor: ObservedVariable("cgm", low: 32, high: 600)
        case .sensorRate: ObservedVariable("cgm_rate", low: -120, high: 120)
        case .insulinOnBoard: ObservedVariable("insulin_on_board")
        case .hour: ObservedVariable("hour", low: 0, high: 24)
        case .carbohydrate: ObservedVariable("carbohydrate", low: 0)
        case .minutesSinceMeal: ObservedVariable("minutes_since_meal", low: 0, high: 1440)
        case .basalRate: ObservedVariable("basal_rate", low: 0)
        case .carbohydrateRatio: ObservedVariable("carbohydrate_ratio", low: 0)
        case .correctionFactor: ObservedVariable("correction_factor", low: 0)
        case .weight: ObservedVariable("weight", low: 0)
        case .glucose: ObservedVariable("glucose", low: 0)
        case .plasmaInsulin: ObservedVariable("plasma_insulin", low: 0)
        case .sensorBefore: ObservedVariable("cgm_before", low: 0, high: 600)
        case .sensorIntegral: ObservedVariable("cgm_integral")
        case .stomach: ObservedVariable("stomach", low: 0)
        }
    }
}

extension DiabetesSettings.Doses {
    /// The components and levels of an action.
    ///
    /// Relative: `0`, `0.5`, `1`, `1.5`, `2` times the basal rate, alone or, where carbohydrate is announced, with a bolus,
    /// `1+0.8`. Absolute: basal rates named by their U/h. Values between are actions too.
    var actions: ActionSpace {
        switch self {
        case .relative:
            let boluses = [0, 0.5, 0.8, 1, 1.2, 1.5]
            return ActionSpace(
                components: [
                    ActionSpace.Component(name: "basal_multiple", low: 0, high: Self.mostBasal),
                    ActionSpace.Component(name: "bolus_multiple", low: 0, high: Self.mostBolus),
                ],
                levels: boluses.flatMap { bolus in
                    [0, 0.5, 1, 1.5, 2].map { basal in
                        ActionSpace.Level(
                            name: Self.name(basal) + (bolus > 0 ? "+" + Self.name(bolus) : ""), values: [basal, bolus])
                    }
                }, isContinuous: true)
        case .absolute:
            return ActionSpace(
                components: [
                    ActionSpace.Component(name: "basal", low: 0, high: 30),
                    ActionSpace.Component(name: "bolus", low: 0, high: 30),
                ],
                levels: [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].map {
                    ActionSpace.Level(name: Self.name($0), values: [$0, 0])
                }, isContinuous: true)
        }
    }

    /// The hard caps of relative doses: multiples of the basal rate and of the usual bolus.
    static let mostBasal = 10.0
    static let mostBolus = 3.0

    private static func name(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
