import ModelLanguage
import Testing

/// Named failures of `ini`, metadata and whole files; each compares the whole message.
@Suite("Document errors")
struct DocumentErrorTests {
    @Test(arguments: [
        (
            "b <- c(0, 1, 2, 3)", 6,
            "'b' has 4 numbers; allowed are an estimate, c(lower, estimate), and c(lower, estimate, upper)"
        ),
        (
            "b <- c(2, 1)", 6,
            "the estimate 1 of 'b' lies outside its bounds 2 to Inf; the order is c(lower, estimate, upper)"
        ),
        ("b <- log(-1)", 6, "the value of 'b' is not a number"), ("b <- 1 / 0", 6, "the value of 'b' is infinite"),
        ("e ~ -0.1", 5, "the random effect 'e' cannot be drawn: the variance of e is -0.1; it must be 0 or more"),
        ("e + f ~ c(1, 2)", 9, "the block of 'e', 'f' needs 3 numbers, the lower triangle row by row; found 2"),
        (
            "e ~ c(1, 2, 3)", 5,
            "the random effect 'e' needs 1 number, its variance; found 3, which would be the next row of a block of 2 on the line before"
        ),
        (
            "e + f ~ c(1, 2, 1)", 9,
            "the block of 'e', 'f' cannot be drawn: the correlation of e and f would be 2; it must lie between -1 and 1"
        ),
        (
            "e + f ~ c(0, 0.1, 1)", 9,
            "the block of 'e', 'f' cannot be drawn: the variance of e is 0, but its covariance with f is 0.1"
        ),
        (
            "e + f + g ~ c(1, 0.9, 1, 0.9, -0.9, 1)", 13,
            "the block of 'e', 'f', 'g' cannot be drawn: its covariances contradict each other: the matrix is not positive semi-definite"
        ),
        (
            "b <- foo(3)", 6,
            "'foo()' has no meaning in ini; allowed are c, fix, fixed, logit, expit, abs, atan, cos, exp, expm1, log, log10, log1p, log2, sin, sqrt, tan, tanh"
        ),
        ("b <- a", 6, "'a' has no value here: ini takes numbers, arithmetic on numbers, and functions of numbers"),
        ("b <- \"a\"", 6, "found '\"a\"'; ini takes numbers and arithmetic"),
        ("b <- 1 > 2", 6, "'>' cannot stand in ini; allowed are + - * / ^ %% %/%"),
        ("b <- c(1, 2) + c(1, 2, 3)", 6, "2 and 3 numbers cannot be joined element by element"),
        ("b <- c()", 6, "c() is empty; it needs at least one number"),
        ("b <- exp(1, 2)", 6, "exp() takes 1 argument; found 2"),
        ("e ~ chol(3)", 5, "'chol()' is not taken: give the covariances"),
        ("n * 2 ~ 3", 1, "left of '~' in ini stand names of random effects, joined by '+'"),
        ("label(\"x\")", 1, "label() has no parameter before it"),
    ])
    func initialValues(_ text: String, _ column: Int, _ message: String) {
        let words = Refused.ini(text).split(separator: "\n", maxSplits: 1)
        #expect(words.first.map(String.init) == "m.R:2:\(column): error: \(message)")
        let caret = words.last?.split(separator: "\n").last.map(String.init) ?? ""
        #expect(caret.hasPrefix(String(repeating: " ", count: column - 1) + "^"))
    }

    @Test func aNameGivenTwiceShowsBothPlaces() {
        #expect(
            Refused.ini("a <- 1; label(\"A\")\n  b + a ~ c(1, 0, 1); label(\"B\")") == """
                m.R:3:7: error: 'a' is given twice in ini; first at line 2, column 1
                  b + a ~ c(1, 0, 1); label("B")
                      ^
                """)
    }

    @Test(arguments: [
        ("", "m.R:1:1: error: the model is empty\n\n^"),
        (
            "f <- function() {\n y <- x\n}",
            "m.R:1:17: error: the function has no model({ }) block\nf <- function() {\n                ^"
        ),
        ("ini({ a <- 1 })", "m.R:1:1: error: there is no model({ }) block\nini({ a <- 1 })\n^^^"),
        (
            "model({ y <- x })\nmodel({ z <- x })",
            "m.R:2:1: error: there is a second model({ }) block; the first is at line 1\nmodel({ z <- x })\n^^^^^"
        ),
        (
            "f <- function() {\n ini({ a <- 1\n model({ y <- a })\n}",
            "m.R:2:6: error: the '{' of 'ini' is never closed: '})' is missing\n ini({ a <- 1\n     ^"
        ),
        (
            "f <- function() {\n model({ y <- a\n}",
            "m.R:2:8: error: the '{' of 'model' is never closed: '})' is missing\n model({ y <- a\n       ^"
        ),
        (
            "f <- function(x) { model({ y <- a }) }",
            "m.R:1:15: error: found 'x'; a model function takes no arguments: ')' is needed here\n"
                + "f <- function(x) { model({ y <- a }) }\n              ^"
        ),
        (
            "modle({ y <- a })\nmodel({ y <- a })",
            "m.R:1:1: error: 'modle({ })' is no block; allowed are ini({ }) and model({ })\nmodle({ y <- a })\n^^^^^"
        ),
        (
            "source(x)\nmodel({ y <- a })",
            "m.R:1:1: error: 'source()' is not taken: a model file is read, not run as R code\nsource(x)\n^^^^^^"
        ),
        (
            "units <- sprintf(\"x\")\nmodel({ y <- a })",
            "m.R:1:10: error: 'sprintf()' has no meaning in metadata, which takes text, numbers, TRUE, FALSE, NA, NULL, "
                + "c(), list(), paste() and paste0()\nunits <- sprintf(\"x\")\n         ^^^^^^^^^^^^"
        ),
        (
            "f <- function() { model({ y <- a }) }\nrxSolve(f)",
            "m.R:2:1: error: after the function only its bare name and attr(name, \"message\") <- \"...\" may stand\n"
                + "rxSolve(f)\n^^^^^^^^^^"
        ),
        (
            "a <- 1\na <- 2\nmodel({ y <- a })",
            "m.R:2:1: error: 'a' is given twice in the metadata\na <- 2\n^"
        ),
    ])
    func documents(_ text: String, _ message: String) {
        #expect(Refused.model(text) == message)
    }
}
