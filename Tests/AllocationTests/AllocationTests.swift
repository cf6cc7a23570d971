import Foundation
import Testing

/// A step of the lanes, and a decision of an episode, allocates nothing: a program of its own counts every call of its
/// allocators over a span and over twice that span, or over so many episodes and twice as many.
@Suite("Allocations")
struct AllocationTests {
    /// One line of the program's output.
    struct Count: CustomStringConvertible {
        var name: String
        var steps: Int
        var allocations: Int
        var moreSteps: Int
        var moreAllocations: Int

        var description: String {
            "\(name): \(allocations) in \(steps) steps, \(moreAllocations) in \(moreSteps)"
        }
    }

    /// The program stands beside the bundle of the tests, whatever the folder and the kind of the build.
    private func executable() throws -> URL {
        let arguments = CommandLine.arguments
        let named = arguments.firstIndex(of: "--test-bundle-path").flatMap { index in
            arguments.indices.contains(index + 1) ? arguments[index + 1] : nil
        }
        for bundle in [named, arguments.first, Bundle.main.executablePath].compactMap({ $0 }) {
            var folder = URL(filePath: bundle).standardizedFileURL
            while folder.pathComponents.count > 1 {
                folder.deleteLastPathComponent()
                let candidate = folder.appending(path: "count-allocations")
                if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    private func counts() throws -> [Count] {
        let process = Process()
        process.executableURL = try executable()
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            try #require(numbers.count == 4, "\(line)")
            return Count(
                name: String(words[0]), steps: numbers[0], allocations: numbers[1], moreSteps: numbers[2],
                moreAllocations: numbers[3])
        }
    }

    @Test("Twice the steps ask for memory as often, by every route and in every kind of environment, served or not")
    func steps() throws {
        var counts = try counts()
        let control = counts.removeFirst()
        #expect(control.name == "control" && control.allocations == 1000 && control.moreAllocations == 2000)
        let routes = [
            "linear", "matrix", "explicit", "explicit5", "split", "rosenbrock", "turning", "delays", "switches",
            "sliding",
        ]
        let environments = ["oberst-sepsis", "ahn-chemotherapy", "epicare", "type1-diabetes", "served"]
        #expect(counts.map(\.name) == routes + environments)
        for count in counts {
            #expect(count.steps >= 200, "\(count)")
            #expect(count.moreSteps * 10 >= count.steps * 17, "\(count)")
            #expect(count.allocations == count.moreAllocations, "\(count)")
        }
    }
}
