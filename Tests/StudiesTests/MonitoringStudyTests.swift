import Foundation
import NumericsCore
import ResultsStore
import Scenarios
import Testing
import Trials

@testable import Studies

/// The bundled scenario, small.
private func scenario(_ overrides: String...) throws -> MonitoringScenario {
    let small = ["monitoring.replicates=20", "monitoring.longest=60"]
    guard
        case .monitoring(let scenario) = try ScenarioDocument(
            path: BundledScenario.path("score-drift"), overrides: small + overrides)
    else { throw Interrupted() }
    return scenario
}

private func file(_ overrides: String..., threads: Int = 2) throws -> (hash: String, drift: ResultGroup) {
    let path = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString).h5").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let watched = try scenario("seed=1", overrides.first ?? "monitoring.patients=100")
    try MonitoringStudy(watched, threads: threads).run(writingTo: path)
    let file = try ResultsFile(path)
    return (try file.contentHash(), try file.group("/drift"))
}

// Invariants of the file: the same bits on any number of threads, and numbers that follow from each other.
@Suite struct MonitoringStudyTests {
    @Test func anyNumberOfThreadsGivesTheSameFile() throws {
        let one = try file(threads: 1)
        #expect(try file(threads: 2).hash == one.hash)
        #expect(try file(threads: 5).hash == one.hash)
        #expect(try file("monitoring.patients=101").hash != one.hash)
    }

    @Test func theFileHoldsAlarmsSharesAndAnExample() throws {
        let drift = try file().drift
        func numbers(_ name: String) throws -> [Double] {
            guard case .double(let values) = drift.variable(named: name)?.values else {
                Issue.record("no numbers '\(name)'")
                return []
            }
            return values
        }
        let monitors = drift.dimension(named: "monitor")?.size ?? 0
        #expect(monitors == 6 && drift.dimension(named: "within")?.size == 3)
        #expect(drift.dimension(named: "delay")?.size == 60 && drift.dimension(named: "replicate")?.size == 20)
        let (length, rate) = (try numbers("run_length"), try numbers("false_alarm_rate"))
        for (a, b) in zip(length, rate) { #expect(abs(a * b - 1) < 1e-12) }
        // The share detected within three windows is the sum of the first three delays.
        let (detected, shares) = (try numbers("detected"), try numbers("delay_share"))
        for monitor in 0..<monitors {
            let sum = shares[monitor * 60..<monitor * 60 + 3].reduce(0, +)
            #expect(abs(detected[monitor * 3] - sum) < 1e-12)
        }
        let example = try #require(drift.group(named: "example"))
        #expect(example.dimension(named: "window")?.size == 12 + 24)
        #expect(drift.attributes.first { $0.name == "change_window" }?.value == .integer(13))
        guard case .number(let auc) = drift.attributes.first(where: { $0.name == "auc_after" })?.value else {
            Issue.record("no AUC after the change")
            return
        }
        #expect(abs(auc - 0.85) < 1e-12)
    }

    @Test func aScenarioWithoutAChangeMeasuresFalseAlarmsAlone() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bundled = try scenario()
        let change = try #require(bundled.text.range(of: "  change:"))
        let monitors = try #require(bundled.text.range(of: "  monitors:"))
        let text = bundled.text.replacingCharacters(in: change.lowerBound..<monitors.lowerBound, with: "")
        let still = try MonitoringScenario(text: text, file: "s.yaml", overrides: bundled.overrides)
        try MonitoringStudy(still, threads: 2).run(writingTo: path)
        let drift = try ResultsFile(path).group("/drift")
        #expect(drift.variable(named: "run_length") != nil && drift.variable(named: "mean_delay") == nil)
        #expect(!drift.attributes.contains { $0.name == "change_window" })
    }

    @Test func aChartWithoutSuchALimitIsRefusedWhereItStands() throws {
        let bundled = try scenario()
        let text = bundled.text.replacing("slack: 0.5, run_length: 100 }", with: "slack: 4, run_length: 100 }")
        let steep = try MonitoringScenario(text: text, file: "s.yaml", overrides: ["monitoring.monitors[0].slack=0.5"])
        do {
            _ = try MonitoringStudy(steep)
            Issue.record("slacks without a limit were accepted")
        } catch let error as ScenarioErrors {
            #expect(error.problems.map(\.path) == [3, 4, 5].map { "monitoring.monitors[\($0)]" })
            #expect(
                error.problems.first?.message
                    == "run length: found 100.0, allowed is a longer one, or a smaller slack: false alarms are rarer than that at any limit"
            )
        }
    }
}
