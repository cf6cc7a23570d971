import NumericsCore
import Testing

@testable import ModelLanguage

/// The forms that a model may come in mean the same, and names that rxode2 reserves mean what they mean there.
@Suite("Forms of a model")
struct ModelFormTests {
    private static let statements = "k <- cl / v\nd/dt(central) <- -k * central\nCc = central / v; Cc ~ add(sd)"

    @Test(
        "Bare text, blocks, a function with model alone, and rxode2({ }) give the same model",
        arguments: [
            statements, "model({\n\(statements)\n})", "function() {\nmodel({\n\(statements)\n})\n}",
            "one <- function() {\n  description <- \"one\"\n  model({\n\(statements)\n  })\n}\none",
            "one = function() { model({ \(statements) }) }", "rxode2({\n\(statements)\n})",
            "m <- rxode2({\n\(statements)\n})",
            "RxODE({ \(statements) })", "ini({})\nmodel({\n\(statements)\n})",
        ])
    func forms(_ text: String) throws {
        let model = try Compiled.model(text)
        #expect(model.states == ["central"])
        #expect(model.covariates == ["cl", "v", "sd"])
        #expect(model.outputs == ["k", "Cc"])
        #expect(model.endpoints.map(\.name) == ["Cc"])
        #expect(Compiled.values(model, model.derivatives, inputs: ["cl": 2, "v": 10], states: [5]) == [-1])
    }

    @Test("Constants of C and the doses' reserved names have their values; assigned names keep their own")
    func reservedNames() throws {
        let model = try Compiled.model("y <- M_LN2 + M_PI + M_SQRT2\nz <- podo * (t - tlast)\nd/dt(a) <- 1")
        #expect(model.covariates.isEmpty)
        #expect(model.inputs == ["podo()", "tlast()"])
        let sum = 0.6931471805599453 + Double.pi + 2.0.squareRoot()
        #expect(try Compiled.output("y", of: model, states: [0]) == sum)
        let inputs = ["podo()": 3.0, "tlast()": 2]
        #expect(try Compiled.output("z", of: model, inputs: inputs, states: [0], time: 6) == 12)
        let own = try Compiled.model("podo <- 2 * a\nM_PI <- 3 * a\ny <- podo + M_PI")
        #expect(own.covariates == ["a"])
        #expect(own.clock.isEmpty)
        #expect(RefusedByChecker.rule("x <- podo").hasPrefix("r.R:1:6: error: 'podo' is not known here"))
    }

    @Test("Occasions written by hand are plain arithmetic on a covariate")
    func occasionsByHand() throws {
        let model = try Compiled.model(
            """
            ini({ lcl <- 1; iov1 ~ 0.1; iov2 ~ fix(0.1) })
            model({ o1 <- (OCC == 1)
                    o2 <- (OCC == 2)
                    cl <- exp(lcl + o1 * iov1 + o2 * iov2) })
            """)
        for (occasion, effect) in [(1.0, 0.3), (2, -0.2), (3, 0)] {
            let inputs = ["OCC": occasion, "iov1": 0.3, "iov2": -0.2]
            #expect(try Compiled.output("cl", of: model, inputs: inputs) == Elementary.exp(1 + effect))
        }
    }

    @Test("What the parser takes at its limits is checked without overflowing the stack")
    func limits() throws {
        let sum = (0..<990).map { _ in "a" }.joined(separator: " + ")
        let nested = String(repeating: "abs(", count: 195) + "a" + String(repeating: ")", count: 195)
        let blocks =
            String(repeating: "if (a > 1) {\n", count: 195) + "x <- linCmt()" + String(repeating: "\n}", count: 195)
        let model = try Compiled.model("cl <- \(sum)\nv <- \(nested)\n\(blocks)\ny ~ add(\(nested))\nx ~ prop(\(sum))")
        #expect(model.states == ["central"])
        #expect(Compiled.values(model, model.derivatives, inputs: ["a": 2], states: [1]) == [-990])
        #expect(!ModelListing(model).text.isEmpty)
    }
}
