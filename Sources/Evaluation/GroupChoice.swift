import Outcomes

/// What `--by` names: a column (`sex`), bands of a column of numbers (`age:50,65`), or several of these at once (`sex*site`).
package struct GroupChoice: Sendable, Hashable {
    /// One of the groupings that are crossed.
    private struct Part: Sendable, Hashable {
        let column: String
        /// Where the bands begin, ascending; empty for the values themselves.
        let cuts: [Double]
    }

    /// As it was asked for: its name in results.
    package let name: String
    private let parts: [Part]

    package var columns: [String] { parts.map(\.column) }

    /// A column of just this name comes before any other reading.
    ///
    /// - Throws: ``EvaluationErrors`` for cuts that are no ascending numbers.
    package init(_ text: String, of table: DataTable) throws {
        name = text
        guard table.index(text) == nil else {
            parts = [Part(column: text, cuts: [])]
            return
        }
        parts = try text.split(separator: "*", omittingEmptySubsequences: false).map { part in
            let part = String(part)
            guard table.index(part) == nil, let colon = part.lastIndex(of: ":") else {
                return Part(column: part, cuts: [])
            }
            return Part(column: String(part[..<colon]), cuts: try Self.cuts(part[part.index(after: colon)...]))
        }
    }

    private static func cuts(_ text: Substring) throws -> [Double] {
        let allowed = "allowed: ascending numbers with commas between them, such as age:50,65"
        let cuts = try text.split(separator: ",", omittingEmptySubsequences: false).map { cell in
            guard let cut = Double(cell), cut.isFinite else {
                throw EvaluationErrors("found '\(cell)', \(allowed)", at: "--by")
            }
            return cut
        }
        for (before, cut) in zip(cuts, cuts.dropFirst()) where cut <= before {
            throw EvaluationErrors("found '\(text)', \(allowed)", at: "--by")
        }
        return cuts
    }

    /// The groups of the rows; of several groupings at once those that have patients.
    package func grouping(_ rows: CompleteRows) throws -> Grouping {
        let groupings = try parts.map { part in
            part.cuts.isEmpty
                ? try rows.grouping(part.column) : try Grouping(bands: rows.numbers(part.column), cuts: part.cuts)
        }
        guard let first = groupings.first, groupings.count > 1 else { return groupings.first ?? Grouping([String]()) }
        return try groupings.dropFirst().reduce(first) { try $0.crossed(with: $1).withoutEmpty }
    }
}
