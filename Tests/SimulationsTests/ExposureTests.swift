import Foundation
import Simulations
import Testing

// Exposures by the command's way, against formulas of one and two compartments.
@Suite struct ExposureTests {
    /// The rows of the table beside the output, by column.
    private func rows(
        _ model: String, _ exposures: [String], _ change: (inout SimulationRequest) -> Void
    ) throws -> [[String: Double]] {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.exposures = exposures
        change(&request)
        let (_, _, exposure) = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1")
        #expect(exposure?.failures.count == 0)
        let lines = try folder.text("o.exposure.csv").split(separator: "\n").map { $0.split(separator: ",") }
        return lines.dropFirst().map { cells in
            var row: [String: Double] = [:]
            for (name, cell) in zip(lines[0], cells) { row[String(name)] = Double(cell) }
            return row
        }
    }

    private func expect(_ found: Double?, _ expected: Double, _ tolerance: Double = 1e-9) {
        #expect(abs((found ?? .nan) - expected) <= tolerance * max(1, abs(expected)), "\(String(describing: found))")
    }

    /// 100 mg q12h as boluses: between the k-th dose and the next, C = 100 (1 - e^-6k) / (1 - e^-6) e^(-t/2).
    @Test func bolusesWithinAWindow() throws {
        let decay = "d/dt(a) <- -0.5 * a\ny <- 2 * a"
        let found = try rows(decay, ["a:12:24:50", "y"]) { request in
            request.regimen = "100 q12h x 3"
            request.times = "0,36"
        }
        try #require(found.count == 2)
        let start = 100 * (1 + exp(-6.0))
        expect(found[0]["auc"], 2 * start * (1 - exp(-6.0)))
        expect(found[0]["cavg"], 2 * start * (1 - exp(-6.0)) / 12)
        expect(found[0]["cmax"], start)
        expect(found[0]["tmax"], 12)
        expect(found[0]["ctrough"], start * exp(-6.0))
        expect(found[0]["cmin"], start * exp(-6.0))
        expect(found[0]["time_above"], 2 * log(start / 50))
        expect(found[0]["threshold"], 50)
        // The whole course, 0 to 36: what went in less what is left, divided by the rate constant.
        let left = 100 * (exp(-18.0) + exp(-12.0) + exp(-6.0))
        expect(found[1]["auc"], 2 * (300 - left) / 0.5)
        #expect(found[1]["time_above"]?.isNaN == true)
    }

    /// First-order absorption (Bateman): the peak is at log(ka/k) / (ka - k), far from any reported time.
    @Test func peakBetweenReportedTimes() throws {
        let oral = "d/dt(g) <- -1.5 * g\nd/dt(c) <- 1.5 * g - 0.1 * c"
        let found = try rows(oral, ["c:0:24"]) { request in
            request.regimen = "10"
            request.times = "0,24"
        }
        let peak = log(15) / 1.4
        expect(found[0]["tmax"], peak)
        expect(found[0]["cmax"], 10 * exp(-0.1 * peak))
        let (slow, fast) = ((1 - exp(-2.4)) / 0.1, (1 - exp(-36.0)) / 1.5)
        expect(found[0]["auc"], 15 / 1.4 * (slow - fast))
    }

    /// Lag and modelled duration, which no table of records tells: the course begins at 1.3 and bends at 3.8.
    @Test func breaksThatTheModelMakes() throws {
        let infused = "alag(c) <- 1.3\ndur(c) <- 2.5\nd/dt(c) <- -0.2 * c"
        let folder = try TemporaryFolder()
        let events = try folder.write("TIME,EVID,AMT,RATE\n0,1,50,-2\n10,0,.,.\n", to: "e.csv")
        let given = try rows(infused, ["c:0:10"]) { $0.events = events }
        let peak = 100 * (1 - exp(-0.5))
        expect(given[0]["cmax"], peak)
        expect(given[0]["tmax"], 3.8)
        // ∫ c = (dose - what is left) / k
        let left = peak * exp(-1.24)
        expect(given[0]["auc"], (50 - left) / 0.2)
    }

    /// A nonlinear course: d/dt(auc) integrated by the solver says the same, within its tolerance.
    @Test func sameAreaAsAState() throws {
        let saturable = "d/dt(c) <- -5 * c / (2 + c)\nd/dt(area) <- c"
        let found = try rows(saturable, ["c:0:30:1", "area:0:30"]) { request in
            request.regimen = "40 q8h x 3 into c"
            request.times = "0,30"
        }
        try #require(found.count == 2)
        expect(found[0]["auc"], try #require(found[1]["ctrough"]), 1e-6)
    }

    /// Every subject has its own numbers, whoever is simulated with it.
    @Test func sameNumbersAlone() throws {
        let decay = "d/dt(a) <- -k * a\n"
        let folder = try TemporaryFolder()
        let parameters = "ID,k\n" + (1...20).map { "\($0),\(0.05 * Double($0))\n" }.joined()
        let path = try folder.write(parameters, to: "p.csv")
        let all = try rows(decay, ["a:0:12"]) { request in
            request.regimen = "10 q6h x 2"
            request.times = "0,12"
            request.parameters = path
        }
        let one = try rows(decay, ["a:0:12"]) { request in
            request.regimen = "10 q6h x 2"
            request.times = "0,12"
            request.settings = ["k=\(0.05 * Double(17))"]
        }
        #expect(all.count == 20)
        #expect(all[16]["auc"] == one[0]["auc"] && all[16]["cmin"] == one[0]["cmin"])
    }

    @Test(
        arguments: [
            ("b", "--exposure b: error: the model computes no 'b'; did you mean 'a'? (computed: a, y)"),
            (
                "a:1",
                "--exposure a:1: error: found 'a:1', allowed: variable, variable:from:to or "
                    + "variable:from:to:threshold"
            ), ("a:2:1", "--exposure a:2:1: error: found 2.0 to 1.0, allowed: a start before the end"),
        ])
    func refusals(_ text: String, _ expected: String) throws {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write("d/dt(a) <- -a\ny <- a", to: "m.R"))
        request.times = "0,1"
        request.exposures = [text]
        #expect(message { _ = try SimulationPlan(request) } == expected)
    }
}
