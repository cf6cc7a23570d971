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

    private struct Card: Decodable {
        struct Rendering: Decodable {
            var name: String
            var agreement: Double
        }

        var best: String
        var renderings: [Rendering]
    }

    /// A rule over states is found as a tree over what is observed, whose exact value is the rule's.
    @Test func theBestFormOfACardIsAPolicy() throws {
        let command = try Command()
        let card = try command.run(
            "regime", "card", "oberst-sepsis", "--policy", "rule:by-vital", "--depth", "4", "--episodes", "300",
            "--out", "tree.json", "--json")
        #expect(card.status == 0 && card.error == "")
        let report = try JSONDecoder().decode(Card.self, from: Data(card.output.utf8))
        #expect(report.best == "tree" && report.renderings.map(\.name) == ["tree", "points", "table"])
        #expect(report.renderings[0].agreement == 1)
        struct Exact: Decodable { var value: Double }
        var values: [Double] = []
        for policy in ["rule:by-vital", "tree.json"] {
            let run = try command.run("regime", "evaluate", "oberst-sepsis", "--policy", policy, "--exact", "--json")
            values.append(try JSONDecoder().decode(Exact.self, from: Data(run.output.utf8)).value)
        }
        #expect(abs(values[0] - values[1]) < 1e-9)
    }

    @Test(
        arguments: [
            (["--depth", "7"], "Error: --depth: found 7, allowed: 1 to 6", 64),
            (
                ["--render", "forest"], "Error: --render: found 'forest', allowed: rule, tree, points, table, all",
                64
            ),
            (["--render", "rule"], "rule: this policy has no rule in words; allowed: tree, points, table", 65),
            (
                ["--episodes", "10", "--patient", "oxygen=1"],
                "patient: the policy reads state; give each a number, or NAME=missing", 65
            ),
        ])
    func cardsThatCannotBe(_ options: [String], _ message: String, _ status: Int32) throws {
        let command = try Command()
        let run = try command.start(["regime", "card", "oberst-sepsis", "--policy", "rule:by-vital"] + options).wait()
        #expect(run.status == status && run.output == "")
        #expect(run.error.split(separator: "\n").first.map(String.init) == message)
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
