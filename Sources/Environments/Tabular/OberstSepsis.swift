/// Sepsis with three treatments and hidden diabetes (Oberst and Sontag 2019, appendix; as published in code and on paper).
///
/// A state is diabetes (0–1), heart rate (0–2), blood pressure (0–2), oxygen (0–1), glucose (0–4) and the three treatments
/// that are on. Three abnormal vital signs are death (−1); none and no treatment is discharge (+1). 40 decisions.
///
/// In an hour antibiotics act first, then ventilation, then vasopressors, then whatever no treatment has touched
/// fluctuates. In the published code a rise of glucose of a patient without diabetes ends at 1 at the most, so that it may
/// *lower* a high glucose; on paper the ceiling is 4. Both are variants, and the best policy is worth .517 and .751.
///
/// The tables in which the problem is shared hold probabilities in single precision, and the exact values that are quoted
/// are those of such tables: they differ by up to 1.3e-7 from those of the probabilities as written, which are variants too.
public enum OberstSepsis {
    /// Whose ceiling glucose has in patients without diabetes, and how its probabilities are rounded.
    public enum Variant: String, Sendable, CaseIterable {
        case code
        case paper
        case codeUnrounded = "code-unrounded"
        case paperUnrounded = "paper-unrounded"

        /// The greatest glucose that a rise leads to without diabetes.
        var glucoseCeiling: Int { self == .code || self == .codeUnrounded ? 1 : 4 }
        /// Whether probabilities are rounded to single precision.
        var isRounded: Bool { self == .code || self == .paper }
    }

    /// The whole problem: 1,440 states, 8 actions `abx vent vaso` as three digits, 40 decisions.
    public static func problem(_ variant: Variant) throws(InvalidProblem) -> TabularProblem {
        let states = (0..<SepsisState.count).map(SepsisState.init(index:))
        let actions = (0..<8).map(SepsisAction.init(index:))
        let table = TransitionTable(states: states.count, actions: actions.count) { state, action in
            SepsisHour(variant).outcomes(states[state], actions[action])
        }
        return try TabularProblem(
            name: "oberst-sepsis", states: states.map(\.name), actions: actions.map(\.name), start: start(states),
            ends: states.map(\.end), horizon: 40,
            strata: ["diabetes": states.map { $0.diabetes == 1 ? "yes" : "no" }], features: features(states),
            transitions: table)
    }

    /// The problem with the rule `by-vital`: antibiotics where heart rate or blood pressure is high, ventilation where oxygen is
    /// low, vasopressors where blood pressure is low.
    package static func environment(_ variant: Variant) throws -> TabularEnvironment {
        let byVital = (0..<SepsisState.count).map(SepsisState.init(index:)).map { state in
            var action = SepsisAction(index: 0)
            action.antibiotics = state.heartRate == 2 || state.pressure == 2
            action.ventilation = state.oxygen == 0
            action.vasopressors = state.pressure == 0
            return action.index
        }
        return try TabularEnvironment(problem(variant), variant: variant.rawValue, rules: ["by-vital": byVital])
    }

    static let entry = EnvironmentEntry(
        "oberst-sepsis", "sepsis with antibiotics, ventilation and vasopressors, diabetes hidden",
        variants: Variant.allCases.map(\.rawValue) + monitored.map { SepsisMonitor.variant($0.rawValue, setting: $1) }
    ) { name in
        guard
            let (variant, setting) = monitored.first(where: { SepsisMonitor.variant($0.rawValue, setting: $1) == name })
        else { return try environment(Variant(rawValue: name) ?? .code) }
        return SepsisMonitor(try environment(variant), setting: setting)
    }

    /// The variants with a noisy monitor.
    private static let monitored: [(Variant, Int)] = [Variant.code, .paper].flatMap { variant in
        (2...5).map { (variant, $0) }
    }

    /// Glucose and diabetes are hidden, as in the published environment.
    private static func features(_ states: [SepsisState]) -> [StateFeature] {
        func feature(_ name: String, hidden: Bool = false, _ value: (SepsisState) -> Int) -> StateFeature {
            StateFeature(name: name, values: states.map { Double(value($0)) }, isHidden: hidden)
        }
        return [
            feature("heart_rate") { $0.heartRate - 1 }, feature("blood_pressure") { $0.pressure - 1 },
            feature("oxygen") { $0.oxygen }, feature("antibiotics") { $0.treatments.antibiotics ? 1 : 0 },
            feature("vasopressors") { $0.treatments.vasopressors ? 1 : 0 },
            feature("ventilation") { $0.treatments.ventilation ? 1 : 0 },
            feature("glucose", hidden: true) { $0.glucose }, feature("diabetes", hidden: true) { $0.diabetes },
        ]
    }

    /// Vital signs as drawn at the start, drawn again, diabetes too, while the patient is dead or well.
    private static func start(_ states: [SepsisState]) -> [Double] {
        let three = [0.25, 0.5, 0.25]
        let glucose = [[0.05, 0.15, 0.6, 0.15, 0.05], [0.01, 0.05, 0.15, 0.6, 0.19]]
        let drawn = states.map { state in
            guard state.end == nil, state.treatments == SepsisAction(index: 0) else { return 0.0 }
            return [0.8, 0.2][state.diabetes] * three[state.heartRate] * three[state.pressure]
                * [0.2, 0.8][state.oxygen] * glucose[state.diabetes][state.glucose]
        }
        let sum = drawn.reduce(0, +)
        return drawn.map { $0 / sum }
    }
}

/// Which treatments are on.
struct SepsisAction: Hashable {
    var antibiotics: Bool
    var ventilation: Bool
    var vasopressors: Bool

    /// 4 antibiotics + 2 ventilation + vasopressors.
    init(index: Int) {
        antibiotics = index & 4 != 0
        ventilation = index & 2 != 0
        vasopressors = index & 1 != 0
    }

    var index: Int { (antibiotics ? 4 : 0) + (ventilation ? 2 : 0) + (vasopressors ? 1 : 0) }
    /// Three digits: antibiotics, ventilation, vasopressors.
    var name: String { [antibiotics, ventilation, vasopressors].map { $0 ? "1" : "0" }.joined() }
}

/// A patient's vital signs, diabetes and the treatments that are on.
struct SepsisState: Hashable {
    var diabetes: Int
    var heartRate: Int
    var pressure: Int
    var oxygen: Int
    var glucose: Int
    var treatments: SepsisAction

    static let count = 2 * 3 * 3 * 2 * 5 * 8

    init(index: Int) {
        var rest = index
        func digit(_ base: Int) -> Int {
            defer { rest /= base }
            return rest % base
        }
        treatments = SepsisAction(index: digit(8))
        glucose = digit(5)
        oxygen = digit(2)
        pressure = digit(3)
        heartRate = digit(3)
        diabetes = digit(2)
    }

    var index: Int {
        ((((diabetes * 3 + heartRate) * 3 + pressure) * 2 + oxygen) * 5 + glucose) * 8 + treatments.index
    }

    var name: String { "d\(diabetes) hr\(heartRate) bp\(pressure) o2\(oxygen) glu\(glucose) on\(treatments.name)" }

    private var abnormal: Int {
        (heartRate != 1 ? 1 : 0) + (pressure != 1 ? 1 : 0) + (oxygen != 1 ? 1 : 0) + (glucose != 2 ? 1 : 0)
    }

    /// What ends an episode here.
    var end: String? {
        if abnormal >= 3 { return "death" }
        return abnormal == 0 && treatments.index == 0 ? "discharge" : nil
    }
}
