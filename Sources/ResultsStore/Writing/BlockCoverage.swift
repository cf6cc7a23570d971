/// Which cells of an array have been written, as boxes that never overlap; so counting cells proves completeness.
struct BlockCoverage {
    private var boxes: [(offset: [Int], count: [Int])] = []
    /// The number of cells written.
    private(set) var cellCount = 0

    /// Adds a box, unless it shares a cell with an earlier one: then it returns false and adds nothing.
    mutating func insert(offset: [Int], count: [Int]) -> Bool {
        let cells = count.reduce(1, multipliedSaturating)
        guard cells > 0 else { return true }
        guard !boxes.contains(where: { Self.overlap($0, (offset, count)) }) else { return false }
        cellCount += cells
        if let last = boxes.indices.last, let axis = Self.axisOfContact(boxes[last], (offset, count)) {
            boxes[last].count[axis] += count[axis]
        } else {
            boxes.append((offset, count))
        }
        return true
    }

    private static func overlap(_ a: (offset: [Int], count: [Int]), _ b: (offset: [Int], count: [Int])) -> Bool {
        a.offset.indices.allSatisfy { axis in
            a.offset[axis] < b.offset[axis] + b.count[axis] && b.offset[axis] < a.offset[axis] + a.count[axis]
        }
    }

    /// The axis along which the second box continues the first one, if it does: blocks written in order stay one box.
    private static func axisOfContact(
        _ a: (offset: [Int], count: [Int]), _ b: (offset: [Int], count: [Int])
    ) -> Int? {
        let differing = a.offset.indices.filter { a.offset[$0] != b.offset[$0] || a.count[$0] != b.count[$0] }
        guard differing.count == 1, let axis = differing.first else { return nil }
        return b.offset[axis] == a.offset[axis] + a.count[axis] ? axis : nil
    }
}
