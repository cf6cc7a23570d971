import Foundation
import ModelLanguage
import NumericsCore
import Pharmacology
import ResultsStore
import Simulations
import Testing

// Parameters drawn for each replicate, by the command's way.
@Suite struct UncertaintyTests {
    private let model = """
        f <- function() {
          ini({
            k <- c(0, 0.5)
            v <- 20
            etak ~ 0.04
          })
          model({
            y <- k
            z <- v
            e <- etak
          })
        }
        """

    /// The rows of the output, by column.
    private func rows(
        _ uncertainty: String, replicates: Int, subjects: Int = 1,
        _ change: (inout SimulationRequest) -> Void = { _ in }
    ) throws -> [[String: Double]] {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.uncertainty = try folder.write(uncertainty, to: "u.csv")
        request.replicates = replicates
        request.times = "0"
        request.subjects = subjects
        change(&request)
        _ = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1")
        let lines = try folder.text("o.csv").split(separator: "\n").map { $0.split(separator: ",") }
        return lines.dropFirst().map { cells in
            Dictionary(zip(lines[0].map(String.init), cells.map { Double($0) ?? .nan })) { first, _ in first }
        }
    }

    /// Means and covariance of 4,000 draws, within four standard errors.
    @Test func covariance() throws {
        let n = 4000.0
        let found = try rows("k,v\n0.0025,0.05\n0.05,4\n", replicates: Int(n))
        #expect(found.count == Int(n))
        let (k, v) = (found.compactMap { $0["y"] }, found.compactMap { $0["z"] })
        let (meanK, meanV) = (k.reduce(0, +) / n, v.reduce(0, +) / n)
        #expect(abs(meanK - 0.5) < 4 * 0.05 / n.squareRoot())
        #expect(abs(meanV - 20) < 4 * 2 / n.squareRoot())
        // Standard error of a covariance: √((s₁² s₂² + c²) / n).
        let both = zip(k, v).reduce(0) { $0 + ($1.0 - meanK) * ($1.1 - meanV) } / (n - 1)
        #expect(abs(both - 0.05) < 4 * ((0.0025 * 4 + 0.0025) / n).squareRoot())
    }

    /// Each replicate has its own parameters, its subjects share them, and their etas are of the replicate.
    @Test func replicatesAndSubjects() throws {
        let found = try rows("parameter,rse\nk,0.1\n", replicates: 3, subjects: 4) { $0.etas = "sample" }
        #expect(found.map { $0["id"] } == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
        #expect(found.map { $0["replicate"] } == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
        #expect(Set(found.map { $0["y"] }).count == 3)
        #expect(Set(found.prefix(4).map { $0["y"] }).count == 1)
        #expect(Set(found.map { $0["e"] }).count == 12)
        #expect(found.allSatisfy { $0["z"] == 20 })
    }

    /// The variance of an eta with a relative standard error of 0.5 is drawn about its estimate: the mean of eta² over
    /// replicates is 0.04. Var(eta²) = 3 E X² - (E X)² = (3 · 1.25 - 1) 0.04².
    @Test func covarianceOfTheEtas() throws {
        let n = 4000.0
        let found = try rows("parameter,rse\netak,0.5\n", replicates: Int(n)) { $0.etas = "sample" }
        let squares = found.compactMap { $0["e"] }.map { $0 * $0 }
        let error = (2.75 * 0.0016 / n).squareRoot()
        #expect(abs(squares.reduce(0, +) / n - 0.04) < 4 * error)
        #expect(found.allSatisfy { $0["y"] == 0.5 })
    }

    /// A results file tells each subject's replicate and drawn parameters, and has a group for each exposure.
    @Test func resultsFile() throws {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.uncertainty = try folder.write("parameter,rse\nk,0.1\n", to: "u.csv")
        request.replicates = 2
        request.subjects = 2
        request.times = "0,3"
        request.exposures = ["z:0:3:19", "y"]
        _ = try SimulationPlan(request).write(to: .results(folder.path("o.h5")), version: "1")
        let root = try ResultsFile(folder.path("o.h5")).content()
        let subjects = try #require(root.group(named: "subjects"))
        #expect(subjects.variable(named: "replicate")?.values == .int32([1, 1, 2, 2]))
        guard case .double(let drawn) = subjects.variable(named: "k")?.values else {
            Issue.record("no parameter k")
            return
        }
        #expect(drawn.count == 4 && drawn[0] == drawn[1] && drawn[1] != drawn[2] && drawn[2] == drawn[3])
        let first = try #require(root.group(named: "exposure")?.group(named: "1"))
        #expect(first.variable(named: "time_above")?.values == .double([3, 3, 3, 3]))
        guard
            case .double(let peaks) = root.group(named: "exposure")?.group(named: "2")?.variable(named: "cmax")?.values
        else {
            Issue.record("no second window")
            return
        }
        for (peak, k) in zip(peaks, drawn) { #expect(abs(peak - k) < 1e-12) }
    }

    @Test func whatIsSetIsNotDrawn() throws {
        let found = try rows("parameter,rse\nk,0.1\nv,0.1\n", replicates: 5) { $0.settings = ["k=0.7"] }
        #expect(found.allSatisfy { $0["y"] == 0.7 })
        #expect(Set(found.map { $0["z"] }).count == 5)
    }

    @Test(
        arguments: [
            (
                "k,v\n1,0\n",
                "u.csv: error: found 2 columns and 1 rows, allowed: a covariance, with a row for each column, "
                    + "or the columns parameter and rse"
            ),
            (
                "name,k,v\nv,1,0\nk,0,1\n",
                "u.csv: error: found rows named v, k, allowed: the names of the columns in their "
                    + "order, k, v"
            ),
            ("parameter,rse\nk,x\n", "u.csv:2:3: error: rse: found 'x', allowed: a number"),
            ("parameter,rse\nq,0.1\n", "u.csv: error: 'q' is no population parameter of the model; it has: k, v"),
        ])
    func refusals(_ text: String, _ expected: String) throws {
        let model = try SmallModels.model(self.model)
        #expect(
            message { _ = try UncertaintyTable(csv: Array(text.utf8), file: "u.csv").uncertainty(of: model) }
                == expected)
    }
}
