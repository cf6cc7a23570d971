import Foundation

/// A folder of its own for a test, removed afterwards.
struct TemporaryFolder: ~Copyable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "simulations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    borrowing func path(_ name: String) -> String { url.appending(path: name).path }

    borrowing func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    borrowing func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    borrowing func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }
}
