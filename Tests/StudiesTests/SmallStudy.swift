import Foundation
import NumericsCore
import Scenarios
import Studies
import Trials

/// The fixture of a study that runs in a tenth of a second, copied into a folder of its own so that tests can break it.
struct SmallStudy: ~Copyable {
    let folder: URL

    init() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        folder = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: tests.appending(path: "Fixtures/small-study"), to: folder)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var scenario: String { folder.appending(path: "scenario.yaml").path }

    /// Replaces a part of one of its files.
    borrowing func replace(_ part: String, with other: String, in file: String = "scenario.yaml") throws {
        let path = folder.appending(path: file)
        let text = try String(contentsOf: path, encoding: .utf8)
        guard text.contains(part) else { throw Absent(part: part) }
        try text.replacing(part, with: other).write(to: path, atomically: true, encoding: .utf8)
    }

    struct Absent: Error {
        let part: String
    }

    /// What planning says, with the folder's name left out; `valid` where it says nothing.
    borrowing func verdict(_ overrides: String...) -> String {
        do {
            _ = try Study(Scenario(path: scenario, overrides: overrides), threads: 1)
            return "valid"
        } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }

    borrowing func study(
        _ overrides: String..., threads: Int = 1, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (StudyProgress) -> Void = { _ in }
    ) throws -> Study {
        try Study(
            Scenario(path: scenario, overrides: overrides), threads: threads, stop: stop, progress: progress)
    }
}

/// The scenarios that come with the project.
enum BundledScenario {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scenarios")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The learned regime in the clinic, and the sequential trial, at a size that runs in a second.
    static let smallClinic = [
        "cohort.patients=48", "arms[2].learn.patients=500", "arms[2].learn.basis=linear", "trial.patients=40",
        "trial.replicates=3",
    ]
    static let smallSmart = ["cohort.patients=48", "trial.patients=60", "trial.replicates=4"]

    /// COAG at a size that runs in a second: two weeks, few patients to learn on.
    static let smallCOAG = [
        "cohort.patients=64", "trial.patients=48", "trial.replicates=4", "trial.follow_up=14 days",
        "visits={ days: [0, 1, 2, 3, 5, 7, 10, 14], end: 14 days, measure: { INR: { days: [3, 5, 7, 10, 14] } }, dropout: 0.20 per year }",
        "endpoints[0].days=[3, 14]", "endpoints[1].days=[3, 14]", "endpoints[2].days=[3, 14]",
        "endpoints[3].days=[0, 14]",
        "report.survival.days=[7, 10]", "arms[5].learn.patients=640", "arms[5].learn.basis=linear",
    ]
}
