import Environments
import NumericsCore
import Regimes
import Scenarios
import Testing

@testable import ModelEnvironments

/// What the keys of a document do, in problems small enough for closed forms.
@Suite("Statements of environments")
struct StatementTests {
    private static func environment(_ text: String, variant: String? = nil) throws -> ModelEnvironment {
        try ModelEnvironment(
            EnvironmentDocument(text: "environment: 1\n" + text, file: "small/environment.yaml", variant: variant))
    }

    private static func totals(
        _ text: String, _ policy: String = "constant:0", variant: String? = nil, episodes: Int = 20_000
    ) throws -> EpisodeTotals {
        let environment = try environment(text, variant: variant)
        return try environment.simulate(
            environment.policy(PolicyChoice(policy)), episodes: episodes, seed: 11, threads: 2)
    }

    private static let base = """
        decisions: { count: 4 }
        actions: { components: { dose: [0, 3] }, grid: { dose: [0, 1, 2, 3] } }

        """

    /// Memory, what it was before, the number of the decision, discount: 0.5^t (t + 1 + dose), t = 0…3.
    @Test func memoryAndDiscount() throws {
        let totals = try Self.totals(
            Self.base + """
                discount: 0.5
                start: sum <- 0
                after: sum <- sum_before + decision + 1 + dose
                reward: sum - sum_before
                observe: { sum: sum }
                measures: { last: sum, decisions: decision }
                """, "constant:2", episodes: 3)
        #expect(totals.value == 3 + 2 + 1.25 + 0.75)
        #expect(totals.measures[0].mean == 18)
        #expect(totals.measures[1].mean == 4)
    }

    /// Hazards compete: death first with probability 1 − e^−0.5 a decision, by each cause in proportion; 4 standard errors.
    @Test func hazardsCompete() throws {
        let totals = try Self.totals(
            Self.base + """
                reward: 1 - a
                ends: { a: { hazard: 0.1 }, b: { hazard: 0.4 } }
                observe: { one: "1" }
                """)
        let ended = 1 - Elementary.exp(-2)
        for (index, share) in [0.2, 0.8].enumerated() {
            let expected = share * ended
            let spread = (expected * (1 - expected) / 20_000).squareRoot()
            #expect(abs(Double(totals.ends[index]) / 20_000 - expected) < 4 * spread)
        }
    }

    /// The event at the last decision counts, unless the document says that the horizon comes first.
    @Test(arguments: [("event", 1), ("truncation", 0)])
    func lastDecision(_ last: String, _ ended: Int) throws {
        let totals = try Self.totals(
            Self.base + """
                last: \(last)
                reward: ifelse(over, -10, 1)
                ends: { over: { when: decision >= 3 } }
                observe: { one: "1" }
                """, episodes: 1)
        #expect(totals.ends == [ended])
        #expect(totals.value == (ended == 1 ? 3 - 10 : 4))
    }

    /// What is not allowed is replaced by the nearest that is, and masked for policies: dose rises by 1 at the most.
    @Test func allowedActions() throws {
        let text =
            Self.base.replacing("dose: [0, 1, 2, 3] }", with: "dose: [0, 1, 2, 3] }, allowed: dose <= given + 1") + """
                start: given <- 0
                act: given <- dose
                reward: dose
                observe: { given: given }
                rules: { top: dose <- 3 }
                """
        #expect(try Self.totals(text, "constant:3", episodes: 1).value == 1 + 2 + 3 + 3)
        #expect(try Self.totals(text, "rule:top", episodes: 1).value == 1 + 2 + 3 + 3)
        // At random: the mean of the first is 1/2, of the second (0 + 1 + 2) / 3 after 1 and 1/2 after 0.
        let mean = try #require(Self.totals(text.replacing("count: 4", with: "count: 2"), "random").value)
        #expect(abs(mean - (0.5 + 0.5 * 0.5 + 0.5 * 1)) < 4 * 0.9 / 20_000.0.squareRoot())
    }

    /// A carried observation is the one before with probability 0.3; an empty one is NaN.
    @Test(arguments: ["carried", "empty"])
    func missingObservations(_ then: String) throws {
        let environment = try Self.environment(
            Self.base + """
                start: n <- 0
                after: n <- n + 1
                reward: "0"
                observe: { n: n, m: n }
                missing: { probability: 0.3, then: \(then), of: [n] }
                """)
        let episodes = environment.makeEpisodes(seed: 1)
        let action = LanePointer.allocate(capacity: 1)
        defer { action.deallocate() }
        action.initialize(to: Lane(repeating: 0))
        var missing = 0
        for block in 0..<200 {
            episodes.begin((0..<laneCount).map { block * laneCount + $0 }, in: LaneMask(repeating: true))
            #expect(episodes.observation[0] == Lane(repeating: 0))
            episodes.step(action, in: LaneMask(repeating: true))
            #expect(episodes.observation[1] == Lane(repeating: 1))
            for lane in 0..<laneCount {
                let value = episodes.observation[0][lane]
                let isMissing = then == "carried" ? value == 0 : value.isNaN
                #expect(isMissing || value == 1)
                missing += isMissing ? 1 : 0
            }
        }
        let spread = (0.3 * 0.7 / 3200).squareRoot()
        #expect(abs(Double(missing) / 3200 - 0.3) < 4 * spread)
    }

    /// A further draw in one block moves no number of another, and a further column no other column.
    @Test func drawsAreApart() throws {
        func value(_ columns: String, _ act: String) throws -> Double? {
            try Self.totals(
                Self.base + """
                    patients: { draw: { \(columns)a: { normal: [0, 1] } } }
                    act: \(act)
                    after: x <- uniform_1 + a
                    reward: x
                    observe: { a: a }
                    """, episodes: 20
            ).value
        }
        let plain = try value("", "y <- 0")
        #expect(try value("", "y <- uniform_1 + normal_2") == plain)
        #expect(try value("b: { uniform: [0, 1] }, ", "y <- b") == plain)
    }

    /// A variant replaces values by their paths, and the first is the default.
    @Test func variants() throws {
        let text =
            Self.base + """
                reward: dose + 1
                observe: { one: "1" }
                variants: { plain: {}, double: { reward: 2 * dose, decisions.count: 5 } }
                """
        #expect(try Self.totals(text, "constant:2", episodes: 1).value == 12)
        #expect(try Self.totals(text, "constant:2", variant: "double", episodes: 1).value == 20)
        #expect(try Self.environment(text).facts.variant == "plain")
    }

    /// Groups by a text: their values apart, weighted by their shares in all; a bernoulli column splits them.
    @Test func groupings() throws {
        let totals = try Self.totals(
            Self.base + """
                patients: { draw: { male: { bernoulli: 0.4 } } }
                groupings: { sex: 'ifelse(male, "man", "woman")' }
                reward: male
                observe: { male: male }
                """)
        #expect(totals.by[0][0].mean == 4)
        #expect(totals.by[0][1].mean == 0)
        let share = Double(totals.by[0][0].count) / 20_000
        #expect(abs(share - 0.4) < 4 * (0.24 / 20_000).squareRoot())
    }
}
