import ModelLanguage
import Simulations
import Testing

// Classes of subjects in models with mix(): given, drawn, or the most probable one.
@Suite("Classes of mix()")
struct SubjectClassTests {
    private let model = """
        m <- function() {
          ini({ slow <- 0.3; e ~ 0.04 })
          model({ k <- mix(1 + 0 * e, slow, 2, 0.2, 3); v <- mix(10, 20, 30); y <- 0 * k + v })
        }
        """

    private func run(_ change: (inout SimulationRequest) -> Void) throws -> (values: [Double], notes: [String]) {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.times = "1"
        request.outputs = ["y"]
        change(&request)
        let plan = try SimulationPlan(request)
        _ = try plan.write(to: .table(folder.path("o.csv")), version: "1")
        let values = try folder.text("o.csv").split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: ",").last.flatMap { Double($0) }
        }
        return (values, plan.notes)
    }

    /// Shares 0.3, 0.2 and 0.5 of 40000: within four standard errors, sqrt(p (1 - p) / n).
    @Test("Drawn classes have the probabilities of ini")
    func drawn() throws {
        let (values, notes) = try run {
            $0.etas = "sample"
            $0.subjects = 40_000
        }
        #expect(notes == [])
        for (value, share) in [(10.0, 0.3), (20, 0.2), (30, 0.5)] {
            let found = Double(values.count { $0 == value }) / 40_000
            #expect(abs(found - share) <= 4 * (share * (1 - share) / 40_000).squareRoot())
        }
        let again = try run {
            $0.etas = "sample"
            $0.subjects = 100
            $0.threads = 1
        }
        #expect(again.values == Array(values.prefix(100)))
    }

    @Test("A typical subject is of the most probable class, and is told so")
    func typical() throws {
        let (values, notes) = try run { _ in }
        #expect(values == [30])
        #expect(
            notes == [
                "mix(): every subject is of class 3 of 3, the most probable one; give mixest, or draw it with --eta sample"
            ])
        #expect(try run { $0.settings = ["slow=0.6"] }.values == [10])
    }

    @Test("A given class counts, and must be one")
    func given() throws {
        #expect(try run { $0.settings = ["mixest=2"] }.values == [20])
        #expect(
            message { _ = try run { $0.settings = ["mixest=4"] } }
                == "--set: error: mixest: found 4.0, allowed: a class, 1 to 3")
        #expect(message { _ = try run { $0.settings = ["slow=1.2"] } }.contains("the probability of class 1 is 1.2"))
    }
}
