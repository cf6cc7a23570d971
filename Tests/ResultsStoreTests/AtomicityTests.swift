import Foundation
import ResultsStore
import Testing

/// Backed by an invariant: at the target stands the old file or the new one, whole, and nothing else.
struct AtomicityTests {
    private struct Interruption: Error {}
    private static let old = ResultGroup(variables: [ResultVariable("x", 1, unit: "1", longName: "Old")])
    private static let new = ResultGroup(variables: [ResultVariable("x", 2, unit: "1", longName: "New")])

    @Test func anErrorWhileWritingLeavesTheOldFile() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try ResultsWriter.write(Self.old, to: path)
            let before = try bytes(of: path)
            #expect(throws: Interruption.self) {
                try ResultsWriter.write(to: path) { writer in
                    try writer.addToRoot(Self.new)
                    #expect(try names(in: folder).count == 2)
                    throw Interruption()
                }
            }
            #expect(try bytes(of: path) == before)
            #expect(try names(in: folder) == ["a.h5"])
        }
    }

    @Test func theTargetAppearsOnlyWhenFinished() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            let writer = try ResultsWriter(to: path)
            try writer.addToRoot(Self.new)
            let underway = try names(in: folder)
            #expect(underway.count == 1)
            #expect(underway.allSatisfy { $0.hasPrefix("a.h5.") && $0.hasSuffix(".partial") })
            try writer.finish()
            #expect(try names(in: folder) == ["a.h5"])
            #expect(try ResultsFile(path).content() == Self.new)
        }
    }

    @Test func aFinishedFileReplacesTheOldOne() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try ResultsWriter.write(Self.old, to: path)
            try ResultsWriter.write(Self.new, to: path)
            #expect(try ResultsFile(path).content() == Self.new)
        }
    }

    @Test func aDroppedWriterLeavesNothing() throws {
        try withTemporaryFolder { folder in
            do {
                let writer = try ResultsWriter(to: "\(folder)/a.h5")
                try writer.addToRoot(Self.new)
            }
            #expect(try names(in: folder) == [])
        }
    }

    @Test func leftoversOfKilledRunsDoNotHinder() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            for name in ["a.h5.partial", "a.h5.1x.partial"] {
                try Data("killed".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try ResultsWriter.write(Self.new, to: path)
            #expect(try names(in: folder) == ["a.h5", "a.h5.1x.partial", "a.h5.partial"])
            #expect(try ResultsFile(path).content() == Self.new)
        }
    }

    @Test func twoWritersOfOneTargetDoNotMeet() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            let first = try ResultsWriter(to: path)
            let second = try ResultsWriter(to: path)
            try first.addToRoot(Self.old)
            try second.addToRoot(Self.new)
            try second.finish()
            #expect(try ResultsFile(path).content() == Self.new)
            try first.finish()
            #expect(try ResultsFile(path).content() == Self.old)
            #expect(try names(in: folder) == ["a.h5"])
        }
    }

    // A kill leaves the bytes that happen to be on the disk; every prefix of a whole file is worse than that.
    @Test func anUnfinishedFileIsRefusedUnderAnyName() throws {
        try withTemporaryFolder { folder in
            let writer = try ResultsWriter(to: "\(folder)/a.h5")
            try writer.addToRoot(SampleContent.root)
            let partial = try #require(try names(in: folder).first)
            let renamed = "\(folder)/renamed.h5"
            try FileManager.default.copyItem(atPath: "\(folder)/\(partial)", toPath: renamed)
            let byName = #expect(throws: ResultsError.self) { try ResultsFile("\(folder)/\(partial)") }
            #expect(byName == .partialFile(path: "\(folder)/\(partial)"))
            #expect(throws: ResultsError.self) { try ResultsFile(renamed) }
            writer.discard()
        }
    }

    @Test func aFileCutAnywhereIsRefused() throws {
        try withTemporaryFolder { folder in
            try ResultsWriter.write(Self.new, to: "\(folder)/a.h5")
            let whole = try bytes(of: "\(folder)/a.h5")
            let cut = "\(folder)/cut.h5"
            for length in stride(from: 0, to: whole.count, by: 97) {
                try Data(whole[..<length]).write(to: URL(fileURLWithPath: cut))
                #expect(throws: ResultsError.self, "cut to \(length) bytes") { try ResultsFile(cut) }
            }
        }
    }

    @Test func aClosedWriterTakesNothing() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            let writer = try ResultsWriter(to: path)
            try writer.add(ResultGroup("t"))
            let stream = try writer.stream(
                ResultVariableOutline("x", [], .double, unit: "1", longName: "X"), under: "t")
            writer.discard()
            writer.discard()
            let message = "the writer of '\(path)' is closed; nothing more can be added"
            for error in [
                #expect(throws: ResultsError.self) { try writer.add(ResultGroup("u")) },
                #expect(throws: ResultsError.self) { try stream.write(.double([1]), at: [], count: []) },
                #expect(throws: ResultsError.self) { try writer.finish() },
            ] {
                #expect(error?.description == message)
            }
            #expect(try names(in: folder) == [])
        }
    }

    @Test func targetsThatCannotBeFiles() throws {
        try withTemporaryFolder { folder in
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/plain"))
            #expect(
                refusal("\(folder)")
                    == "'\(folder)' is a folder, not a results file; name a file, such as '\(folder)/study.h5'")
            #expect(
                refusal("\(folder)/none/a.h5")
                    == "cannot write '\(folder)/none/a.h5': there is no folder '\(folder)/none'; create it first")
            #expect(
                refusal("\(folder)/plain/a.h5")
                    == "cannot write '\(folder)/plain/a.h5': '\(folder)/plain' is not a folder")
            #expect(
                refusal("\(folder)/a.h5.partial")
                    == "cannot write '\(folder)/a.h5.partial': names ending in '.partial' are kept for unfinished "
                    + "files; choose another")
            #expect(
                refusal("/dev/null") == "cannot write '/dev/null': it is a device, pipe or socket and no plain file")
            #expect(try names(in: folder) == ["plain"])
        }
    }

    @Test func aSymbolicLinkKeepsPointingAtTheNewFile() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/real", withIntermediateDirectories: true)
            try ResultsWriter.write(Self.old, to: "\(folder)/real/a.h5")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link.h5", withDestinationPath: "\(folder)/real/a.h5")
            try ResultsWriter.write(Self.new, to: "\(folder)/link.h5")
            #expect(try ResultsFile("\(folder)/real/a.h5").content() == Self.new)
            #expect(try names(in: folder) == ["link.h5", "real"])
        }
    }

    private func refusal(_ path: String) -> String? {
        #expect(throws: ResultsError.self) { try ResultsWriter(to: path) }?.description
    }
}
