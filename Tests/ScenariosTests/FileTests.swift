import Foundation
import Testing

@testable import Scenarios

/// What is said about a folder or file made of these bytes.
private func verdict(_ name: String, _ bytes: [UInt8]?, path: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    if let bytes { try Data(bytes).write(to: folder.appending(path: name)) }
    do {
        return try Scenario(path: folder.appending(path: path).path).title
    } catch { return "\(type(of: error)) \(error)".replacing(folder.path, with: "F") }
}

// Backed by what each file holds; every message is compared whole.
@Suite struct FileTests {
    @Test func aFolderOrItsFile() throws {
        let bytes = [UInt8](SmallScenario.text.utf8)
        #expect(try verdict("scenario.yaml", bytes, path: "") == "A small study")
        #expect(try verdict("scenario.yaml", bytes, path: "scenario.yaml") == "A small study")
        #expect(try verdict("other.yml", bytes, path: "other.yml") == "A small study")
    }

    @Test func filesThatAreNotThere() throws {
        #expect(
            try verdict("x.yaml", [], path: "y.yaml")
                == "MissingFile F/y.yaml: no such file (a scenario file or folder)")
        #expect(
            try verdict("x.yaml", [], path: "")
                == "MissingFile F/scenario.yaml: no such file (the scenario of the folder)")
    }

    @Test func emptyFiles() throws {
        #expect(try verdict("s.yaml", [], path: "s.yaml") == "ScenarioErrors F/s.yaml: error: the file is empty")
        #expect(
            try verdict("s.yaml", [UInt8]("# only this\n\n".utf8), path: "s.yaml")
                == "ScenarioErrors F/s.yaml: error: the file is empty")
    }

    @Test func bytesThatAreNotUTF8() throws {
        let bytes = [UInt8]("trialist: 1\ntitle: Dosis f".utf8) + [0xFC] + [UInt8]("r alle\n".utf8)
        #expect(
            try verdict("s.yaml", bytes, path: "s.yaml")
                == "ScenarioErrors F/s.yaml:2:15: error: found a byte that is not UTF-8; save the file as UTF-8")
        let cut = [UInt8]("trialist: 1\ntitle: f".utf8) + [0xC3]
        #expect(
            try verdict("s.yaml", cut, path: "s.yaml")
                == "ScenarioErrors F/s.yaml:2:9: error: found a byte that is not UTF-8; save the file as UTF-8")
    }

    @Test func aByteOrderMarkIsNoContent() throws {
        #expect(
            try verdict("s.yaml", [0xEF, 0xBB, 0xBF] + [UInt8](SmallScenario.text.utf8), path: "s.yaml")
                == "A small study")
    }

    @Test(
        arguments: [
            (
                "title: \"never closed",
                "s.yaml:1:21: error: not YAML: while scanning a quoted scalar, found unexpected end of stream"
            ),
            ("title: a: b", "s.yaml:1:9: error: not YAML: mapping values are not allowed in this context"),
            ("a: 1\n b: 2", "s.yaml:2:3: error: not YAML: mapping values are not allowed in this context"),
            (
                "a: [1, 2",
                "s.yaml:2:1: error: not YAML: while parsing a flow sequence, did not find expected ',' or ']'"
            ),
            (
                "a:\n\t- 1",
                "s.yaml:2:1: error: not YAML: while scanning for the next token, found character that cannot start any token"
            ),
            (
                "a: 1\n---\nb: 2",
                "s.yaml:2:1: error: not YAML: expected a single document in the stream, but found another document"
            ),
            ("a: \u{1}", "s.yaml:1:4: error: not YAML: control characters are not allowed (found U+1)"),
            ("a: x\nb: \u{0}", "s.yaml:2:4: error: not YAML: control characters are not allowed (found U+0)"),
            ("%YAML 9.9\n---\na: 1", "s.yaml:1:1: error: not YAML: found incompatible YAML document"),
        ])
    func whatIsNoYAML(_ text: String, _ expected: String) { #expect(SmallScenario.verdict(text) == expected) }
}
