import Testing

@testable import Evaluation

/// Backed by what R makes of the same text, written down by hand.
@Suite("Formulas")
struct FormulaTests {
    private func names(_ text: String) throws -> [String] {
        try Formula(text).terms.map { $0.map(\.name).joined(separator: ":") }
    }

    @Test("Terms, strata and clusters are told apart")
    func parts() throws {
        let formula = try Formula("Surv(time, status) ~ age + factor(stage) + strata(site, sex) + cluster(id)")
        #expect(formula.response == .survival(start: nil, time: "time", event: .init(column: "status")))
        #expect(formula.terms.map { $0.map(\.name) } == [["age"], ["factor(stage)"]])
        #expect(formula.strata == ["site", "sex"] && formula.cluster == "id")
        #expect(formula.columns == ["time", "status", "age", "stage", "site", "sex", "id"])
    }

    @Test("A product stands for its terms, lower ones first, each once")
    func products() throws {
        #expect(try names("Surv(t, e) ~ a*b") == ["a", "b", "a:b"])
        #expect(try names("Surv(t, e) ~ a + a:b + a") == ["a", "a:b"])
        #expect(
            try names("Surv(t, e) ~ log(a) * b * c") == [
                "log(a)", "b", "c", "log(a):b", "log(a):c", "b:c", "log(a):b:c",
            ])
    }

    @Test("Powers, nesting, parentheses and terms taken away, those of fewer factors first")
    func signs() throws {
        #expect(try names("Surv(t, e) ~ (a + b + c)^2 - a:c - b") == ["a", "c", "a:b", "b:c"])
        #expect(try names("Surv(t, e) ~ (a + b - a)*c + a - c + c") == ["b", "a", "c", "b:c"])
        #expect(try names("Surv(t, e) ~ a/b + c") == ["a", "c", "a:b"])
        #expect(try names("Surv(t, e) ~ a*b + c + b:a") == ["a", "b", "c", "a:b"])
        #expect(
            try names("Surv(t, e) ~ I(a^2) + log(a+1) + I((a-1) / 10) + (b > 2e-1)")
                == ["I(a^2)", "log(a + 1)", "I((a - 1)/10)", "b > 2e-1"])
        #expect(
            try Formula("Surv(t, e) ~ . - b").expanded(over: ["t", "e", "a", "b"]).columns == ["t", "e", "a", "b"])
    }

    @Test("Parentheses without end are refused before they are followed")
    func depth() throws {
        for deep in [String(repeating: "(", count: 100_000), "I(" + String(repeating: "-", count: 100_000)] {
            let error = #expect(throws: EvaluationErrors.self) { _ = try Formula("Surv(t, e) ~ " + deep) }
            #expect(error?.description.contains("more than 50 parentheses or signs inside each other") == true)
        }
    }

    @Test("Delayed entry, a named code, odd names, and no term at all")
    func responses() throws {
        #expect(
            try Formula("Surv(start, stop, status == 2) ~ 1").response
                == .survival(start: "start", time: "stop", event: .init(column: "status", code: "2")))
        #expect(
            try Formula("Surv(time, cause == \"death of it\") ~ `odd name`").response
                == .survival(start: nil, time: "time", event: .init(column: "cause", code: "death of it")))
        #expect(try names("Surv(time, status) ~ `odd name`") == ["odd name"])
        #expect(try Formula("Surv(time, status) ~ 1").terms.isEmpty)
    }

    @Test(
        "What is no formula is refused with what was found and what is allowed",
        arguments: [
            ("Surv(time, status)", "found the end, allowed: '~'"),
            ("Surv(time) ~ a", "found 1 arguments of Surv(), allowed: Surv(time, event) or Surv(start, stop, event)"),
            ("Surv(time, status) ~ ", "found the end, allowed: a column"),
            ("Surv(time, status) ~ a b", "found 'b', allowed: + and another term, or the end"),
            (
                "Surv(time, status) ~ a + poly(x)",
                "found 'poly(', allowed: powers such as x + I(x^2)"
            ),
            (
                "Surv(time, status) ~ a + spline(x)",
                "found 'spline(', allowed: a column, factor(), log(), log2(), log10(), log1p(), sqrt(), exp(), abs(), I(), "
                    + "strata() or cluster()"
            ),
            (
                "Surv(time, status) ~ a + tt(x)",
                "found 'tt(', allowed: no time transform; cut the follow-up into rows and write Surv(start, stop, event)"
            ),
            ("Surv(time, status) ~ a - 1", "found - 1, allowed: a column, or 1 for none"),
            ("Surv(time, status) ~ a + b > 3", "found 'b > 3' among other terms, allowed: I(b > 3)"),
            (
                "Surv(time, status) ~ a * strata(b)",
                "found strata(), cluster() or 1 in a product, allowed: these after +; x:factor(s) has an x for each level of s"
            ),
            ("Surv(time, status) ~ .:a", "found '.' in a product, allowed: the names of the columns"),
            ("Surv(time, status ~ a", "found '~', allowed: ')'"),
            ("Surv(time, status) ~ 0", "found 0, allowed: a column, or 1 for none"),
        ])
    func refusals(_ text: String, _ message: String) throws {
        #expect(throws: EvaluationErrors(message, at: "formula '\(text)'")) { _ = try Formula(text) }
    }
}
