import Foundation

/// Runs of the built `trialist`, each in a folder of its own.
struct Command: ~Copyable {
    /// What a run came to.
    struct Outcome: Equatable {
        var status: Int32
        var output: String
        var error: String
    }

    /// The executable stands beside the bundle of the tests, whatever the folder and the kind of the build.
    static let executable: URL = {
        let arguments = CommandLine.arguments
        // The bundle runs by itself, or is loaded by a program that is told where it is.
        let named = arguments.firstIndex(of: "--test-bundle-path").flatMap { index in
            arguments.indices.contains(index + 1) ? arguments[index + 1] : nil
        }
        for bundle in [named, arguments.first, Bundle.main.executablePath].compactMap({ $0 }) {
            var folder = URL(filePath: bundle).standardizedFileURL
            while folder.pathComponents.count > 1 {
                folder.deleteLastPathComponent()
                let candidate = folder.appending(path: "trialist")
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
                    return candidate
                }
            }
        }
        fatalError("There is no executable 'trialist' beside the tests; build the product of that name.")
    }()

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// Where the command runs; removed afterwards.
    let folder: URL

    /// - Parameter fixture: copied into the folder under its own name, so that a test can break it.
    init(with fixture: String? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let fixture {
            try FileManager.default.copyItem(
                at: Self.fixtures.appending(path: fixture), to: folder.appending(path: fixture))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs to the end.
    borrowing func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try start(arguments, environment: environment).wait()
    }

    /// A run under way, whose output goes to files.
    struct Running {
        let process: Process
        let folder: URL

        func wait() throws -> Outcome {
            process.waitUntilExit()
            func text(_ name: String) throws -> String {
                let file = folder.appending(path: name)
                defer { try? FileManager.default.removeItem(at: file) }
                return try String(contentsOf: file, encoding: .utf8)
            }
            return Outcome(status: process.terminationStatus, output: try text(".output"), error: try text(".error"))
        }
    }

    borrowing func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        // Help is wrapped to the width that the environment names.
        process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "100"]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for name in [".output", ".error"] { FileManager.default.createFile(atPath: path(name), contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: ".output"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: ".error"))
        try process.run()
        return Running(process: process, folder: folder)
    }

    // MARK: Files

    borrowing func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The names in the folder, those of hidden files left out.
    borrowing func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    borrowing func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    }

    borrowing func replace(_ part: String, with other: String, in name: String) throws {
        let text = try String(contentsOfFile: path(name), encoding: .utf8)
        guard text.contains(part) else { throw Absent(part: part) }
        try write(text.replacing(part, with: other), to: name)
    }

    struct Absent: Error {
        let part: String
    }
}
