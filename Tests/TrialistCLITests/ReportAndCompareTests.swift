import ArgumentParser
import Foundation
import ResultsStore
import Testing

@testable import TrialistCLI

/// Backed by the table of exit codes in the README.
struct ReportAndCompareTests {
    /// A folder with two results files that differ in one number, given to the body and removed after it.
    private func withFiles(_ body: (_ one: String, _ other: String, _ folder: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cli-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, number) in [("one", 1.0), ("other", 1.5)] {
            let group = ResultGroup(
                "numbers",
                variables: [
                    ResultVariable("level", number, unit: "1", longName: "level"),
                    ResultVariable("level_standard_error", 0.25, unit: "1", longName: "error"),
                ])
            try ResultsWriter.write(ResultGroup(groups: [group]), to: "\(folder)/\(name).h5")
        }
        try body("\(folder)/one.h5", "\(folder)/other.h5", folder)
    }

    /// The exit code of a comparison.
    private func code(_ arguments: String...) -> Int32 {
        do {
            let command = try CompareCommand.parse(arguments)
            try command.run()
            return ExitStatus.done.rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return ExitStatus(of: error).rawValue
        }
    }

    @Test("compare ends with 0 without drift, with 1 on drift, and with 66 or 65 where there is nothing to compare")
    func exitCodes() throws {
        try withFiles { one, other, folder in
            #expect(code(one, one) == 0)
            #expect(code(one, other) == 1)
            // √(0.25² + 0.25²) = 0.354, so 0.5 is 1.41 errors.
            #expect(code(one, other, "--within", "1.4") == 1)
            #expect(code(one, other, "--within", "1.5", "--json") == 0)
            #expect(code(one, "\(folder)/none.h5") == 66)
            #expect(code(one, folder) == 65)
        }
    }

    @Test("compare refuses a tolerance that is none", arguments: ["-1", "inf", "nan"])
    func tolerance(text: String) {
        let error = #expect(throws: (any Error).self) {
            try CompareCommand.parse(["a.h5", "b.h5", "--within=\(text)"])
        }
        #expect(
            error.map { CompareCommand.message(for: $0) }
                == "--within: found \(Double(text) ?? 0), allowed: a number of at least 0")
    }

    @Test("report writes the page it was asked for, and says 74 where it cannot")
    func report() throws {
        try withFiles { one, _, folder in
            let command = try ReportCommand.parse([one, "--html", "\(folder)/page.html"])
            try command.run()
            #expect(try String(contentsOfFile: "\(folder)/page.html", encoding: .utf8).hasPrefix("<!DOCTYPE html>\n"))
            let refused = try ReportCommand.parse([one, "--html", "\(folder)/none/page.html"])
            let error = #expect(throws: ResultsError.self) { try refused.run() }
            #expect(error.map { ExitStatus(of: $0) } == .inputOutput)
        }
    }
}
