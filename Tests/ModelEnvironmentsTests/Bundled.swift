import Environments
import Foundation
import Regimes

@testable import ModelEnvironments

/// The documents that come with Trialist, and what policies are worth in them.
enum Bundled {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scenarios/environments").path

    static let catalog = EnvironmentCatalog(folder: folder)

    static func environment(_ name: String, _ variant: String? = nil) throws -> any Environment {
        try catalog.entry(name).make(variant: variant)
    }

    static func totals(
        _ name: String, _ variant: String? = nil, _ policy: String, episodes: Int, seed: UInt64 = 1, threads: Int = 2
    ) throws -> EpisodeTotals {
        let environment = try environment(name, variant)
        return try environment.simulate(
            environment.policy(PolicyChoice(policy)), episodes: episodes, seed: seed, threads: threads)
    }

    /// A reference file's rows.
    static func rows<Row: Decodable>(_ file: String, _: Row.Type) throws -> [Row] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "References/\(file)")
        let data = try Data(contentsOf: url)
        if file.hasSuffix(".json") { return try JSONDecoder().decode([Row].self, from: data) }
        return try String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            try JSONDecoder().decode(Row.self, from: Data($0.utf8))
        }
    }
}
