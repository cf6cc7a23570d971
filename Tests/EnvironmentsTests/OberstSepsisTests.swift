import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by exact values of the published tables, which are another program's.
@Suite struct OberstSepsisTests {
    struct Row: Decodable {
        var variant: String
        var policy: String
        var value: Double
        var death: Double?
        var mean_len: Double?
    }

    static let rows: [Row] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "References/oberst_exact.jsonl")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }()

    /// A policy of the reference by this program's name, and nil for one that it lacks.
    private func choice(_ name: String) -> String? {
        if name.hasPrefix("const_") { return "constant:" + name.dropFirst(6).prefix(3) }
        return switch name {
        case "random_uniform": "random"
        case "rule_by_vital": "rule:by-vital"
        case "OPTIMAL full-state incl. diabetes, finite horizon 40, gamma=1.0": "optimal"
        default: nil
        }
    }

    @Test("Exact values are those of the published tables to 1e-9, in both variants")
    func exactValues() throws {
        var checked = 0
        for row in Self.rows {
            guard let name = choice(row.policy) else { continue }
            let environment = try EnvironmentEntry.named("oberst-sepsis").make(variant: row.variant)
            let exact = try environment.exactValue(of: environment.policy(PolicyChoice(name)))
            #expect(abs(exact.value - row.value) < 1e-9, "\(row.variant) \(row.policy)")
            if let death = row.death { #expect(abs((exact.ends["death"] ?? 0) - death) < 1e-9) }
            if let length = row.mean_len { #expect(abs(exact.meanLength - length) < 1e-8) }
            checked += 1
        }
        #expect(checked == 22)
    }

    @Test("Simulated values are the exact ones within 4 standard errors, and by group", arguments: ["code", "paper"])
    func simulated(_ variant: String) throws {
        let environment = try EnvironmentEntry.named("oberst-sepsis").make(variant: variant)
        for name in ["random", "rule:by-vital", "optimal"] {
            let policy = try environment.policy(PolicyChoice(name))
            let exact = try environment.exactValue(of: policy)
            let totals = try environment.simulate(policy, episodes: 40_000, seed: 7, threads: 2)
            let error = try #require(totals.standardError)
            let value = try #require(totals.value)
            #expect(abs(value - exact.value) < 4 * error, "\(name)")
            for (group, moments) in zip(environment.facts.groupings[0].groups, totals.by[0]) {
                let own = try #require(exact.by["diabetes"]?[group])
                let (mean, ownError) = (try #require(moments.mean), try #require(moments.standardError))
                #expect(abs(mean - own) < 4 * ownError)
            }
        }
    }

    @Test("The same bits for any number of threads, and the fast route gives what sixteen lanes give")
    func sameBits() throws {
        let environment = try EnvironmentEntry.named("oberst-sepsis").make()
        let policy = try environment.policy(.rule("by-vital"))
        let one = try environment.simulate(policy, episodes: 5_000, seed: 3, threads: 1)
        #expect(try environment.simulate(policy, episodes: 5_000, seed: 3, threads: 2) == one)
        let lanes = try EpisodeRunner(environment, policy, seed: 3).run(5_000, threads: 2)
        #expect(lanes.steps == one.steps)
        #expect(lanes.ends == one.ends)
    }

    @Test("Requests that mean nothing are refused with what is allowed")
    func refusals() throws {
        let environment = try EnvironmentEntry.named("oberst-sepsis").make()
        func message(_ text: String) -> String {
            do {
                _ = try environment.policy(PolicyChoice(text))
                return "none"
            } catch { return "\(error)" }
        }
        #expect(
            message("constant:9")
                == "oberst-sepsis: action: found '9', allowed: 000, 001, 010, 011, 100, 101, 110, 111")
        #expect(message("rule:x") == "oberst-sepsis: rule: found 'x', allowed: by-vital")
        #expect(
            message("best") == "policy: found 'best', allowed: random, constant:X, rule:NAME, optimal, a policy file")
        #expect(message("none.json") == "policy none.json: no such file")
        #expect(throws: EnvironmentError.self) { try EnvironmentEntry.named("sepsis") }
    }
}
