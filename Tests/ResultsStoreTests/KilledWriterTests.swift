import Foundation
import ResultsStore
import Testing

/// Backed by an invariant: whenever a writing process is killed, at the target stands a whole file.
struct KilledWriterTests {
    private static let cellCount = 400_000

    @Test func aKilledWriterLeavesAWholeFile() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("killed-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a.h5"
        try ResultsWriter.write(Self.content(1), to: path)
        // The child writes file after file, so that most of the kills strike in the middle of one.
        for microseconds in (0..<20).map({ 500 + 1_700 * $0 }) {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, microseconds = microseconds as Int] in
                DispatchQueue.global().async {
                    usleep(UInt32(microseconds))
                    kill(getpid(), SIGKILL)
                }
                for value in 2... { try ResultsWriter.write(Self.content(Double(value)), to: path) }
            }
            let found = try ResultsFile(path).content()
            let first = found.variables.first?.values.slice(0..<1)
            guard case .double(let cells)? = first, let value = cells.first else {
                Issue.record("the file holds something else: \(found.outline)")
                return
            }
            #expect(found == Self.content(value), "killed after \(microseconds) microseconds")
        }
        let leftovers = try names(in: folder).filter { $0 != "a.h5" }
        #expect(leftovers.count > 0, "no kill struck a file under construction, so nothing was tested")
        for leftover in leftovers {
            #expect(throws: ResultsError.partialFile(path: "\(folder)/\(leftover)")) {
                try ResultsFile("\(folder)/\(leftover)")
            }
        }
        try ResultsWriter.write(Self.content(-1), to: path)
        #expect(try ResultsFile(path).content() == Self.content(-1))
    }

    private static func content(_ value: Double) -> ResultGroup {
        ResultGroup(
            dimensions: [ResultDimension("row", size: cellCount)],
            variables: [
                ResultVariable("x", ["row"], Array(repeating: value, count: cellCount), unit: "1", longName: "Cells")
            ])
    }
}
