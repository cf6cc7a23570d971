import Environments
import Foundation
import NumericsCore
import Regimes
import Scenarios
import Testing

@testable import ModelEnvironments

/// Models between decisions, against closed forms of a drug that is eliminated at 0.1 an hour.
@Suite("Responses by a model")
struct ResponseTests {
    private static let model = """
        drug <- function() {
          units <- list(time = "h")
          ini({ k <- 0.1 })
          model({
            rate <- 0
            c(0) <- first
            d/dt(c) <- rate - k * c
            twice <- 2 * c
          })
        }
        """

    /// A folder with the model, a table of three patients and a document.
    private static func environment(_ text: String) throws -> ModelEnvironment {
        let folder = FileManager.default.temporaryDirectory.appending(path: "response-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try model.write(to: folder.appending(path: "drug.R"), atomically: true, encoding: .utf8)
        try "name,first,sex\na,1,man\nb,2,woman\nc,,man\nd,4,man\n".write(
            to: folder.appending(path: "patients.csv"), atomically: true, encoding: .utf8)
        let file = folder.appending(path: "environment.yaml")
        try ("environment: 1\n" + text).write(to: file, atomically: true, encoding: .utf8)
        return try ModelEnvironment(path: folder.path)
    }

    private static let base = """
        model: { file: drug.R, tolerance: { relative: 1e-10, absolute: 1e-12 } }
        decisions: { every: 2 days, count: 3, parts: 4 }
        actions: { components: { dose: [0, 10] }, grid: { dose: [0, 5] } }
        observe: { c: c }

        """

    private static func values(_ environment: ModelEnvironment, _ policy: String, episodes: Int) throws -> EpisodeTotals
    {
        try environment.simulate(environment.policy(PolicyChoice(policy)), episodes: episodes, seed: 1, threads: 1)
    }

    /// Two doses a day apart after each decision, from 48 hours ago on: six exponentials and the start's.
    @Test func doses() throws {
        let environment = try Self.environment(
            Self.base + """
                patients: { derive: first <- 3 }
                doses: [ { into: c, amount: dose, every: 1 day, count: 2 } ]
                reward: twice - twice_before
                """)
        let total = try #require(Self.values(environment, "constant:5", episodes: 1).value)
        func left(_ hours: Double) -> Double { Elementary.exp(-0.1 * hours) }
        let end = 3 * left(144) + 5 * (1...6).reduce(0) { $0 + left(24 * Double($1)) }
        #expect(abs(total - 2 * (end - 3)) < 1e-8)
    }

    /// An input that changes with every part (an input's own value holds until it is first assigned), and the sum of what is
    /// seen after each part.
    @Test func parts() throws {
        let environment = try Self.environment(
            Self.base + """
                patients: { derive: first <- 0 }
                start: seen <- 0
                drive: rate <- part * dose
                each: seen <- seen + c
                reward: seen - seen_before
                """)
        let total = try #require(Self.values(environment, "constant:5", episodes: 1).value)
        var (amount, sum) = (0.0, 0.0)
        for part in 0..<12 {
            let decay = Elementary.exp(-0.1 * 12)
            amount = amount * decay + Double(part % 4) * 5 / 0.1 * (1 - decay)
            sum += amount
        }
        #expect(abs(total - sum) < 1e-7)
    }

    /// Statements set a state: halved after each response.
    @Test func assignedStates() throws {
        let environment = try Self.environment(
            Self.base + """
                patients: { derive: first <- 8 }
                after: c <- c / 2
                reward: c
                """)
        let total = try #require(Self.values(environment, "constant:0", episodes: 1).value)
        let share = Elementary.exp(-0.1 * 48) / 2
        #expect(abs(total - 8 * (share + share * share + share * share * share)) < 1e-9)
    }

    /// Patients of a table in turn, incomplete records left out: 1, 2, 4 and again.
    @Test func tables() throws {
        let environment = try Self.environment(
            Self.base + """
                patients:
                  records: patients.csv
                  columns:
                    name: { type: identifier }
                    first: { type: number }
                    sex: { type: category, levels: [man, woman] }
                  choose: in turn
                groupings: { sex: sex }
                start: first_amount <- first
                reward: first_amount
                """)
        let totals = try Self.values(environment, "constant:0", episodes: 6)
        #expect(totals.value == 7)
        #expect(totals.by[0][0].count == 4 && totals.by[0][1].mean == 6)
    }

    /// An episode whose reward is no number has failed: it is counted, and in no mean.
    @Test func failures() throws {
        let environment = try Self.environment(
            Self.base + """
                patients: { draw: { bad: { bernoulli: 0.5 } }, derive: first <- 1 }
                reward: ifelse(bad, exp(1000), 1)
                """)
        let totals = try Self.values(environment, "constant:0", episodes: 200)
        #expect(totals.failed + totals.returns.count == 200)
        #expect((60...140).contains(totals.failed))
        #expect(totals.value == 3)
    }
}
