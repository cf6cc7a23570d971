/// A variable that is written block by block, made by ``ResultsWriter/stream(_:under:block:)``.
///
/// Every cell is to be written exactly once: a second time is refused at once, a cell left out when the file is
/// finished. Sendable, since each call takes its turn with those of its writer.
public final class ResultsStream: @unchecked Sendable {
    private let array: HDF5Array
    private let elementType: ResultElementType
    private let isExtendible: Bool
    private let path: String
    // Weak, so that a writer that is dropped without finishing removes its file.
    private weak var writer: ResultsWriter?
    // Guarded by the writer's lock.
    private var shape: [Int]
    private var coverage = BlockCoverage()

    init(
        array: HDF5Array, elementType: ResultElementType, shape: [Int], isExtendible: Bool, writer: ResultsWriter
    ) {
        self.array = array
        self.elementType = elementType
        self.shape = shape
        self.isExtendible = isExtendible
        self.path = writer.path
        self.writer = writer
    }

    /// Writes one block.
    /// - Parameters:
    ///   - values: the cells in row-major order, as many as the product of `count`.
    ///   - offset: the block's first position along each dimension.
    ///   - count: the block's extents along each dimension.
    /// - Throws: ``ResultsError/invalidBlock(variable:problem:)`` for a block of the wrong type or size, outside the
    ///   variable or over cells that are written already; nothing is written then.
    public func write(_ values: ResultValues, at offset: [Int], count: [Int]) throws {
        try inTurn { try put(values, at: offset, count: count) }
    }

    /// Writes rows at the end of the extendible first dimension, which grows by them.
    /// - Parameter values: whole rows in row-major order; none at all is allowed.
    /// - Throws: ``ResultsError/invalidBlock(variable:problem:)`` for values of another type, parts of rows, or a
    ///   variable that is not extendible; ``ResultsError/writerClosed(path:)``.
    public func append(_ values: ResultValues) throws {
        try inTurn {
            guard isExtendible else { throw invalid("its first dimension is not extendible; write blocks at offsets") }
            try checkType(of: values)
            guard values.count > 0 else { return }
            let rowCells = shape.dropFirst().reduce(1, multipliedSaturating)
            guard rowCells > 0, values.count % rowCells == 0 else {
                throw invalid("\(values.count) values are no whole number of rows of \(rowCells)")
            }
            let first = shape[0]
            let rows = values.count / rowCells
            shape[0] += rows
            try array.setExtent(shape)
            try put(
                values, at: [first] + shape.dropFirst().map { _ in 0 }, count: [rows] + Array(shape.dropFirst()))
        }
    }

    /// Refuses a variable that lacks cells.
    func checkComplete() throws {
        let needed = shape.reduce(1, multipliedSaturating)
        guard coverage.cellCount == needed else {
            throw invalid("only \(coverage.cellCount) of its \(needed) cells were written")
        }
    }

    private func inTurn(_ body: () throws -> Void) throws {
        guard let writer else { throw ResultsError.writerClosed(path: path) }
        try writer.locked(body)
    }

    private func put(_ values: ResultValues, at offset: [Int], count: [Int]) throws {
        try checkType(of: values)
        try Block.check(offset: offset, count: count, shape: shape, of: array.path)
        let cells = count.reduce(1, multipliedSaturating)
        guard values.count == cells else {
            throw invalid("\(values.count) values for a block of \(count), which has \(cells) cells")
        }
        if let problem = TextRules.problems(of: values, at: "block").first { throw invalid(problem) }
        guard coverage.insert(offset: offset, count: count) else {
            throw invalid("a block at \(offset) of \(count) covers cells that are written already")
        }
        guard cells > 0 else { return }
        try array.write(values, block: shape.isEmpty ? nil : (offset, count))
    }

    private func checkType(of values: ResultValues) throws {
        guard values.elementType == elementType else {
            throw invalid("values of type \(values.elementType.rawValue) where it has \(elementType.rawValue)")
        }
    }

    private func invalid(_ problem: String) -> ResultsError {
        .invalidBlock(variable: array.path, problem: problem)
    }
}
