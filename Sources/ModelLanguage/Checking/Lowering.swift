/// A quantity that a program takes from outside: a covariate, a cohort column, an observation, a parameter.
package struct InputSymbol: Sendable, Hashable {
    package var name: String
    /// The level names of a category; its values are their indices. Nil for a number.
    package var levels: [String]?

    package init(_ name: String, levels: [String]? = nil) {
        self.name = name
        self.levels = levels
    }
}

/// A lowered value: its node, and the levels it is a code for when it is a category.
struct Value: Sendable, Hashable {
    var node: NodeID
    var levels: [String]?
}

/// Turns statements into nodes of a graph, and collects what is wrong with them.
///
/// Statements run from top to bottom: an assignment binds its target to a node, an `if` lowers every branch and merges
/// what they assigned by `select`.
struct Lowering {
    var graph = ExpressionGraph()
    var scope: [Statement.Target: Value] = [:]
    private(set) var inputs: [InputSymbol]
    private(set) var states: [String]
    /// Names that become inputs when nothing assigned them: models take them so, rules refuse them.
    let takesUnknownNames: Bool
    private(set) var diagnostics: [Diagnostic] = []
    /// How many problems were found, those beyond the ones kept included.
    private(set) var problemCount = 0
    private static let mostProblems = 50
    var source: SourceText
    /// The variables assigned, in the order of their first assignment.
    private(set) var assigned: [String] = []
    /// The variables that some assignment does not hide.
    private(set) var reported: Set<String> = []
    /// The names in `assigned`.
    private var known: Set<String> = []
    private var inputSlots: [String: Int] = [:]
    private var stateSlots: [String: Int] = [:]
    /// The inputs that follow from the doses, in the order of first use.
    private(set) var clock: [ClockInput] = []
    private var clockPlaces: [ClockInput: Int] = [:]
    private var delayKeys: [[NodeID]: Int] = [:]
    private(set) var delays: [Delay] = []
    /// The probabilities of the classes of `mix()` but the last, in a model that has it.
    var mixture: [ClassProbability]?
    /// The parameters of `ini`.
    var parameterNames: Set<String> = []
    /// What `linCmt()` stands for, in a model that has it.
    var linear: LinearCompartments?
    /// The compartment of the `d/dt` that is being lowered, or of the last one above.
    private(set) var latestDerivative: String?
    /// Branches of `if` around the present statement.
    var branchDepth = 0
    var isInBranch: Bool { branchDepth > 0 }

    init(source: SourceText, inputs: [InputSymbol], states: [String] = [], takesUnknownNames: Bool) {
        self.source = source
        self.inputs = inputs
        self.states = states
        self.takesUnknownNames = takesUnknownNames
        for (slot, input) in inputs.enumerated() { inputSlots[input.name] = slot }
        for (slot, state) in states.enumerated() { stateSlots[state] = slot }
    }

    /// Notes a problem; beyond the first fifty only how many there are.
    mutating func refuse(_ message: String, at place: SourcePlace) {
        problemCount += 1
        guard diagnostics.count < Self.mostProblems else { return }
        diagnostics.append(Diagnostic(message, at: place, in: source))
    }

    /// Whether the next problem will be told, not only counted.
    var tellsProblems: Bool { problemCount < Self.mostProblems }

    /// The name that a slip most likely meant, as the end of a message. Nobody reads the hints of a thousand problems.
    func hint(_ name: String, among names: some Sequence<String>) -> String {
        guard tellsProblems else { return "" }
        return nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Notes problems that were found elsewhere.
    mutating func take(_ errors: SourceErrors) {
        problemCount += errors.diagnostics.count
        diagnostics += errors.diagnostics.prefix(max(0, Self.mostProblems - diagnostics.count))
    }

    /// Refuses what a rule or a hazard cannot hold.
    mutating func refuseModelStatements(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .assign(.variable, _) where !statement.isHidden, .expression: break
            case .conditional(let branches, let otherwise):
                for branch in branches { refuseModelStatements(branch.body) }
                refuseModelStatements(otherwise)
            default: refuse("only assignments and 'if' are allowed here; this belongs in a model", at: statement.place)
            }
        }
    }

    /// Everything that was found, if anything was: source by source, each in the order of its text.
    func throwProblems() throws(SourceErrors) {
        guard problemCount > 0 else { return }
        var ranks: [String: Int] = [:]
        for diagnostic in diagnostics where ranks[diagnostic.source] == nil { ranks[diagnostic.source] = ranks.count }
        var shown = diagnostics.enumerated().sorted { a, b in
            let (x, y) = (a.element, b.element)
            return (ranks[x.source] ?? 0, x.place.line, x.place.column, a.offset)
                < (ranks[y.source] ?? 0, y.place.line, y.place.column, b.offset)
        }.map(\.element)
        if problemCount > shown.count {
            shown[shown.count - 1].message += " (and \(problemCount - shown.count) further problems)"
        }
        throw SourceErrors(shown)
    }

    /// Whether an instruction could no longer name every value: each takes at most one register.
    var isTooLarge: Bool { inputs.count + states.count + graph.nodes.count > RegisterLayout.largestProgram }

    mutating func refuseIfTooLarge() {
        guard isTooLarge else { return }
        refuse(
            "the equations hold more than \(RegisterLayout.largestProgram) different values: split the model",
            at: SourcePlace(line: 1, column: 1))
    }

    /// A new input, or the one that has this name.
    @discardableResult
    mutating func declareInput(_ name: String, levels: [String]? = nil) -> NodeID {
        if let slot = inputSlots[name] { return graph.input(slot) }
        inputSlots[name] = inputs.count
        inputs.append(InputSymbol(name, levels: levels))
        return graph.input(inputs.count - 1)
    }

    func stateSlot(_ name: String) -> Int? { stateSlots[name] }

    /// The input that tells of the doses into a compartment, or into any.
    mutating func clock(_ kind: ClockInput.Kind, _ compartment: Int?) -> NodeID {
        let key = ClockInput(kind: kind, compartment: compartment, slot: 0)
        if let known = clockPlaces[key] { return graph.input(clock[known].slot) }
        clockPlaces[key] = clock.count
        let name = compartment.map { states[$0] } ?? ""
        clock.append(ClockInput(kind: kind, compartment: compartment, slot: inputs.count))
        inputs.append(InputSymbol("\(kind.function)(\(name))"))
        return graph.input(inputs.count - 1)
    }

    /// Puts the clock's inputs behind all others.
    mutating func moveClockBehindInputs() {
        let hidden = Set(clock.map(\.slot))
        let order = inputs.indices.filter { !hidden.contains($0) } + clock.map(\.slot)
        var place = [Int](repeating: 0, count: inputs.count)
        for (new, old) in order.enumerated() { place[old] = new }
        inputs = order.map { inputs[$0] }
        for index in clock.indices { clock[index].slot = place[clock[index].slot] }
        for (name, slot) in inputSlots { inputSlots[name] = place[slot] }
        graph.renumberInputs(place)
    }

    /// The number of the delay of a value by a time.
    mutating func delaySlot(_ value: NodeID, _ lag: NodeID) -> Int {
        if let slot = delayKeys[[value, lag]] { return slot }
        delayKeys[[value, lag]] = delays.count
        delays.append(Delay(value: value, lag: lag, slot: delays.count))
        return delays.count - 1
    }

    // MARK: Statements

    mutating func lower(_ statements: [Statement]) {
        for statement in statements where !isTooLarge { lower(statement) }
    }

    private mutating func lower(_ statement: Statement) {
        switch statement.kind {
        case .assign(let target, let expression):
            if case .derivative(let state) = target { latestDerivative = state }
            if !statement.isHidden, let name = target.variable { reported.insert(name) }
            bind(target, to: lower(expression), statement.place, expression.place)
        case .conditional(let branches, let otherwise): lower(branches, otherwise: otherwise, at: statement.place)
        case .endpoint, .compartment: break  // The model checker reads these.
        case .expression(let expression):
            let before = problemCount
            _ = lower(expression)
            if problemCount == before {
                refuse("the value of '\(expression)' goes nowhere: give it a name with '<-'", at: expression.place)
            }
        }
    }

    private mutating func bind(
        _ target: Statement.Target, to value: Value, _ place: SourcePlace, _ valuePlace: SourcePlace
    ) {
        switch target {
        case .variable(let name):
            if stateSlots[name] != nil {
                return refuse(
                    "'\(name)' is a compartment: it changes by d/dt(\(name)) and starts at \(name)(0)", at: place)
            }
            if takesUnknownNames, name == "t" || name == "time" {
                return refuse("'\(name)' is the model's time and cannot be assigned", at: place)
            }
            if scope[target] == nil, known.insert(name).inserted { assigned.append(name) }
            scope[target] = value
        case .modelTime(let name):
            let time = Value(node: number(value, valuePlace))
            scope[target] = time
            bind(.variable(name), to: time, place, valuePlace)
        default: scope[target] = Value(node: number(value, valuePlace))
        }
    }

    // MARK: Expressions

    mutating func lower(_ expression: Expression) -> Value {
        switch expression.kind {
        case .number(let value): return Value(node: graph.constant(value))
        case .string(let text): return Value(node: graph.constant(0), levels: [text])
        case .symbol(let name): return symbol(name, at: expression.place)
        case .unary(let operation, let operand):
            let x = number(lower(operand), operand.place)
            switch operation {
            case .plus: return Value(node: x)
            case .minus: return Value(node: graph.apply(.negate, x))
            case .not: return Value(node: graph.apply(.not, x))
            }
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .call(let name, let arguments): return call(name, arguments, at: expression.place)
        }
    }

    /// What a name stands for: nil for one that nothing gave a meaning.
    mutating func meaning(of name: String) -> Value? {
        if let value = scope[.variable(name)] { return value }
        if let slot = stateSlots[name] { return Value(node: graph.state(slot)) }
        if let slot = inputSlots[name] { return Value(node: graph.input(slot), levels: inputs[slot].levels) }
        switch name {
        case "t" where takesUnknownNames, "time" where takesUnknownNames: return Value(node: graph.time())
        case "pi": return Value(node: graph.constant(Double.pi))
        case "podo" where takesUnknownNames: return Value(node: clock(.lastDoseAmount, nil))
        case "tlast" where takesUnknownNames: return Value(node: clock(.lastDoseTime, nil))
        default:
            guard takesUnknownNames, let value = Self.constants[name] else { return nil }
            return Value(node: graph.constant(value))
        }
    }

    /// The names that C's mathematics gives to numbers, as rxode2 has them.
    private static let constants: [String: Double] = [
        "M_E": 2.718281828459045, "M_LOG2E": 1.4426950408889634, "M_LOG10E": 0.4342944819032518,
        "M_LN2": 0.6931471805599453, "M_LN10": 2.302585092994046, "M_PI": .pi, "M_PI_2": .pi / 2, "M_PI_4": .pi / 4,
        "M_1_PI": 1 / .pi, "M_2_PI": 2 / .pi, "M_2_SQRTPI": 1.1283791670955126, "M_SQRT2": 1.4142135623730951,
        "M_SQRT1_2": 0.7071067811865476, "M_SQRT_3": 1.7320508075688772, "M_SQRT_32": 5.656854249492381,
        "M_LOG10_2": 0.3010299956639812, "M_2PI": 2 * .pi, "M_SQRT_PI": 1.772453850905516,
        "M_1_SQRT_2PI": 0.3989422804014327, "M_LN_SQRT_PI": 0.5723649429247001,
        "M_LN_SQRT_2PI": 0.9189385332046727, "M_LN_SQRT_PId2": 0.22579135264472744,
    ]

    private mutating func symbol(_ name: String, at place: SourcePlace) -> Value {
        if let value = meaning(of: name) { return value }
        guard !takesUnknownNames else { return Value(node: declareInput(name)) }
        guard tellsProblems else { return refused("'\(name)' is not known here", at: place) }
        let names = inputs.map(\.name) + assigned
        let nearest = hint(name, among: names)
        let some = names.prefix(30).joined(separator: ", ") + (names.count > 30 ? ", …" : "")
        return refused("'\(name)' is not known here" + (nearest.isEmpty ? "; known: \(some)" : nearest), at: place)
    }

    private mutating func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> Value {
        let a = lower(left)
        let b = lower(right)
        if a.levels != nil || b.levels != nil { return compareCategories(operation, a, b, left, right) }
        let (x, y) = (a.node, b.node)
        switch operation {
        case .add: return Value(node: graph.apply(.add, x, y))
        case .subtract: return Value(node: graph.apply(.subtract, x, y))
        case .multiply: return Value(node: graph.apply(.multiply, x, y))
        case .divide: return Value(node: graph.quotient(x, y))
        case .power: return Value(node: graph.apply(.power, x, y))
        case .remainder: return Value(node: graph.apply(.remainder, x, y))
        case .integerQuotient: return Value(node: graph.apply(.floor, graph.apply(.divide, x, y)))
        case .equal: return Value(node: graph.apply(.equal, x, y))
        case .notEqual: return Value(node: graph.apply(.notEqual, x, y))
        case .less: return Value(node: graph.apply(.less, x, y))
        case .lessOrEqual: return Value(node: graph.apply(.lessOrEqual, x, y))
        case .greater: return Value(node: graph.apply(.less, y, x))
        case .greaterOrEqual: return Value(node: graph.apply(.lessOrEqual, y, x))
        case .and: return Value(node: graph.apply(.and, x, y))
        case .or: return Value(node: graph.apply(.or, x, y))
        }
    }

    private mutating func call(_ name: String, _ arguments: [Expression.Argument], at place: SourcePlace) -> Value {
        if let value = modelCall(name, arguments, at: place) { return value }
        let arguments = LanguageFunction.byPlace(name, arguments, at: place)
        let values = arguments.map { lower($0.value) }
        guard let function = LanguageFunction.all[name] else {
            if let reason = RefusedFunctions.reason(name) {
                refuse("'\(name)()' is not taken: \(reason)", at: place)
            } else {
                let names = Array(LanguageFunction.all.keys) + Lowering.modelFunctions + RefusedFunctions.names
                refuse("'\(name)' is not a function\(hint(name, among: names))", at: place)
            }
            return Value(node: graph.constant(.nan))
        }
        if let named = arguments.first(where: { $0.name != nil }), let argument = named.name {
            refuse("'\(name)()' takes its arguments by place: leave out '\(argument) ='", at: named.value.place)
            return Value(node: graph.constant(.nan))
        }
        guard function.arguments.contains(values.count) else {
            let range = function.arguments
            let allowed = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            refuse("'\(name)' takes \(allowed) argument\(allowed == "1" ? "" : "s"), found \(values.count)", at: place)
            return Value(node: graph.constant(.nan))
        }
        if name == "ifelse", values[1].levels != nil || values[2].levels != nil {
            return merge(number(values[0], arguments[0].value.place), values[1], values[2], at: place)
        }
        if name == "is.na" { return Value(node: graph.apply(.isMissing, values[0].node)) }
        let nodes = zip(values, arguments).map { number($0, $1.value.place) }
        return Value(node: function.build(&graph, nodes))
    }
}
