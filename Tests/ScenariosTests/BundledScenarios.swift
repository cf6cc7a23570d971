import Foundation

/// The scenarios that come with the project.
enum BundledScenarios {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scenarios")

    /// The folders that hold a scenario, in the order of their names.
    static var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().filter {
            FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/scenario.yaml").path)
        }
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: "\(name)/scenario.yaml"), encoding: .utf8)
    }
}

/// Seeded whole numbers for tests that try many cases (splitmix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
