import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by the definitions of the functions: what rxode2 documents, and closed forms.
@Suite("Functions of doses and delays")
struct DoseFunctionTests {
    private static let two = "d/dt(depot) <- -depot\nd/dt(central) <- depot\n"

    /// The value of an output with the clock's inputs set by name.
    private func value(_ text: String, _ inputs: [String: Double] = [:], time: Double = 0) throws -> Double {
        let model = try Compiled.model(Self.two + "y <- " + text)
        return try Compiled.output("y", of: model, inputs: inputs, states: [0, 0], time: time)
    }

    @Test("Times after doses: missing before the first, 0 in the forms with a 0, 0 at the dose")
    func times() throws {
        let before = ["tlast(depot)": Double.nan, "tfirst(depot)": .nan, "tlast()": .nan, "tfirst()": .nan]
        for name in ["tad", "tafd", "tlast", "tfirst"] {
            #expect(try value("\(name)()", before, time: 3).isNaN)
            #expect(try value("\(name)(depot)", before, time: 3).isNaN)
            #expect(try value("\(name)0()", before, time: 3) == 0)
            #expect(try value("\(name)0(depot)", before, time: 3) == 0)
        }
        let after = ["tlast(depot)": 24.0, "tfirst(depot)": 2, "tlast()": 30, "tfirst()": 1]
        let expected = [
            ("tad(depot)", 12.0), ("tad()", 6), ("tafd(depot)", 34), ("tafd()", 35), ("tlast(depot)", 24),
            ("tlast()", 30), ("tfirst(depot)", 2), ("tfirst()", 1), ("tad0(depot)", 12), ("tafd0()", 35),
            ("tlast0()", 30), ("tfirst0(depot)", 2),
        ]
        for (text, expected) in expected { #expect(try value(text, after, time: 36) == expected, "\(text)") }
        #expect(try value("tad(depot)", after, time: 24) == 0)
    }

    @Test("Amount and number of doses; a comparison with a missing time is false")
    func amounts() throws {
        let inputs = ["podo(depot)": 100.0, "podo(central)": 5, "podo()": 7, "dosenum()": 3]
        #expect(try value("podo(depot)", inputs) == 100)
        #expect(try value("podo0(central)", inputs) == 5)
        #expect(try value("dose(depot)", inputs) == 100)
        #expect(try value("dose()", inputs) == 7)
        #expect(try value("dosenum()", inputs) == 3)
        // Without an argument podo() means the compartment of the last d/dt above.
        #expect(try value("podo()", inputs) == 5)
        #expect(try value("(tad(depot) > 2) + (tad(depot) <= 2)", ["tlast(depot)": .nan]) == 0)
    }

    @Test("The clock's inputs stand last, are no covariates, and are shared")
    func clockInputs() throws {
        let model = try Compiled.model(
            """
            ini({ a <- 1; eta ~ 0.1 })
            model({ d/dt(depot) <- -ka * depot
                    x <- tad(depot) + tlast(depot) + b
                    mw <- 2
                    y <- transit(n, mtt) + tafd() + dosenum() + late })
            """)
        #expect(
            model.inputs == [
                "a", "eta", "mw", "ka", "b", "n", "mtt", "late", "tlast(depot)", "podo(depot)", "tfirst()", "dosenum()",
            ])
        #expect(model.covariates == ["ka", "b", "n", "mtt", "late"])
        #expect(
            model.clock == [
                ClockInput(kind: .lastDoseTime, compartment: 0, slot: 8),
                ClockInput(kind: .lastDoseAmount, compartment: 0, slot: 9),
                ClockInput(kind: .firstDoseTime, compartment: nil, slot: 10),
                ClockInput(kind: .doseNumber, compartment: nil, slot: 11),
            ])
        // Reading the doses keeps a value individual; time makes it dynamic.
        #expect(model.graph.variability(of: model.outputNodes[0]) == .dynamic)
        let inputs = ["tlast(depot)": 5.0, "b": 100, "tfirst()": 1, "dosenum()": 2, "late": 1000, "mtt": 1]
        #expect(try Compiled.output("x", of: model, inputs: inputs, time: 7) == 107)
        // No amount, no input from the transit compartments.
        #expect(try Compiled.output("y", of: model, inputs: inputs, time: 7) == 1008)
    }

    @Test("transit() is the gamma density times amount and bioavailability")
    func transit() throws {
        for (n, mtt, s) in [(3.0, 2.0, 1.7), (20.1, 0.37, 0.3), (0.5, 4, 9)] {
            let inputs = ["n": n, "mtt": mtt, "bio": 0.8, "tlast(depot)": 10, "podo(depot)": 50]
            let rate = (n + 1) / mtt
            let density =
                rate * Elementary.pow(rate * s, n) * Elementary.exp(-rate * s) / Elementary.gamma(n + 1)
            let model = try Compiled.model(
                "d/dt(depot) <- transit(n, mtt)\nd/dt(central) <- 0 * central\nf(depot) <- 0\n"
                    + "y <- transit(n, mtt, bio)")
            let node = model.derivatives[0]
            let values = Compiled.values(model, [node], inputs: inputs, states: [0, 0], time: 10 + s)
            #expect(abs(values[0] / (50 * density) - 1) < 1e-12)
        }
    }

    @Test("transit() is 0 before any dose and at the dose, and sees the compartment it feeds")
    func transitAtTheDose() throws {
        let model = try Compiled.model(
            "d/dt(depot) <- -depot\nd/dt(central) <- transit(n, mtt, bio) + depot\nd/dt(x) <- 2 * transit(n, mtt)")
        #expect(
            model.clock.map(\.compartment) == [1, 1, 2, 2])
        var inputs = ["n": 3.0, "mtt": 2, "bio": 0.5, "tlast(central)": Double.nan, "tlast(x)": 1, "podo(x)": 4]
        inputs["podo(central)"] = 0
        let before = Compiled.values(model, model.derivatives, inputs: inputs, states: [0, 0, 0], time: 1)
        #expect(before[1] == 0)
        #expect(before[2] < 1e-40)
        let whole = try Compiled.model("inp <- transit(2, 1)\nd/dt(depot) <- inp\nd/dt(b) <- depot")
        #expect(whole.clock.map(\.compartment) == [0, 0])
    }

    @Test("delay() of an expression: one slot for each pair, none where nothing changes")
    func delays() throws {
        let model = try Compiled.model(
            """
            d/dt(x) <- r * delay(x, tau) * (1 - delay(x / k, tau)) + delay(r, tau) + delay(x, 0)
            y <- delay(x, tau) + delay(delay(x, tau), 2 * t)
            """)
        #expect(model.delays.map(\.slot) == [0, 1, 2])
        let values = model.delays.map { Compiled.values(model, [$0.value], inputs: ["k": 4], states: [8])[0] }
        #expect(values[0] == 8)
        #expect(values[1] == 2)
        #expect(model.graph[model.delays[2].value].operation == .delayed)
        #expect(model.graph.variability(of: model.delays[0].lag) == .individual)
        #expect(model.graph.variability(of: model.delays[2].lag) == .dynamic)
        let derivative = model.graph.slice(below: [model.derivatives[0]])
        #expect(derivative.filter { model.graph[$0].operation == .delayed }.map { model.graph[$0].a } == [0, 1])
    }

    @Test(
        "Misuse is refused with its place",
        arguments: [
            (
                "d/dt(depot) <- -depot\nx <- tad(depto)",
                "2:10: error: 'depto' is not a compartment of this model; did you mean 'depot'?\nx <- tad(depto)\n         ^^^^^"
            ),
            (
                "d/dt(a) <- -a\nx <- tad(1)",
                "2:6: error: 'tad()' takes nothing, or the name of one compartment\nx <- tad(1)\n     ^^^^^^"
            ),
            (
                "d/dt(a) <- -a\nx <- podo(a, a)",
                "2:6: error: 'podo()' takes nothing, or the name of one compartment\nx <- podo(a, a)\n     ^^^^^^^^^^"
            ),
            (
                "d/dt(a) <- transit(n)",
                "1:12: error: 'transit' takes 2 or 3 arguments, transit(n, mtt, bio), found 1\nd/dt(a) <- transit(n)\n           ^^^^^^^^^^"
            ),
            (
                "d/dt(a) <- delay(a)",
                "1:12: error: 'delay' takes 2 arguments, delay(expression, time), found 1\nd/dt(a) <- delay(a)\n           ^^^^^^^^"
            ),
            (
                "d/dt(a) <- delay(a, -2)",
                "1:21: error: 'delay' looks back by a time of 0 or more, found -2\nd/dt(a) <- delay(a, -2)\n                    ^^"
            ),
            (
                "d/dt(a) <- transit(n, mtt = 2)",
                "1:29: error: 'transit()' takes its arguments by place: leave out 'mtt ='\nd/dt(a) <- transit(n, mtt = 2)\n                            ^"
            ),
        ])
    func misuse(_ text: String, _ message: String) {
        #expect(RefusedByChecker.model(text) == "m.R:" + message)
    }

    @Test("A rule has no doses to read")
    func rules() {
        #expect(
            RefusedByChecker.rule("x <- tad()")
                == "r.R:1:6: error: 'tad()' reads the course of a simulation and belongs in a model\nx <- tad()\n     ^^^^^"
        )
    }
}
