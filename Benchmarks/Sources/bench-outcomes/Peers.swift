import Foundation

/// Other programs on the same table of 100,000 patients, one thread each.
struct Peers {
    struct Measurement {
        let seconds: Double
        let value: Double
    }

    let folder: String

    /// By estimator and program; empty where none is installed. The Python is that of the variable `PEERS_PYTHON`.
    func measure() throws -> [String: [String: Measurement]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "bench-outcomes-\(getpid()).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SurvivalWorkload(100_000).writeTable(to: path)
        let python = ProcessInfo.processInfo.environment["PEERS_PYTHON"] ?? "python3"
        var found: [String: [String: Measurement]] = [:]
        for (program, script) in [(python, "peers-outcomes.py"), ("Rscript", "peers-outcomes.R")] {
            for line in output(of: program, ["\(folder)/\(script)", path]).split(separator: "\n") {
                let cells = line.split(separator: "\t").map(String.init)
                guard cells.count == 4, let seconds = Double(cells[2]), let value = Double(cells[3]) else { continue }
                found[cells[0], default: [:]][cells[1]] = Measurement(seconds: seconds, value: value)
            }
        }
        return found
    }

    private func output(of program: String, _ arguments: [String]) -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging([
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        ]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return "" }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
