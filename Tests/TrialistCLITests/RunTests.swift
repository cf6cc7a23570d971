import Foundation
import Testing

/// How a run of the small study begins.
private let beginning = "A small study\n  records screened "

// Backed by the contract of the command line: results on standard output, progress on standard error, exit codes, one file.
@Suite struct RunTests {
    @Test func resultsOnStandardOutputProgressOnStandardError() throws {
        let command = try Command(with: "small-study")
        let outcome = try command.run("run", "small-study", "--out", "r.h5", "--threads", "2")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix(beginning))
        #expect(!outcome.output.contains("\u{1B}") && !outcome.output.contains(" % after"))
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.count <= 11)
        #expect(lines.allSatisfy { $0.wholeMatch(of: /\d+ % after \d+ s/) != nil }, "\(outcome.error)")
        #expect(lines.last?.hasPrefix("100 % ") ?? false)
        #expect(try command.files() == ["r.h5", "small-study"])
    }

    @Test func quietSaysNothingButResults() throws {
        let command = try Command(with: "small-study")
        let outcome = try command.run("run", "small-study", "--quiet", "--out", "r.h5")
        #expect(outcome.status == 0 && outcome.error == "" && outcome.output.hasPrefix(beginning))
    }

    @Test func jsonIsOneObject() throws {
        let command = try Command(with: "small-study")
        let outcome = try command.run("run", "small-study", "--quiet", "--json", "--out", "r.h5")
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        #expect((object as? [String: Any])?["title"] as? String == "A small study")
        #expect(try command.run("inspect", "r.h5", "--json") == outcome)
    }

    @Test func theSummaryIsThatOfTheFile() throws {
        let command = try Command(with: "small-study")
        let outcome = try command.run("run", "small-study", "--quiet", "--out", "r.h5")
        #expect(try command.run("inspect", "r.h5") == outcome)
    }

    @Test(
        arguments: [
            ("small-study", "small-study.h5"), ("small-study/", "small-study.h5"),
            ("small-study/scenario.yaml", "small-study.h5"), ("small-study/../small-study", "small-study.h5"),
            ("small-study/variant.b.yaml", "variant.b.h5"),
        ])
    func theFileIsNamedAfterTheScenario(_ scenario: String, _ file: String) throws {
        let command = try Command(with: "small-study")
        try FileManager.default.copyItem(
            atPath: command.path("small-study/scenario.yaml"), toPath: command.path("small-study/variant.b.yaml"))
        #expect(try command.run("run", scenario, "--quiet").status == 0)
        #expect(try command.files() == ["small-study", file].sorted())
    }

    @Test func fromWithinTheFolder() throws {
        let command = try Command()
        for name in ["scenario.yaml", "model.R", "records.csv"] {
            try FileManager.default.copyItem(
                at: Command.fixtures.appending(path: "small-study/\(name)"), to: command.folder.appending(path: name))
        }
        let name = "\(command.folder.lastPathComponent).h5"
        for scenario in [".", "scenario.yaml", "./"] {
            #expect(try command.run("run", scenario, "--quiet").status == 0)
            #expect(try command.files() == ["model.R", "records.csv", "scenario.yaml", name].sorted())
            try FileManager.default.removeItem(atPath: command.path(name))
        }
    }

    @Test func optionsStandForValuesOfTheScenario() throws {
        let command = try Command(with: "small-study")
        let options = try command.run(
            "run", "small-study", "--quiet", "--seed", "9", "--patients", "32", "--replicates", "2", "--out", "a.h5")
        let set = try command.run(
            "run", "small-study", "--quiet", "--set", "seed=9", "--set", "cohort.patients=32", "--set",
            "trial.replicates=2",
            "--out", "b.h5")
        #expect(options.status == 0 && set.status == 0)
        #expect(try command.run("compare", "a.h5", "b.h5").status == 0)
        #expect(try command.run("run", "small-study", "--quiet", "--out", "c.h5").status == 0)
        #expect(try command.run("compare", "a.h5", "c.h5").status == 1)
    }

    @Test(arguments: ["1", "2", "7"]) func threadsChangeNothing(_ threads: String) throws {
        let command = try Command(with: "small-study")
        #expect(try command.run("run", "small-study", "--quiet", "--out", "a.h5").status == 0)
        #expect(try command.run("run", "small-study", "--quiet", "--threads", threads, "--out", "b.h5").status == 0)
        #expect(try command.run("compare", "a.h5", "b.h5").status == 0)
    }

    // MARK: Where the file cannot be written

    @Test(
        arguments: [
            ("nowhere/r.h5", "cannot write 'nowhere/r.h5': there is no folder 'nowhere'; create it first\n"),
            (
                "small-study",
                "cannot write 'small-study': it is a folder; name a file, such as 'small-study/study.h5'\n"
            ),
            (
                "small-study/model.R/r.h5",
                "cannot write 'small-study/model.R/r.h5': 'small-study/model.R' is not a folder\n"
            ),
            ("/dev/null", "cannot write '/dev/null': it is a device, pipe or socket and no plain file\n"),
            (
                "r.partial",
                "cannot write 'r.partial': names ending in '.partial' are kept for unfinished files; choose another\n"
            ),
        ], [[], ["--resume"]])
    func nothingIsSimulatedForAFileThatCannotBeWritten(_ target: (String, String), _ more: [String]) throws {
        let command = try Command(with: "small-study")
        let outcome = try command.start(["run", "small-study", "--out", target.0] + more).wait()
        #expect(outcome == Command.Outcome(status: 74, output: "", error: target.1))
        #expect(try command.files() == ["small-study"])
    }

    @Test func standardOutputThatIsFull() throws {
        let command = try Command(with: "small-study")
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["schema"]
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 74)
        #expect(String(decoding: said, as: UTF8.self) == "cannot write to standard output: No space left on device\n")
        #expect(try command.files() == ["small-study"])
    }

    // MARK: Interrupts

    /// A run that takes long enough to be interrupted.
    private func longRun(_ command: borrowing Command) throws -> Command.Running {
        let running = try command.start([
            "run", "small-study", "--out", "r.h5", "--patients", "200000", "--replicates", "100000", "--threads", "2",
        ])
        // Once progress is told, the handler stands and the study runs.
        let error = command.folder.appending(path: ".error")
        for _ in 0..<1000 {
            if let size = try? Data(contentsOf: error).count, size > 0 { break }
            usleep(10_000)
        }
        return running
    }

    @Test func theFirstInterruptEndsTheRunWithoutAFile() throws {
        let command = try Command(with: "small-study")
        let running = try longRun(command)
        kill(running.process.processIdentifier, SIGINT)
        let outcome = try running.wait()
        #expect(running.process.terminationReason == .exit)
        #expect(outcome.status == 130)
        #expect(outcome.output == "")
        #expect(outcome.error.hasSuffix("interrupted; nothing was written\n"), "\(outcome.error)")
        #expect(try command.files() == ["small-study"])
    }

    @Test func aFileThatWasThereStays() throws {
        let command = try Command(with: "small-study")
        #expect(try command.run("run", "small-study", "--quiet", "--out", "r.h5").status == 0)
        let before = try Data(contentsOf: command.folder.appending(path: "r.h5"))
        let running = try longRun(command)
        kill(running.process.processIdentifier, SIGINT)
        #expect(try running.wait().status == 130)
        #expect(try Data(contentsOf: command.folder.appending(path: "r.h5")) == before)
        #expect(try command.files() == ["r.h5", "small-study"])
    }

    @Test func aResumedRunGoesOnFromItsParts() throws {
        let command = try Command(with: "small-study")
        let options = ["run", "small-study", "--resume", "--patients", "64", "--replicates", "2000", "--out"]
        let running = try command.start(options + ["r.h5"])
        // Once a part is there, the run has more than nothing to lose.
        for _ in 0..<2000 {
            let parts = try? FileManager.default.contentsOfDirectory(atPath: command.path("r.h5.parts"))
            if parts?.contains(where: { $0.hasSuffix(".h5") }) ?? false { break }
            usleep(5_000)
        }
        kill(running.process.processIdentifier, SIGINT)
        let interrupted = try running.wait()
        #expect(interrupted.status == 130 && interrupted.output == "")
        #expect(
            interrupted.error.hasSuffix(
                "interrupted; finished parts are kept in 'r.h5.parts': run again with --resume to go on\n"))
        #expect(try command.files() == ["r.h5.parts", "small-study"])
        #expect(try command.start(options + ["r.h5"]).wait().status == 0)
        #expect(try command.files() == ["r.h5", "small-study"])
        #expect(try command.start(options.filter { $0 != "--resume" } + ["one.h5"]).wait().status == 0)
        #expect(try command.run("compare", "r.h5", "one.h5").status == 0)
    }
}
