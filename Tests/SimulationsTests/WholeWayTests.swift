import Foundation
import ModelLanguage
import Pharmacology
import Simulations
import Testing

// Tables through the engine, against formulas: what a row means is what happens to the subject.
@Suite struct WholeWayTests {
    /// The values of the model's variable `y` at the times of the table.
    private func values(
        _ model: String, _ events: String, _ change: (inout SimulationRequest) -> Void = { _ in }
    ) throws -> [Double] {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.events = try folder.write(events, to: "e.csv")
        request.outputs = ["y"]
        request.threads = 1
        change(&request)
        let outcome = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1").outcome
        #expect(outcome.failures == [])
        return try folder.text("o.csv").split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: ",").last.flatMap { Double($0) }
        }
    }

    private func expect(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-7) {
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) {
            #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(found), \(expected)")
        }
    }

    private let decay = "d/dt(a) <- -0.5 * a\nd/dt(b) <- -0.5 * b\ny <- a"

    @Test func dosesAndWhatElseIsDone() throws {
        let half = exp(-0.5)
        expect(
            try values(
                decay,
                """
                TIME,EVID,AMT,CMT,II,ADDL
                0,1,100,a,1,1
                0,0,.,.,.,.
                1,0,.,.,.,.
                2,5,40,a,.,.
                2,0,.,.,.,.
                3,6,0.5,a,.,.
                3,0,.,.,.,.
                4,3,.,.,.,.
                4,0,.,.,.,.
                5,4,80,1,.,.
                5,0,.,.,.,.
                6,2,.,-a,.,.
                6,0,.,.,.,.
                7,1,10,2,.,.
                7,0,.,.,.,.
                8,1,10,a,.,.
                9,0,.,.,.,.
                """), [100, 100 * half + 100, 40, 20 * half, 0, 80, 0, 0, 10 * half])
    }

    /// An infusion at 10 over 2 hours: 20 (1 - exp(-t/2)).
    @Test func infusions() throws {
        let plateau = 20 * (1 - exp(-1.0))
        let rows = "TIME,EVID,AMT,CMT,RATE,DUR\n0,1,20,a,10,.\n2,0,.,.,.,.\n10,3,.,.,.,.\n10,1,20,a,.,2\n12,0,.,.,.,.\n"
        expect(try values(decay, rows), [plateau, plateau])
    }

    /// The sum of all past doses: 100 / (1 - exp(-24 / 2)).
    @Test func steadyState() throws {
        expect(
            try values(decay, "TIME,EVID,AMT,II,SS\n0,1,100,24,1\n0,0,.,.,.\n"), [100 / (1 - exp(-12.0))])
        // Constant infusion at 10: 20, until it ends at time 0.
        expect(
            try values(decay, "TIME,EVID,AMT,RATE,SS\n0,1,0,10,1\n0,0,.,.,.\n1,0,.,.,.\n"), [20, 20 * exp(-0.5)])
    }

    @Test func samplesBeforeAndAfterADose() throws {
        let table = "TIME,EVID,AMT\n0,0,.\n0,1,100\n1,0,.\n1,1,100\n"
        expect(try values(decay, table), [100, 100 * exp(-0.5) + 100])
        expect(try values(decay, table) { $0.options.observation = .before }, [0, 100 * exp(-0.5)])
    }

    // MARK: Covariates that change

    private let rate = "d/dt(y) <- W"
    private let weights = "TIME,EVID,W\n0,0,1\n2,0,3\n4,0,2\n5,0,2\n"

    /// The integral of 1 over 2, 3 over 2, 2 over 1.
    @Test func lastCarriedForward() throws {
        expect(try values(rate, weights), [0, 2, 8, 10])
    }

    /// The integral of 3 over 2, 2 over 2, 2 over 1.
    @Test func nextCarriedBackward() throws {
        expect(try values(rate, weights) { $0.interpolation = .nextCarriedBackward }, [0, 6, 10, 12])
    }

    /// The trapezoids under (0, 1), (2, 3), (4, 2), (5, 2).
    @Test func straightLines() throws {
        expect(try values(rate, weights) { $0.interpolation = .linear }, [0, 4, 9, 11])
        // At the rows the covariate has their values, and between them those of the line.
        expect(
            try values("y <- W", weights) {
                $0.interpolation = .linear
                $0.times = "1,3"
            }, [1, 2, 3, 2.5, 2, 2])
    }

    /// What a row's covariate is, its own output sees.
    @Test func valuesAtTheRows() throws {
        expect(try values("y <- W", weights), [1, 3, 2, 2])
        expect(try values("y <- W", weights) { $0.interpolation = .nextCarriedBackward }, [1, 3, 2, 2])
    }

    /// An observed eta path: exp(b) with b drawn anew at time 10 and the first back at time 20.
    @Test func occasions() throws {
        let model = "f <- function() { ini({ b ~ 0.04 | occ }); model({ y <- exp(b) + 0 * occ }) }"
        let found = try values(model, "TIME,EVID,occ\n0,0,1\n10,0,2\n20,0,1\n") { $0.etas = "sample" }
        #expect(found.count == 3)
        #expect(found[0] == found[2])
        #expect(found[0] != found[1])
    }

    // MARK: Refusals

    @Test func whatIsReadTooEarly() throws {
        let text = message { _ = try values("d/dt(a) <- -c\nc <- a / 2\ny <- a", "TIME\n0\n1\n") }
        #expect(
            text.contains(
                "the model reads 'c' above the line that assigns it, and nobody gives it a value there; move that line up"
            ))
    }

    @Test func whatIsNoSourceOfEtas() throws {
        let text = message { _ = try values(decay, "TIME\n0\n1\n") { $0.etas = "maybe" } }
        #expect(text == "--eta: error: found 'maybe', allowed: zero, sample, or the file of a table")
    }
}
