import ResultsStore
import Testing

/// Backed by invariants: what is no content does not change the hash, and every kind of content does.
struct ContentHashTests {
    @Test func aFileHasTheHashOfItsContent() throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(SampleContent.root, to: "\(folder)/a.h5")
            let file = try ResultsFile("\(folder)/a.h5")
            #expect(try file.contentHash() == SampleContent.root.contentHash())
            #expect(try file.contentHash(excluding: []) == SampleContent.root.contentHash(excluding: []))
        }
    }

    // From Tests/python/content_hash.py (hashlib, h5py), run on the file that RoundTripTests keeps.
    @Test func theHashAgreesWithAnIndependentProgram() throws {
        #expect(
            try SampleContent.root.contentHash() == "3ae57b259cf2608f035730dab66ce7dc4bcd33ef227355e088fe23c3c246e307")
        #expect(
            try SampleContent.root.contentHash(excluding: [])
                == "414a6fa4541d1fbc77ef7dd9de7f9d4a9c9aed73d1e357ebf029b4396d98b849")
    }

    // More cells than one block of reading.
    @Test func theHashDoesNotDependOnBlocks() throws {
        let cells = (0..<2_400_000).map { Int8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let whole = group(ResultVariable("x", ["row", "day"], .int8(cells), unit: "1", longName: "X"), [800_000, 3])
        try withTemporaryFolder { folder in
            try ResultsWriter.write(whole, to: "\(folder)/a.h5")
            #expect(try ResultsFile("\(folder)/a.h5").contentHash() == whole.contentHash())
        }
    }

    @Test func whatIsNoContentDoesNotChangeIt() throws {
        let hash = try SampleContent.root.contentHash()
        var other = SampleContent.root
        other.attributes = []
        other.groups.reverse()
        other.groups[other.groups.count - 1].variables = []
        let trial = try #require(other.groups.firstIndex { $0.name == "trial" })
        other.groups[trial].variables.reverse()
        other.groups[trial].dimensions.reverse()
        other.groups[trial].attributes = []
        other.groups[trial].variables[0].longName = "Another phrase"
        other.groups[trial].variables[1].isCompressed.toggle()
        #expect(try other.contentHash() == hash)
    }

    @Test func everyKindOfContentChangesIt() throws {
        var changes: [ResultGroup] = [base()]
        changes.append(base { $0.variables[0].values = .double([1, 2, 3, 4, 5, 6.000_000_000_000_001]) })
        changes.append(base { $0.variables[0].values = .double([1, 2, 3, 4, 6, 5]) })
        changes.append(base { $0.variables[0].values = .double([-0.0, 2, 3, 4, 5, 6]) })
        changes.append(base { $0.variables[0].values = .double([0, 2, 3, 4, 5, 6]) })
        changes.append(base { $0.variables[0].values = .double([.nan, 2, 3, 4, 5, 6]) })
        changes.append(base { $0.variables[0].values = .int32([1, 2, 3, 4, 5, 6]) })
        changes.append(base { $0.variables[0].unit = "g" })
        changes.append(base { $0.variables[0].name = "y" })
        changes.append(base { $0.variables[0].missingCode = 1 })
        changes.append(base { $0.variables[0].dimensions.reverse() })
        changes.append(base { $0.variables.append(ResultVariable("z", 1, unit: "1", longName: "Z")) })
        changes.append(base { $0.groups = [ResultGroup("empty")] })
        changes.append(base { $0.dimensions[0] = ResultDimension("arm", size: 2) })
        changes.append(base { $0.dimensions[0] = ResultDimension("arm", labels: ["b", "a"], longName: "Arm") })
        changes.append(base { $0.dimensions[0] = ResultDimension("arm", labels: ["ab", ""], longName: "Arm") })
        changes.append(base { $0.dimensions.append(ResultDimension("more", size: 2)) })
        changes.append(ResultGroup(groups: [base { $0.name = "below" }]))
        let hashes = try changes.map { try $0.contentHash() }
        #expect(Set(hashes).count == changes.count)
        #expect(hashes.allSatisfy { $0.count == 64 })
    }

    @Test func everyNaNIsTheSame() throws {
        let plain = base { $0.variables[0].values = .double([.nan, 2, 3, 4, 5, 6]) }
        let other = base { $0.variables[0].values = .double([-Double(nan: 77, signaling: false), 2, 3, 4, 5, 6]) }
        #expect(try plain.contentHash() == other.contentHash())
    }

    @Test func excludedPathsDoNotCount() throws {
        let base = base { $0.groups = [ResultGroup("g")] }
        var more = base
        more.groups[0].variables = [ResultVariable("host", "a", longName: "Host")]
        #expect(try more.contentHash() != base.contentHash())
        #expect(try more.contentHash(excluding: ["g/host"]) == base.contentHash(excluding: []))
        #expect(try more.contentHash(excluding: ["/g/"]) == base.contentHash(excluding: ["/g"]))
        #expect(try more.contentHash(excluding: ["/g/ho", "/h"]) == more.contentHash(excluding: []))
    }

    private func base(_ change: (inout ResultGroup) -> Void = { _ in }) -> ResultGroup {
        var group = ResultGroup(
            dimensions: [
                ResultDimension("arm", labels: ["a", "b"], longName: "Arm"), ResultDimension("visit", size: 3),
            ],
            variables: [ResultVariable("x", ["arm", "visit"], [1, 2, 3, 4, 5, 6], unit: "mg", longName: "X")])
        change(&group)
        return group
    }

    private func group(_ variable: ResultVariable, _ shape: [Int]) -> ResultGroup {
        ResultGroup(
            dimensions: zip(variable.dimensions, shape).map { ResultDimension($0, size: $1) }, variables: [variable])
    }
}
