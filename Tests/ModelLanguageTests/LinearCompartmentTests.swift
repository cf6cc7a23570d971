import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by closed forms, by the same model written as equations, and by the exponents and coefficients of a sum of
/// exponentials that a parameterisation is given in.
@Suite("linCmt()")
struct LinearCompartmentTests {
    /// Rates of change of a model's states with every parameter of a text given by number.
    private func derivatives(_ text: String, _ states: [Double]) throws -> [Double] {
        let model = try Compiled.model(text)
        return Compiled.values(model, model.derivatives, states: states)
    }

    private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }
    }

    @Test("Clearances and volumes of one to three compartments, with and without a depot, in either letter case")
    func clearances() throws {
        let one = try Compiled.model("cl <- 2 * a\nv <- 10 * b\ncp <- linCmt()")
        #expect(one.states == ["central"])
        #expect(one.covariates == ["a", "b"])
        #expect(one.outputs == ["cl", "v", "cp"])
        #expect(Compiled.values(one, one.derivatives, inputs: ["a": 1, "b": 1], states: [5]) == [-1])
        #expect(try Compiled.output("cp", of: one, inputs: ["a": 1, "b": 1], states: [5]) == 0.5)

        for names in [
            ["ka", "cl", "vc", "q", "vp", "q2", "vp2"], ["KA", "CL", "V", "Q", "V2", "Q2", "V3"],
            ["Ka", "Cl", "V1", "CLD", "V2", "CLD2", "V3"], ["ka", "cl", "v2", "q1", "v3", "q2", "v4"],
            ["ka", "cl", "v", "cl2", "vt", "cl3", "vt2"], ["ka", "cl1", "v", "cl2", "vd1", "cl3", "vd2"],
            ["ka", "cl", "v", "q2", "v3", "q3", "v4"],
            ["KA", "CL", "V2", "Q3", "V3", "Q4", "V4"], ["ka", "cl", "v", "q", "vp", "q2", "vp1"],
        ] {
            let values = [0.5, 2, 10, 3, 20, 4, 40]
            let text = zip(names, values).map { "\($0) <- \($1)" }.joined(separator: "\n")
            let model = try Compiled.model(text + "\nCc <- linCmt()")
            #expect(model.states == ["depot", "central", "peripheral1", "peripheral2"], "\(names)")
            let rates = Compiled.values(model, model.derivatives, inputs: model.values, states: [100, 50, 30, 20])
            let expected = [
                -50, 50 - 0.2 * 50 - 0.3 * 50 + 0.15 * 30 - 0.4 * 50 + 0.1 * 20, 0.3 * 50 - 0.15 * 30,
                0.4 * 50 - 0.1 * 20,
            ]
            #expect(isClose(rates, expected), "\(names): \(rates)")
            let concentration = try Compiled.output("Cc", of: model, inputs: model.values, states: [0, 50, 0, 0])
            #expect(concentration == 5)
        }
    }

    @Test("Micro constants, steady-state volume, and both numberings of the compartments")
    func micro() throws {
        let expected = [-50, 50 - 0.2 * 50 - 0.3 * 50 + 0.15 * 30, 0.3 * 50 - 0.15 * 30]
        for text in [
            "ka <- 0.5\nkel <- 0.2\nv <- 10\nk12 <- 0.3\nk21 <- 0.15",
            "ka <- 0.5\nK <- 0.2\nV <- 10\nk12 <- 0.3\nk21 <- 0.15",
            "ka <- 0.5\nk20 <- 0.2\nv2 <- 10\nk23 <- 0.3\nk32 <- 0.15",
            "ka <- 0.5\nk10 <- 0.2\nv1 <- 10\nk12 <- 0.3\nk21 <- 0.15",
            "ka <- 0.5\ncl <- 2\nv <- 10\nq <- 3\nvss <- 30",
        ] {
            let model = try Compiled.model(text + "\ncp <- linCmt()")
            let rates = Compiled.values(model, model.derivatives, inputs: model.values, states: [100, 50, 30])
            #expect(isClose(rates, expected), "\(text): \(rates)")
        }
        // A clearance wins over a rate that the model computes beside it.
        let both = try Compiled.model("cl <- 2\nv <- 10\nkel <- cl / v\ncp <- linCmt()")
        #expect(both.states == ["central"])
        #expect(Compiled.values(both, both.derivatives, inputs: both.values, states: [5]) == [-1])
    }

    /// The Laplace transform of the concentration after a unit bolus, `Σ Cᵢ / (s + λᵢ)`, from the model's equations:
    /// the solution of `s x = A x + dose` by elimination.
    private func transform(_ model: Model, at s: Double) -> Double {
        let n = model.states.count
        var rows = (0..<n).map { row in (0..<n).map { $0 == row ? s : 0 } + [row == 0 ? 1.0 : 0] }
        for column in 0..<n {
            let unit = (0..<n).map { $0 == column ? 1.0 : 0 }
            let rates = Compiled.values(model, model.derivatives, inputs: model.values, states: unit)
            for row in 0..<n { rows[row][column] -= rates[row] }
        }
        for pivot in 0..<n {
            for row in 0..<n where row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in 0...n { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        let unit = [1.0] + [Double](repeating: 0, count: n - 1)
        let index = model.outputs.firstIndex(of: "cp") ?? 0
        return rows[0][n] / rows[0][0]
            * Compiled.values(model, [model.outputNodes[index]], inputs: model.values, states: unit)[0]
    }

    @Test("Exponents with coefficients: the concentration is their sum of exponentials")
    func exponentials() throws {
        let cases: [(String, [(Double, Double)])] = [
            ("alpha <- 0.9\na <- 0.05", [(0.05, 0.9)]),
            ("alpha <- 0.9\nv <- 20", [(0.05, 0.9)]),
            ("alpha <- 0.9\na <- 0.05\nbeta <- 0.1\nb <- 0.02", [(0.05, 0.9), (0.02, 0.1)]),
            ("alpha <- 0.9\nv <- 10\nbeta <- 0.1\nb <- 0.02", [(0.08, 0.9), (0.02, 0.1)]),
            ("alpha <- 0.9\naob <- 4\nbeta <- 0.1\nv <- 10", [(0.08, 0.9), (0.02, 0.1)]),
            ("alpha <- 0.9\nk21 <- 0.26\nbeta <- 0.1\nv <- 10", [(0.08, 0.9), (0.02, 0.1)]),
            (
                "ALPHA <- 2.5\nA <- 0.06\nbeta <- 0.4\nb <- 0.03\ngamma <- 0.05\nc <- 0.01",
                [(0.06, 2.5), (0.03, 0.4), (0.01, 0.05)]
            ),
            (
                "alpha <- 2.5\nv <- 10\nbeta <- 0.4\nb <- 0.03\ngamma <- 0.05\nc <- 0.01",
                [(0.06, 2.5), (0.03, 0.4), (0.01, 0.05)]
            ),
        ]
        for (text, terms) in cases {
            let model = try Compiled.model(text + "\ncp <- linCmt()")
            #expect(model.states.count == terms.count)
            for s in [0.03, 0.2, 1, 7] {
                let expected = terms.reduce(0) { $0 + $1.0 / (s + $1.1) }
                #expect(abs(transform(model, at: s) / expected - 1) < 1e-10, "\(text) at \(s)")
            }
        }
    }

    @Test("It stands without a name, in branches, in expressions, several times, and beside equations")
    func places() throws {
        let bare = try Compiled.model("ini({ cl <- 2; v <- 10; sd <- 1 })\nmodel({ linCmt() ~ add(sd) })")
        #expect(bare.states == ["central"])
        #expect(bare.endpoints.map(\.name) == ["linCmt"])
        #expect(Compiled.values(bare, bare.derivatives, states: [5]) == [-1])
        #expect(Compiled.values(bare, [bare.endpoints[0].value], states: [5]) == [0.5])

        let mixed = try Compiled.model(
            """
            ka <- 0.5; cl <- 2; v <- 10
            d/dt(effect) <- ke0 * (linCmt() - effect)
            cp <- 1000 * linCmt()
            f(depot) <- 0.7
            alag(depot) <- 0.25
            depot(0) <- 3
            """)
        #expect(mixed.states == ["effect", "depot", "central"])
        #expect(mixed.covariates == ["ke0"])
        let inputs = mixed.values.merging(["ke0": 2]) { $1 }
        #expect(Compiled.values(mixed, mixed.derivatives, inputs: inputs, states: [1, 4, 5]) == [-1, -2, 1])
        #expect(mixed.bioavailability.map { mixed.graph.constant($0) } == [1, 0.7, 1])
        #expect(mixed.lags.map { mixed.graph.constant($0) } == [0, 0.25, 0])
        #expect(mixed.initialValues.map { mixed.graph.constant($0) } == [0, 3, 0])

        let branch = try Compiled.model("cl <- 2 * a\nv <- 10\nif (a > 1) cp <- linCmt() else cp <- 0\ncl <- cl * 3")
        #expect(Compiled.values(branch, branch.derivatives, inputs: ["a": 1, "v": 10], states: [5]) == [-3])

        let declared = try Compiled.model("cmt(central)\ncmt(depot)\nka <- 1\ncl <- 2\nv <- 10\ncp <- linCmt()")
        #expect(declared.states == ["central", "depot"])

        let named = try Compiled.model("cp <- linCmt(CL, V, KA)")
        #expect(named.states == ["depot", "central"])
        #expect(named.covariates == ["V", "CL", "KA"])
    }

    @Test("Assigned names come before those of ini, and those before names that are only read")
    func ranks() throws {
        let model = try Compiled.model(
            "ini({ CL <- 3; V <- 5 })\nmodel({ cl <- CL * 2\nx <- q * ka\ncp <- linCmt() })")
        #expect(model.states == ["central"])
        #expect(Compiled.values(model, model.derivatives, states: [5]) == [-6])
        let inputs = try Compiled.model("y <- cl + v\ncp <- linCmt()")
        #expect(inputs.states == ["central"])
        #expect(inputs.covariates == ["cl", "v"])
    }

    @Test(
        "What does not make a model is refused",
        arguments: [
            (
                "cp <- linCmt()",
                "1:7: error: linCmt() finds no parameters: allowed are cl and v (or vc, v1), with q and vp (or v2), q2 and vp2 for peripheral compartments and ka for a depot, or kel and v with k12, k21, k13, k31, or alpha, beta, gamma with their coefficients\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "cl <- 2\ncp <- linCmt()",
                "2:7: error: linCmt() finds 'cl' and needs a central volume (v, vc or v1) beside it\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "cl <- 2\nv <- 3\nvc <- 4\ncp <- linCmt()",
                "4:7: error: linCmt() cannot tell which is meant, 'v', 'vc': rename all but one\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "cl <- 2\nv <- 3\nq <- 4\ncp <- linCmt()",
                "4:7: error: linCmt() needs one volume for each distribution clearance: found 'q' and none\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "kel <- 2\nv <- 3\nk12 <- 4\ncp <- linCmt()",
                "4:7: error: linCmt() finds 'k12' and needs 'k21' beside it\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "cl <- 2 * a\nv <- 3\ncp <- linCmt()\nd/dt(central) <- 1",
                "3:7: error: linCmt() keeps 'central' itself: give the compartment of d/dt() another name\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "v <- 3\ncp <- linCmt()\ncl <- 2 * a",
                "2:7: error: linCmt() needs 'cl', which is assigned further down: move it above\ncp <- linCmt()\n      ^^^^^^^^"
            ),
            (
                "cl <- 2\nv <- 3\nvp <- 2\nvt <- 3\nq <- 1\ncp <- linCmt()",
                "6:7: error: linCmt() cannot tell apart 'vp' and 'vt': use one kind of name\ncp <- linCmt()\n      ^^^^^^^^"
            ),
        ])
    func refusals(_ text: String, _ message: String) {
        #expect(RefusedByChecker.model(text) == "m.R:" + message)
    }
}

extension Model {
    /// Its parameters and defaults by name.
    var values: [String: Double] {
        Dictionary(
            parameters.map { ($0.name, $0.value) } + defaults.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
    }
}
