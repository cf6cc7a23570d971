import Foundation
import Testing

@testable import ResultsStore

/// Backed by named failure cases, each with its whole message.
struct ReaderErrorTests {
    @Test func aMissingFile() {
        #expect(message("/nowhere/a.h5") == "no file at '/nowhere/a.h5'")
    }

    @Test func aFolder() throws {
        try withTemporaryFolder { folder in
            #expect(
                message(folder)
                    == "'\(folder)' is a folder, not a results file; name a file, such as '\(folder)/study.h5'")
        }
    }

    @Test(arguments: ["", "id,age\n1,60\n", "\u{89}HD"])
    func anotherKindOfFile(content: String) throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try Data(content.utf8).write(to: URL(fileURLWithPath: path))
            #expect(message(path) == "'\(path)' is not an HDF5 file")
        }
    }

    @Test func aDevice() {
        #expect(message("/dev/null") == "'/dev/null' is not an HDF5 file")
    }

    @Test func anUnfinishedFile() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5.x1.partial"
            try Data("x".utf8).write(to: URL(fileURLWithPath: path))
            #expect(
                message(path)
                    == "'\(path)' is what an unfinished run left and is no result; run the study again, then delete "
                    + "this file")
        }
    }

    @Test func aFileCutShort() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try ResultsWriter.write(SampleContent.root, to: path)
            try Data(bytes(of: path).dropLast(100)).write(to: URL(fileURLWithPath: path))
            #expect(
                message(path)
                    == "'\(path)' is cut short or damaged (it ends before its content does); copy it again or run "
                    + "the study again")
        }
    }

    @Test func anHDF5FileOfSomeoneElse() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try HDF5File.create(path).close()
            #expect(
                message(path)
                    == "'\(path)' is HDF5 but not a whole results file of Trialist: its root has no attribute "
                    + "'layout_version'")
        }
    }

    @Test func aNewerLayout() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try writeForeign(path) { root in
                try root.handle.writeAttribute("layout_version", .int32([99]), isSingle: true)
            }
            #expect(
                message(path)
                    == "'\(path)' has layout version 99, and this Trialist reads versions 1 to 1; use the version "
                    + "that wrote it (see /provenance) or a newer one")
        }
    }

    @Test func missingMembersSayWhatThereIs() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try ResultsWriter.write(SampleContent.root, to: path)
            let file = try ResultsFile(path)
            let group = #expect(throws: ResultsError.self) { try file.group("trail") }
            #expect(
                group?.description
                    == "'\(path)' has no group '/trail'; it has the groups /, /provenance, /trial, /trial/interim, "
                    + "/survival, /none")
            let variable = #expect(throws: ResultsError.self) { try file.variable("/trial/inrs") }
            #expect(
                variable?.description
                    == "'\(path)' has no variable '/trial/inrs'; its group has the variables time_in_range, inr, "
                    + "events, is_open, colour")
            let none = #expect(throws: ResultsError.self) { try file.values(of: "title", offset: [0], count: [1]) }
            #expect(none?.description == "'\(path)' has no variable '/title'; its group has no variables")
        }
    }

    @Test func contentThatTheStoreNeverWrites() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.h5"
            try writeForeign(path) { root in
                try root.handle.writeAttribute("layout_version", .int32([1]), isSingle: true)
                _ = try HDF5Array(
                    "x", in: root, element: .double, shape: [2], isExtendible: false, storage: .contiguous)
            }
            let file = try ResultsFile(path)
            let error = #expect(throws: ResultsError.self) { try file.content() }
            #expect(
                error?.description
                    == "object '/x' is an array whose axis 0 has no dimension of its group, which Trialist does not "
                    + "read")
        }
    }

    @Test func aFailedCallNamesItselfAndItsObject() throws {
        try withTemporaryFolder { folder in
            let file = try HDF5File.create("\(folder)/a.h5")
            _ = try file.root().createGroup("g")
            let error = #expect(throws: ResultsError.self) { try file.root().createGroup("g") }
            guard case .library(let call, let object, let stack) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(call == "H5Gcreate2")
            #expect(object == "group '/g'")
            #expect(stack.first == "H5Gcreate2: unable to create group")
            #expect(stack.last == "H5G__obj_insert: name already exists" || stack.last?.contains("exists") == true)
        }
    }

    // The library's own words on a full disk, without the times and numbers it adds.
    @Test func aFullDiskIsNamedFirst() {
        let error = ResultsError.library(
            call: "H5Dwrite", object: "variable '/x'",
            stack: [
                "H5Dwrite: can't write data",
                "H5FD__sec2_write: file write failed: errno = 28, error message = 'No space left on device', buf = 0",
            ])
        #expect(
            error.description
                == "H5Dwrite failed on variable '/x': No space left on device (H5Dwrite: can't write data; "
                + "H5FD__sec2_write: file write failed: errno = 28, error message = 'No space left on device', buf = 0)"
        )
    }

    private func message(_ path: String) -> String? {
        #expect(throws: ResultsError.self) { try ResultsFile(path) }?.description
    }

    private func writeForeign(_ path: String, _ body: (HDF5Group) throws -> Void) throws {
        let file = try HDF5File.create(path)
        try body(file.root())
        try file.close()
    }
}
