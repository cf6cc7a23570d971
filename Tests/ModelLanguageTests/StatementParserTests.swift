import ModelLanguage
import Testing

/// Backed throughout by the language's description, sections 1, 3, 5, 6 and 7.
@Suite("Statements")
struct StatementParserTests {
    private func kinds(_ text: String) throws -> [Statement.Kind] {
        try Read.rule(text).map { $0.withoutPlaces.kind }
    }

    private func symbol(_ name: String) -> Expression {
        Expression(.symbol(name), at: SourcePlace(line: 1, column: 1))
    }

    @Test func everyTargetIsTold() throws {
        let text = """
            x <- e
            x = e
            d/dt(x) <- e
            d / dt ( x ) = e
            x(0) <- e
            f(x) <- e
            F(x) <- e
            lag(x) <- e
            alag(x) <- e
            dur(x) <- e
            rate(x) <- e
            mtime(x) <- e
            f(0) <- e
            `d x` <- e
            """
        let targets: [Statement.Target] = [
            .variable("x"), .variable("x"), .derivative("x"), .derivative("x"), .initialValue("x"),
            .property(.bioavailability, "x"), .property(.bioavailability, "x"), .property(.lag, "x"),
            .property(.lag, "x"), .property(.duration, "x"), .property(.rate, "x"), .modelTime("x"),
            .initialValue("f"), .variable("d x"),
        ]
        #expect(try kinds(text) == targets.map { .assign($0, symbol("e")) })
    }

    @Test func compartmentsAndStandaloneCalls() throws {
        let statements = try kinds("cmt(depot)\nlinCmt()")
        #expect(statements.first == .compartment("depot"))
        guard case .expression(let call) = statements[1], case .call("linCmt", []) = call.kind else {
            Issue.record("linCmt() stands alone")
            return
        }
    }

    @Test func statementsEndAtLineEndsAndSemicolons() throws {
        #expect(try kinds("a <- e;\n\n b<-e ; c <-\n e # why\n;;d=e").count == 4)
        #expect(try kinds("").isEmpty)
        #expect(try kinds("# nothing\n\n").isEmpty)
        #expect(try kinds("a <- e\r\nb <- e\r\n").count == 2)
        #expect(try kinds("y <- a *\n  b\nz <- max(a,\n  b)").map { _ in 1 } == [1, 1])
        #expect(try Read.rule("x<-5").map(\.description) == ["x <- 5"])
        #expect(try Read.rule("kin <- - k*x").map(\.description) == ["kin <- -k * x"])
    }

    @Test func conditionsWithAndWithoutBraces() throws {
        let one = try kinds("if (r < base) r2 <- base")
        guard case .conditional(let branches, let otherwise) = try #require(one.first) else {
            Issue.record("no conditional")
            return
        }
        #expect(branches.count == 1)
        #expect(branches[0].condition.prefixForm == "(< r base)")
        #expect(branches[0].body.map(\.kind) == [.assign(.variable("r2"), symbol("base"))])
        #expect(otherwise.isEmpty)

        let text = """
            if (a > 1) {
                x <- 1; y <- 2
            }
            else if (a > 0)
                x <- 3
            else {
                if (b) x <- 4 else x <- 5
            }
            z <- 6
            """
        let statements = try kinds(text)
        #expect(statements.count == 2)
        guard case .conditional(let chain, let last) = statements[0] else {
            Issue.record("no conditional")
            return
        }
        #expect(chain.map(\.body.count) == [2, 1])
        #expect(last.count == 1)
        #expect(try kinds("if (a) {} else {}\n").count == 1)
        #expect(try kinds("if (a)\n\n{ x <- e }\n\n\nelse x <- e").count == 1)
    }

    @Test(arguments: [
        ("y ~ prop(b)", "y", ["(prop b)"], nil), ("y ~ add(a) + prop(b)", "y", ["(add a)", "(prop b)"], nil),
        ("y ~ prop(b) +\n add(a)", "y", ["(prop b)", "(add a)"], nil), ("y ~ lnorm(s)", "y", ["(lnorm s)"], nil),
        ("y ~ add(a) | cond", "y", ["(add a)"], "cond"), ("y ~ pois(lambda)", "y", ["(pois lambda)"], nil),
        ("y ~ dbeta(alpha, beta)", "y", ["(dbeta alpha beta)"], nil),
        ("linCmt() ~ add(sd)", "(linCmt)", ["(add sd)"], nil),
        ("y ~ add(a) + prop(b) + combined1() | `c 1`", "y", ["(add a)", "(prop b)", "(combined1)"], "c 1"),
    ])
    func endpoints(_ text: String, _ observed: String, _ terms: [String], _ condition: String?) throws {
        guard case .endpoint(let endpoint) = try #require(try Read.rule(text).first).kind else {
            Issue.record("no endpoint")
            return
        }
        #expect(endpoint.observed.prefixForm == observed)
        #expect(endpoint.terms.map(\.prefixForm) == terms)
        #expect(endpoint.condition == condition)
    }

    @Test func namesThatAreFunctionsElsewhereAreVariablesHere() throws {
        let text = "gamma <- c * q + ln / f0 - rate^lag\nif0 <- elsewhere + nextDose"
        #expect(
            try Read.rule(text).map(\.description) == [
                "gamma <- c * q + ln / f0 - rate^lag", "if0 <- elsewhere + nextDose",
            ])
    }

    @Test func aPlaceIsTheLeftSide() throws {
        let statements = try Read.rule("x <- 1\n  d/dt(central) <- 2\n  if (a) y <- 3\n  cp ~ add(s)")
        #expect(
            statements.map(\.place) == [
                SourcePlace(line: 1, column: 1, length: 1), SourcePlace(line: 2, column: 3, length: 13),
                SourcePlace(line: 3, column: 3, length: 2), SourcePlace(line: 4, column: 3, length: 2),
            ])
    }
}
