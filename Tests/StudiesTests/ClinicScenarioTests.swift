import Foundation
import ResultsStore
import Scenarios
import Testing
import Trials

@testable import Studies

/// Backed by invariants of the small study with clinics, and by the whole messages of what does not fit.
@Suite struct ClinicScenarioTests {
    /// Two arms that follow others, in clinics of their own.
    private static let arms = """
          - { name: often, follows: learned, clinic: { follow: 90 % } }
          - name: sometimes
            follows: high
            clinic:
              follow: ifelse(sex == "male", 0.9, 0.5)
              otherwise: low
              delay: { uniform: [0, 3] }
              alerts: { over: 20 %, budget: { alerts: 1, per: 5 days }, fatigue: { weight: 0.5, per: 10 days } }
              co_interventions:
                - { when: overridden && cp > 2, do: hold_days <- 1 }
                - { when: cp > 3, give: 10, into: central }
        """

    private func small(_ arms: String = Self.arms) throws -> SmallStudy {
        let small = try SmallStudy()
        try small.replace("maximum: 500 mg }", with: "maximum: 500 mg, hold: hold_days }")
        try small.replace("trial:\n  arms", with: "\(arms)\ntrial:\n  arms")
        return small
    }

    @Test func anArmThatFollowsAnotherHasItsRegime() throws {
        let study = try small("  - { name: same, follows: learned }").study()
        let (arms, learned) = try study.arms()
        #expect(arms.map(\.name) == ["low", "high", "learned", "same"])
        #expect(learned.keys.sorted() == [2])
        let records = try study.twins(arms).records
        #expect(records[2].values.map { $0.map(\.bitPattern) } == records[3].values.map { $0.map(\.bitPattern) })
        // Also where the leader itself is not asked for.
        let alone = try study.arms { $0 == "same" }
        #expect(alone.arms.map(\.name) == ["same"] && alone.learned.keys.sorted() == [2])
    }

    @Test func countsByArmAndGroupAddUp() throws {
        let results = try small().study().run()
        #expect(results.clinic.map(\.isAny) == [false, false, false, true, true])
        for account in results.clinic {
            for total in account.totals {
                #expect(total.recommendations == total.followed + total.overridden + total.suppressed)
                #expect(total.delayed <= total.followed && total.suppressed <= total.alerts)
            }
            // The groups of a column are all patients, each once.
            for groups in results.strata.groupsOfColumn {
                let parts = groups.map { account.totals[$0].recommendations }
                #expect(parts.reduce(0, +) == account.totals[0].recommendations)
            }
        }
        let busy = results.clinic[4].totals[0]
        #expect(busy.delayed > 0 && busy.suppressed > 0 && busy.coInterventions > 0 && busy.undecided == 0)
        #expect(results.arms[4].regime.hasPrefix("# the regime of arm 'high'\n# between recommendation and dose\n"))
    }

    @Test func threadsAndShardsDoNotChangeTheFile() throws {
        let small = try small()
        let folder = small.folder.path
        let set = "trial.arms=[sometimes, often]"
        try small.study(set, threads: 1).run(writingTo: "\(folder)/one.h5")
        try small.study(set, threads: 3).run(writingTo: "\(folder)/three.h5")
        for index in [2, 1] {
            try small.study(set, threads: 2).run(
                writingTo: "\(folder)/shard-\(index).h5", shard: try #require(Shard(index, of: 2)))
        }
        try ResultsWriter.write(
            ShardMerge(["\(folder)/shard-2.h5", "\(folder)/shard-1.h5"]).merged(), to: "\(folder)/merged.h5")
        let expected = try ResultsFile("\(folder)/one.h5").contentHash()
        #expect(try ResultsFile("\(folder)/three.h5").contentHash() == expected)
        #expect(try ResultsFile("\(folder)/merged.h5").contentHash() == expected)
        #expect(try ResultsFile("\(folder)/one.h5").groupPaths().contains("/clinic"))
    }

    @Test func whereNoArmHasAClinicTheFileSaysNothingOfOne() throws {
        let small = try SmallStudy()
        try small.study().run(writingTo: "\(small.folder.path)/none.h5")
        #expect(try !ResultsFile("\(small.folder.path)/none.h5").groupPaths().contains("/clinic"))
    }

    @Test func usualCareIsNotOverriddenInItsOwnFavour() throws {
        let small = try small("  - { name: free, follows: high, clinic: none }")
        try small.replace("  missed: 0.1", with: "  missed: 0.1\n  clinic: { follow: 80 %, otherwise: low }")
        let study = try small.study()
        #expect(study.plan.regimes.map { $0.clinic != nil } == [false, true, true, false])
    }

    @Test(
        arguments: [
            (
                "{ name: a, follows: lerned }",
                "arms[3].follows: 'lerned' is no arm with a regime of its own; did you mean 'learned'?"
            ),
            (
                "{ name: a, follows: low, clinic: { follow: weight_kg } }",
                "arms[3].clinic.follow: the probability of a virtual patient (line 3 of the records) is 82.5, allowed: from 0 to 1"
            ),
            (
                "{ name: a, follows: low, clinic: { follow: 'ifelse(sex == \"male\", \"yes\", \"no\")' } }",
                "arms[3].clinic.follow: found a text, allowed: a probability from 0 to 1"
            ),
            (
                "{ name: a, follows: low, clinic: { otherwise: learned } }",
                "arms[3].clinic.otherwise: 'learned' is no arm with rules; known: previous, low, high"
            ),
            (
                "{ name: a, start: dose <- 1, clinic: { otherwise: a } }",
                "arms[3].clinic.otherwise: the arm 'a' decides otherwise by itself; name another arm"
            ),
            (
                "{ name: a, follows: low, clinic: { alerts: { over: 5 g } } }",
                "arms[3].clinic.alerts.over: found an amount in g, allowed: in mg, as the model's doses are"
            ),
            (
                "{ name: a, follows: low, clinic: { co_interventions: [{ when: cp > 1, give: 5, into: centrl }] } }",
                "arms[3].clinic.co_interventions[0].into: 'centrl' is no compartment of the model; did you mean 'central'?"
            ),
            (
                "{ name: a, follows: low, clinic: { co_interventions: [{ when: cp > 1, do: x <- 1 }] } }",
                "arms[3].clinic.co_interventions[0].do: nothing that lasts is assigned here, so nothing would be done; allowed: dose, hold_days, action, dose_proposed, hold_days_proposed"
            ),
        ])
    func refusals(_ arm: String, _ expected: String) throws {
        let verdict = try small("  - \(arm)").verdict()
        let message = verdict.split(separator: "\n").first?.split(separator: "error: ").last.map(String.init)
        #expect(message == expected, "\(verdict)")
    }
}
