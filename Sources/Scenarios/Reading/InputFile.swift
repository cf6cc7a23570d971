import Foundation

/// A file that a study reads.
package enum InputFile {
    /// The bytes of a file.
    ///
    /// - Parameter purpose: what the file is, for the message: `the records of the cohort`.
    /// - Throws: ``MissingFile`` where there is no file, ``UnreadableFile`` where it is a folder or may not be read.
    package static func bytes(of path: String, purpose: String) throws -> [UInt8] {
        guard let stream = fopen(path, "rb") else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { throw MissingFile(path: path, purpose: purpose) }
            throw UnreadableFile(path: path, reason: String(cString: strerror(code)))
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard ferror(stream) == 0 else {
            throw UnreadableFile(path: path, reason: String(cString: strerror(errno)))
        }
        return bytes
    }

    /// The text of a file, without a byte order mark.
    ///
    /// - Throws: besides what ``bytes(of:purpose:)`` throws, ``ScenarioErrors`` with the place of the first byte that is
    ///   no UTF-8.
    package static func text(of path: String, purpose: String) throws -> String {
        var bytes = try bytes(of: path, purpose: purpose)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        throw ScenarioErrors([notUTF8(bytes, path)])
    }

    private static func notUTF8(_ bytes: [UInt8], _ path: String) -> ScenarioProblem {
        var line = 1
        var start = 0
        // A line end never stands inside a character, so the faulty line is faulty by itself.
        for end in bytes.indices where bytes[end] == UInt8(ascii: "\n") {
            if String(validating: bytes[start..<end], as: UTF8.self) == nil { break }
            line += 1
            start = end + 1
        }
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes[start...].makeIterator()
        var column = 1
        while case .valid = parser.parseScalar(from: &rest) { column += 1 }
        return ScenarioProblem(
            file: path, line: line, column: column,
            message: "found a byte that is not UTF-8; save the file as UTF-8")
    }
}
