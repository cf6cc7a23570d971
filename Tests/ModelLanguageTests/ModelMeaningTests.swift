import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by the language's definition: what rxode2 makes of the same statements.
@Suite("Meaning of models")
struct ModelMeaningTests {
    @Test("Inputs stand in order: parameters, etas, defaults, then covariates by first use")
    func inputs() throws {
        let model = try Compiled.model(
            """
            ini({ etacl ~ 0.09
                  tcl <- 4
                  add.sd <- 0.1
                  etav + etaq ~ c(0.1, 0.01, 0.2) })
            model({ mw <- 165.2
                    cl <- tcl * exp(etacl) * (WT / 70)^0.75
                    shift <- -2
                    v <- 30 * exp(etav) * SEXF
                    d/dt(central) <- -cl / v * central
                    cp <- central / v / mw + shift
                    cp ~ add(add.sd) })
            """)
        #expect(model.inputs == ["tcl", "add.sd", "etacl", "etav", "etaq", "mw", "shift", "WT", "SEXF"])
        #expect(model.parameters.map(\.name) == ["tcl", "add.sd"])
        #expect(model.etas == ["etacl", "etav", "etaq"])
        #expect(model.defaults.map(\.name) == ["mw", "shift"])
        #expect(model.defaults.map(\.value) == [165.2, -2])
        #expect(model.covariates == ["WT", "SEXF"])
        // A parameter with a default is no computed output.
        #expect(model.outputs == ["cl", "v", "cp"])
    }

    @Test("A variable used in the statement that first assigns it is an input there, afresh at each evaluation")
    func inputOnTheRight() throws {
        let model = try Compiled.model("kin <- 2 * (kin + b)\nkin <- kin + 1\nd/dt(x) <- kin")
        #expect(model.covariates == ["kin", "b"])
        #expect(model.outputs == ["kin"])
        for _ in 0..<2 { #expect(try Compiled.output("kin", of: model, inputs: ["kin": 3, "b": 4]) == 15) }
    }

    @Test("A first assignment of a bare number is a parameter with a default that a caller may override")
    func defaults() throws {
        let model = try Compiled.model("psi <- 20\ny <- psi + 1\npsi <- psi * 2\nz <- psi")
        #expect(model.defaults.map(\.name) == ["psi"])
        #expect(model.outputs == ["y", "psi", "z"])
        #expect(try Compiled.output("z", of: model) == 40)
        #expect(try Compiled.output("z", of: model, inputs: ["psi": 3]) == 6)
        #expect(try Compiled.output("y", of: model, inputs: ["psi": 3]) == 4)
    }

    @Test("A number assigned after an 'if' has assigned the name overrides it and is no default")
    func noDefaultAfterConditional() throws {
        let model = try Compiled.model("if (F == 1) x <- 2 else x <- 3\nx <- 5\ny <- x")
        #expect(model.defaults.isEmpty)
        #expect(try Compiled.output("y", of: model, inputs: ["F": 1]) == 5)
        let before = try Compiled.model("x <- 5\nif (F == 1) x <- 2\ny <- x")
        #expect(before.defaults.map(\.name) == ["x"])
        for (flag, expected) in [(1.0, 2.0), (0, 7)] {
            #expect(try Compiled.output("y", of: before, inputs: ["F": flag, "x": 7]) == expected)
        }
    }

    @Test("An assignment overrides a parameter of ini, a number too")
    func overridingParameters() throws {
        let model = try Compiled.model("ini({ ka <- 1; cl <- 2 })\nmodel({ ka <- 7\ncl <- cl * 10\ny <- ka + cl })")
        #expect(model.defaults.isEmpty)
        #expect(try Compiled.output("y", of: model) == 27)
    }

    @Test("Compartments are numbered by cmt() first, then by their first d/dt; hazards come last")
    func stateOrder() throws {
        let model = try Compiled.model(
            """
            y <- c + a
            if (t > 3) d/dt(e) <- 1
            d/dt(a) <- -a
            cmt(depot)
            d/dt(b) <- a
            cmt(c)
            d/dt(c) <- b
            d/dt(a) <- -2 * a
            """, hazards: [("death", "hazard <- 0.1 * c"), ("bleeding", "hazard <- a")])
        #expect(
            model.states == ["depot", "c", "e", "a", "b", "cumulative_hazard_death", "cumulative_hazard_bleeding"])
        #expect(model.events == ["death", "bleeding"])
        let rates = Compiled.values(model, model.derivatives, states: [1, 10, 100, 1000, 10_000, 0, 0], time: 4)
        // A declared compartment without a rate stands still; the last d/dt of a name counts.
        #expect(rates == [0, 10_000, 1, -2000, 1000, 1, 1000])
    }

    @Test("t and time are the model's time; a state is read before its d/dt; an alias follows")
    func symbols() throws {
        let model = try Compiled.model(
            "cc <- central / v\nWBC <- central\nd/dt(central) <- -t * time\ny <- WBC + cc + pi")
        #expect(model.covariates == ["v"])
        #expect(Compiled.values(model, model.derivatives, time: 3) == [-9])
        #expect(try Compiled.output("y", of: model, inputs: ["v": 2], states: [8]) == 12 + Double.pi)
    }

    @Test("Undefined names, wrong capitals and functions without brackets are inputs")
    func namesBecomeInputs() throws {
        let model = try Compiled.model("y <- Emax * cos * cos(x) + emax")
        #expect(model.covariates == ["Emax", "cos", "x", "emax"])
    }

    @Test("Variabilities: constants fold, individual values are told from those that change")
    func variability() throws {
        let model = try Compiled.model("k <- 2 * 3 + 4 * 0\ncl <- k * WT\nv <- cl + t\nw <- cl * a\nd/dt(a) <- 1")
        let found = model.outputNodes.map { model.graph.variability(of: $0) }
        #expect(found == [.constant, .individual, .dynamic, .dynamic])
        #expect(model.graph.constant(model.outputNodes[0]) == 6)
    }

    @Test("A hazard reads the model's variables, keeps its own to itself, and may bring covariates of its own")
    func hazardScopes() throws {
        let model = try Compiled.model(
            "INR <- 1 + effect\nrate <- 0.5\nd/dt(effect) <- -effect",
            hazards: [
                (
                    "bleeding",
                    "INR <- max(INR, 2)\nslope <- 0.1\nif (INR > 3) slope <- 0.2\nhazard <- slope * INR * AGE"
                ),
                ("stroke", "hazard <- rate / INR + slope"),
            ])
        #expect(model.outputs == ["INR"])
        #expect(model.defaults.map(\.name) == ["rate"])
        // `slope` of the first hazard is not that of the second, where nothing assigns it.
        #expect(model.covariates == ["AGE", "slope"])
        let inputs = ["AGE": 10.0, "slope": 7]
        #expect(
            Compiled.values(model, model.derivatives, inputs: inputs, states: [0.5, 0, 0]) == [-0.5, 2, 0.5 / 1.5 + 7])
        #expect(Compiled.values(model, model.derivatives, inputs: inputs, states: [4, 0, 0]) == [-4, 10, 7.1])
    }

    @Test("Endpoints: variable, name, and the terms of the residual error")
    func endpoints() throws {
        let model = try Compiled.model(
            """
            ini({ a <- 0.1; b <- 0.2 })
            model({ cp <- central / v
                    d/dt(central) <- -central
                    sd2 <- a * FLAG + b * (1 - FLAG)
                    cp ~ prop(b) + add(a)
                    central ~ lnorm(sd2) | amount })
            """)
        #expect(model.endpoints.map(\.variable) == ["cp", "central"])
        #expect(model.endpoints.map(\.name) == ["cp", "amount"])
        #expect(
            model.endpoints.map { [$0.additive, $0.proportional, $0.logNormal].map { $0 != nil } } == [
                [true, true, false], [false, false, true],
            ])
        let logNormal = try #require(model.endpoints[1].logNormal)
        #expect(Compiled.values(model, [logNormal], inputs: ["FLAG": 1]) == [0.1])
        #expect(Compiled.values(model, [logNormal], inputs: ["FLAG": 0]) == [0.2])
    }
}
