import Foundation
import Testing

// Backed by the contract of the commands: documents by name from anywhere and by path, exit codes, whole messages.
@Suite struct RegimeCommandTests {
    private struct Report: Decodable {
        var value: Double
        var variant: String
        var steps: Int
    }

    private static let document = """
        environment: 1
        title: a coin
        decisions: { count: 2 }
        actions: { components: { bet: [0, 1] }, grid: { bet: [0, 1] } }
        reward: bet * 2
        observe: { one: "1" }
        """

    @Test func bundledDocumentsAreFoundFromAnywhere() throws {
        let command = try Command()
        let run = try command.run(
            "regime", "evaluate", "ahn-chemotherapy", "--policy", "constant:0.5", "--episodes", "1", "--json")
        #expect(run.status == 0 && run.error == "")
        let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        #expect(abs(report.value - 64.8818) < 1e-3)
        #expect(report.steps == 600 && report.variant == "setting1")
    }

    @Test func documentsHaveAPath() throws {
        let command = try Command()
        try FileManager.default.createDirectory(atPath: command.path("coin"), withIntermediateDirectories: true)
        try command.write(Self.document, to: "coin/environment.yaml")
        let list = try command.run("regime", "list", "./coin")
        #expect(
            list
                == Command.Outcome(
                    status: 0,
                    output: """
                        coin: a coin
                          variants  standard
                          observed  one
                          actions   0, 1
                          rules     -

                        """, error: ""))
        let run = try command.run("regime", "evaluate", "./coin", "--policy", "constant:1", "--episodes", "8", "--json")
        #expect(try JSONDecoder().decode(Report.self, from: Data(run.output.utf8)).value == 4)
    }

    @Test func whatIsWrongHasItsCode() throws {
        let command = try Command()
        let missing = try command.run("regime", "evaluate", "./nowhere", "--policy", "random")
        #expect(missing.status == 66)
        #expect(missing.error == "./nowhere: no such file (an environment's document or folder)\n")
        try command.write("environment: 1\nreward: bet\n", to: "broken.yaml")
        let broken = try command.run("regime", "evaluate", "broken.yaml", "--policy", "random")
        #expect(broken.status == 65)
        #expect(
            broken.error == """
                broken.yaml:1:1: error: 'decisions' is missing
                broken.yaml:1:1: error: 'actions' is missing
                broken.yaml:1:1: error: 'observe' is missing

                """)
    }
}
