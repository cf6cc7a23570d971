/// The compartments behind `linCmt()`: where it stands, and what gives its parameters.
struct LinearCompartments {
    /// The first `linCmt()` of the model.
    var place: SourcePlace
    /// Nil where the names do not tell.
    var parameters: LinearParameters?
    /// Why there are no parameters.
    var problem: String?
    /// The variables that the model assigns anywhere.
    private(set) var assigned: Set<String>

    /// Looks for `linCmt()`; nil for a model without it.
    init?(_ document: ModelDocument) {
        var reading = NameReading()
        reading.visit(document.statements)
        guard let place = reading.linCmtPlace else { return nil }
        self.place = place
        assigned = Set(reading.assigned)
        let named = reading.linCmtArguments
        let ini = document.parameters.map(\.name) + document.randomEffects.flatMap(\.names)
        var names = LinearNames(named.isEmpty ? [reading.assigned, ini, reading.read] : [named])
        do throws(LinearProblem) {
            let parameters = try names.parameters()
            self.parameters = parameters
            let taken = parameters.states.filter { reading.derived.contains($0) }
            if !taken.isEmpty {
                problem =
                    "linCmt() keeps \(taken.map { "'\($0)'" }.joined(separator: ", ")) itself: "
                    + "give the compartment of d/dt() another name"
            }
        } catch {
            problem = error.message
        }
    }
}

/// The names that statements assign and read, in the order of the text.
struct NameReading {
    private(set) var assigned: [String] = []
    private(set) var read: [String] = []
    private(set) var derived: Set<String> = []
    private(set) var linCmtPlace: SourcePlace?
    private(set) var linCmtArguments: [String] = []

    mutating func visit(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .assign(let target, let value):
                switch target {
                case .variable(let name), .modelTime(let name): assigned.append(name)
                case .derivative(let name): derived.insert(name)
                case .initialValue, .property: break
                }
                visit(value)
            case .conditional(let branches, let otherwise):
                for branch in branches {
                    visit(branch.condition)
                    visit(branch.body)
                }
                visit(otherwise)
            case .endpoint(let endpoint):
                visit(endpoint.observed)
                for term in endpoint.terms { visit(term) }
            case .compartment: break
            case .expression(let expression): visit(expression)
            }
        }
    }

    mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .number, .string: break
        case .symbol(let name): read.append(name)
        case .unary(_, let operand): visit(operand)
        case .binary(_, let left, let right):
            visit(left)
            visit(right)
        case .call(let name, let arguments):
            if name == "linCmt" {
                linCmtPlace = linCmtPlace ?? expression.place
                for argument in arguments {
                    guard case .symbol(let name) = argument.value.kind else { continue }
                    linCmtArguments.append(name)
                }
            }
            for argument in arguments { visit(argument.value) }
        }
    }
}
