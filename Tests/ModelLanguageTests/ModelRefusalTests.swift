import NumericsCore
import Testing

@testable import ModelLanguage

/// Named failures of models, hazards and rules; each compares the whole text.
@Suite("Refusals of models and rules")
struct ModelRefusalTests {
    @Test(
        "What is not supported yet is refused by name, with its line",
        arguments: [
            (
                "x <- rxnorm()",
                "1:6: error: 'rxnorm()' is not taken: it draws inside the equations: let an eta of ini or the residual error of an endpoint vary instead\nx <- rxnorm()\n     ^^^^^^^^"
            ),
            (
                "x <- lag(y, 1)",
                "1:6: error: 'lag()' is not taken: it reads other rows of a data table, and a simulation has none: give the value as a covariate, or look back with delay(x, time)\nx <- lag(y, 1)\n     ^^^^^^^^^"
            ),
            (
                "x <- bessel_i(y, 1, 2)",
                "1:6: error: 'bessel_i()' is not taken: it is not supported here yet\nx <- bessel_i(y, 1, 2)\n     ^^^^^^^^^^^^^^^^^"
            ),
            (
                "d/dt(a) <- d/dt(b)\nd/dt(b) <- -b",
                "1:12: error: this rate of change is read before it is assigned: move its line above\nd/dt(a) <- d/dt(b)\n           ^^^^^^^"
            ),
            (
                "d/dt(a) <- -a\nd/dt(b) <- a\na(0) <- b / 2",
                "3:1: error: 'a(0)' depends on a compartment, and at the start there is nothing in any: use parameters\na(0) <- b / 2\n^^^^"
            ),
            (
                "mtime(t1) <- 3 * t",
                "1:1: error: 'mtime(t1)' depends on time or on a compartment: a model time is known beforehand\nmtime(t1) <- 3 * t\n^^^^^^^^^"
            ),
            (
                "x <- 1 + z\nif (x > 1) {\n  mtime(t1) <- t\n}",
                "2:1: error: 'mtime(t1)' depends on time or on a compartment: a model time is known beforehand\nif (x > 1) {\n^^"
            ),
        ])
    func unsupported(_ text: String, _ message: String) {
        #expect(RefusedByChecker.model(text) == "m.R:" + message)
    }

    @Test(
        "What has no meaning in a model is refused with what would have",
        arguments: [
            (
                "d/dt(central) <- -central\nf(centrl) <- 2",
                "2:1: error: 'centrl' is not a compartment of this model; did you mean 'central'?\nf(centrl) <- 2\n^^^^^^^^^"
            ),
            (
                "d/dt(a) <- -a\nif (x) zz(0) <- 2",
                "2:8: error: 'zz' is not a compartment of this model; it has a\nif (x) zz(0) <- 2\n       ^^^^^"
            ),
            (
                "d/dt(a) <- -a\na <- 3",
                "2:1: error: 'a' is a compartment: it changes by d/dt(a) and starts at a(0)\na <- 3\n^"
            ),
            (
                "d/dt(a) <- -a\nif (t > 2) a <- 2 * b",
                "2:12: error: 'a' is a compartment: it changes by d/dt(a) and starts at a(0)\nif (t > 2) a <- 2 * b\n           ^"
            ),
            ("t <- 4", "1:1: error: 't' is the model's time and cannot be assigned\nt <- 4\n^"),
            (
                "x <- 1 + y\nx == 3",
                "2:1: error: the value of 'x == 3' goes nowhere: give it a name with '<-'\nx == 3\n^^^^^^"
            ),
            ("x <- exq(y)", "1:6: error: 'exq' is not a function; did you mean 'exp'?\nx <- exq(y)\n     ^^^^^^"),
            (
                "x <- frobnicate(y)",
                "1:6: error: 'frobnicate' is not a function\nx <- frobnicate(y)\n     ^^^^^^^^^^^^^"
            ),
            ("x <- exp(y, 2)", "1:6: error: 'exp' takes 1 argument, found 2\nx <- exp(y, 2)\n     ^^^^^^^^^"),
            (
                "x <- ifelse(y, 2)",
                "1:6: error: 'ifelse' takes 3 arguments, found 2\nx <- ifelse(y, 2)\n     ^^^^^^^^^^^^"
            ),
            (
                "x <- atan2(base = 2, y)",
                "1:19: error: 'atan2()' takes its arguments by place: leave out 'base ='\nx <- atan2(base = 2, y)\n                  ^"
            ),
            (
                "x <- log(1, 2, 3)",
                "1:6: error: 'log' takes 1 to 2 arguments, found 3\nx <- log(1, 2, 3)\n     ^^^^^^^^^^^^"
            ),
            (
                "y <- a\nif (a > 1) y ~ add(2)",
                "2:12: error: an endpoint holds for every patient and cannot stand inside 'if'\nif (a > 1) y ~ add(2)\n           ^"
            ),
            (
                "y <- a\ny ~ add(2)\ny ~ prop(1)",
                "3:1: error: there is an endpoint 'y' already: tell them apart with '| name'\ny ~ prop(1)\n^"
            ),
            (
                "y <- a\ny ~ add(\"x\")",
                "2:9: error: a number is needed here, found a category (\"x\"): compare it with one of its levels\ny ~ add(\"x\")\n        ^^^"
            ),
        ])
    func meaningless(_ text: String, _ message: String) {
        #expect(RefusedByChecker.model(text) == "m.R:" + message)
    }

    @Test("Hazards must assign 'hazard', hold no model statements, and are read together with the model")
    func hazards() {
        #expect(
            RefusedByChecker.model(
                "d/dt(a) <- -a\nhazard <- 3 * a\nmtime(x) <- t",
                hazards: [
                    ("death", "h <- 0.1 * a"), ("bleeding", "hazard <- 0.1\nd/dt(a) <- 2\nf(a) <- 3"),
                    ("stroke", "hazard <- (1"), ("fall", "hazard <- \"high\""),
                ]) == """
                    m.R:3:1: error: 'mtime(x)' depends on time or on a compartment: a model time is known beforehand
                    mtime(x) <- t
                    ^^^^^^^^
                    death:1:1: error: the hazard of event 'death' must assign 'hazard' (events per unit of the model's time)
                    h <- 0.1 * a
                    ^
                    bleeding:2:1: error: only assignments and 'if' are allowed here; this belongs in a model
                    d/dt(a) <- 2
                    ^^^^^^^
                    bleeding:3:1: error: only assignments and 'if' are allowed here; this belongs in a model
                    f(a) <- 3
                    ^^^^
                    stroke:1:13: error: found the end of the line; an operator or ')' is needed here, for the '(' at column 11
                    hazard <- (1
                                ^
                    fall:1:1: error: a number is needed here, found a category ("high"): compare it with one of its levels
                    hazard <- "high"
                    ^
                    """)
    }

    @Test("A rule knows its inputs and what it assigned, and tells all problems in the order of the text")
    func rules() {
        let inputs = ["age", "weight", "INR"].map { InputSymbol($0) }
        #expect(
            RefusedByChecker.rule("dose <- wieght * 2\nx <- t + 1\nd/dt(x) <- 3\ny <- foo\nz <- dos", inputs) == """
                r.R:1:9: error: 'wieght' is not known here; did you mean 'weight'?
                dose <- wieght * 2
                        ^^^^^^
                r.R:2:6: error: 't' is not known here; known: age, weight, INR, dose
                x <- t + 1
                     ^
                r.R:3:1: error: only assignments and 'if' are allowed here; this belongs in a model
                d/dt(x) <- 3
                ^^^^^^^
                r.R:4:6: error: 'foo' is not known here; known: age, weight, INR, dose, x
                y <- foo
                     ^^^
                r.R:5:6: error: 'dos' is not known here; did you mean 'dose'?
                z <- dos
                     ^^^
                """)
        #expect(
            RefusedByChecker.rule("dose == 5", inputs + [InputSymbol("dose")]) == """
                r.R:1:1: error: the value of 'dose == 5' goes nowhere: give it a name with '<-'
                dose == 5
                ^^^^^^^^^
                """)
    }

    @Test("Very many problems are counted, not listed")
    func manyProblems() {
        let text = (0..<400).map { "x\($0) <- nothing\($0)" }.joined(separator: "\n")
        let message = RefusedByChecker.rule(text, [InputSymbol("a")])
        #expect(message.split(separator: "\n").count == 150)
        #expect(message.contains("(and 350 further problems)"))
    }

    @Test("A model with more values than registers can name is refused, not a trap")
    func tooLarge() {
        let limit = RegisterLayout.largestProgram
        let wide = (0..<25_000).map { "x\($0) <- y\($0) * z\($0)" }.joined(separator: "\n")
        #expect(
            RefusedByChecker.model(wide) == """
                m.R:1:1: error: the equations hold more than \(limit) different values: split the model
                x0 <- y0 * z0
                ^
                """)
        // Every branch assigns another variable: values grow with the square of the text.
        let square = (0..<2500).map { "if (a > \($0)) x\($0) <- 1" }.joined(separator: " else ")
        #expect(RefusedByChecker.model(square).contains("more than \(limit) different values"))
        let rule = (0..<30_000).map { "x <- x * a + \($0)" }.joined(separator: "\n")
        #expect(
            RefusedByChecker.rule("x <- 1\n" + rule, [InputSymbol("a")]) == """
                r.R:1:1: error: the equations hold more than \(limit) different values: split the model
                x <- 1
                ^
                """)
    }

    @Test("Deep and large equations within the limits compile and run")
    func deep() throws {
        // 15,000 values in a chain, each needing the one before.
        let chain = "x <- a\n" + (0..<15_000).map { "x <- x * 0.5 + \($0 % 7)" }.joined(separator: "\n")
        let program = try Compiled.rule(chain, [InputSymbol("a")])
        var expected = 3.0
        for index in 0..<15_000 { expected = expected * 0.5 + Double(index % 7) }
        #expect(program.evaluate([[3]], count: 1)[0] == [expected])
        let nested = String(repeating: "sin(", count: 190) + "a" + String(repeating: ")", count: 190)
        var value = 0.7
        for _ in 0..<190 { value = Elementary.sin(value) }
        #expect(try Compiled.row("y <- " + nested, [("a", 0.7)])["y"] == value)
        let long = (0..<900).map { _ in "a" }.joined(separator: " + ")
        #expect(try Compiled.row("y <- " + long, [("a", 0.5)])["y"] == 450)
    }
}
