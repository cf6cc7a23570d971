import Environments
import Foundation
import Scenarios
import Testing

@testable import ModelEnvironments

/// Backed by the published environment's own values and by a second route: classical Runge–Kutta in another program.
@Suite("Ahn chemotherapy")
struct AhnTests {
    /// Setting 1 as the published package gives it.
    @Test(arguments: [
        ("constant:0", -163.160385), ("constant:0.25", -445.600484), ("constant:0.5", 64.881779),
        ("constant:0.75", -14.061163), ("constant:1", -135.060534), ("rule:full-while-tumour", 261.538525),
    ])
    func publishedValues(_ policy: String, _ value: Double) throws {
        let totals = try Bundled.totals("ahn-chemotherapy", policy, episodes: 1)
        #expect(abs(try #require(totals.value) / value - 1) < 1e-5)
    }

    struct Row: Decodable {
        var env: String
        var policy: String
        var mean: Double
        var se: Double
        var terminated: Double
        var meanLength: Double

        enum CodingKeys: String, CodingKey {
            case env, policy, mean, se, terminated, meanLength = "mean_len"
        }
    }

    private static let policies = [
        "const_0.0": "constant:0", "const_0.25": "constant:0.25", "const_0.5": "constant:0.5",
        "const_0.75": "constant:0.75", "const_1.0": "constant:1", "rule_T>0.01_full": "rule:full-while-tumour",
        "random_5levels": "random",
    ]

    /// Setting 1 against fourth-order steps of 0.025 days, to 1e-7 relative: the tolerance of the document is enough.
    @Test func deterministicReference() throws {
        var checked = 0
        for row in try Bundled.rows("ahn_reference_rk4.jsonl", Row.self) where row.env.contains("setting1") {
            guard row.se == 0, let policy = Self.policies[row.policy] else { continue }
            let totals = try Bundled.totals("ahn-chemotherapy", policy, episodes: 1)
            #expect(abs(try #require(totals.value) / row.mean - 1) < 1e-7, "\(row.policy)")
            #expect(totals.steps == Int(row.meanLength))
            checked += 1
        }
        #expect(checked == 6)
    }

    /// Four standard errors of the difference; the random policy of setting 1 among them.
    @Test func randomReference() throws {
        var checked = 0
        for row in try Bundled.rows("ahn_reference_rk4.jsonl", Row.self) where row.se > 0 {
            let policy = try #require(Self.policies[row.policy])
            let variant = row.env.contains("setting1") ? "setting1" : "setting2"
            let totals = try Bundled.totals("ahn-chemotherapy", variant, policy, episodes: 2000)
            let error = (pow2(try #require(totals.standardError)) + pow2(row.se)).squareRoot()
            #expect(abs(try #require(totals.value) - row.mean) < 4 * error, "\(row.env) \(row.policy)")
            let died = Double(totals.ends[0]) / 2000
            #expect(abs(died - row.terminated) < 4 * (2 * 0.25 / 2000).squareRoot(), "\(row.env) \(row.policy)")
            checked += 1
        }
        #expect(checked == 8)
    }

    /// The noise of setting 3 has a limit as its parts shrink: 5 and 20 parts agree within 4 standard errors.
    @Test func noiseHasALimit() throws {
        let coarse = try Bundled.totals("ahn-chemotherapy", "setting3", "constant:0.5", episodes: 1500)
        let text = try String(contentsOfFile: Bundled.folder + "/ahn-chemotherapy/environment.yaml", encoding: .utf8)
            .replacingOccurrences(of: "decisions.parts: 5", with: "decisions.parts: 20")
            .replacingOccurrences(of: "sqrt(0.25 / 5)", with: "sqrt(0.25 / 20)")
        let file = Bundled.folder + "/ahn-chemotherapy/environment.yaml"
        let environment = try ModelEnvironment(EnvironmentDocument(text: text, file: file, variant: "setting3"))
        let fine = try environment.simulate(
            environment.policy(.constant("0.5")), episodes: 1500, seed: 2, threads: 2)
        let (a, b) = (try #require(coarse.value), try #require(fine.value))
        let error = pow2(try #require(coarse.standardError)) + pow2(try #require(fine.standardError))
        #expect(abs(a - b) < 4 * error.squareRoot())
        #expect(coarse.failed == 0 && fine.failed == 0)
    }

    private func pow2(_ x: Double) -> Double { x * x }
}
