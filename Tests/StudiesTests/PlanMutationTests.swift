import Foundation
import NumericsCore
import Scenarios
import Testing

@testable import Studies

/// A text with a few characters or lines changed; seeded.
private func mutate(_ text: String, seed: UInt32) -> String {
    var stream = RandomStream(seed: 1, purpose: .analysis, replicate: 0, patient: seed)
    func below(_ count: Int) -> Int { count > 0 ? stream.nextInteger(below: count) : 0 }
    let scraps = [
        "0", "-1", "1e308", "1e-300", "x", "cp", "[]", "{}", "dose", "sex", "9999999", "<-", "(", "weight_kg", ".",
    ]
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
    for _ in 0...below(2) {
        let line = below(lines.count)
        let place = below(lines[line].count + 1)
        switch below(7) {
        case 0: lines.remove(at: line)
        case 1: lines.insert(lines[line], at: line)
        case 2: lines.swapAt(line, below(lines.count))
        case 3: lines[line].insert(contentsOf: Array(scraps[below(scraps.count)].utf8), at: place)
        case 4: if place < lines[line].count { lines[line][place] = UInt8(32 + below(95)) }
        case 5: if place < lines[line].count { lines[line].remove(at: place) }
        default:
            if let colon = lines[line].lastIndex(of: UInt8(ascii: ":")) {
                lines[line] = lines[line][...colon] + Array(" \(scraps[below(scraps.count)])".utf8)
            }
        }
        if lines.isEmpty { lines = [[]] }
    }
    return String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
}

// Invariant: a damaged input is planned or refused with problems that have a place; nothing traps, nothing else is thrown.
@Suite struct PlanMutationTests {
    /// How many of `seeds` damaged versions of a file of the small study are refused.
    private func refused(_ file: String, seeds: Range<UInt32>, runs: Bool) throws -> Int {
        let study = try SmallStudy()
        let path = study.folder.appending(path: file)
        let text = try String(contentsOf: path, encoding: .utf8)
        var refused = 0
        for seed in seeds {
            try mutate(text, seed: seed).write(to: path, atomically: false, encoding: .utf8)
            do {
                let planned = try study.study("cohort.patients=3")
                if runs, planned.workload.total < 1e5 { _ = try planned.run() }
            } catch let errors as ScenarioErrors {
                refused += 1
                #expect(errors.problems.allSatisfy { $0.description.contains(": error: ") }, "seed \(seed): \(errors)")
            }
        }
        return refused
    }

    @Test func damagedScenarios() throws { #expect(try refused("scenario.yaml", seeds: 0..<400, runs: false) > 100) }

    @Test func damagedModels() throws { #expect(try refused("model.R", seeds: 0..<200, runs: false) > 50) }

    @Test func damagedRecords() throws { #expect(try refused("records.csv", seeds: 0..<200, runs: false) > 20) }

    // What is planned also runs to its end.
    @Test func damagedStudiesRun() throws {
        _ = try refused("scenario.yaml", seeds: 1000..<1060, runs: true)
        #expect(try refused("model.R", seeds: 1000..<1060, runs: true) > 0)
    }

    @Test func aDamagedBundledScenario() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "study"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for part in ["models", "warfarin-coag"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: part), withDestinationURL: BundledScenario.folder.appending(path: part))
        }
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "study/data"),
            withDestinationURL: BundledScenario.folder.appending(path: "warfarin-coag/data"))
        let text = try String(
            contentsOf: BundledScenario.folder.appending(path: "warfarin-coag/scenario.yaml"), encoding: .utf8)
        var refused = 0
        for seed in UInt32(0)..<40 {
            let file = folder.appending(path: "study/scenario.yaml")
            try mutate(text, seed: seed).write(to: file, atomically: false, encoding: .utf8)
            do { _ = try Study(Scenario(path: file.path), threads: 1) } catch let errors as ScenarioErrors {
                refused += 1
                #expect(!errors.problems.isEmpty, "seed \(seed)")
            }
        }
        #expect((5..<40).contains(refused))
    }
}
