import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by R's meaning of `if`, case by case, and by a second route that runs statements one patient at a time.
@Suite("Conditionals")
struct ConditionalTests {
    @Test("The first branch whose condition holds decides; conditions see what stood before the 'if'")
    func chain() throws {
        let text = """
            x <- 10
            y <- 0
            z <- 0
            if (a < 1) {
                x <- x + 1
                y <- x
            } else if (x > 10 || a < 2) {
                x <- 20
            } else if (a < 3) y <- 7 else {
                z <- x
                x <- -z
            }
            w <- x + y
            """
        let results = try [0.5, 1.5, 2.5, 3.5].map { try Compiled.row(text, [("a", $0)]) }
        #expect(results.map { $0["x"] } == [11, 20, 10, -10])
        #expect(results.map { $0["y"] } == [11, 0, 7, 0])
        #expect(results.map { $0["w"] } == [22, 20, 17, -10])
    }

    @Test("Outputs stand in the order of their first assignment, inside branches too")
    func order() throws {
        let program = try Compiled.rule(
            "if (a > 0) {\n  z <- 1\n  y <- 2\n  x <- 2\n} else {\n  y <- 3\n  x <- 4\n  z <- 5\n}\nb <- 6\ny <- 1",
            [InputSymbol("a")])
        #expect(program.outputs.map(\.name) == ["z", "y", "x", "b"])
    }

    @Test("A condition is any number: 0 is no, everything else is yes")
    func truth() throws {
        for (a, expected) in [(0.0, 2.0), (-0.0, 2), (1, 1), (-3, 1), (1e-300, 1)] {
            #expect(try Compiled.row("if (a) x <- 1 else x <- 2", [("a", a)])["x"] == expected)
        }
        // A comparison with a missing value is 0.
        #expect(try Compiled.row("if (a > 1) x <- 1 else x <- 2", [("a", .nan)])["x"] == 2)
    }

    @Test("An input that a branch overrides keeps its value elsewhere")
    func inputs() throws {
        for (a, expected) in [(1.0, 5.0), (3, 30)] {
            #expect(
                try Compiled.row("if (dose > 2) dose <- 10 * dose\nx <- dose + 0", [("dose", a)])["x"]
                    == (a > 2 ? expected : a))
        }
    }

    @Test("A rule may not leave a variable without a value")
    func unassignedInRules() {
        let inputs = [InputSymbol("a")]
        #expect(
            RefusedByChecker.rule("b <- 1\nif (a > 1) {\n  x <- 2\n}\ny <- x + 1", inputs) == """
                r.R:2:1: error: 'x' may be left without a value: assign it before the 'if', or in every branch and an 'else'
                if (a > 1) {
                ^^
                """)
        #expect(
            RefusedByChecker.rule("if (a > 1) x <- 2 else if (a > 0) y <- 3 else { x <- 1; y <- 2 }", inputs) == """
                r.R:1:1: error: 'x' may be left without a value: assign it before the 'if', or in every branch and an 'else'
                if (a > 1) x <- 2 else if (a > 0) y <- 3 else { x <- 1; y <- 2 }
                ^^
                r.R:1:1: error: 'y' may be left without a value: assign it before the 'if', or in every branch and an 'else'
                if (a > 1) x <- 2 else if (a > 0) y <- 3 else { x <- 1; y <- 2 }
                ^^
                """)
    }

    @Test("In a model an unassigned variable is an input, a derivative 0, a bioavailability 1")
    func unassignedInModels() throws {
        let model = try Compiled.model(
            """
            if (FEMALE == 1) cl <- 2
            if (t < 5) d/dt(a) <- 3 else if (t < 7) d/dt(b) <- 4
            if (FED) f(a) <- 0.5
            if (FED) alag(a) <- 0.25
            if (FED) a(0) <- 8
            k <- cl
            """)
        #expect(model.covariates == ["FEMALE", "cl", "FED"])
        for (female, expected) in [(1.0, 2.0), (0, 9)] {
            #expect(try Compiled.output("k", of: model, inputs: ["FEMALE": female, "cl": 9]) == expected)
        }
        let rates = [4.0, 6, 8].map { Compiled.values(model, model.derivatives, time: $0) }
        #expect(rates == [[3, 0], [0, 4], [0, 0]])
        let properties = model.bioavailability + model.lags + model.initialValues
        #expect(Compiled.values(model, properties, inputs: ["FED": 1]) == [0.5, 1, 0.25, 0, 8, 0])
        #expect(Compiled.values(model, properties, inputs: ["FED": 0]) == [1, 1, 0, 0, 0, 0])
    }

    /// Statements with their meaning by the book: one patient, one statement after the other.
    private indirect enum Step {
        case assign(String, [(Double, String)])
        case choose([(String, Double, [Step])], [Step])

        func text(_ indent: String = "") -> String {
            switch self {
            case .assign(let name, let sum):
                return "\(indent)\(name) <- " + sum.map { "\($0.0) * \($0.1)" }.joined(separator: " + ")
            case .choose(let branches, let otherwise):
                let inner = { (steps: [Step]) in steps.map { $0.text(indent + "  ") }.joined(separator: "\n") }
                return indent
                    + branches.map { "if (\($0.0) < \($0.1)) {\n\(inner($0.2))\n\(indent)}" }.joined(
                        separator: " else ")
                    + " else {\n\(inner(otherwise))\n\(indent)}"
            }
        }

        func run(_ names: inout [String: Double]) {
            switch self {
            case .assign(let target, let sum):
                let terms = sum.map { $0.0 * (names[$0.1] ?? .nan) }
                names[target] = terms.dropFirst().reduce(terms[0], +)
            case .choose(let branches, let otherwise):
                for (name, bound, steps) in branches where (names[name] ?? .nan) < bound {
                    return steps.forEach { $0.run(&names) }
                }
                otherwise.forEach { $0.run(&names) }
            }
        }

        static func random(_ choices: inout Choices, depth: Int) -> Step {
            let names = ["x", "y", "z", "u", "v"]
            guard depth > 0, choices.below(2) == 0 else {
                let terms = (0...choices.below(2)).map { _ in
                    (Double(choices.below(16)) / 8, choices.pick(names + ["a", "b"]))
                }
                return .assign(choices.pick(names), terms)
            }
            func block(_ choices: inout Choices) -> [Step] {
                (0...choices.below(3)).map { _ in random(&choices, depth: depth - 1) }
            }
            let branches = (0...choices.below(3)).map { _ in
                (choices.pick(names), Double(choices.below(17)) / 4 - 2, block(&choices))
            }
            return .choose(branches, block(&choices))
        }
    }

    @Test("Random nested statements, run on all rows at once, equal running them row by row")
    func randomStatements() throws {
        for seed in 0..<250 {
            var choices = Choices(seed: UInt64(seed))
            let start = ["x", "y", "z", "u", "v"].enumerated().map { index, name in
                Step.assign(name, [(Double(index) / 4 - 0.5, "a"), (1, "b")])
            }
            let steps = start + (0..<6).map { _ in Step.random(&choices, depth: 3) }
            let text = steps.map { $0.text() }.joined(separator: "\n")
            let program = try Compiled.rule(text, [InputSymbol("a"), InputSymbol("b")])
            let count = 21
            let columns = (0..<2).map { _ in (0..<count).map { _ in Double(choices.below(65)) / 16 - 2 } }
            let values = program.evaluate(columns, count: count)
            for row in 0..<count {
                var names = ["a": columns[0][row], "b": columns[1][row]]
                for step in steps { step.run(&names) }
                for (output, symbol) in program.outputs.enumerated() {
                    #expect(
                        values[output][row] == names[symbol.name], "seed \(seed), row \(row), \(symbol.name):\n\(text)")
                }
            }
        }
    }

    @Test("A chain of thousands of branches compiles without recursion")
    func longChain() throws {
        let branches = (0..<4000).map { "if (a < \($0)) x <- \($0)" }.joined(separator: " else ")
        let program = try Compiled.rule(branches + " else x <- -1", [InputSymbol("a")])
        #expect(program.evaluate([[-1, 0, 17.5, 3998.5, 4000]], count: 5)[0] == [0, 1, 18, 3999, -1])
    }
}
