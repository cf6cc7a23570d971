import Foundation
import ModelLanguage
import Testing

@Suite("Expressions")
struct ExpressionParserTests {
    /// Backed by: reference software (R's own parser), 400 random expressions; see References/r_trees.info.json.
    @Test func treesAreThoseOfR() throws {
        let rows = try Self.referenceTrees()
        #expect(rows.count == 400)
        for (text, tree) in rows {
            #expect(try Read.expression(text).prefixForm == tree, "\(text)")
        }
    }

    private static func referenceTrees() throws -> [(text: String, tree: String)] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("References/r_trees.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        return try lines.map { line in
            let cells = line.dropFirst().dropLast().components(separatedBy: "\",\"")
            try #require(cells.count == 2)
            return (cells[0], cells[1])
        }
    }

    /// Backed by: the language's description, section 4.
    @Test(arguments: [
        ("-x^2", "(- (^ x 2))"), ("2^-1", "(^ 2 (- 1))"), ("2**3", "(^ 2 3)"), ("a - b - c", "(- (- a b) c)"),
        ("a / b / c", "(/ (/ a b) c)"), ("x^(2/3)", "(^ x (/ 2 3))"), ("x%%y", "(%% x y)"), ("x %/% y", "(%/% x y)"),
        ("- - x", "(- (- x))"), ("log (9)", "(log 9)"), ("(t >= tstart)", "(>= t tstart)"),
        ("k * (STRAIN == 3)", "(* k (== STRAIN 3))"), ("e_sex^SEXF", "(^ e_sex SEXF)"),
        ("max(a, b, c)", "(max a b c)"), ("podo()", "(podo)"), ("ra*cos*2", "(* (* ra cos) 2)"),
        ("a | b & c", "(|| a (&& b c))"), ("!a == b && c", "(&& (! (== a b)) c)"),
        ("stable == 1 && age >= 18", "(&& (== stable 1) (>= age 18))"), ("race == 'Black'", "(== race \"Black\")"),
        ("transit(n, mtt, bio = 0.5)", "(transit n mtt bio=0.5)"), ("TRUE + FALSE", "(+ 1 0)"),
        ("`odd name` + gamma", "(+ odd name gamma)"), (".x + a_b.c", "(+ .x a_b.c)"), ("T + F", "(+ T F)"),
    ])
    func operators(_ text: String, _ tree: String) throws {
        #expect(try Read.expression(text).prefixForm == tree)
    }

    /// Backed by: the values themselves, and the standard library's reader on 2000 random ones.
    @Test func numbersAreTheNearestDoubles() throws {
        let forms: [(String, Double)] = [
            ("1", 1), ("1.0", 1), ("1.", 1), (".5", 0.5), ("1e-3", 1e-3), ("1.33e5", 1.33e5), ("5.696e-4", 5.696e-4),
            ("5L", 5), ("1e3L", 1000), ("1.e2", 100), ("1E+2", 100), ("0", 0), ("007", 7), ("0.1", 0.1),
            ("123456789012345678901234567890", 123456789012345678901234567890), ("1e308", 1e308), ("5e-324", 5e-324),
            ("0e9999999", 0), ("9007199254740993", 9007199254740993), ("0.000001e6", 1),
        ]
        for (text, value) in forms {
            #expect(try Read.expression(text).kind == .number(value), "\(text)")
        }
        var choices = Choices(seed: 7)
        for _ in 0..<2000 {
            let digits = String(choices.next() % 1_000_000_000_000_000_000, radix: 10).prefix(1 + choices.below(18))
            let text = "\(digits).\(choices.below(1000))e\(choices.below(80) - 40)"
            let value = try #require(Double(text))
            #expect(try Read.expression(text).kind == .number(value), "\(text)")
        }
    }

    @Test func aSignedNumberIsANumber() throws {
        #expect(try Read.expression("-1").kind == .number(-1))
        #expect(try Read.expression("- 1.5").kind == .number(-1.5))
        #expect(try Read.expression("-1^2").prefixForm == "(- (^ 1 2))")
        #expect(try Read.expression("-(1)").prefixForm == "(- 1)")
        guard case .unary(.minus, _) = try Read.expression("-(1)").kind else {
            Issue.record("the opposite of a bracket is no number")
            return
        }
    }

    @Test func stringsResolveEscapes() throws {
        let forms: [(String, String)] = [
            (#""a 'b' c""#, "a 'b' c"), (#"'a "b"'"#, "a \"b\""), (#""\n\t\r\\\"\'\`""#, "\n\t\r\\\"'`"),
            (#""\x41\u00e9\u{e9}\U0001F600""#, "Aéé😀"), ("\"two\nlines\"", "two\nlines"), ("'µ–™'", "µ–™"),
        ]
        for (text, value) in forms {
            #expect(try Read.expression(text).kind == .string(value), "\(text)")
        }
    }

    /// A place covers the operation, in characters; brackets and strings outside ASCII count as what one sees.
    @Test func placesCountCharacters() throws {
        let expression = try Read.expression("'µ–é' == (a +\n  b) * 22")
        // Over a line end, a place goes up to the start of the part that does.
        #expect(expression.place == SourcePlace(line: 1, column: 1, length: 10))
        guard case .binary(.equal, let left, let right) = expression.kind,
            case .binary(.multiply, let sum, let number) = right.kind
        else {
            Issue.record("unexpected tree \(expression)")
            return
        }
        #expect(left.place == SourcePlace(line: 1, column: 1, length: 5))
        #expect(sum.place == SourcePlace(line: 1, column: 10, length: 1))
        #expect(number.place == SourcePlace(line: 2, column: 8, length: 2))
        #expect(try Read.expression("  f(x, 2) ").place == SourcePlace(line: 1, column: 3, length: 7))
        #expect(try Read.expression(" (a + b)").place == SourcePlace(line: 1, column: 2, length: 7))
    }

    @Test func anExpressionGoesOnAfterAnOperatorOrInBrackets() throws {
        #expect(try Read.expression("a + # one\n\n b").prefixForm == "(+ a b)")
        #expect(try Read.expression("(a\n + b\n)").prefixForm == "(+ a b)")
        #expect(try Read.expression("f(a, # one\n b # two\n)").prefixForm == "(f a b)")
        #expect(try Read.expression("\n# before\n a &&\r\n b\r\n\n").prefixForm == "(&& a b)")
    }
}
