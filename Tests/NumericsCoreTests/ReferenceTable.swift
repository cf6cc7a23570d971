import Foundation
import Testing

/// A table of reference values beside these tests: a `.csv` with its `.info.json` and the script that regenerates both.
struct ReferenceTable {
    /// One row: the function's name, its arguments and the value to expect.
    struct Row {
        let function: String
        let arguments: [Double]
        let value: Double
    }

    let rows: [Row]

    init(_ name: String, file: String = #filePath) throws {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("References")
        let text = try String(contentsOf: folder.appendingPathComponent(name + ".csv"), encoding: .utf8)
        let lines = text.split(separator: "\n").dropFirst()
        rows = try lines.map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = try cells.dropFirst().filter { !$0.isEmpty }.map { try #require(Double(String($0))) }
            return Row(
                function: String(cells[0]), arguments: Array(numbers.dropLast()), value: try #require(numbers.last))
        }
    }

    /// The rows of one function; never empty, so that a misspelt name cannot pass a test.
    func rows(of function: String) throws -> [Row] {
        let found = rows.filter { $0.function == function }
        try #require(!found.isEmpty, "no reference rows for \(function)")
        return found
    }
}

/// |value − expected| / |expected|; 0 when both are equal, infinities among them, and +∞ for NaN.
func relativeError(_ value: Double, _ expected: Double) -> Double {
    if value == expected { return 0 }
    let error = abs(value - expected) / abs(expected)
    return error.isNaN ? .infinity : error
}
