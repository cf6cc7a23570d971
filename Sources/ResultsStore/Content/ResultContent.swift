/// A tree of groups that can be walked with one block of cells in memory at a time: a file on disk or a value.
public protocol ResultContent: Sendable {
    /// A group without the cells of its variables, with all below it; `/` for the whole.
    func outline(_ path: String) throws -> ResultGroupOutline

    /// One block of a variable in row-major order.
    /// - Parameters:
    ///   - path: from the root.
    ///   - offset: the block's first position along each dimension; empty for a single value.
    ///   - count: the block's extents along each dimension.
    /// - Throws: ``ResultsError/invalidBlock(variable:problem:)`` for a block that is not within the variable.
    func values(of path: String, offset: [Int], count: [Int]) throws -> ResultValues
}

extension ResultsFile: ResultContent {}

extension ResultGroup: ResultContent {
    /// The group without the cells of its variables, with all below it.
    ///
    /// - Throws: ``ResultsError/missingGroup(group:path:existing:)`` where the path leads to no group.
    public func outline(_ path: String) throws -> ResultGroupOutline {
        try descend(ResultPath.components(path), to: path).outline
    }

    /// A block of a variable in memory, in row-major order.
    ///
    /// - Throws: ``ResultsError/missingGroup(group:path:existing:)``,
    ///   ``ResultsError/missingVariable(variable:path:existing:)``, and
    ///   ``ResultsError/invalidBlock(variable:problem:)`` for a block that is not within the variable.
    public func values(of path: String, offset: [Int], count: [Int]) throws -> ResultValues {
        let (groupPath, name) = ResultPath.split(path)
        let group = try descend(ResultPath.components(groupPath), to: groupPath)
        guard let variable = group.variable(named: name) else {
            throw ResultsError.missingVariable(
                variable: ResultPath.normalised(path), path: "content in memory",
                existing: group.variables.map(\.name))
        }
        let shape = group.outline.shape(of: variable.outline)
        try Block.check(offset: offset, count: count, shape: shape, of: ResultPath.normalised(path))
        return variable.values.picking(Block.runs(offset: offset, count: count, shape: shape))
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
    /// Some positions of a variable along its first dimension, all along the others.
    /// - Parameters:
    ///   - path: from the root.
    ///   - rows: positions along the first dimension; those outside are left out.
    /// - Throws: ``ResultsError/invalidBlock(variable:problem:)`` for a single value, which has no rows.
    public func values(of path: String, rows: Range<Int>) throws -> ResultValues {
        let (groupPath, name) = ResultPath.split(path)
        let group = try outline(groupPath)
        let variable = group.variables.first { $0.name == name }
        let shape = variable.map { group.shape(of: $0) } ?? []
        let kept = rows.clamped(to: 0..<(shape.first ?? 0))
        return try values(
            of: path, offset: [kept.lowerBound] + shape.dropFirst().map { _ in 0 },
            count: [kept.count] + Array(shape.dropFirst()))
    }

    /// Hands over the cells of a variable in row-major order, in blocks of about a million.
    func forEachBlock(of path: String, shape: [Int], _ body: (ResultValues) throws -> Void) throws {
        for block in RowMajorBlocks(shape: shape) {
            try body(values(of: path, offset: block.offset, count: block.count))
        }
    }
}

extension ResultValues {
    /// The cells of some ranges of positions, one range after the other.
    fileprivate func picking(_ ranges: [Range<Int>]) -> ResultValues {
        func pick<Element>(_ array: [Element]) -> [Element] {
            ranges.flatMap { array[$0.clamped(to: array.indices)] }
        }
        return switch self {
        case .double(let values): .double(pick(values))
        case .float(let values): .float(pick(values))
        case .int32(let values): .int32(pick(values))
        case .int8(let values): .int8(pick(values))
        case .string(let values): .string(pick(values))
        }
    }
}
