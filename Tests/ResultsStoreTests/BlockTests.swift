import Testing

@testable import ResultsStore

/// Backed by a second route: marking cells one by one.
struct BlockTests {
    @Test(arguments: [[], [1], [7], [2, 3], [5, 1, 4], [2, 30, 3], [0], [3, 0, 2]], [1, 2, 4, 5, 13, 1000])
    func blocksAreTheWholeArrayInOrder(shape: [Int], cellsPerBlock: Int) {
        var cells: [Int] = []
        for block in RowMajorBlocks(shape: shape, cellsPerBlock: cellsPerBlock) {
            #expect(block.count.reduce(1, *) <= cellsPerBlock)
            cells += Block.runs(offset: block.offset, count: block.count, shape: shape).flatMap { Array($0) }
        }
        #expect(cells == Array(0..<shape.reduce(1, *)))
    }

    @Test func coverageCountsEachCellOnce() {
        var coverage = BlockCoverage()
        var marks = [Bool](repeating: false, count: 24)
        let shape = [4, 6]
        // Every box of the array in a scattered order: 13 is coprime to their number.
        let boxes = (0..<4).flatMap { a in
            (0..<6).flatMap { b in (0...(4 - a)).flatMap { m in (0...(6 - b)).map { n in ([a, b], [m, n]) } } }
        }
        for index in boxes.indices {
            let (offset, count) = boxes[index * 13 % boxes.count]
            let cells = Block.runs(offset: offset, count: count, shape: shape).flatMap { Array($0) }
            let isFree = cells.allSatisfy { !marks[$0] }
            #expect(coverage.insert(offset: offset, count: count) == isFree)
            if isFree { for cell in cells { marks[cell] = true } }
            #expect(coverage.cellCount == marks.count { $0 })
        }
        #expect(coverage.cellCount == 24)
    }
}
