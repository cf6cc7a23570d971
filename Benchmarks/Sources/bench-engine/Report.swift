import Foundation

extension EngineMeasurement {
    static let header = """
        workload      first result ms   error      subjects/CPU-s  (unkept, fresh table)  spread   wall 1   wall 2   gain
        """

    /// One line of the table under ``header``.
    var line: String {
        let name = workload.padding(toLength: 14, withPad: " ", startingAt: 0)
        return name
            + String(
                format: "%5.2f (%5.2f)   %8.1e  %12.0f  (%8.0f, %8.0f)  %5.1f %%  %6.3f s %6.3f s  %5.2f",
                firstResultMilliseconds, laterResultMilliseconds, error, subjectsPerProcessorSecond,
                subjectsPerProcessorSecondUnkept, subjectsPerProcessorSecondFresh, 100 * spread, wallOneThread,
                wallTwoThreads, gain)
    }

    /// How many times as fast as each of the other programs, one line for each workload.
    static func ratios(_ measurements: [EngineMeasurement]) -> String {
        let lines = measurements.filter { !$0.peers.isEmpty }.map { measurement in
            let parts = measurement.peers.sorted { $0.key < $1.key }.map { name, speed in
                String(format: "%.0f subjects/CPU-s of ", speed) + name
                    + String(format: " (ratio %.1f)", measurement.subjectsPerProcessorSecond / speed)
            }
            return "\(measurement.workload): \(parts.joined(separator: ", "))"
        }
        return lines.isEmpty
            ? "no other program to compare with (R with mrgsolve or rxode2)" : lines.joined(separator: "\n")
    }

    static func json(_ measurements: [EngineMeasurement]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(measurements), as: UTF8.self)
    }
}
