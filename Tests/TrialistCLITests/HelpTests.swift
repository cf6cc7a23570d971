import Foundation
import Testing

// What the command line says about itself is kept in Tests/Fixtures/help, a file for each command (`model-check.txt` for
// `model check`). After a change that is meant: `COLUMNS=100 trialist help run > Tests/Fixtures/help/run.txt`.
@Suite struct HelpTests {
    @Test(
        arguments: [
            "trialist", "run", "validate", "list", "schema", "inspect", "report", "compare", "evaluate", "fit", "merge",
            "model", "model check", "model simulate", "model dose", "model sensitivity", "regime", "regime list",
            "regime evaluate", "regime card", "regime learn", "regime estimate", "regime log", "regime ope",
            "serve-env",
        ])
    func helpOfEveryCommand(_ name: String) throws {
        let command = try Command()
        let file = "help/\(name.replacing(" ", with: "-")).txt"
        let expected = try String(contentsOf: Command.fixtures.appending(path: file), encoding: .utf8)
        let arguments = name == "trialist" ? ["--help"] : ["help"] + name.split(separator: " ").map(String.init)
        let outcome = try command.start(arguments).wait()
        #expect(outcome == Command.Outcome(status: 0, output: expected, error: ""))
    }

    @Test func everyCommandIsPinned() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Command.fixtures.appending(path: "help").path)
        let root = try Command().run("--help").output
        let commands = root.components(separatedBy: "SUBCOMMANDS:").last?.split(separator: "\n")
            .compactMap { line in
                line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first : nil
            }
        let pinned = try #require(commands).filter { $0 != "See" }.map(String.init).sorted()
        // A file of a command's own command has that command's name before the dash.
        let files = names.map { $0.replacing(".txt", with: "") }.filter { name in
            name != "trialist" && !pinned.contains { name.hasPrefix("\($0)-") }
        }
        #expect(pinned == files.sorted())
    }

    @Test func withoutArgumentsTheHelpIsPrinted() throws {
        #expect(try Command().run() == Command().run("--help"))
    }

    @Test func theVersionSaysHowTheCodeWasGenerated() throws {
        let outcome = try Command().run("--version")
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: /trialist \d+\.\d+\.\d+ \(.+\)\n/) != nil, "\(outcome.output)")
    }

    @Test(
        arguments: [
            (["runn"], "Error: Unexpected argument 'runn'"), (["run"], "Error: Missing expected argument '<scenario>'"),
            (["run", "x", "--thread", "2"], "Error: Unknown option '--thread'. Did you mean '--threads'?"),
            (["run", "x", "--threads", "0"], "Error: --threads: found 0, allowed: at least 1"),
            (["run", "x", "--threads", "two"], "Error: The value 'two' is invalid for '--threads <n>'"),
            (["run", "x", "--patients", "0"], "Error: --patients: found 0, allowed: at least 1"),
            (["run", "x", "--replicates=-1"], "Error: --replicates: found -1, allowed: at least 0"),
            (
                ["run", "x", "--seed", "9223372036854775808"],
                "Error: --seed: found 9223372036854775808, allowed: 0 to 9223372036854775807"
            ),
            (["run", "x", "--shard", "3/2"], "Error: --shard: found '3/2', allowed: i/n with 1 <= i <= n"),
            (["run", "x", "--shard", "1/2", "--resume"], "Error: --shard and --resume do not go together"),
            (["validate", "x", "y"], "Error: Unexpected argument 'y'"),
            (["inspect"], "Error: Missing expected argument '<file>'"),
        ])
    func usageErrors(_ arguments: [String], _ expected: String) throws {
        let command = try Command()
        let outcome = try command.start(arguments).wait()
        #expect(outcome.status == 64)
        #expect(outcome.output == "")
        #expect(outcome.error.split(separator: "\n").first.map(String.init) == expected)
        #expect(outcome.error.contains("Usage: trialist"))
        #expect(try command.files() == [])
    }
}
