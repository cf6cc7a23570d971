import Foundation
import NumericsCore
import Regimes
import Scenarios
import Testing
import Trials

@testable import Studies

/// Backed by a second route (the same decisions written as rules) and by invariants.
@Suite struct PolicyArmTests {
    /// A frozen tree: who weighs at most 80 kg keeps the dose, the others get twice as much.
    private static let tree = """
        { "trialist_policy": 1, "kind": "tree", "environment": "small", "variant": "", "inputs": [],
          "actions": { "components": [{ "name": "action", "low": 0.5, "high": 2 }], "isContinuous": false,
            "levels": [{ "name": "same", "values": [1] }, { "name": "twice", "values": [2] }] },
          "training": {},
          "policy": { "root": { "if": "weight", "at_most": 80, "missing": true,
            "then": { "choose": "same" }, "else": { "choose": "twice" } } } }
        """

    private static let policyArm = """
          - name: learned
            policy:
              file: policy.json
              base: low
              features: weight <- weight_kg
              apply: dose <- min(dose_proposed * action, 500)
        """

    /// The fixture with its learned arm replaced.
    private func fixture(_ arm: String, policy: String = tree) throws -> SmallStudy {
        let small = try SmallStudy()
        let text = try String(contentsOfFile: small.scenario, encoding: .utf8)
        let start = try #require(text.range(of: "  - name: learned"))
        let end = try #require(text.range(of: "trial:\n"))
        try text.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: arm + "\n")
            .write(toFile: small.scenario, atomically: true, encoding: .utf8)
        try policy.write(to: small.folder.appending(path: "policy.json"), atomically: true, encoding: .utf8)
        return small
    }

    @Test("An arm that follows a frozen tree is the arm whose rules say the same, to the last bit")
    func treeIsRules() throws {
        let frozen = try fixture(Self.policyArm)
        let ruled = try fixture(
            """
              - name: learned
                start: |
                  dose <- 100
                  dose <- min(dose * ifelse(weight_kg <= 80, 1, 2), 500)
                then: |
                  dose <- ifelse(cp > 3, dose / 2, dose)
                  dose <- min(dose * ifelse(weight_kg <= 80, 1, 2), 500)
            """)
        func record(_ study: Study) throws -> ArmRecord {
            let (arms, _) = try study.arms()
            return try #require(try study.twins(arms).records.last)
        }
        // Both on all records: rules alone do not divide them.
        let study = try frozen.study()
        #expect(study.judged == .judging)
        let patients = try study.plan.population.cohort(count: 48, replicate: 0, half: .all)
        let everyone = (0..<48).map { TrialPatient(number: UInt32($0), row: $0) }
        func values(_ study: Study) throws -> [[Double]] {
            let arm = try #require(try study.arms().arms.last)
            let runner = TrialRunner(study.plan.trial, cohort: patients, threads: 1, stop: StopSignal()) { _ in }
            return try runner.run(arm, patients: everyone, replicate: 0).record.values
        }
        let (one, other) = (try values(study), try values(try ruled.study()))
        #expect(one.map { $0.map(\.bitPattern) } == other.map { $0.map(\.bitPattern) })
        #expect(Set(one[2]).count > 3)
    }

    @Test("A policy that does not fit its arm is refused with the reason")
    func refusals() throws {
        let unobserved = try fixture(Self.policyArm.replacing("weight <- weight_kg", with: "mass <- weight_kg"))
        #expect(
            unobserved.verdict().contains(
                "arms[2].policy.file: policy: it reads 'weight', which is not observed here; observed: mass"))
        let unknown = try fixture(
            Self.policyArm, policy: Self.tree.replacing("\"kind\": \"tree\"", with: "\"kind\": \"oak\""))
        #expect(unknown.verdict().contains("policy.json: kind: found 'oak', allowed: tree"))
        let absent = try fixture(Self.policyArm.replacing("policy.json", with: "none.json"))
        #expect(absent.verdict().contains("none.json"))
        let both = try fixture(Self.policyArm + "\n    start: dose <- 1")
        #expect(
            both.verdict().contains(
                "an arm is learned, follows a policy or has rules, and this one has 'policy'; leave one out"))
        let base = try fixture(Self.policyArm.replacing("base: low", with: "base: lo"))
        #expect(base.verdict().contains("arms[2].policy.base"))
    }
}
