import Foundation
import ResultsStore

/// The summary of a results file: what a trial designer reads first.
public struct StudySummary {
    private let root: ResultGroup
    private let path: String

    public init(_ file: ResultsFile) throws {
        root = try file.content()
        path = file.path
    }

    public var text: String { "results in \(path)" }

    public func json() throws -> String { "{}" }
}
