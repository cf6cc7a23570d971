/// A tree of groups that can be walked with one block of cells in memory at a time: a file on disk or a value.
public protocol ResultContent: Sendable {
    /// A group without the cells of its variables, with all below it; `/` for the whole.
    func outline(_ path: String) throws -> ResultGroupOutline

    /// Some positions of a variable along its first dimension, all along the others; for a single value, that value.
    func values(of path: String, rows: Range<Int>) throws -> ResultValues
}

extension ResultsFile: ResultContent {}

extension ResultGroup: ResultContent {
    public func outline(_ path: String) throws -> ResultGroupOutline {
        try descend(ResultPath.components(path), to: path).outline
    }

    public func values(of path: String, rows: Range<Int>) throws -> ResultValues {
        let (groupPath, name) = ResultPath.split(path)
        let group = try descend(ResultPath.components(groupPath), to: groupPath)
        guard let variable = group.variable(named: name) else {
            throw ResultsError.missingVariable(
                variable: ResultPath.normalised(path), path: "content in memory",
                existing: group.variables.map(\.name))
        }
        let shape = group.outline.shape(of: variable.outline)
        guard let size = shape.first else { return variable.values }
        let kept = rows.clamped(to: 0..<size)
        let rowCells = shape.dropFirst().reduce(1, multipliedSaturating)
        return variable.values.slice((kept.lowerBound * rowCells)..<(kept.upperBound * rowCells))
    }

    private func descend(_ names: [String], to path: String) throws -> ResultGroup {
        var group = self
        for name in names {
            guard let next = group.group(named: name) else {
                throw ResultsError.missingGroup(
                    group: ResultPath.normalised(path), path: "content in memory", existing: group.groups.map(\.name))
            }
            group = next
        }
        return group
    }
}

extension ResultContent {
    /// Hands over the cells of a variable in blocks of whole rows, each of about a million cells at most, in order.
    func forEachBlock(of path: String, shape: [Int], _ body: (ResultValues) throws -> Void) throws {
        for rows in RowBlocks(shape: shape) { try body(values(of: path, rows: rows)) }
    }
}

/// The ranges of rows that split an array into blocks of about a million cells.
struct RowBlocks: Sequence, IteratorProtocol {
    private var start = 0
    private let rowCount: Int
    private let rowsPerBlock: Int

    /// The blocks of an array of the given extents; a single value is one row.
    init(shape: [Int]) {
        let rowCells = shape.dropFirst().reduce(1, multipliedSaturating)
        rowCount = rowCells == 0 ? 0 : shape.first ?? 1
        rowsPerBlock = Swift.max(1, 1_048_576 / Swift.max(1, rowCells))
    }

    mutating func next() -> Range<Int>? {
        guard start < rowCount else { return nil }
        let rows = start..<Swift.min(start + rowsPerBlock, rowCount)
        start = rows.upperBound
        return rows
    }
}
