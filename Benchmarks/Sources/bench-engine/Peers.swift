import Foundation

/// Other programs on the same workloads, run by R where it has them.
struct Peers {
    /// The script beside the workloads.
    let script: String

    /// Subjects per CPU-second by program, by workload; empty without R or without the programs.
    func measure(subjects: Int, repetitions: Int) -> [String: [String: Double]] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["Rscript", script, "\(subjects)", "\(repetitions)"]
        let output = Pipe()
        process.standardOutput = output
        guard (try? process.run()) != nil else { return [:] }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var found: [String: [String: Double]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let cells = line.split(separator: ",").map(String.init)
            guard cells.count == 3, let speed = Double(cells[2]) else { continue }
            found[cells[0], default: [:]][cells[1]] = speed
        }
        return found
    }
}
