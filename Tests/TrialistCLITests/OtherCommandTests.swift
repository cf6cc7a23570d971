import Foundation
import Testing

// Backed by the contract of each command; standard output and standard error are compared whole.
@Suite struct OtherCommandTests {
    @Test func validateDescribesTheStudy() throws {
        let command = try Command(with: "small-study")
        #expect(
            try command.run("validate", "small-study")
                == Command.Outcome(
                    status: 0,
                    output: """
                        small-study/scenario.yaml: valid
                        A small study
                        records    60 screened, 59 eligible
                        patients   48 twins, 3 arms
                        model      3 states, 3 parameters, 1 etas
                        arms       low, high, learned (learned: learned)
                        visits     3 over 14 days
                        endpoints  in_range, harm, mean_dose
                        strata     sex, band
                        replicates 3

                        """, error: ""))
        #expect(try command.files() == ["small-study"])
    }

    @Test func listShowsTheScenariosOfAFolder() throws {
        let command = try Command(with: "small-study")
        try FileManager.default.createDirectory(atPath: command.path("empty"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: command.path("broken"), withIntermediateDirectories: true)
        try command.write("trialist: 2", to: "broken/scenario.yaml")
        #expect(
            try command.run("list", ".")
                == Command.Outcome(
                    status: 0,
                    output: """
                        ./broken  (does not read: trialist validate ./broken)
                        ./small-study  A small study

                        """, error: ""))
        #expect(
            try command.run("list")
                == Command.Outcome(status: 66, output: "", error: "scenarios: no such file (a folder of scenarios)\n"))
        #expect(
            try command.run("list", "small-study/model.R")
                == Command.Outcome(
                    status: 66, output: "", error: "small-study/model.R: no such file (a folder of scenarios)\n"))
    }

    @Test func anInstalledExecutableFindsItsScenarios() throws {
        let command = try Command(with: "small-study")
        for name in ["bin", "share/trialist", "elsewhere"] {
            try FileManager.default.createDirectory(atPath: command.path(name), withIntermediateDirectories: true)
        }
        let scenarios = command.path("share/trialist/scenarios/small-study")
        try FileManager.default.createDirectory(
            atPath: command.path("share/trialist/scenarios"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: command.path("small-study"), toPath: scenarios)
        try FileManager.default.copyItem(atPath: Command.executable.path, toPath: command.path("bin/trialist"))
        let process = Process()
        process.executableURL = command.folder.appending(path: "bin/trialist")
        process.arguments = ["list"]
        process.currentDirectoryURL = command.folder.appending(path: "elsewhere")
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let listed = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(listed.hasSuffix("share/trialist/scenarios/small-study  A small study\n"))
    }

    @Test func theBundledScenariosAreListed() throws {
        let scenarios = Command.fixtures.deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "scenarios")
        let lines = try Command().run("list", scenarios.path).output.split(separator: "\n")
        #expect(lines.count >= 2)
        #expect(!lines.contains { $0.contains("does not read") })
    }

    @Test func theSchemaIsJSON() throws {
        let outcome = try Command().run("schema")
        #expect(outcome.status == 0 && outcome.error == "")
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    // MARK: inspect

    @Test func filesThatAreNoResults() throws {
        let command = try Command(with: "small-study")
        try command.write("no HDF5", to: "text.h5")
        try command.write("", to: "empty.h5")
        try command.write("\u{89}HDF", to: "r.h5.1abc.partial")
        func expect(_ name: String, _ status: Int32, _ message: String) throws {
            #expect(
                try command.run("inspect", name) == Command.Outcome(status: status, output: "", error: message + "\n"))
        }
        try expect("none.h5", 66, "no file at 'none.h5'")
        try expect(
            "small-study", 65,
            "'small-study' is a folder, not a results file; name a file, such as 'small-study/study.h5'")
        try expect("text.h5", 65, "'text.h5' is not an HDF5 file")
        try expect("empty.h5", 65, "'empty.h5' is not an HDF5 file")
        try expect(
            "r.h5.1abc.partial", 65,
            "'r.h5.1abc.partial' is what an unfinished run left and is no result; run the study again, then delete this file"
        )
    }

    @Test func filesThatWereCutShort() throws {
        let command = try Command(with: "small-study")
        #expect(try command.run("run", "small-study", "--quiet", "--out", "r.h5").status == 0)
        let bytes = try Data(contentsOf: command.folder.appending(path: "r.h5"))
        for share in [0.1, 0.5, 0.9, 0.999] {
            try bytes.prefix(Int(Double(bytes.count) * share)).write(to: command.folder.appending(path: "cut.h5"))
            let outcome = try command.run("inspect", "cut.h5")
            #expect(outcome.status == 65 && outcome.output == "")
            #expect(outcome.error.hasPrefix("'cut.h5' is cut short or damaged ("), "\(outcome.error)")
            #expect(outcome.error.split(separator: "\n").count == 1)
        }
    }
}
