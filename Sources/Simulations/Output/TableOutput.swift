import Foundation
import Pharmacology
import ResultsStore

/// Writes simulated subjects as comma-separated text: `id`, `time`, states, variables, covariates; one row for each time.
/// Where parameters are drawn, `replicate` stands behind `id`.
///
/// Numbers are the shortest decimals that read back as the same double. What a failed subject did not reach is `NaN`.
package final class TableOutput: SimulationSink {
    private let file: UnfinishedFile
    private let path: String
    private let columns: OutputColumns
    private let population: SimulatedPopulation
    private var stream: UnsafeMutablePointer<FILE>?
    private var text: [UInt8] = []

    private static let flushSize = 1 << 20

    /// - Throws: `ResultsError` where no file can be written at the path.
    package init(_ path: String, _ columns: OutputColumns, _ population: SimulatedPopulation) throws {
        self.path = path
        self.columns = columns
        self.population = population
        file = try UnfinishedFile(target: path)
        stream = fopen(file.partial, "wb")
        guard stream != nil else { throw failure() }
        let header = population.identifyingColumns + ["time"] + columns.names
        text += Array(header.map(quoted).joined(separator: ",").utf8)
        text.append(UInt8(ascii: "\n"))
    }

    deinit { discard() }

    package func receive(_ block: SimulatedBlock, _ subjects: ArraySlice<Subject>, first: Int) throws {
        for (index, subject) in subjects.enumerated() {
            let identifier = Array(population.identifyingCells(first + index).utf8)
            var inputs = InputPath(subject, columns.slots)
            for (sample, time) in subject.samples.enumerated() {
                text += identifier
                append(time)
                for output in columns.outputs.indices {
                    append(block.value(subject: index, sample: sample, output: output))
                }
                if !columns.slots.isEmpty {
                    inputs.advance(to: time)
                    inputs.values.forEach(append)
                }
                text.append(UInt8(ascii: "\n"))
                if text.count >= Self.flushSize { try flush() }
            }
        }
    }

    package func finish(_ outcome: SimulationOutcome) throws {
        try flush()
        guard let stream else { return }
        self.stream = nil
        guard fclose(stream) == 0 else { throw failure() }
        try file.commit()
    }

    package func discard() {
        guard let stream else { return }
        self.stream = nil
        fclose(stream)
        file.discard()
    }

    private func append(_ value: Double) {
        text.append(UInt8(ascii: ","))
        if value.isNaN {
            text += "NaN".utf8
        } else if value.isInfinite {
            text += (value < 0 ? "-Inf" : "Inf").utf8
        } else {
            text += value.description.utf8
        }
    }

    private func flush() throws {
        defer { text.removeAll(keepingCapacity: true) }
        guard let stream, fwrite(text, 1, text.count, stream) == text.count else { throw failure() }
    }

    private func failure() -> ResultsError {
        ResultsError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}

extension SimulatedPopulation {
    /// The columns that tell whose a row is.
    var identifyingColumns: [String] { replicate(of: 0) == nil ? ["id"] : ["id", "replicate"] }

    /// Their cells for a subject.
    func identifyingCells(_ index: Int) -> String {
        let name = quoted(identifier(index))
        return replicate(of: index).map { "\(name),\($0)" } ?? name
    }
}

/// A cell of comma-separated text, in quotes where it needs them.
func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains {
        $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
    }
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
}
