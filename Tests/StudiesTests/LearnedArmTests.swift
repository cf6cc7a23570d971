import Foundation
import Learning
import NumericsCore
import Regimes
import Scenarios
import Testing
import Trials

@testable import Studies

/// Backed by a second route (the policy's file in an arm of its own) and by invariants.
@Suite struct LearnedArmTests {
    /// The fixture with the learned arm's method replaced.
    private func fixture(_ method: String) throws -> SmallStudy {
        let small = try SmallStudy()
        try small.replace("      basis: linear\n", with: method)
        return small
    }

    private func values(_ study: Study) throws -> [[UInt64]] {
        let (arms, _) = try study.arms()
        return try study.twins(arms).records.map { $0.values[0].map(\.bitPattern) }
    }

    @Test(
        "An arm is learned by any method, the same for any number of threads",
        arguments: ["fqi-linear", "fqi-trees", "linucb", "iql"])
    func methods(name: String) throws {
        let small = try fixture("      method: \(name)\n")
        let one = try small.study(threads: 1)
        let found = try values(one)
        #expect(found == (try values(small.study(threads: 3))))
        // It is a regime of its own.
        #expect(found[2] != found[0])
        let learned = try #require(try one.arms().learned[2])
        guard case .policy(let outcome, _, let card) = learned else {
            Issue.record("not learned in the environment")
            return
        }
        #expect(outcome.report.method == name)
        #expect(outcome.report.episodes == 160)
        #expect(card.contains("policy of arm 'learned', \(type(of: outcome.file.policy).kind)"))
        #expect(card.contains("Where it must not be used"))
    }

    @Test("A learned arm is the arm that follows its policy's file, to the last bit")
    func fileIsArm() throws {
        let small = try fixture("      method: fqi-linear\n      settings: { ridge: 0.01 }\n")
        let learning = try small.study()
        let found = try values(learning)
        guard case .policy(let outcome, _, _) = try #require(try learning.arms().learned[2]) else {
            Issue.record("not learned in the environment")
            return
        }
        #expect(outcome.report.settings["ridge"] == "0.01")
        try outcome.file.write(small.folder.appending(path: "policy.json").path)
        try small.letLearnedArmFollowItsFile()
        #expect(try values(small.study()) == found)
    }

    @Test("Methods and settings that there are not are refused when the study is planned")
    func refusals() throws {
        let unknown = try fixture("      method: fqi\n")
        let names = (["fitted Q iteration"] + LearningMethod.all.map(\.name)).joined(separator: ", ")
        #expect(unknown.verdict().hasSuffix("arms[2].learn: method: found 'fqi', allowed: \(names)"))
        let setting = try fixture("      method: fqi-linear\n      settings: { leaf: 3 }\n")
        #expect(setting.verdict().contains("arms[2].learn: settings.leaf: "))
        let beside = try fixture("      method: fqi-linear\n      explore: 0.5\n")
        #expect(
            beside.verdict().contains("the method 'fqi-linear' takes its 'settings'; leave 'explore' out"))
        let standard = try fixture("      settings: { ridge: 1 }\n")
        #expect(
            standard.verdict().contains(
                "'fitted Q iteration' takes 'explore', 'basis' and 'ridge'; leave 'settings' out or name another method"
            ))
    }
}
