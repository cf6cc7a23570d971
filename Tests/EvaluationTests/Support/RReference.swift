import Foundation
import Testing

@testable import Evaluation

/// References/evaluation-R.json, and the tables that it was made from.
enum RReference {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// One entry of the file.
    static func entry(_ name: String) throws -> [String: Any] { try #require(try all()[name] as? [String: Any]) }

    static func all() throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: "References/evaluation-R.json"))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// An entry of evaluate-R.json or evaluate-python.json: of simple scores of the tables.
    static func simple(_ file: String, _ path: String...) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: "References/\(file)"))
        var found = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        for name in path { found = try #require(found[name] as? [String: Any]) }
        return found
    }

    static func numbers(_ name: String) throws -> [Double] { try #require(try all()[name] as? [Double]) }

    static func table(_ name: String) throws -> DataTable {
        let path = folder.deletingLastPathComponent().appending(path: "OutcomesTests/References/\(name).csv").path
        return try DataTable(csv: Array(Data(contentsOf: URL(filePath: path))), file: "\(name).csv")
    }
}

extension DataTable {
    /// A small table from its text.
    init(_ text: String) throws { try self.init(csv: Array(text.utf8), file: "t.csv") }
}

/// Whether two lists of numbers agree to a relative tolerance.
func agree(_ found: [Double], _ expected: [Double], _ tolerance: Double) -> Bool {
    found.count == expected.count
        && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(abs($1), 1e-300) }
}
