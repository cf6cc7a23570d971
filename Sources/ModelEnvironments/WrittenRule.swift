import ModelLanguage
import NumericsCore
import Regimes

/// A rule of an environment: statements over what is observed and hidden that assign the action.
///
/// Where the action is one of some levels, the nearest allowed one is chosen; else the values are kept in their ranges.
struct WrittenRule: Policy {
    let name: String
    let program: RowProgram
    private let observed: [String]
    private let components: [String]
    /// What the statements assign.
    let chooses: Set<String>
    /// The statements as they are written.
    private let text: [String]

    /// The number of the decision, from 0, and a uniform number.
    private static let own = [Board.decision, "uniform_1"]

    init(_ name: String, _ statements: [SourceText], observed: [String], components: [String]) throws(SourceErrors) {
        self.name = name
        self.observed = observed
        self.components = components
        program = try RowProgram(statements, inputs: (observed + Self.own).map { InputSymbol($0) })
        chooses = Set(program.outputs.map(\.name))
        text = statements.flatMap { $0.text.split(separator: "\n").map(String.init) }
    }

    func makeWorker(observing names: [String], choosing actions: ActionSpace) throws(PolicyError) -> any PolicyWorker {
        var takes: [(register: Int, place: Int)] = []
        for (register, name) in observed.enumerated() where program.used.contains(name) {
            guard let place = names.firstIndex(of: name) else { throw .unobserved(name, observed: names) }
            takes.append((register, place))
        }
        let gives = actions.components.map { component in
            program.outputs.firstIndex { $0.name == component.name }.map(program.register)
        }
        guard !gives.contains(nil) else {
            throw .unsuitable(
                "rule '\(name)' assigns \(components.joined(separator: ", ")), which are not the actions here")
        }
        return WrittenRuleWorker(
            program, takes: takes, gives: gives.compactMap(\.self), decision: observed.count,
            uniform: observed.count + 1,
            actions)
    }
}

extension WrittenRule: ReadablePolicy {
    func lines(_: ActionSpace, missing _: Set<String>) -> [String] { text }
}

private final class WrittenRuleWorker: PolicyWorker {
    let actions: ActionSpace
    private let program: RowProgram
    private let registers: RegisterFile
    private let takes: [(register: Int, place: Int)]
    private let gives: [Int]
    private let decision: Int
    private let uniform: Int
    private let chosen: LanePointer
    private let nearest: NearestLevel

    init(
        _ program: RowProgram, takes: [(register: Int, place: Int)], gives: [Int], decision: Int, uniform: Int,
        _ actions: ActionSpace
    ) {
        self.program = program
        registers = program.makeRegisters()
        (self.takes, self.gives, self.decision, self.uniform, self.actions) = (takes, gives, decision, uniform, actions)
        nearest = NearestLevel(actions)
        chosen = .allocate(capacity: max(1, gives.count))
        chosen.initialize(repeating: Lane(repeating: 0), count: max(1, gives.count))
    }

    deinit { chosen.deallocate() }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        run(point, into: chosen)
        for level in actions.levels.indices { weights[level] = Lane(repeating: 0) }
        for lane in 0..<laneCount {
            weights[nearest.allowed(point.allowed, to: chosen, lane: lane)][lane] = 1
        }
    }

    func decide(_ point: PolicyPoint, into action: LanePointer, scratch _: LanePointer) {
        run(point, into: action)
        guard !actions.isContinuous else { return }
        for lane in 0..<laneCount {
            let level = nearest.allowed(point.allowed, to: action, lane: lane)
            for component in gives.indices { action[component][lane] = nearest.values[level * gives.count + component] }
        }
    }

    /// What the statements assign, kept in the ranges. A number that is none becomes the lowest.
    private func run(_ point: PolicyPoint, into action: LanePointer) {
        let file = registers.lanes
        for (register, place) in takes { file[register] = point.observation[place] }
        file[decision] = point.decision
        file[uniform] = point.uniform
        program.run(registers)
        for (component, register) in gives.enumerated() {
            var value = file[register]
            let low = Lane(repeating: actions.components[component].low)
            let high = Lane(repeating: actions.components[component].high)
            value.replace(with: low, where: .!(value .>= low))
            value.replace(with: high, where: value .> high)
            action[component] = value
        }
    }
}

/// Finds the allowed level that is nearest to an action, each component measured by its range.
struct NearestLevel {
    /// `values[level * components + component]`
    let values: [Double]
    private let weights: [Double]
    private let levels: Int

    init(_ actions: ActionSpace) {
        values = actions.levels.flatMap(\.values)
        weights = actions.components.map { $0.high > $0.low ? 1 / ($0.high - $0.low) : 1 }
        levels = actions.levels.count
    }

    /// The first of the nearest; the first level where none is allowed.
    func allowed(_ allowed: LanePointer, to action: LanePointer, lane: Int) -> Int {
        var (best, least) = (0, Double.infinity)
        for level in 0..<levels where allowed[level][lane] > 0 {
            var distance = 0.0
            for component in weights.indices {
                let away = (action[component][lane] - values[level * weights.count + component]) * weights[component]
                distance += away * away
            }
            if distance < least { (best, least) = (level, distance) }
        }
        return best
    }
}
