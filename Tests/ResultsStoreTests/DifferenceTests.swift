import ResultsStore
import Testing

/// Backed by differences worked out by hand.
struct DifferenceTests {
    @Test func aFileDoesNotDifferFromItsContent() throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(SampleContent.root, to: "\(folder)/a.h5")
            let file = try ResultsFile("\(folder)/a.h5")
            let difference = try ResultsDifference.between(file, and: SampleContent.root, excluding: [])
            #expect(difference.isIdentical)
            #expect(
                difference.variables.map(\.path).prefix(4) == [
                    "/provenance/scenario", "/provenance/elapsed", "/trial/replicate", "/trial/arm",
                ])
            let cells = difference.variables.first { $0.path == "/trial/time_in_range" }
            #expect(cells?.description == "/trial/time_in_range: same (12 cells)")
        }
    }

    @Test func membersOfOneSideOnly() throws {
        let first = ResultGroup(
            dimensions: [ResultDimension("arm", size: 2)],
            variables: [
                ResultVariable("x", 1, unit: "1", longName: "X"), ResultVariable("both", 1, unit: "1", longName: "B"),
            ], groups: [ResultGroup("old", groups: [ResultGroup("below")]), ResultGroup("provenance")])
        let second = ResultGroup(
            variables: [ResultVariable("both", 1, unit: "1", longName: "B")],
            groups: [ResultGroup("x"), ResultGroup("new")])
        let difference = try ResultsDifference.between(first, and: second)
        #expect(difference.missing == ["/arm", "/x", "/old"])
        #expect(difference.extra == ["/x", "/new"])
        #expect(difference.variables.map(\.path) == ["/both"])
        #expect(!difference.isIdentical)
    }

    @Test func largestDifferences() throws {
        let found = try compared([1, 200, -4, 0, .nan], [1, 201, -4.5, 0, .nan])
        #expect(found.differingCount == 2)
        #expect(found.firstDifference == [1])
        #expect(found.largestAbsolute == 1)
        #expect(found.largestRelative == 0.5 / 4.5)
        #expect(
            found.description
                == "/x: 2 of 5 cells differ, the first at [1]; at most by 1.0, relative 0.1111111111111111")
    }

    @Test(arguments: [(Double.nan, 1.0), (1, .nan), (.infinity, -.infinity), (.infinity, 1), (-1, .infinity)])
    func notFiniteAgainstAnythingElse(a: Double, b: Double) throws {
        let found = try compared([a], [b])
        #expect(found.differingCount == 1)
        #expect(found.largestAbsolute == .infinity)
        #expect(found.largestRelative == .infinity)
    }

    @Test func limitsOfDoubles() throws {
        let zeros = try compared([0, .infinity], [-0.0, .infinity])
        #expect(zeros.differingCount == 1)
        #expect(zeros.largestAbsolute == 0)
        #expect(zeros.largestRelative == 0)
        let smallest = Double.leastNonzeroMagnitude
        #expect(try compared([smallest], [2 * smallest]).largestRelative == 0.5)
        let largest = Double.greatestFiniteMagnitude
        #expect(try compared([largest], [-largest]).largestRelative == 2)
    }

    @Test func positionsInSeveralDimensions() throws {
        let dimensions = [ResultDimension("a", size: 2), ResultDimension("b", size: 3), ResultDimension("c", size: 2)]
        var cells = [Int32](repeating: 7, count: 12)
        let first = ResultGroup(
            dimensions: dimensions, variables: [ResultVariable("x", ["a", "b", "c"], cells, longName: "X")])
        cells[9] = 4
        let second = ResultGroup(
            dimensions: dimensions, variables: [ResultVariable("x", ["a", "b", "c"], cells, longName: "X")])
        let found = try #require(try ResultsDifference.between(first, and: second).variables.last)
        #expect(found.firstDifference == [1, 1, 1])
        #expect(found.largestAbsolute == 3)
    }

    // The second block of reading begins after 1,048,576 cells.
    @Test func positionsBeyondOneBlock() throws {
        var cells = [Int8](repeating: 0, count: 1_500_000)
        let first = group(.int8(cells))
        cells[1_499_998] = 2
        let found = try #require(try ResultsDifference.between(first, and: group(.int8(cells))).variables.last)
        #expect(found.firstDifference == [1_499_998])
        #expect(found.cellCount == 1_500_000)
        #expect(found.largestAbsolute == 2)
    }

    @Test func textsAreCounted() throws {
        let found = try #require(
            try ResultsDifference.between(group(.string(["a", "b"])), and: group(.string(["a", "c"]))).variables.last)
        #expect(found.description == "/x: 1 of 2 cells differ, the first at [1]")
        #expect(found.largestAbsolute == nil)
    }

    @Test func whatCannotBeCompared() throws {
        let base = group(.double([1, 2]))
        var grams = base
        grams.variables[0].unit = "g"
        var code = group(.int32([1, 2]))
        code.variables[0].missingCode = -1
        let cases: [(ResultGroup, ResultGroup, String)] = [
            (base, group(.float([1, 2])), "/x: type double against float"),
            (base, group(.double([1, 2, 3])), "/x: shape [2] against [3]"),
            (base, grams, "/x: unit '1' against 'g'"),
            (group(.int32([1, 2])), code, "/x: missing code none against -1"),
        ]
        for (a, b, text) in cases {
            let found = try #require(try ResultsDifference.between(a, and: b).variables.last)
            #expect(found.description == text)
            #expect(!found.isIdentical)
        }
    }

    @Test func dimensionsAreCompared() throws {
        func one(_ a: ResultDimension, _ b: ResultDimension) throws -> String {
            let difference = try ResultsDifference.between(
                ResultGroup(dimensions: [a]), and: ResultGroup(dimensions: [b]))
            return difference.variables.map(\.description).joined()
        }
        let labels = ResultDimension("d", labels: ["a", "b"], longName: "D")
        let days = ResultDimension("d", numbers: [1, 2], unit: "d", longName: "D")
        #expect(try one(labels, ResultDimension("d", size: 3)) == "/d: size 2 against 3")
        #expect(try one(labels, ResultDimension("d", size: 2)) == "/d: coordinates against none")
        #expect(try one(ResultDimension("d", size: 2), labels) == "/d: no coordinates against some")
        #expect(try one(labels, days) == "/d: type string against double")
        #expect(
            try one(days, ResultDimension("d", numbers: [1, 4], unit: "d", longName: "Other"))
                == "/d: 1 of 2 cells differ, the first at [1]; at most by 2.0, relative 0.5")
    }

    private func group(_ values: ResultValues) -> ResultGroup {
        ResultGroup(
            dimensions: [ResultDimension("row", size: values.count)],
            variables: [ResultVariable("x", ["row"], values, unit: "1", longName: "X")])
    }

    private func compared(_ a: [Double], _ b: [Double]) throws -> VariableDifference {
        try #require(try ResultsDifference.between(group(.double(a)), and: group(.double(b))).variables.last)
    }
}
