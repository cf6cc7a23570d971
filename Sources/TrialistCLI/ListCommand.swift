import ArgumentParser
import Foundation
import Scenarios

/// `trialist list`
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the scenarios of a folder.",
        discussion: "Each is a folder with a scenario.yaml; without a folder, 'scenarios' is searched here.")

    @Argument(help: "A folder of scenarios.")
    var folder = "scenarios"

    func run() throws {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw MissingFile(path: folder, purpose: "a folder of scenarios")
        }
        for name in names.sorted() {
            let path = (folder as NSString).appendingPathComponent(name)
            let file = (path as NSString).appendingPathComponent("scenario.yaml")
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let title = (try? Scenario(path: path).title) ?? "(does not read: trialist validate \(path))"
            print("\(path)  \(title)")
        }
    }
}
