/// Rectangular parts of arrays, by their first position and their extents along each dimension.
enum Block {
    /// Refuses a block that is not within an array.
    static func check(offset: [Int], count: [Int], shape: [Int], of variable: String) throws {
        guard offset.count == shape.count, count.count == shape.count else {
            throw ResultsError.invalidBlock(
                variable: variable, problem: "a block at \(offset) of \(count) for \(shape.count) dimensions")
        }
        let fits = shape.indices.allSatisfy { axis in
            offset[axis] >= 0 && count[axis] >= 0 && offset[axis] <= shape[axis]
                && count[axis] <= shape[axis] - offset[axis]
        }
        guard fits else {
            throw ResultsError.invalidBlock(
                variable: variable, problem: "a block at \(offset) of \(count) does not fit its extents \(shape)")
        }
    }

    /// The ranges of cells that a block covers in the row-major order of the whole array.
    static func runs(offset: [Int], count: [Int], shape: [Int]) -> [Range<Int>] {
        guard let last = shape.indices.last else { return [0..<1] }
        guard !count.contains(0) else { return [] }
        var starts = [0]
        for axis in shape.indices.dropLast() {
            starts = starts.flatMap { start in
                (0..<count[axis]).map { (start + offset[axis] + $0) * shape[axis + 1] }
            }
        }
        return starts.map { ($0 + offset[last])..<($0 + offset[last] + count[last]) }
    }
}

/// Blocks of about a million cells that follow one another in row-major order and together are the whole array.
struct RowMajorBlocks: Sequence, IteratorProtocol {
    private let shape: [Int]
    // Along this axis blocks take several positions; along those before it one, along those after it all.
    private let axis: Int
    private let step: Int
    private var offset: [Int]?

    /// The blocks of an array of the given extents; one for a single value, none for an array without cells.
    init(shape: [Int], cellsPerBlock: Int = 1_048_576) {
        var axis = 0
        func cells(after axis: Int) -> Int {
            shape.dropFirst(axis + 1).reduce(1, multipliedSaturating)
        }
        while axis + 1 < shape.count && cells(after: axis) > cellsPerBlock { axis += 1 }
        self.shape = shape
        self.axis = axis
        self.step = Swift.max(1, cellsPerBlock / Swift.max(1, cells(after: axis)))
        self.offset = shape.contains(0) ? nil : shape.map { _ in 0 }
    }

    mutating func next() -> (offset: [Int], count: [Int])? {
        guard let offset else { return nil }
        guard !shape.isEmpty else {
            self.offset = nil
            return ([], [])
        }
        var count = shape
        for before in 0..<axis { count[before] = 1 }
        count[axis] = Swift.min(step, shape[axis] - offset[axis])
        self.offset = position(after: offset, count: count[axis])
        return (offset, count)
    }

    private func position(after offset: [Int], count: Int) -> [Int]? {
        var next = offset
        next[axis] += count
        var carrying = axis
        while next[carrying] == shape[carrying] {
            guard carrying > 0 else { return nil }
            next[carrying] = 0
            carrying -= 1
            next[carrying] += 1
        }
        return next
    }
}
