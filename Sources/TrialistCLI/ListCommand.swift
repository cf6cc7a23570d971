import ArgumentParser
import Foundation
import Scenarios

/// `trialist list`
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the scenarios of a folder.",
        discussion: """
            Each is a folder with a scenario.yaml. Without a folder, those that come with Trialist are listed: in \
            'scenarios' here, or where 'make install' put them.
            """)

    @Argument(help: "A folder of scenarios.")
    var folder: String?

    func run() throws {
        let folder = folder ?? Self.bundled
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw MissingFile(path: folder, purpose: "a folder of scenarios")
        }
        for name in names.sorted() {
            let path = (folder as NSString).appendingPathComponent(name)
            let file = (path as NSString).appendingPathComponent("scenario.yaml")
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let title = (try? ScenarioDocument(path: path).title) ?? "(does not read: trialist validate \(path))"
            print("\(path)  \(title)")
        }
    }

    /// `scenarios` in this folder, else beside the installed executable.
    private static var bundled: String {
        let here = "scenarios"
        guard !FileManager.default.fileExists(atPath: here), let executable = Bundle.main.executableURL else {
            return here
        }
        let installed = executable.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "share/trialist/scenarios")
        return FileManager.default.fileExists(atPath: installed.path) ? installed.path : here
    }
}
