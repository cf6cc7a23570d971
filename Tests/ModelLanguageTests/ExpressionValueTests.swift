import NumericsCore
import Testing

@testable import ModelLanguage

/// An expression with its value by the book: no graph, no folding, no lanes.
private indirect enum Tree {
    case number(Double)
    case name(String)
    case negative(Tree)
    case not(Tree)
    case binary(String, Tree, Tree)
    case call(String, [Tree])

    /// The text, every operation in brackets, with numbers instead of some names.
    func text(_ values: [String: Double] = [:]) -> String {
        switch self {
        case .number(let value): value < 0 ? "(-\(-value))" : "\(value)"
        case .name(let name):
            values[name].map { $0.isNaN ? "sqrt(-1)" : Tree.number($0).text() } ?? name
        case .negative(let operand): "(-\(operand.text(values)))"
        case .not(let operand): "(!\(operand.text(values)))"
        case .binary(let operation, let a, let b): "(\(a.text(values)) \(operation) \(b.text(values)))"
        case .call(let name, let arguments): "\(name)(\(arguments.map { $0.text(values) }.joined(separator: ", ")))"
        }
    }

    func value(_ names: [String: Double]) -> Double {
        switch self {
        case .number(let value): return value
        case .name(let name): return names[name] ?? .nan
        case .negative(let operand): return -operand.value(names)
        case .not(let operand): return operand.value(names) == 0 ? 1 : 0
        case .binary("^", let a, .number(let exponent)): return Tree.power(a.value(names), literal: exponent)
        case .binary(let operation, let a, let b): return Tree.binary(operation, a.value(names), b.value(names))
        case .call(let name, let arguments): return Tree.functions[name]?(arguments.map { $0.value(names) }) ?? .nan
        }
    }

    static func divided(_ a: Double, _ b: Double) -> Double { a / (b == 0 ? 0x1p-52 : b) }
    static func log(_ x: Double) -> Double { Elementary.log(x <= 0 ? 0x1p-52 : x) }

    static func power(_ a: Double, _ b: Double) -> Double {
        if a > 0 { return Elementary.exp(b * Elementary.log(a)) }
        return Elementary.pow(a == 0 && b < 0 ? 0x1p-52 : a, b)
    }

    /// Exponents that a text holds as numbers: products for small whole ones, a root for a half.
    static func power(_ a: Double, literal exponent: Double) -> Double {
        let base = exponent < 0 ? divided(1, a) : a
        switch abs(exponent) {
        case 0: return 1
        case 0.5 where exponent > 0: return a.squareRoot()
        case 1: return base
        case 2: return base * base
        case 3: return base * (base * base)
        case 4: return (base * base) * (base * base)
        case 6: return (base * base) * ((base * base) * (base * base))
        default: return power(a, exponent)
        }
    }

    static func binary(_ operation: String, _ a: Double, _ b: Double) -> Double {
        switch operation {
        case "+": a + b
        case "-": a - b
        case "*": a * b
        case "/": divided(a, b)
        case "^": power(a, b)
        case "%%": a - divided(a, b).rounded(.down) * b
        case "%/%": divided(a, b).rounded(.down)
        case "==": a == b ? 1 : 0
        case "!=": a.isNaN || b.isNaN || a == b ? 0 : 1
        case "<": a < b ? 1 : 0
        case "<=": a <= b ? 1 : 0
        case ">": a > b ? 1 : 0
        case ">=": a >= b ? 1 : 0
        case "&&": a != 0 && b != 0 ? 1 : 0
        default: a != 0 || b != 0 ? 1 : 0
        }
    }

    static let operations = ["+", "-", "*", "/", "%%", "%/%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]

    private static func expit(_ x: [Double]) -> Double {
        let logistic = 1 / (1 + Elementary.exp(-x[0]))
        return x.count == 1 ? logistic : x[1] + ((x.count > 2 ? x[2] : 1) - x[1]) * logistic
    }

    private static func logit(_ x: [Double]) -> Double {
        let p = x.count == 1 ? x[0] : divided(x[0] - x[1], (x.count > 2 ? x[2] : 1) - x[1])
        return log(divided(p, 1 - p))
    }

    private static func best(_ x: [Double], _ isBetter: (Double, Double) -> Bool) -> Double {
        var best = x[0]
        for value in x { if value.isNaN || isBetter(value, best) { best = best.isNaN ? best : value } }
        return best
    }

    static let functions: [String: @Sendable ([Double]) -> Double] = [
        "exp": { Elementary.exp($0[0]) }, "expm1": { Elementary.expm1($0[0]) }, "log1p": { Elementary.log1p($0[0]) },
        "log10": { Elementary.log10($0[0]) }, "log2": { Elementary.log2($0[0]) }, "ln": { log($0[0]) },
        "log": { $0.count == 1 ? log($0[0]) : divided(log($0[0]), log($0[1])) }, "sqrt": { $0[0].squareRoot() },
        "abs": { abs($0[0]) }, "fabs": { abs($0[0]) }, "sin": { Elementary.sin($0[0]) },
        "cos": { Elementary.cos($0[0]) },
        "tan": { Elementary.tan($0[0]) }, "asin": { Elementary.asin($0[0]) }, "acos": { Elementary.acos($0[0]) },
        "atan": { Elementary.atan($0[0]) }, "atan2": { Elementary.atan2($0[0], $0[1]) },
        "sinh": { Elementary.sinh($0[0]) }, "cosh": { Elementary.cosh($0[0]) }, "tanh": { Elementary.tanh($0[0]) },
        "gamma": { Elementary.gamma($0[0]) }, "lgamma": { Elementary.lgamma($0[0]) },
        "gammaln": { Elementary.lgamma($0[0]) }, "floor": { $0[0].rounded(.down) }, "ceiling": { $0[0].rounded(.up) },
        "ceil": { $0[0].rounded(.up) }, "is.na": { $0[0].isNaN ? 1 : 0 },
        "pnorm": { 0.5 * Elementary.erfc(-$0[0] * 0.5.squareRoot()) },
        "phi": { 0.5 * Elementary.erfc(-$0[0] * 0.5.squareRoot()) }, "pow": { power($0[0], $0[1]) },
        "R_pow": { power($0[0], $0[1]) }, "ifelse": { $0[0] != 0 ? $0[1] : $0[2] },
        "round": { x in
            let scale = x.count > 1 ? [1.0, 10, 100, 1000][Int(x[1])] : 1
            return (x[0] * scale).rounded(.toNearestOrEven) / scale
        },
        "trunc": { 0 <= $0[0] ? $0[0].rounded(.down) : $0[0].rounded(.up) }, "expit": expit, "invlogit": expit,
        "logit": logit, "max": { best($0, >) }, "min": { best($0, <) },
    ]
}

/// Random trees. Exponents are numbers or the names `p` and `q`; signs of zero cannot show, since nothing that tells
/// them apart (atan2, gamma) is given a zero.
private struct TreeSource {
    var choices: Choices

    mutating func tree(_ depth: Int) -> Tree {
        guard depth > 0, choices.below(6) > 0 else { return leaf() }
        switch choices.below(8) {
        case 0...3: return .binary(choices.pick(Tree.operations), tree(depth - 1), tree(depth - 1))
        case 4: return .binary("^", tree(depth - 1), exponent())
        case 5: return choices.below(3) == 0 ? .not(tree(depth - 1)) : .negative(tree(depth - 1))
        default: return call(depth - 1)
        }
    }

    private mutating func leaf() -> Tree {
        choices.below(3) == 0
            ? .number(choices.pick([0, 1, 2, 0.5, -1, 3.75, 1e-3, 120, -7.5, 0.3]))
            : .name(choices.pick(["a", "b", "c"]))
    }

    private mutating func exponent() -> Tree {
        choices.below(2) == 0
            ? .number(choices.pick([0, 1, 2, 3, 4, 6, 0.5, -1, -2, 0.75, -0.25, 1.7]))
            : .name(choices.pick(["p", "q"]))
    }

    private mutating func call(_ depth: Int) -> Tree {
        let name = choices.pick(Tree.functions.keys.sorted())
        switch name {
        case "atan2": return .call(name, [positive(depth), tree(depth)])
        case "gamma", "lgamma", "gammaln": return .call(name, [positive(depth)])
        case "pow", "R_pow": return .call(name, [tree(depth), .name(choices.pick(["p", "q"]))])
        case "ifelse": return .call(name, [tree(depth), tree(depth), tree(depth)])
        case "round" where choices.below(2) == 0: return .call(name, [tree(depth), .number(Double(choices.below(4)))])
        case "log" where choices.below(3) == 0: return .call(name, [tree(depth), tree(depth)])
        case "expit", "invlogit", "logit", "max", "min":
            return .call(name, (0...choices.below(3)).map { _ in tree(depth) })
        default: return .call(name, [tree(depth)])
        }
    }

    private mutating func positive(_ depth: Int) -> Tree { .binary("+", .call("abs", [tree(depth)]), .number(0.5)) }
}

/// Backed by an independent second route: a tree-walking interpreter of one value at a time.
@Suite("Expression values")
struct ExpressionValueTests {
    @Test("Every function of the language is in the interpreter of these tests or among the known values")
    func complete() {
        let named = (FunctionTests.known + FunctionTests.special).map { $0.0.prefix { $0 != "(" } }.map(String.init)
        #expect(Set(Tree.functions.keys).union(named) == Set(LanguageFunction.all.keys))
    }

    /// The same number, signs of zero aside.
    private func isSame(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }

    @Test("Random expressions have the interpreter's bits on every row, of a number of rows that fills no block")
    func againstInterpreter() throws {
        let names = ["a", "b", "c", "p", "q"]
        var numbers = 0
        for seed in 0..<1500 {
            var source = TreeSource(choices: Choices(seed: UInt64(seed)))
            let tree = source.tree(5)
            let program = try RowProgram(
                expression: SourceText(name: "e.R", text: tree.text()), inputs: names.map { InputSymbol($0) })
            let count = 1 + source.choices.below(40)
            let columns = names.map { _ in
                (0..<count).map { _ in
                    source.choices.below(3) == 0
                        ? source.choices.pick(specialValues) : Double(source.choices.below(2000) - 1000) / 128
                }
            }
            let values = program.evaluate(columns, count: count)[0]
            for row in 0..<count {
                let given = Dictionary(uniqueKeysWithValues: zip(names, columns.map { $0[row] }))
                let expected = tree.value(given)
                #expect(
                    isSame(values[row], expected),
                    "seed \(seed), row \(row): \(tree.text()) with \(given) is \(values[row]), not \(expected)")
                if expected.isFinite { numbers += 1 }
            }
        }
        // Most values must be numbers, or the comparison would say little.
        #expect(numbers > 15_000)
    }

    @Test("Folding of constants has the bits that the lanes give")
    func folding() throws {
        for seed in 0..<1500 {
            var source = TreeSource(choices: Choices(seed: UInt64(100_000 + seed)))
            let tree = source.tree(5)
            let given = Dictionary(
                uniqueKeysWithValues: ["a", "b", "c"].map {
                    (
                        $0,
                        source.choices.pick(specialValues.filter { $0.isFinite || $0.isNaN } + [1.25, -3.5, 12, 0.07])
                    )
                })
            let exponents = ["p": 1.3, "q": -0.6]
            let folded = try RowProgram(
                expression: SourceText(
                    name: "e.R", text: tree.text(given.merging(exponents) { $1 }.filter { $0.key < "p" })),
                inputs: exponents.keys.sorted().map { InputSymbol($0) })
            let value = folded.evaluate([[1.3], [-0.6]], count: 1)[0][0]
            let expected = tree.value(given.merging(exponents) { $1 })
            #expect(isSame(value, expected), "seed \(seed): \(tree.text()) with \(given) is \(value), not \(expected)")
        }
    }
}
