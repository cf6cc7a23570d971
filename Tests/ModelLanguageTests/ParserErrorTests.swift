import ModelLanguage
import Testing

/// Named failures; each compares the whole message: place, what was found, what is allowed, the line and the caret.
@Suite("Parser errors")
struct ParserErrorTests {
    @Test(arguments: [
        ("", "1:1: error: the expression is empty", "", "^"),
        ("a^b^c", "1:4: error: powers do not chain: add brackets, (a^b)^c or a^(b^c)", "a^b^c", "   ^"),
        (
            "a < b < c", "1:7: error: comparisons do not chain: found '<' after '<'; write a < b && b < c", "a < b < c",
            "      ^"
        ),
        ("a b", "1:3: error: found 'b' right after an expression; an operator is missing before it", "a b", "  ^"),
        (
            "f(a b)", "1:5: error: found 'b' right after an expression; an operator, ',' or ')' is missing before it",
            "f(a b)", "    ^"
        ),
        (
            "(a + b",
            "1:7: error: found the end of the line; an operator or ')' is needed here, for the '(' at column 1",
            "(a + b", "      ^"
        ),
        ("a + b)", "1:6: error: ')' has no '(' in this statement", "a + b)", "     ^"),
        (
            "a *", "1:4: error: found the end of the text; a number, a name, a call or a bracket is needed here", "a *",
            "   ^"
        ),
        (
            "x<-3",
            "1:2: error: '<-' assigns, and cannot stand inside an expression; 'less than minus' is written with a blank, a < -b",
            "x<-3", " ^^"
        ),
        (
            "x = 3", "1:3: error: '=' assigns, and cannot stand inside an expression; equality is written '=='",
            "x = 3",
            "  ^"
        ),
        (
            "3x + 1",
            "1:1: error: '3x' is neither a number nor a name: numbers are written 1, 1.5, .5, 1e-3 or 5L, and a name starts with a letter",
            "3x + 1", "^^"
        ),
        ("1e999", "1:1: error: the number is too large: at most about 1.8e308 is allowed", "1e999", "^^^^^"),
        (
            "1e-999", "1:1: error: the number is too small: other than 0, at least about 5e-324 is allowed", "1e-999",
            "^^^^^^"
        ),
        ("f(a, , b)", "1:6: error: found ','; an argument is missing here", "f(a, , b)", "     ^"),
        (
            "a[1]", "1:2: error: '[' is not taken: a name stands for a single number, not for a vector", "a[1]", " ^"
        ),
        ("\"abc", "1:1: error: the string that starts here has no closing \"", "\"abc", "^"),
        (
            "'a\\qb'",
            "1:1: error: '\\q' is no escape; allowed are \\n, \\t, \\r, \\\\, \\\", \\', \\`, \\x41 and \\u00e9",
            "'a\\qb'", "^^^^^^"
        ),
        ("`a", "1:1: error: the name that starts here has no closing ` on its line", "`a", "^"),
        ("a %in% b", "1:3: error: '%in%' is not taken: write x == 1 || x == 2", "a %in% b", "  ^^^^"),
        (
            "if (a) b else c", "1:1: error: 'if' is a statement and has no value: write ifelse(condition, a, b)",
            "if (a) b else c", "^^"
        ),
        (
            "α * 2",
            "1:1: error: 'α' has no meaning outside strings and comments: names hold the letters a-z and A-Z, digits, '_' and '.'",
            "α * 2", "^"
        ),
        ("'µ' – b", "1:5: error: '–' (U+2013) is not the minus sign '-'", "'µ' – b", "    ^"),
        ("“a", "1:1: error: a curly quote (U+201C) stands here: strings take the plain quotes \" and '", "“a", "^"),
        ("NA", "1:1: error: 'NA' is not taken: expressions compute with finite numbers", "NA", "^^"),
        (
            "a $ b", "1:3: error: '$' is not taken: a name stands for a single number, not for a list", "a $ b", "  ^"
        ),
        (
            "\ta + d/dt(2)", "1:11: error: found the number 2; d/dt() takes the name of a compartment",
            "\ta + d/dt(2)", "\t         ^"
        ),
    ])
    func expressions(_ text: String, _ message: String, _ line: String, _ caret: String) {
        #expect(Refused.expression(text) == "e.R:\(message)\n\(line)\n\(caret)")
    }

    @Test(arguments: [
        ("x -> y", "1:3: error: '->' is not taken: write the variable first, name <- expression", "  ^^"),
        ("x <<- y", "1:3: error: '<<-' is not taken: assign with '<-' or '='", "  ^^^"),
        (
            "lagg(depot) <- 3",
            "1:1: error: 'lagg()' cannot be assigned; did you mean lag()? Allowed are d/dt(name), name(0), f(), lag(), alag(), dur(), rate() or mtime() of a name",
            "^^^^^^^^^^^"
        ),
        (
            "g(depot) <- 3",
            "1:1: error: 'g()' cannot be assigned; allowed are d/dt(name), name(0), f(), lag(), alag(), dur(), rate() or mtime() of a name",
            "^^^^^^^^"
        ),
        ("ddt(x) <- 3", "1:1: error: 'ddt()' cannot be assigned; a derivative is written d/dt(name)", "^^^^^^"),
        ("d/dy(x) <- 3", "1:1: error: this cannot be assigned; a derivative is written d/dt(name)", "^^^^^^^"),
        ("x(1) <- 3", "1:1: error: an initial value is the one at time 0: found x(1); write x(0)", "^^^^"),
        ("f(2 * 3) <- 3", "1:1: error: 'f()' takes the name of one compartment", "^^^^^^^^"),
        (
            "a + b <- 3",
            "1:1: error: this cannot be assigned: left of '<-' stands a name, d/dt(name), name(0), or f(), lag(), alag(), dur(), rate() or mtime() of a name",
            "^^^^^"
        ),
        ("d/dt(x) + 3", "1:9: error: found '+'; '<-' or '=' is needed after d/dt(x)", "        ^"),
        ("d/dt(3) <- 2", "1:6: error: found the number 3; d/dt() takes the name of a compartment", "     ^"),
        (
            "y ~ add(a) + sd",
            "1:14: error: right of '~' stand error terms, joined by '+': add(sd), prop(sd), lnorm(sd), pois(mean), …; found 'sd'",
            "             ^^"
        ),
        (
            "a * b ~ add(a)",
            "1:1: error: an endpoint is a variable, or linCmt(): give the expression a name first", "^^^^^"
        ),
        (
            "ll(y) ~ add(a)",
            "1:1: error: a likelihood of its own is not taken: it belongs to estimation, and nothing can be drawn from it",
            "^^^^^"
        ),
        (
            "cl <- 1 v <- 2",
            "1:9: error: found 'v' right after an expression; an operator, ';' or a new line is missing before it",
            "        ^"
        ),
        (
            "if (a) { } y <- 2",
            "1:12: error: found 'y' right after '}'; a new line or ';' is missing before it", "           ^"
        ),
        ("if a > 3 y <- 2", "1:4: error: found 'a'; a condition in brackets is needed after 'if'", "   ^"),
        (
            "if (a > 3 y <- 2",
            "1:11: error: found 'y' right after an expression; an operator or ')' is missing before it", "          ^"
        ),
        (
            "if (a > 3)", "1:11: error: found the end of the text; a statement or a block in braces is needed here",
            "          ^"
        ),
        ("else y <- 2", "1:1: error: 'else' has no 'if' before it", "^^^^"),
        ("x <- 3 }", "1:8: error: '}' closes nothing: no '{' is open", "       ^"),
        ("{ x <- 2 }", "1:1: error: '{' opens a block only after 'if ( )' or 'else'", "^"),
        ("if (a) { x <- 1", "1:8: error: the '{' of 'if' is never closed: '}' is missing", "       ^"),
        (
            "while (a < b) { x <- 3 }",
            "1:1: error: 'while' is not taken: there are no loops, only assignments and if / else", "^^^^^"
        ),
        (
            "for (i in 1) x <- 2", "1:1: error: 'for' is not taken: there are no loops, only assignments and if / else",
            "^^^"
        ),
        ("break", "1:1: error: 'break' is not taken: there are no loops, only assignments and if / else", "^^^^^"),
        ("printf(\"%d\", x)", "1:1: error: 'printf()' is not taken: a model computes and does not print", "^^^^^^"),
        (
            "params(a, b)", "1:1: error: 'params()' is not taken: it belongs at the top of a model", "^^^^^^"
        ),
        ("x <- function(y) y", "1:6: error: functions cannot be defined here", "     ^^^^^^^^"),
        (
            "model({ x })", "1:1: error: 'model({ })' opens a block of a model file and cannot stand here", "^^^^^"
        ),
    ])
    func statements(_ text: String, _ message: String, _ caret: String) {
        #expect(Refused.rule(text) == "r.R:\(message)\n\(text)\n\(caret)")
    }

    /// Each broken statement is told of once, and the sound ones between them do not suffer.
    @Test func allProblemsAreToldTogether() {
        let text = """
            a <- (b + c
            d <- 1
            e <- max(1,
              2
            f(x) <- g +
            h <- 2
            if (a) {
              i -> 3
              j <- 2
              k <- 2 3
            }
              + l
            """
        #expect(
            Refused.rule(text) == """
                r.R:1:12: error: found the end of the line; an operator or ')' is needed here, for the '(' at column 6
                a <- (b + c
                           ^
                r.R:4:4: error: found the end of the line; an operator, ',' or ')' is needed here, for the '(' at line 3, column 9
                  2
                   ^
                r.R:6:3: error: '<-' assigns, and cannot stand inside an expression; this line goes on with line 5, which ends in '+'
                h <- 2
                  ^^
                r.R:8:5: error: '->' is not taken: write the variable first, name <- expression
                  i -> 3
                    ^^
                r.R:10:10: error: found the number 3 right after an expression; an operator, ';' or a new line is missing before it
                  k <- 2 3
                         ^
                r.R:12:3: error: a statement cannot start with '+': a line goes on only where the line before ends in an operator or stands in brackets
                  + l
                  ^
                """)
    }

    /// Of a line too long to read, the part around the place is shown.
    @Test func longLinesAreCut() {
        let text =
            "y <- " + Array(repeating: "a", count: 300).joined(separator: "+") + " b "
            + String(repeating: "#", count: 300)
        let lines = Refused.rule(text).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3)
        #expect(lines[1].first == "…" && lines[1].last == "…" && lines[1].count == 242)
        let column = lines[2].count
        #expect(lines[1].dropFirst(column - 1).first == "b" && lines[2].last == "^")
    }
}
