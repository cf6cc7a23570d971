import NumericsCore

/// The numbers that an expression of `ini({ })` stands for: one, or the elements of `c(...)`.
struct InitialValue {
    var values: [Double]
    /// `fix(...)` stands around the element.
    var isFixed: [Bool]

    init(_ value: Double) {
        values = [value]
        isFixed = [false]
    }

    init(values: [Double], isFixed: [Bool]) {
        self.values = values
        self.isFixed = isFixed
    }
}

extension InitialValue {
    /// Evaluates arithmetic, element by element where it has `c(...)`. Elementary functions are the deterministic ones.
    init(evaluating expression: Expression) throws(SyntaxFailure) {
        switch expression.kind {
        case .number(let value):
            self.init(value)
        case .symbol(let name):
            self.init(try Self.constant(name, at: expression.place))
        case .unary(.minus, let operand):
            self = try InitialValue(evaluating: operand).mapped { -$0 }
        case .unary(.plus, let operand):
            self = try InitialValue(evaluating: operand)
        case .binary(let operation, let left, let right):
            guard let function = Self.arithmetic(operation) else {
                throw SyntaxFailure(
                    message: "'\(operation.rawValue)' cannot stand in ini; allowed are + - * / ^ %% %/%",
                    place: expression.place)
            }
            self = try InitialValue(evaluating: left).combined(
                with: InitialValue(evaluating: right), at: expression.place, function)
        case .call(let name, let arguments):
            self = try Self.call(name, arguments, at: expression.place)
        case .string, .unary(.not, _):
            throw SyntaxFailure(
                message: "found '\(expression)'; ini takes numbers and arithmetic", place: expression.place)
        }
    }

    private static func constant(_ name: String, at place: SourcePlace) throws(SyntaxFailure) -> Double {
        switch name {
        case "pi": return .pi
        case "Inf": return .infinity
        default:
            throw SyntaxFailure(
                message:
                    "'\(name)' has no value here: ini takes numbers, arithmetic on numbers, and functions of numbers",
                place: place)
        }
    }

    private func mapped(_ function: (Double) -> Double) -> InitialValue {
        InitialValue(values: values.map(function), isFixed: isFixed)
    }

    private func combined(
        with other: InitialValue, at place: SourcePlace, _ function: (Double, Double) -> Double
    ) throws(SyntaxFailure) -> InitialValue {
        let count = max(values.count, other.values.count)
        guard values.count == count || values.count == 1, other.values.count == count || other.values.count == 1 else {
            throw SyntaxFailure(
                message: "\(values.count) and \(other.values.count) numbers cannot be joined element by element",
                place: place)
        }
        let indices = 0..<count
        let left = { (i: Int) in values.count == 1 ? 0 : i }
        let right = { (i: Int) in other.values.count == 1 ? 0 : i }
        return InitialValue(
            values: indices.map { function(values[left($0)], other.values[right($0)]) },
            isFixed: indices.map { isFixed[left($0)] || other.isFixed[right($0)] })
    }

    private static func arithmetic(_ operation: BinaryOperator) -> ((Double, Double) -> Double)? {
        switch operation {
        case .add: { $0 + $1 }
        case .subtract: { $0 - $1 }
        case .multiply: { $0 * $1 }
        case .divide: { $0 / $1 }
        case .power: power
        case .remainder: { $0 - ($0 / $1).rounded(.down) * $1 }
        case .integerQuotient: { ($0 / $1).rounded(.down) }
        default: nil
        }
    }

    /// A square is a product, as in R.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        exponent == 2 ? base * base : Elementary.pow(base, exponent)
    }
}

// MARK: - Functions

extension InitialValue {
    /// The most numbers of one `c(...)`: a block of some 140 random effects.
    private static let longest = 10_000

    private static func call(
        _ name: String, _ arguments: [Expression.Argument], at place: SourcePlace
    ) throws(SyntaxFailure) -> InitialValue {
        for argument in arguments where argument.name != nil {
            throw SyntaxFailure(
                message: "\(name)() takes its numbers without names in ini", place: argument.value.place)
        }
        switch name {
        case "c", "fix", "fixed", "FIX", "FIXED":
            var joined = InitialValue(values: [], isFixed: [])
            var arguments = arguments
            // `c(0, 0.5, fixed)` is `fixed(c(0, 0.5))`.
            if name == "c", case .symbol(let last)? = arguments.last?.value.kind, Self.marks.contains(last) {
                arguments.removeLast()
                let joined = try call("c", arguments, at: place)
                return InitialValue(values: joined.values, isFixed: joined.values.map { _ in true })
            }
            for argument in arguments {
                let value = try InitialValue(evaluating: argument.value)
                joined.values += value.values
                joined.isFixed += name == "c" ? value.isFixed : value.isFixed.map { _ in true }
            }
            guard joined.values.count <= longest else {
                throw SyntaxFailure(
                    message: "\(name)() has \(joined.values.count) numbers; at most \(longest) are allowed",
                    place: place)
            }
            guard !joined.values.isEmpty else {
                throw SyntaxFailure(message: "\(name)() is empty; it needs at least one number", place: place)
            }
            return joined
        case "logit", "expit":
            return try bounded(name, arguments, at: place)
        case "log" where arguments.count == 2:
            let base = try InitialValue(evaluating: arguments[1].value)
            return try InitialValue(evaluating: arguments[0].value).combined(with: base, at: place) {
                Elementary.log($0) / Elementary.log($1)
            }
        default:
            return try elementary(name, arguments, at: place)
        }
    }

    private static let marks: Set<String> = ["fix", "fixed", "FIX", "FIXED"]

    private static func elementary(
        _ name: String, _ arguments: [Expression.Argument], at place: SourcePlace
    ) throws(SyntaxFailure) -> InitialValue {
        guard let function = functions[name] else {
            throw SyntaxFailure(
                message: "'\(name)()' has no meaning in ini; allowed are c, fix, fixed, logit, expit, "
                    + functions.keys.sorted().joined(separator: ", "), place: place)
        }
        guard arguments.count == 1 else {
            throw SyntaxFailure(message: "\(name)() takes 1 argument; found \(arguments.count)", place: place)
        }
        return try InitialValue(evaluating: arguments[0].value).mapped(function)
    }

    private static let functions: [String: @Sendable (Double) -> Double] = [
        "exp": { Elementary.exp($0) }, "log": { Elementary.log($0) }, "log10": { Elementary.log10($0) },
        "log2": { Elementary.log($0) / Elementary.log(2) }, "log1p": { Elementary.log1p($0) },
        "expm1": { Elementary.expm1($0) }, "sqrt": { $0.squareRoot() }, "abs": { abs($0) },
        "sin": { Elementary.sin($0) }, "cos": { Elementary.cos($0) }, "tan": { Elementary.tan($0) },
        "tanh": { Elementary.tanh($0) }, "atan": { Elementary.atan($0) },
    ]

    /// `logit(x)` = log(x / (1 - x)), `expit(x)` = 1 / (1 + exp(-x)), each also between bounds: `logit(x, low, high)`.
    private static func bounded(
        _ name: String, _ arguments: [Expression.Argument], at place: SourcePlace
    ) throws(SyntaxFailure) -> InitialValue {
        guard (1...3).contains(arguments.count) else {
            throw SyntaxFailure(
                message: "\(name)() takes 1 to 3 arguments, x, low, high; found \(arguments.count)", place: place)
        }
        var limits = [0.0, 1.0]
        for (i, argument) in arguments.dropFirst().enumerated() {
            let limit = try InitialValue(evaluating: argument.value)
            guard limit.values.count == 1 else {
                throw SyntaxFailure(message: "a bound of \(name)() is one number", place: argument.value.place)
            }
            limits[i] = limit.values[0]
        }
        let (low, high) = (limits[0], limits[1])
        let isLogit = name == "logit"
        return try InitialValue(evaluating: arguments[0].value).mapped {
            isLogit ? Elementary.log(($0 - low) / (high - $0)) : low + (high - low) / (1 + Elementary.exp(-$0))
        }
    }
}
