import Environments
import Testing

@testable import ModelEnvironments

/// Backed by second routes: SciPy's Radau at 1e-10 for HIV, quadrature over the starts for constant doses of Zhao's problem.
@Suite("Reference values of environments")
struct ReferenceValueTests {
    struct Row: Decodable {
        var environment: String
        var variant: String
        var policy: String
        var value: Double
        var alive: Double?
        var lsoda: Double?
    }

    private static func rows(_ environment: String) throws -> [Row] {
        try Bundled.rows("environment_values.json", Row.self).filter { $0.environment == environment }
    }

    /// To 1e-7 relative; the two methods of the reference differ by up to 3e-9.
    @Test func hiv() throws {
        let rows = try Self.rows("hiv-treatment")
        #expect(rows.count == 7)
        for row in rows {
            let value = try #require(
                Bundled.totals("hiv-treatment", row.variant, row.policy, episodes: 1, threads: 1).value)
            #expect(abs(value / row.value - 1) < 1e-7, "\(row.variant) \(row.policy): \(value)")
        }
    }

    /// Four standard errors, with 40,000 episodes a dose; the share alive likewise.
    @Test func zhao() throws {
        let rows = try Self.rows("zhao-chemotherapy")
        #expect(rows.count == 40)
        for row in rows {
            let totals = try Bundled.totals("zhao-chemotherapy", row.variant, row.policy, episodes: 40_000)
            let (value, error) = (try #require(totals.value), try #require(totals.standardError))
            #expect(abs(value - row.value) < 4 * error, "\(row.variant) \(row.policy): \(value), \(error)")
            let alive = totals.measures[0]
            let (share, spread) = (try #require(alive.mean), try #require(alive.standardError))
            #expect(abs(share - (try #require(row.alive))) < 4 * spread, "\(row.variant) \(row.policy): \(share)")
        }
    }

    /// The published code's own scores, which its defects make: full radiation dies on day 13, chemotherapy is inert.
    @Test func ghaffariCode() throws {
        func value(_ policy: String) throws -> (Double, Int) {
            let totals = try Bundled.totals("ghaffari-chemoradiation", "code", policy, episodes: 1, threads: 1)
            return (try #require(totals.value), totals.steps)
        }
        let (radiated, days) = try value("rule:radiation")
        #expect(abs(radiated - -95.2) < 0.05 && days == 13)
        #expect(abs(try value("constant:0,0").0 - -55.049) < 0.002)
        #expect(abs(try value("constant:0,8").0 - -55.048) < 0.002)
    }

    /// Day-100 incidence of acute disease without further drugs, 0.190 in the records, within 4 standard errors of both: 137
    /// patients there, 8,000 here. The model has no competing risk within a part, so that it is compared loosely.
    @Test func gvhdIncidence() throws {
        let totals = try Bundled.totals("gvhd", "rule:standard", episodes: 8000)
        let share = try #require(totals.measures[1].mean)
        #expect(abs(share - 0.190) < 4 * (0.190 * 0.810 / 137).squareRoot())
    }
}
