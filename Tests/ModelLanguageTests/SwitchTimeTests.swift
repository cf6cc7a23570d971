import Testing

@testable import ModelLanguage

/// Backed by the roots of the comparisons, worked out by hand.
@Suite("Model times and switching times")
struct SwitchTimeTests {
    private func times(_ text: String, _ inputs: [String: Double] = [:]) throws -> [Double] {
        let model = try Compiled.model(text)
        for time in model.switchTimes { #expect(model.graph.variability(of: time) != .dynamic) }
        return Compiled.values(model, model.switchTimes, inputs: inputs)
    }

    @Test(
        "Comparisons of straight lines in time give the time at which they meet",
        arguments: [
            ("y <- (t < tm)", 4.0), ("y <- (tm >= t)", 4), ("y <- (2 * t - 3 > tm)", 3.5), ("y <- (t / 2 == tm)", 8),
            ("y <- (tm - t < t)", 2), ("y <- ifelse(t <= 84, 1, 2)", 84),
            ("if (t > tm && t < tm) y <- 1 else y <- 0", 4),
            ("y <- max(t - tm, 0)", 4), ("y <- abs(3 - t)", 3), ("y <- -t < -5", 5), ("y <- !(t != 6)", 6),
            ("y <- exp(-(t > 9))", 9), ("y <- (t * tm + 1 < 9)", 2),
        ])
    func lines(_ text: String, _ expected: Double) throws {
        #expect(try times("d/dt(x) <- 1\n" + text, ["tm": 4]) == [expected])
    }

    @Test("Times after doses, model times, delayed expressions; each time once")
    func others() throws {
        let text = """
            d/dt(depot) <- -depot * (tad(depot) > tau) - depot * (tad(depot) <= tau) + delay(depot * (t > 5), 2)
            mtime(t1) <- 3 * a
            mtime(t2) <- a
            y <- (t > t1)
            """
        let inputs = ["tau": 0.5, "tlast(depot)": 24.0, "a": 2]
        #expect(try times(text, inputs) == [24.5, 5, 6, 2])
        let model = try Compiled.model(text)
        #expect(model.modelTimes.map(\.name) == ["t1", "t2"])
        #expect(Compiled.values(model, model.modelTimes.map(\.node), inputs: inputs) == [6, 2])
        #expect(model.outputs == ["t1", "t2", "y"])
        #expect(try Compiled.output("t2", of: model, inputs: inputs, states: [0]) == 2)
    }

    @Test("What is no straight line in time, or never changes, gives none")
    func none() throws {
        for text in [
            "y <- (x > 3)", "y <- (t^2 > 3)", "y <- (a > b)", "y <- (t < t + 1)", "y <- (exp(t) > 2)", "z <- t",
        ] {
            #expect(try times("d/dt(x) <- 1\n" + text).isEmpty, "\(text)")
        }
    }

    @Test("Remainders and steps of time switch again and again")
    func repeated() throws {
        func switches(_ text: String) throws -> [[Double]] {
            let model = try Compiled.model("d/dt(x) <- 1\n" + text)
            #expect(model.switchTimes.isEmpty)
            return model.repeatedSwitches.map {
                Compiled.values(model, [$0.first, $0.period], inputs: ["a": 6, "p": 24])
            }
        }
        // The remainder falls back every period, and passes the limit at a time of its own.
        #expect(try switches("y <- (t %% 24 < 12)") == [[0, 24], [12, 24]])
        #expect(try switches("y <- ((2 * t - a) %% p - 3 >= 1)") == [[3, 12], [5, 12]])
        #expect(try switches("y <- floor(t / p)") == [[0, 24]])
        #expect(try switches("y <- ceiling((t - a) / p)") == [[6, 24]])
        #expect(try switches("y <- round(t)") == [[0.5, 1]])
        #expect(try switches("y <- ((t %% 24) + t < 9)") == [[0, 24]])
        #expect(try switches("y <- (x %% 24 < 9)").isEmpty)
    }

    @Test("A model time in a branch is missing where the branch does not hold")
    func branches() throws {
        let model = try Compiled.model("s <- 1\nif (a > 1) mtime(s2) <- 2 * a\ny <- t > s")
        let node = model.modelTimes[0].node
        #expect(Compiled.values(model, [node], inputs: ["a": 3]) == [6])
        #expect(Compiled.values(model, [node], inputs: ["a": 1])[0].isNaN)
    }

    @Test("Durations, rates, bioavailability and lag may depend on time and state; initial values on the start")
    func properties() throws {
        let model = try Compiled.model(
            """
            d/dt(a) <- -a
            d/dt(b) <- a
            dur(a) <- d1 * 2
            rate(b) <- a + t
            f(a) <- exp(-t)
            alag(b) <- a / 2
            b(0) <- 3 + t
            """)
        #expect(model.durations.map { $0 != nil } == [true, false])
        #expect(model.rates.map { $0 != nil } == [false, true])
        func value(_ node: NodeID?) throws -> Double {
            Compiled.values(model, [try #require(node)], inputs: ["d1": 3], states: [4, 0], time: 5)[0]
        }
        #expect(try value(model.durations[0]) == 6)
        #expect(try value(model.rates[1]) == 9)
        #expect(try value(model.lags[1]) == 2)
        #expect(try value(model.initialValues[1]) == 8)
        #expect(model.graph.variability(of: model.bioavailability[0]) == .dynamic)
    }
}
