import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by simulations of the public package in its settings 2 to 5.
@Suite struct SepsisMonitorTests {
    struct Row: Decodable {
        var env: String
        var policy: String
        var mean: Double
        var se: Double
    }

    static let rows: [Row] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "References/oberst_settings.jsonl")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }()

    private func choice(_ name: String) -> String {
        if name.hasPrefix("const_") { return "constant:" + name.dropFirst(6).prefix(3) }
        return name == "rule_by_vital" ? "rule:by-vital" : "random"
    }

    @Test("Values in settings 2 to 5 are the package's within 4 joint standard errors")
    func published() throws {
        for row in Self.rows {
            let setting = try #require(row.env.last)
            let environment = try EnvironmentEntry.named("oberst-sepsis").make(variant: "code-setting\(setting)")
            let totals = try environment.simulate(
                environment.policy(PolicyChoice(choice(row.policy))), episodes: 10_000, seed: 21, threads: 2)
            let value = try #require(totals.value)
            let error = try #require(totals.standardError)
            #expect(
                abs(value - row.mean) < 4 * (error * error + row.se * row.se).squareRoot(), "\(row.env) \(row.policy)")
        }
        #expect(Self.rows.count == 40)
    }

    @Test("An error below one half changes no reading's side, and stale readings cost")
    func readings() throws {
        func totals(_ variant: String) throws -> EpisodeTotals {
            let environment = try EnvironmentEntry.named("oberst-sepsis").make(variant: variant)
            let rule = try environment.policy(.rule("by-vital"))
            return try EpisodeRunner(environment, rule, seed: 5).run(4_000, threads: 2)
        }
        let plain = try totals("code")
        // Up to a half, the rule's thresholds of one half tell the readings apart: the same episodes.
        for variant in ["code-setting2", "code-setting3", "code-setting4"] {
            let noisy = try totals(variant)
            #expect(noisy.value == plain.value, "\(variant)")
            #expect(noisy.steps == plain.steps, "\(variant)")
        }
        let stale = try #require(totals("code-setting5").value)
        let fresh = try #require(plain.value)
        #expect(stale < fresh - 0.1)
    }

    @Test("Readings lie within the ranges that the facts name, and what is hidden has no error")
    func ranges() throws {
        let environment = try EnvironmentEntry.named("oberst-sepsis").make(variant: "paper-setting4")
        let lanes = try environment.makeEpisodes(seed: 1)
        lanes.begin(Array(0..<laneCount), in: LaneMask(repeating: true))
        var errors = 0
        for (place, variable) in (environment.facts.observations + environment.facts.hidden).enumerated() {
            for lane in 0..<laneCount {
                let value = lanes.observation[place][lane]
                #expect((variable.low...variable.high).contains(value), "\(variable.name)")
                if value != value.rounded() { errors += 1 }
            }
        }
        #expect(errors == 3 * laneCount)
    }

    @Test("A policy that reads the monitor has no exact value, one that reads nothing has that of the tables")
    func exact() throws {
        let plain = try EnvironmentEntry.named("oberst-sepsis").make(variant: "paper")
        let noisy = try EnvironmentEntry.named("oberst-sepsis").make(variant: "paper-setting5")
        for name in ["random", "optimal", "constant:110"] {
            let value = try noisy.exactValue(of: noisy.policy(PolicyChoice(name)))
            let own = try plain.exactValue(of: plain.policy(PolicyChoice(name)))
            #expect(value == own, "\(name)")
        }
        #expect(
            throws: EnvironmentError.notExact(policy: "a policy that reads the monitor", environment: "oberst-sepsis")
        ) { try noisy.exactValue(of: noisy.policy(.rule("by-vital"))) }
    }
}
