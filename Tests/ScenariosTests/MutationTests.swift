import Foundation
import Testing

@testable import Scenarios

// Invariant: whatever happens to a scenario's text, it is read or refused with problems that name the file, and nothing
// traps. The mutations are seeded; a failing seed is in the message.
@Suite struct MutationTests {
    private static let scraps = [
        "1e308", "-1", "999999999999999999999", "0", "[]", "{}", "~", "\"\"", "&a", "*a", "!!int", ": ", "- ", "#", "|",
        ">",
        "\t", "\u{0}", "\u{FEFF}", "é", "{ file: x }", "<<", "?", "1e-320", "nan", "9223372036854775808", "[[[[", "}}",
        "\\", "'",
    ]

    /// A text with some bytes or lines changed, moved, doubled or left out.
    static func mutate(_ text: String, seed: UInt64) -> String {
        var random = SeededNumbers(seed: seed)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let line = Int.random(in: 0..<lines.count, using: &random)
            let place = Int.random(in: 0...lines[line].count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: lines.remove(at: line)
            case 1: lines.insert(lines[line], at: line)
            case 2: lines.swapAt(line, Int.random(in: 0..<lines.count, using: &random))
            case 3: lines[line].insert(contentsOf: Array((scraps.randomElement(using: &random) ?? "").utf8), at: place)
            case 4: lines[line] = Array(lines[line].prefix(place))
            case 5: lines[line].insert(UInt8.random(in: 32...126, using: &random), at: place)
            case 6: if place < lines[line].count { lines[line].remove(at: place) }
            default: lines[line] = replacingValue(lines[line], with: scraps.randomElement(using: &random) ?? "")
            }
            if lines.isEmpty { lines = [[]] }
        }
        return String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }

    private static func replacingValue(_ line: [UInt8], with value: String) -> [UInt8] {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return line }
        return line[...colon] + Array(" \(value)".utf8)
    }

    @Test(arguments: BundledScenarios.names) func mutatedScenariosAreReadOrRefused(_ name: String) throws {
        let text = try BundledScenarios.text(name)
        let file = BundledScenarios.folder.appending(path: "\(name)/scenario.yaml").path
        var refused = 0
        for seed in 0..<UInt64(1500) {
            let mutated = Self.mutate(text, seed: seed)
            do { _ = try ScenarioDocument(text: mutated, file: file) } catch {
                refused += 1
                #expect(!error.problems.isEmpty, "seed \(seed)")
                for problem in error.problems {
                    #expect(problem.description.contains(": error: "), "seed \(seed): \(problem)")
                    #expect(problem.line != nil || !problem.message.isEmpty, "seed \(seed)")
                }
            }
        }
        // Comments, titles and texts of the language take most changes; a fifth or more is refused.
        #expect(refused > 300)
    }

    @Test func truncatedScenariosAreReadOrRefused() throws {
        let bytes = Array(try BundledScenarios.text("warfarin-coag").utf8)
        for length in stride(from: 0, to: bytes.count, by: 41) {
            let text = String(decoding: bytes[..<length], as: UTF8.self)
            let found = SmallScenario.verdict(text)
            #expect(found == "valid" || found.contains("s.yaml"), "\(length) bytes: \(found)")
        }
    }

    @Test func anyBytesAreReadOrRefused() {
        for seed in 0..<UInt64(300) {
            var random = SeededNumbers(seed: seed)
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(SmallScenario.verdict(String(decoding: bytes, as: UTF8.self)).contains("s.yaml"), "seed \(seed)")
        }
    }
}
