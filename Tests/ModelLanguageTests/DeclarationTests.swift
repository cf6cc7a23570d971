import Testing

@testable import ModelLanguage

/// Details of how users write models. Backed by rxode2's documentation (rxode2 syntax; mix; lotri) and by what the same
/// statement means in its plain form.
@Suite("Declarations and ways of writing")
struct DeclarationTests {
    private func problem(_ text: String) -> String {
        do {
            _ = try Compiled.model(text)
            return "(none)"
        } catch { return "\(error)" }
    }

    @Test("What a model says of its covariates is kept, the last word counts")
    func courses() throws {
        let model = try Compiled.model("linear(A, `B`); locf(C)\nnocb(A)\nparam(A, C)\nparams(B)\nx <- A + B + C")
        #expect(model.document.courses.map(\.name) == ["A", "B", "C", "A"])
        #expect(["A", "B", "C", "D"].map { model.document.course(of: $0) } == [.nocb, .linear, .locf, nil])
        #expect(model.covariates == ["A", "B", "C"])
    }

    @Test("A declaration stands at the top of a model and takes names")
    func misplaced() {
        #expect(
            problem("if (a > 1) { locf(b) }\nx <- b").contains(
                "'locf()' is not taken: it belongs at the top of a model"))
        #expect(problem("linear(2)\nx <- a").contains("linear() takes names"))
        #expect(
            problem("midpoint(a)\nx <- a").contains(
                "'midpoint()' is not taken: allowed are locf(), nocb() and linear()"))
    }

    @Test("Names of packages before '::' are read over, those of others are not")
    func packages() throws {
        let text =
            "library(rxode2)\nrequire(\"nlmixr2\"); m <- rxode2::rxode2({ x <- rxode2::expit(a) + stats::pnorm(b) })"
        let model = try Compiled.model(text)
        #expect(try Compiled.output("x", of: model, inputs: ["a": 0, "b": 0]) == 1)
        #expect(problem("x <- dplyr::expit(a)").contains("'::' is not taken"))
        #expect(try Compiled.model("x <- rxode2 + a").covariates == ["rxode2", "a"])
    }

    @Test("A mark at the end of c() fixes a parameter")
    func marks() throws {
        let model = try Compiled.model(
            "ini({ a <- c(0, 1, fixed); b <- c(2, fix); c <- c(0, 1, 2) })\nmodel({ x <- a + b + c })")
        #expect(model.parameters.map(\.value) == [1, 2, 1])
        #expect(model.parameters.map(\.isFixed) == [true, true, false])
    }

    @Test("Arguments by name are those of their places")
    func arguments() throws {
        func value(_ text: String) throws -> Double {
            try Compiled.output("x", of: Compiled.model("x <- \(text)"), inputs: ["a": 0.3, "b": 2])
        }
        #expect(try value("expit(a, high = 10)") == value("expit(a, 0, 10)"))
        #expect(try value("expit(high = 11, low = b, a)") == value("expit(a, b, 11)"))
        #expect(try value("log(base = b, a)") == value("log(a, b)"))
        #expect(try value("ifelse(a > b, no = 4, yes = 5)") == 4)
        #expect(problem("x <- expit(a, top = 3)").contains("'expit()' takes its arguments by place: leave out 'top ='"))
        #expect(problem("x <- round(digits = 3)").contains("leave out 'digits ='"))
    }

    @Test("mix() chooses by class, with probabilities that are known")
    func mixtures() throws {
        let text = "ini({ p <- 0.3 })\nmodel({ x <- mix(a, p, b, 0.1, 7); y <- mix(1, 2, 3) })"
        let model = try Compiled.model(text)
        #expect(model.mixture == [.parameter("p"), .number(0.1)])
        for (number, expected) in [(1.0, [4, 1.0]), (2, [5, 2]), (3, [7, 3])] {
            let inputs = ["a": 4, "b": 5, "mixest": number, "p": 0.3]
            #expect(try Compiled.output("x", of: model, inputs: inputs) == expected[0])
            #expect(try Compiled.output("y", of: model, inputs: inputs) == expected[1])
        }
        #expect(
            problem("x <- mix(a, q, b)").contains(
                "the probabilities of 'mix' are parameters of ini, or numbers from 0 to 1, found 'q'"))
        #expect(
            problem("x <- mix(a, 0.5, b)\ny <- mix(a, 0.4, b)").contains(
                "a subject has one class: the probabilities of the first mix() hold for all"))
        #expect(
            problem("x <- mix(a, b)").contains(
                "'mix' takes a probability behind every value but the last, mix(a, p1, b, p2, c), found 2 arguments"))
    }

    @Test("A wrong compartment, a likelihood and a text for a number are told apart")
    func messages() {
        #expect(
            problem("d/dt(gut) <- -gut\nf(central) <- 2").contains(
                "'central' is not a compartment of this model; it has gut"))
        #expect(
            problem("x <- a\nll(x) ~ -a").contains("a likelihood of its own is not taken: it belongs to estimation"))
        #expect(
            problem("sex <- 2 * SEXF\nif (sex == \"F\") x <- 1 else x <- 2").contains(
                "'sex' is a number here, and a text is compared with categories only: found \"F\""))
    }
}
