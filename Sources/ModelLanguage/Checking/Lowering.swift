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
/// Statements run from top to bottom: an assignment binds its target to a node, an `if` lowers both sides and merges
/// what either assigned by `select`.
struct Lowering {
    var graph = ExpressionGraph()
    var scope: [Statement.Target: Value] = [:]
    private(set) var inputs: [InputSymbol]
    private(set) var states: [String]
    /// Names that become inputs when nothing assigned them: models take them so, rules refuse them.
    let takesUnknownNames: Bool
    var diagnostics: [Diagnostic] = []
    var source: SourceText
    /// The variables assigned, in the order of their first assignment.
    private(set) var assigned: [String] = []
    private var inputSlots: [String: Int] = [:]
    private var stateSlots: [String: Int] = [:]

    init(source: SourceText, inputs: [InputSymbol], states: [String] = [], takesUnknownNames: Bool) {
        self.source = source
        self.inputs = inputs
        self.states = states
        self.takesUnknownNames = takesUnknownNames
        for (slot, input) in inputs.enumerated() { inputSlots[input.name] = slot }
        for (slot, state) in states.enumerated() { stateSlots[state] = slot }
    }

    mutating func refuse(_ message: String, at place: SourcePlace) {
        diagnostics.append(Diagnostic(message, at: place, in: source))
    }

    /// A new input, or the one that has this name.
    @discardableResult
    mutating func declareInput(_ name: String) -> NodeID {
        if let slot = inputSlots[name] { return graph.input(slot) }
        inputSlots[name] = inputs.count
        inputs.append(InputSymbol(name))
        return graph.input(inputs.count - 1)
    }

    // MARK: Statements

    mutating func lower(_ statements: [Statement]) {
        for statement in statements { lower(statement) }
    }

    private mutating func lower(_ statement: Statement) {
        switch statement.kind {
        case .assign(let target, let expression): bind(target, to: lower(expression))
        case .conditional(let branches, let otherwise): lower(branches[...], otherwise: otherwise, at: statement.place)
        case .endpoint, .compartment: break  // The model checker reads these.
        case .expression(let expression): _ = lower(expression)
        }
    }

    private mutating func bind(_ target: Statement.Target, to value: Value) {
        if case .variable(let name) = target, scope[target] == nil, !assigned.contains(name) { assigned.append(name) }
        scope[target] = value
    }

    private mutating func lower(
        _ branches: ArraySlice<Statement.Branch>, otherwise: [Statement], at place: SourcePlace
    ) {
        guard let branch = branches.first else { return lower(otherwise) }
        let condition = number(lower(branch.condition), branch.condition.place)
        let before = scope
        lower(branch.body)
        let whenTrue = scope
        scope = before
        lower(branches.dropFirst(), otherwise: otherwise, at: place)
        let whenFalse = scope
        scope = before
        let targets = Set(whenTrue.keys).union(whenFalse.keys)
        // In the order of their first assignment: hash order must not decide which node comes first.
        for target in targets.sorted(by: { "\($0)" < "\($1)" }) where whenTrue[target] != whenFalse[target] {
            guard let yes = whenTrue[target] ?? unassigned(target, at: place),
                let no = whenFalse[target] ?? unassigned(target, at: place)
            else { continue }
            scope[target] = merge(condition, yes, no)
        }
    }

    /// What a target is worth on the side of a condition that does not assign it.
    private mutating func unassigned(_ target: Statement.Target, at place: SourcePlace) -> Value? {
        switch target {
        case .derivative, .initialValue: return Value(node: graph.constant(0))
        case .variable(let name):
            if let slot = inputSlots[name] { return Value(node: graph.input(slot), levels: inputs[slot].levels) }
            if takesUnknownNames { return Value(node: declareInput(name)) }
            refuse(
                "'\(name)' has no value when the condition is false: assign it before the 'if' or add an 'else'",
                at: place)
            return nil
        default: return Value(node: graph.constant(target.isUnitProperty ? 1 : 0))
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

    private mutating func symbol(_ name: String, at place: SourcePlace) -> Value {
        if let value = scope[.variable(name)] { return value }
        if let slot = stateSlots[name] { return Value(node: graph.state(slot)) }
        if let slot = inputSlots[name] { return Value(node: graph.input(slot), levels: inputs[slot].levels) }
        switch name {
        case "t" where takesUnknownNames, "time" where takesUnknownNames: return Value(node: graph.time())
        case "pi": return Value(node: graph.constant(Double.pi))
        case "TRUE": return Value(node: graph.constant(1))
        case "FALSE": return Value(node: graph.constant(0))
        case "NA", "NaN", "NA_real_": return Value(node: graph.constant(.nan))
        default: break
        }
        guard !takesUnknownNames else { return Value(node: declareInput(name)) }
        let known = inputs.map(\.name) + assigned
        let nearest = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" }
        refuse(
            "'\(name)' is not known here" + (nearest ?? "; known: \(known.joined(separator: ", "))"), at: place)
        return Value(node: graph.constant(.nan))
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
        case .divide: return Value(node: graph.apply(.divide, x, y))
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
        let values = arguments.map { lower($0.value) }
        guard let function = LanguageFunction.all[name] else {
            if unsupportedFunctions.contains(name) {
                refuse("'\(name)()' is part of the language but not supported here yet", at: place)
            } else {
                let nearest = nearestName(to: name, among: LanguageFunction.all.keys)
                refuse("'\(name)' is not a function\(nearest.map { "; did you mean '\($0)'?" } ?? "")", at: place)
            }
            return Value(node: graph.constant(.nan))
        }
        guard function.arguments.contains(values.count) else {
            let range = function.arguments
            let allowed = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            refuse("'\(name)' takes \(allowed) argument\(allowed == "1" ? "" : "s"), found \(values.count)", at: place)
            return Value(node: graph.constant(.nan))
        }
        if name == "ifelse", values[1].levels != nil || values[2].levels != nil {
            return merge(number(values[0], arguments[0].value.place), values[1], values[2])
        }
        if name == "is.na" { return Value(node: graph.apply(.isMissing, values[0].node)) }
        let nodes = zip(values, arguments).map { number($0, $1.value.place) }
        return Value(node: function.build(&graph, nodes))
    }
}

extension Statement.Target {
    /// Whether the property is 1 where a model says nothing (bioavailability); the others are 0.
    fileprivate var isUnitProperty: Bool {
        if case .property(.bioavailability, _) = self { return true }
        return false
    }
}
