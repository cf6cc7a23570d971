import ModelLanguage
import Testing

@Suite("Printing")
struct RoundTripTests {
    /// Invariant: reading what was printed gives the tree that was printed.
    @Test func randomExpressionsComeBack() throws {
        for seed in 0..<4000 {
            var trees = RandomTrees(seed: UInt64(seed))
            let tree = trees.expression(depth: 6)
            #expect(try Read.expression(tree.description).withoutPlaces == tree, "seed \(seed): \(tree)")
        }
    }

    @Test func randomStatementsComeBack() throws {
        for seed in 0..<1500 {
            var trees = RandomTrees(seed: UInt64(seed))
            let statements = (0..<3).map { _ in trees.statement(depth: 3) }
            let text = statements.map(\.description).joined(separator: "\n")
            #expect(try Read.rule(text).map(\.withoutPlaces) == statements, "seed \(seed): \(text)")
        }
    }

    @Test func bracketsStandOnlyWhereNeeded() throws {
        let texts = [
            "a + b * c", "(a + b) * c", "a - (b - c)", "a - b - c", "-x^2", "(-x)^2", "2^-1", "(a^b)^c", "a^(b^c)",
            "!(a == b)", "!a && b", "a && (b || c)", "(a < b) == c", "- -x", "-(1)", "a / (b / c)", "f(a, b = -1)",
            "a %% b * c", "a %% (b * c)", "x == \"a \\\"b\\\"\"", "`odd name` + 1e-08", "d / (dt(x))",
        ]
        for text in texts { #expect(try Read.expression(text).description == text) }
    }

    @Test func blocksAreIndented() throws {
        let text = "if (a) x <- 1 else if (b) { if (c) y(0) <- 2 } else f(z) <- 3"
        let printed = """
            if (a) {
                x <- 1
            } else if (b) {
                if (c) {
                    y(0) <- 2
                }
            } else {
                f(z) <- 3
            }
            """
        #expect(try Read.rule(text).map(\.description) == [printed])
    }
}

/// Random trees that the language can hold.
private struct RandomTrees {
    var choices: Choices

    init(seed: UInt64) { choices = Choices(seed: seed) }

    static let nowhere = SourcePlace(line: 1, column: 1)
    static let names = ["a", "WT", "e_age.cl", "x", ".y", "odd name", "if", "TRUE", "é", "a`b", "d", "2x"]
    static let binaries: [BinaryOperator] = [
        .add, .subtract, .multiply, .divide, .power, .remainder, .integerQuotient, .equal, .notEqual, .less,
        .lessOrEqual, .greater, .greaterOrEqual, .and, .or,
    ]

    mutating func expression(depth: Int) -> Expression {
        switch depth == 0 ? choices.below(4) : choices.below(10) {
        case 0: node(.symbol(choices.pick(Self.names)))
        case 1, 2: node(.number(number()))
        case 3: node(choices.below(4) == 0 ? .string("a \"b\"\n\\ é'") : .symbol("b"))
        case 4, 5:
            node(.unary(choices.pick([.minus, .plus, .not]), expression(depth: depth - 1)))
        case 6: call(depth)
        default:
            node(
                .binary(choices.pick(Self.binaries), expression(depth: depth - 1), expression(depth: depth - 1)))
        }
    }

    private mutating func number() -> Double {
        switch choices.below(4) {
        case 0: Double(choices.below(200) - 100)
        case 1: Double(choices.below(1_000_000)) * 1e-9
        case 2: -0.0
        default: Double(bitPattern: choices.next() & 0x7FDF_FFFF_FFFF_FFFF) * (choices.below(2) == 0 ? 1 : -1)
        }
    }

    private mutating func call(_ depth: Int) -> Expression {
        let arguments = (0..<choices.below(4)).map { _ in
            let label = choices.below(4) == 0 ? choices.pick(["sep", "odd one"]) : nil
            return Expression.Argument(name: label, value: expression(depth: depth - 1))
        }
        return node(.call(choices.pick(["exp", "max", "my f", "dt"]), arguments))
    }

    mutating func statement(depth: Int) -> Statement {
        let name = choices.pick(Self.names)
        let kind: Statement.Kind
        switch choices.below(depth == 0 ? 6 : 8) {
        case 0: kind = .assign(.variable(name), expression(depth: 3))
        case 1:
            kind = .assign(
                choices.pick([.derivative(name), .initialValue(name), .modelTime(name)]), expression(depth: 3))
        case 2: kind = .assign(.property(choices.pick(CompartmentProperty.allCases), name), expression(depth: 2))
        case 3: kind = .compartment(name)
        case 4: kind = .endpoint(endpoint(name))
        case 5: kind = .expression(expression(depth: 2))
        default:
            let branches = (0...choices.below(3)).map { _ in
                Statement.Branch(condition: expression(depth: 2), body: body(depth))
            }
            kind = .conditional(branches, otherwise: choices.below(2) == 0 ? [] : [statement(depth: depth - 1)])
        }
        return Statement(kind, at: Self.nowhere)
    }

    private mutating func body(_ depth: Int) -> [Statement] {
        (0..<choices.below(3)).map { _ in statement(depth: depth - 1) }
    }

    private mutating func endpoint(_ name: String) -> Endpoint {
        let observed = choices.below(3) == 0 ? node(.call("linCmt", [])) : node(.symbol(name))
        let terms = (0...choices.below(2)).map { _ in
            node(.call(choices.pick(["add", "prop", "lnorm"]), [.init(value: expression(depth: 1))]))
        }
        return Endpoint(observed: observed, terms: terms, condition: choices.below(2) == 0 ? nil : name)
    }

    private func node(_ kind: Expression.Kind) -> Expression { Expression(kind, at: Self.nowhere) }
}
