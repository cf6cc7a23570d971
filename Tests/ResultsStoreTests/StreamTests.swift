import Foundation
import ResultsStore
import Testing

/// Backed by a second route: a variable written in blocks equals the one written at once.
struct StreamTests {
    private static let dimensions = [
        ResultDimension("arm", labels: ["a", "b"], longName: "Arm"), ResultDimension("patient", size: 5),
        ResultDimension("day", numbers: [0, 1, 2], unit: "d", longName: "Day"),
    ]
    private static let dose = ResultVariableOutline(
        "dose", ["arm", "patient", "day"], .float, unit: "mg", longName: "Dose", isCompressed: true)

    @Test func blocksInAnyOrderMakeTheWhole() throws {
        let cells = (0..<30).map { Float($0) }
        let written = try written { writer in
            try writer.add(ResultGroup("t", dimensions: Self.dimensions))
            let stream = try writer.stream(Self.dose, under: "t", block: [1, 2, 3])
            for (first, size) in [(4, 1), (0, 2), (2, 2)] {
                for arm in [1, 0] {
                    let start = arm * 15 + first * 3
                    let block = Array(cells[start..<(start + size * 3)])
                    try stream.write(.float(block), at: [arm, first, 0], count: [1, size, 3])
                }
            }
        }
        let whole = ResultGroup("t", dimensions: Self.dimensions, variables: [Self.dose.filled(with: .float(cells))])
        #expect(written == ResultGroup(groups: [whole]))
    }

    @Test(arguments: [nil, [4], [100_000]] as [[Int]?])
    func appendedRowsGrowTheDimension(block: [Int]?) throws {
        let written = try written { writer in
            try writer.add(ResultGroup("t", dimensions: [ResultDimension("row", size: 0, isExtendible: true)]))
            let ids = ResultVariableOutline("id", ["row"], .int32, unit: "1", longName: "Patient")
            let texts = ResultVariableOutline("text", ["row"], .string, unit: "1", longName: "Remark")
            let idStream = try writer.stream(ids, under: "/t", block: block)
            let textStream = try writer.stream(texts, under: "/t", block: block)
            for start in stride(from: 0, to: 30_000, by: 7_000) {
                let rows = start..<min(start + 7_000, 30_000)
                try idStream.append(.int32(rows.map { Int32($0) }))
                try textStream.append(.string(rows.map { "é\($0)" }))
            }
            try idStream.append(.int32([]))
        }
        var row = ResultDimension("row", size: 30_000)
        row.isExtendible = true
        let expected = ResultGroup(
            "t", dimensions: [row],
            variables: [
                ResultVariable("id", ["row"], (0..<30_000).map { Int32($0) }, longName: "Patient"),
                ResultVariable("text", ["row"], (0..<30_000).map { "é\($0)" }, longName: "Remark"),
            ])
        #expect(written == ResultGroup(groups: [expected]))
    }

    @Test func blocksFromManyThreadsMakeTheWhole() throws {
        let cells = (0..<64_000).map { Float($0) }
        let dimensions = [ResultDimension("patient", size: 6_400), ResultDimension("day", size: 10)]
        let dose = ResultVariableOutline(
            "dose", ["patient", "day"], .float, unit: "mg", longName: "Dose", isCompressed: true)
        let written = try written { writer in
            try writer.add(ResultGroup("t", dimensions: dimensions))
            let stream = try writer.stream(dose, under: "t", block: [100, 10])
            DispatchQueue.concurrentPerform(iterations: 64) { block in
                let part = ResultValues.float(Array(cells[(block * 1_000)..<((block + 1) * 1_000)]))
                #expect(throws: Never.self) { try stream.write(part, at: [block * 100, 0], count: [100, 10]) }
            }
        }
        #expect(try written.values(of: "/t/dose", rows: 0..<6_400) == .float(cells))
    }

    @Test func aSingleValueAndAnEmptyVariableCanBeStreamed() throws {
        let written = try written { writer in
            try writer.add(ResultGroup("t", dimensions: [ResultDimension("nobody", size: 0)]))
            let value = ResultVariableOutline("value", [], .double, unit: "1", longName: "Value")
            try writer.stream(value, under: "t").write(.double([3]), at: [], count: [])
            _ = try writer.stream(
                ResultVariableOutline("none", ["nobody"], .double, unit: "1", longName: "None"), under: "t")
        }
        #expect(try #require(written.group(named: "t")).variables.map(\.values) == [.double([3]), .double([])])
    }

    @Test func aVariableAddedLaterStandsInItsGroup() throws {
        let written = try written { writer in
            try writer.addToRoot(ResultGroup(attributes: [ResultAttribute("title", "T")]))
            try writer.add(ResultGroup("provenance"))
            try writer.add(ResultGroup("below"), under: "provenance")
            try writer.add(ResultVariable("elapsed", 3, unit: "s", longName: "Time taken"), to: "/provenance")
        }
        let provenance = ResultGroup(
            "provenance", variables: [ResultVariable("elapsed", 3, unit: "s", longName: "Time taken")],
            groups: [ResultGroup("below")])
        #expect(written == ResultGroup(attributes: [ResultAttribute("title", "T")], groups: [provenance]))
    }

    @Test(arguments: [
        ([0, 0, 0], [1, 2, 3], 5, "5 values for a block of [1, 2, 3], which has 6 cells"),
        ([0, 4, 0], [1, 2, 3], 6, "a block at [0, 4, 0] of [1, 2, 3] does not fit its extents [2, 5, 3]"),
        ([-1, 0, 0], [1, 1, 1], 1, "a block at [-1, 0, 0] of [1, 1, 1] does not fit its extents [2, 5, 3]"),
        ([0, 0], [1, 1], 1, "a block at [0, 0] of [1, 1] for 3 dimensions"),
        ([1, 1, 1], [1, 1, 1], 1, "a block at [1, 1, 1] of [1, 1, 1] covers cells that are written already"),
    ])
    func blocksThatDoNotFit(offset: [Int], count: [Int], cells: Int, problem: String) throws {
        let error = failure { writer in
            try writer.add(ResultGroup("t", dimensions: Self.dimensions))
            let stream = try writer.stream(Self.dose, under: "t")
            try stream.write(.float([1, 1, 1]), at: [1, 1, 0], count: [1, 1, 3])
            try stream.write(.float(Array(repeating: 0, count: cells)), at: offset, count: count)
        }
        #expect(error == .invalidBlock(variable: "/t/dose", problem: problem))
        #expect(error?.description == "variable '/t/dose': \(problem)")
    }

    @Test func missingCellsKeepTheFileFromBeingFinished() throws {
        let error = failure { writer in
            try writer.add(ResultGroup("t", dimensions: Self.dimensions))
            let stream = try writer.stream(Self.dose, under: "t")
            try stream.write(.float([1, 1, 1]), at: [1, 1, 0], count: [1, 1, 3])
        }
        #expect(error?.description == "variable '/t/dose': only 3 of its 30 cells were written")
    }

    @Test func variablesOverOneExtendibleDimensionMustEndAtOneSize() throws {
        let error = failure { writer in
            try writer.add(ResultGroup("t", dimensions: [ResultDimension("row", size: 0, isExtendible: true)]))
            for (name, rows) in [("a", 3), ("b", 2)] {
                let variable = ResultVariableOutline(name, ["row"], .int8, unit: "1", longName: "Rows")
                try writer.stream(variable, under: "t").append(.int8(Array(repeating: 1, count: rows)))
            }
        }
        #expect(error?.description == "variable '/t/b': 2 positions along 'row', but '/t/a' has 3")
    }

    @Test func rowsAreAppendedWholeAndOfTheDeclaredType() throws {
        let dimensions = [ResultDimension("row", size: 0, isExtendible: true), ResultDimension("visit", size: 3)]
        let variable = ResultVariableOutline("v", ["row", "visit"], .double, unit: "1", longName: "V")
        let half = failure { writer in
            try writer.add(ResultGroup("t", dimensions: dimensions))
            try writer.stream(variable, under: "t").append(.double([1, 2]))
        }
        #expect(half?.description == "variable '/t/v': 2 values are no whole number of rows of 3")
        let type = failure { writer in
            try writer.add(ResultGroup("t", dimensions: dimensions))
            try writer.stream(variable, under: "t").append(.float([1, 2, 3]))
        }
        #expect(type?.description == "variable '/t/v': values of type float where it has double")
        let fixed = failure { writer in
            try writer.add(ResultGroup("t", dimensions: Self.dimensions))
            try writer.stream(Self.dose, under: "t").append(.float([1, 2, 3]))
        }
        #expect(
            fixed?.description
                == "variable '/t/dose': its first dimension is not extendible; write blocks at offsets")
    }

    @Test func aBlockShapeNeedsAnExtentForEachDimension() throws {
        let error = failure { writer in
            try writer.add(ResultGroup("t", dimensions: Self.dimensions))
            _ = try writer.stream(Self.dose, under: "t", block: [1, 0])
        }
        #expect(
            error
                == .invalidContent(problems: [
                    "/t/dose: the block [1, 0] needs one positive extent for each of 3 dimensions"
                ]))
    }

    private func written(_ body: (ResultsWriter) throws -> Void) throws -> ResultGroup {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(to: "\(folder)/a.h5", body)
            return try ResultsFile("\(folder)/a.h5").content()
        }
    }

    /// The error that writing throws, after which no file is left.
    private func failure(_ body: (ResultsWriter) throws -> Void) -> ResultsError? {
        #expect(throws: ResultsError.self) {
            try withTemporaryFolder { folder in
                defer { #expect((try? names(in: folder)) == []) }
                try ResultsWriter.write(to: "\(folder)/a.h5", body)
            }
        }
    }
}
