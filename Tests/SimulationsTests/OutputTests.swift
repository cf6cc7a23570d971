import ModelLanguage
import Pharmacology
import ResultsStore
import Simulations
import Testing

// What is written, cell by cell, of a model whose values are plain arithmetic.
@Suite struct OutputTests {
    private let model = "d/dt(a) <- 0\na(0) <- 10\ny <- a * (1 + t) / WT"

    private func request(
        _ folder: borrowing TemporaryFolder, _ events: String, _ change: (inout SimulationRequest) -> Void = { _ in }
    ) throws -> SimulationRequest {
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.events = try folder.write(events, to: "e.csv")
        change(&request)
        return request
    }

    @Test func aTable() throws {
        let folder = try TemporaryFolder()
        let plan = try SimulationPlan(
            request(folder, "ID,TIME,EVID,WT\n7,0,0,4\n7,2,0,4\n\"a,b\",1,0,8\n\"a,b\",3,0,5\n") {
                $0.covariates = ["WT"]
            })
        let outcome = try plan.write(to: .table(folder.path("o.csv")), version: "1").outcome
        #expect(outcome.subjects == 2)
        #expect(outcome.failures == [])
        let rows = try folder.text("o.csv").split(separator: "\n")
        #expect(
            rows.prefix(4) == [
                "id,time,a,y,WT", "7,0.0,10.0,2.5,4.0", "7,2.0,10.0,7.5,4.0", "\"a,b\",1.0,10.0,2.5,8.0",
            ])
        // The covariate is what holds at the time.
        #expect(rows.last?.hasSuffix(",5.0") == true)
        #expect(rows.count == 5)
        #expect(try folder.files() == ["e.csv", "m.R", "o.csv"])
    }

    @Test func chosenColumns() throws {
        let folder = try TemporaryFolder()
        let plan = try SimulationPlan(
            request(folder, "TIME,EVID\n0,0\n") {
                $0.settings = ["WT=4"]
                $0.outputs = ["y"]
                $0.subjects = 2
            })
        _ = try plan.write(to: .table(folder.path("o.csv")), version: "1")
        #expect(try folder.text("o.csv") == "id,time,y\n1,0.0,2.5\n2,0.0,2.5\n")
    }

    /// Shared times make an array over subject and time; the cells are those of the table.
    @Test func resultsOverSubjectsAndTimes() throws {
        let folder = try TemporaryFolder()
        let plan = try SimulationPlan(
            request(folder, "TIME,EVID\n0,0\n1,0\n") {
                $0.parameters = try? folder.write("ID,WT\n5,4\n6,5\n", to: "p.csv")
                $0.covariates = ["WT"]
            })
        _ = try plan.write(to: .results(folder.path("o.h5")), version: "1")
        let file = try ResultsFile(folder.path("o.h5"))
        let simulation = try #require(try file.content().group(named: "simulation"))
        #expect(simulation.dimensions.map(\.name) == ["subject", "time"])
        #expect(simulation.dimension(named: "subject")?.coordinates?.values == .int32([5, 6]))
        #expect(simulation.dimension(named: "time")?.coordinates?.values == .double([0, 1]))
        #expect(simulation.variable(named: "y")?.values == .double([2.5, 5, 2, 4]))
        #expect(simulation.variable(named: "WT")?.values == .double([4, 4, 5, 5]))
        let subjects = try #require(try file.content().group(named: "subjects"))
        #expect(subjects.variable(named: "WT")?.values == .double([4, 5]))
        #expect(subjects.variable(named: "failure")?.values == .int32([0, 0]))
        #expect(subjects.variable(named: "failure_time")?.values == .double([.nan, .nan]))
        #expect(try file.content().group(named: "provenance")?.variable(named: "scenario")?.values == .string([model]))
    }

    /// Times of their own make one row for each.
    @Test func resultsInRows() throws {
        let folder = try TemporaryFolder()
        let plan = try SimulationPlan(
            request(folder, "ID,TIME,EVID,WT\na,0,0,4\na,1,0,4\nb,3,0,8\n"))
        _ = try plan.write(to: .results(folder.path("o.h5")), version: "1")
        let root = try ResultsFile(folder.path("o.h5")).content()
        let simulation = try #require(root.group(named: "simulation"))
        #expect(simulation.dimension(named: "row")?.size == 3)
        #expect(simulation.variable(named: "subject")?.values == .int32([0, 0, 1]))
        #expect(simulation.variable(named: "time")?.values == .double([0, 1, 3]))
        #expect(simulation.variable(named: "y")?.values == .double([2.5, 5, 5]))
        let subjects = try #require(root.group(named: "subjects"))
        #expect(subjects.dimension(named: "subject")?.coordinates?.values == .string(["a", "b"]))
    }

    /// Five thousand subjects are made and written in several parts, whose seams nobody sees.
    @Test func manySubjects() throws {
        let folder = try TemporaryFolder()
        let rows = (1...5000).map { "\($0),\($0)" }.joined(separator: "\n")
        let plan = try SimulationPlan(
            request(folder, "TIME,EVID\n\((0...40).map { "\($0),0" }.joined(separator: "\n"))\n") {
                $0.parameters = try? folder.write("ID,WT\n\(rows)\n", to: "p.csv")
                $0.outputs = ["y"]
            })
        #expect(try plan.write(to: .results(folder.path("o.h5")), version: "1").outcome.subjects == 5000)
        let y = try ResultsFile(folder.path("o.h5")).content().group(named: "simulation")?.variable(named: "y")
        // What reads a state is multiplied by the reciprocal of a weight that stays the same: one rounding more.
        let expected = (1...5000).flatMap { weight in
            let share: Double = 1 / Double(weight)
            return (0...40).map { time -> Double in 10 * Double(1 + time) * share }
        }
        #expect(y?.values == .double(expected))
    }

    @Test func aFailedSubjectIsListed() throws {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write("d/dt(y) <- k * y^2\ny(0) <- 1", to: "m.R"))
        request.times = "0:4:1"
        request.parameters = try folder.write("ID,k\n1,0\n2,0.5\n", to: "p.csv")
        let plan = try SimulationPlan(request)
        let outcome = try plan.write(to: .results(folder.path("o.h5")), version: "1").outcome
        // y = 1 / (1 - t / 2) ends at t = 2.
        #expect(outcome.failures.map(\.subject) == [1])
        let time = try #require(outcome.failures.first?.time)
        #expect(abs(time - 2) < 1e-2)
        let line = try #require(plan.failureLines(outcome).first)
        #expect(line.hasPrefix("subject 2: ") && line.hasSuffix("(k = 0.5)"), "\(line)")
        let root = try ResultsFile(folder.path("o.h5")).content()
        guard case .int32(let codes) = root.group(named: "subjects")?.variable(named: "failure")?.values,
            case .double(let values) = root.group(named: "simulation")?.variable(named: "y")?.values
        else {
            Issue.record("The file lacks its variables.")
            return
        }
        #expect(codes == [0, outcome.failures[0].failure.rawValue])
        #expect(values.prefix(5) == [1, 1, 1, 1, 1])
        #expect(values.suffix(2).map(\.isNaN) == [true, true])
    }

    @Test func nothingIsLeftWhereTheRunStops() throws {
        let folder = try TemporaryFolder()
        var plan = try SimulationPlan(request(folder, "TIME,EVID,WT\n0,0,1\n"))
        plan.run.isStopped = { true }
        for name in ["o.csv", "o.h5"] {
            let destination = try #require(SimulationPlan.Destination(folder.path(name)))
            #expect(throws: SimulationRun.Stopped.self) { try plan.write(to: destination, version: "1") }
        }
        #expect(try folder.files() == ["e.csv", "m.R"])
    }
}
