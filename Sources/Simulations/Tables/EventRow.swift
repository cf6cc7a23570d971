import Pharmacology

/// What one row of an event table says, checked by itself.
struct EventRow: Sendable {
    /// The subject's number in the order in which subjects first occur.
    var subject: Int
    var line: Int
    var time: Double
    /// Whether outputs are reported at this time.
    var isSample: Bool
    var startsAnew: Bool
    var record: DosingRecord?
    /// The observed value, NaN without one.
    var observed: Double
    /// The number of the endpoint that was observed; nil where the row does not say and the model has several.
    var endpoint: Int?
}

/// What a row is, by its EVID.
enum EventKind: Int {
    case observation = 0
    case dose = 1
    case other = 2
    case reset = 3
    case resetAndDose = 4
    case replace = 5
    case multiply = 6

    /// mrgsolve writes 8 where rxode2 writes 5.
    init?(evid: Double) {
        guard let code = Int(exactly: evid) else { return nil }
        self.init(rawValue: code == 8 ? 5 : code)
    }

    static let allowed =
        "0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, 5 or 8 replace, 6 multiply"

    var words: String {
        switch self {
        case .observation: "an observation (EVID 0)"
        case .dose: "a dose (EVID 1)"
        case .other: "another event (EVID 2)"
        case .reset: "a reset (EVID 3)"
        case .resetAndDose: "a reset with a dose (EVID 4)"
        case .replace: "a replacement (EVID 5)"
        case .multiply: "a multiplication (EVID 6)"
        }
    }

    var isDose: Bool { self == .dose || self == .resetAndDose }

    var action: DosingRecord.Action {
        switch self {
        case .resetAndDose: .resetAndDose
        case .reset: .reset
        case .replace: .replace
        case .multiply: .multiply
        case .observation, .dose, .other: .dose
        }
    }
}
