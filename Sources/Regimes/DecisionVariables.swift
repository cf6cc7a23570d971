import ModelLanguage
import NumericsCore

/// What a regime may look at and what it may change, by name, at a decision point.
///
/// A regime sees the patient's columns, the day and the number of the visit, the latest measured value of each
/// measurement (`INR`), the one before (`INR_previous`) and the day on which it was taken (`INR_day`), all NaN before
/// the first, and its own actions (also as `dose_previous`, which stays what it was before the decision) and memory as it
/// left them at the last visit.
package struct DecisionVariables: Sendable {
    package let columns: [InputSymbol]
    package let measurements: [String]
    /// Variables that the regime sets and the trial carries out, such as `dose`.
    package let actions: [String]
    /// Variables that a regime keeps for itself from visit to visit.
    package let memory: [String]
    /// All of them in slot order.
    package let symbols: [InputSymbol]
    private let slots: [String: Int]
    private let decided: [Bool]

    package static let day = "day"
    package static let visit = "visit"
    package static let sinceLastVisit = "days_since_visit"

    /// The value that an action had before the decision.
    package static func previous(_ action: String) -> String { "\(action)_previous" }

    package init(columns: [InputSymbol], measurements: [String], actions: [String], memory: [String] = []) {
        self.columns = columns
        self.measurements = measurements
        self.actions = actions
        self.memory = memory
        let seen = measurements.flatMap { [$0, "\($0)_previous", "\($0)_day"] }
        let plain = [Self.day, Self.visit, Self.sinceLastVisit] + seen + actions + memory
        let before = actions.map { Self.previous($0) }
        symbols = columns + (plain + before).map { InputSymbol($0) }
        let own = Set(actions + memory + before)
        decided = symbols.map { own.contains($0.name) }
        slots = Dictionary(symbols.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func slot(_ name: String) -> Int? { slots[name] }

    /// The names that occur twice: a column that hides an action, say. They must be refused.
    package var collisions: [String] {
        var seen: Set<String> = []
        return symbols.map(\.name).filter { !seen.insert($0).inserted }
    }

    /// Whether a slot belongs to a decision (an action, its value before, memory) rather than to what is seen.
    package func isDecided(_ slot: Int) -> Bool { decided[slot] }

    /// Whether a regime may assign the variable for good.
    package func isWritable(_ name: String) -> Bool { actions.contains(name) || memory.contains(name) }
}

/// The decision variables of sixteen patients: one lane for each variable.
package final class DecisionLanes {
    package let variables: DecisionVariables
    package let lanes: LanePointer

    package init(_ variables: DecisionVariables) {
        self.variables = variables
        lanes = .allocate(capacity: max(1, variables.symbols.count))
        lanes.initialize(repeating: Lane(repeating: .nan), count: max(1, variables.symbols.count))
    }

    deinit { lanes.deallocate() }

    /// Forgets everything: nothing measured, no action taken, no memory.
    package func clear() {
        for slot in variables.symbols.indices { lanes[slot] = Lane(repeating: .nan) }
    }

    package subscript(_ name: String) -> Lane {
        get { variables.slot(name).map { lanes[$0] } ?? Lane(repeating: .nan) }
        set { if let slot = variables.slot(name) { lanes[slot] = newValue } }
    }
}
