import Foundation
import ResultsStore
import Testing

/// Backed by an invariant: what was written is what is read, bit for bit.
struct RoundTripTests {
    // TRIALIST_SAMPLE_FILE keeps the file for the Python tests.
    @Test func everythingComesBackAsItWasWritten() throws {
        try withTemporaryFolder { folder in
            let path = ProcessInfo.processInfo.environment["TRIALIST_SAMPLE_FILE"] ?? "\(folder)/sample.h5"
            try ResultsWriter.write(SampleContent.root, to: path)
            let file = try ResultsFile(path)
            #expect(try file.content() == SampleContent.root)
            #expect(file.layoutVersion == ResultsFormat.layoutVersion)
        }
    }

    @Test(arguments: ResultElementType.allCases, [[], [1], [7], [2, 3], [4, 1, 5], [0], [3, 0], [0, 2]])
    func everyTypeAndShape(type: ResultElementType, shape: [Int]) throws {
        let count = shape.reduce(1, *)
        let dimensions = shape.enumerated().map { ResultDimension("axis\($0.offset)", size: $0.element) }
        let variable = ResultVariable(
            "cells", dimensions.map(\.name), Self.cells(type, count), unit: "mg", longName: "Cells")
        try expectRoundTrip(ResultGroup(dimensions: dimensions, variables: [variable]))
    }

    @Test(
        arguments: [ResultElementType.double, .float, .int32, .int8], [[3], [70_000], [300, 2, 500], [1, 200_000]])
    func compressedInOneChunkAndInMany(type: ResultElementType, shape: [Int]) throws {
        let dimensions = shape.enumerated().map { ResultDimension("axis\($0.offset)", size: $0.element) }
        let variable = ResultVariable(
            "cells", dimensions.map(\.name), Self.cells(type, shape.reduce(1, *)), unit: "1", longName: "Cells",
            isCompressed: true)
        try expectRoundTrip(ResultGroup(groups: [ResultGroup("g", dimensions: dimensions, variables: [variable])]))
    }

    // HDF5 keeps up to eight attributes in one way and more in another.
    @Test func attributesOfEveryKindKeepTheirOrder() throws {
        let kinds: [ResultAttributeValue] = [
            .text("Größe"), .text(""), .texts(["a", ""]), .texts(["only"]), .number(.nan), .number(-0.0),
            .numbers([1, .infinity]), .numbers([2]), .integer(.min), .integers([3]), .integers([1, 2, 3]),
        ]
        let attributes = (0..<33).map { ResultAttribute("z\(97 - $0)", kinds[$0 % kinds.count]) }
        let group = ResultGroup(
            "g", attributes: attributes,
            dimensions: [
                ResultDimension(
                    "x",
                    coordinates: ResultCoordinates(.float([1, 2]), unit: "d", longName: "Day", attributes: attributes))
            ],
            variables: [ResultVariable("v", ["x"], .int8([1, 2]), unit: "1", longName: "V", attributes: attributes)])
        try expectRoundTrip(ResultGroup(attributes: attributes, groups: [group]))
    }

    @Test func longTextsAndManyLabels() throws {
        let labels = (0..<5_000).map { "patient \($0) ü" }
        let group = ResultGroup(
            dimensions: [ResultDimension("patient", labels: labels, longName: "Patient")],
            variables: [
                ResultVariable("scenario", String(repeating: "dose: 5 µg\n", count: 20_000), longName: "Scenario")
            ])
        try expectRoundTrip(group)
    }

    @Test func manyMembersKeepTheirOrder() throws {
        let groups = (0..<40).map { index in
            ResultGroup(
                "g\(99 - index)", dimensions: (0..<3).map { ResultDimension("d\(9 - $0)", size: 2) },
                variables: (0..<5).map { ResultVariable("v\(9 - $0)", ["d8"], [1, 2], unit: "1", longName: "V") })
        }
        try expectRoundTrip(ResultGroup(groups: groups))
    }

    @Test func partsCanBeReadAlone() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/sample.h5"
            try ResultsWriter.write(SampleContent.root, to: path)
            let file = try ResultsFile(path)
            let trial = try #require(SampleContent.root.group(named: "trial"))
            #expect(try file.group("trial") == trial)
            #expect(try file.group("/trial/interim/") == trial.groups[0])
            #expect(try file.variable("/trial/inr") == trial.variable(named: "inr"))
            #expect(try file.outline() == SampleContent.root.outline)
            #expect(try file.outline("/trial") == trial.outline)
            #expect(try file.values(of: "/trial/events", rows: 1..<3) == .int32([0, .max]))
            #expect(try file.values(of: "/trial/time_in_range", rows: 3..<9) == .double([2, 3, 4]))
            #expect(try file.values(of: "/trial/colour", rows: 2..<3) == .string(["naïve 🎨"]))
            #expect(try file.values(of: "/provenance/elapsed", offset: [], count: []) == .double([12.5]))
            #expect(try file.values(of: "/none/ids", rows: 0..<5) == .int32([]))
            #expect(
                try file.groupPaths() == ["/", "/provenance", "/trial", "/trial/interim", "/survival", "/none"])
        }
    }

    @Test(arguments: [
        ([1, 0, 2], [2, 3, 2]), ([0, 1, 0], [4, 1, 5]), ([3, 2, 4], [1, 1, 1]), ([0, 0, 0], [4, 0, 5]),
    ])
    func blocksAreTheSameInFileAndMemory(offset: [Int], count: [Int]) throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(SampleContent.root, to: "\(folder)/a.h5")
            var expected: [Float] = []
            for a in offset[0]..<(offset[0] + count[0]) {
                for b in offset[1]..<(offset[1] + count[1]) {
                    for c in offset[2]..<(offset[2] + count[2]) { expected.append(Float((a * 3 + b) * 5 + c) / 7) }
                }
            }
            let file = try ResultsFile("\(folder)/a.h5")
            #expect(try file.values(of: "/trial/inr", offset: offset, count: count) == .float(expected))
            #expect(try SampleContent.root.values(of: "/trial/inr", offset: offset, count: count) == .float(expected))
        }
    }

    @Test(arguments: [([4, 0, 0], [1, 3, 5]), ([0, 0], [1, 1]), ([-1, 0, 0], [1, 1, 1])])
    func blocksOutsideAreRefused(offset: [Int], count: [Int]) throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(SampleContent.root, to: "\(folder)/a.h5")
            let file = try ResultsFile("\(folder)/a.h5")
            let fromFile = #expect(throws: ResultsError.self) {
                try file.values(of: "/trial/inr", offset: offset, count: count)
            }
            let fromMemory = #expect(throws: ResultsError.self) {
                try SampleContent.root.values(of: "/trial/inr", offset: offset, count: count)
            }
            #expect(fromFile == fromMemory)
            let problem =
                offset.count == 3 ? "does not fit its extents [4, 3, 5]" : "for 3 dimensions"
            #expect(fromFile?.description == "variable '/trial/inr': a block at \(offset) of \(count) \(problem)")
        }
    }

    @Test func equalContentMakesEqualFiles() throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(SampleContent.root, to: "\(folder)/a.h5")
            try ResultsWriter.write(SampleContent.root, to: "\(folder)/b.h5")
            #expect(try bytes(of: "\(folder)/a.h5") == bytes(of: "\(folder)/b.h5"))
        }
    }

    private func expectRoundTrip(_ root: ResultGroup, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(root, to: "\(folder)/a.h5")
            #expect(try ResultsFile("\(folder)/a.h5").content() == root, sourceLocation: sourceLocation)
        }
    }

    /// Cells that go through the special values of each type.
    private static func cells(_ type: ResultElementType, _ count: Int) -> ResultValues {
        let doubles: [Double] = [.nan, 0.1, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .pi]
        let texts = ["", "a", "µ", "naïve 🎨", "tab\tline\n", "e\u{301}", "学習"]
        return switch type {
        case .double: .double((0..<count).map { doubles[$0 % 7] })
        case .float: .float((0..<count).map { Float(doubles[$0 % 7]) })
        case .int32: .int32((0..<count).map { [Int32.min, -1, 0, 1, .max][$0 % 5] })
        case .int8: .int8((0..<count).map { [Int8.min, -1, 0, 1, .max][$0 % 5] })
        case .string: .string((0..<count).map { texts[$0 % 7] })
        }
    }
}
