import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments
@testable import Learning

/// Backed by provenance that the file holds, and by the learned policy at work.
@Suite struct LearnedCardTests {
    /// A small linear policy, learned in a second.
    private static let learned: PolicyFile = {
        do {
            let method = try LearningMethod.named("fqi-linear")
            let environment = OneCompartment()
            let run = LearningRun(
                environment, method, request: try LearningRequest([], method, environment.facts), seed: 2,
                episodes: 400, threads: 2, judged: 200)
            return try run.run().file
        } catch { preconditionFailure("\(error)") }
    }()

    private static func card(threads: Int = 2, patient: String? = nil) throws -> RegimeCard {
        let path = FileManager.default.temporaryDirectory.appending(path: "card-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try learned.write(path)
        return try RegimeCard(
            CardRequest(
                OneCompartment(), policy: path, limits: CardLimits(depth: 4), episodes: 200, seed: 9, threads: threads,
                patient: patient))
    }

    @Test("A learned policy says how it was made and what it saw")
    func provenance() throws {
        let card = try Self.card()
        #expect(card.kind == "linear-q" && card.training.filter { $0.key != "learned in" } == Self.learned.training)
        #expect(card.training["method"] == "fqi-linear" && card.training["seed"] == "2")
        for input in card.support.inputs {
            let seen = try #require(Self.learned.inputs.first { $0.name == input.name })
            #expect(input.trainedLow == seen.low && input.trainedHigh == seen.high)
        }
    }

    /// A value function of two inputs parts a plane by curves; a tree of four questions and a table cannot be far from it.
    @Test("Its forms agree with it, and what they lose is small")
    func forms() throws {
        let card = try Self.card()
        #expect(card.renderings.map(\.name) == ["tree", "points", "table"])
        for rendering in card.renderings {
            #expect((rendering.fidelity.agreement ?? 0) > 0.75, "\(rendering.name)")
            #expect(rendering.fidelity.difference.keys.sorted() == ["dose"])
        }
        let best = try #require(card.best)
        #expect((best.fidelity.valueLost ?? .nan) < 0.05 * (card.value ?? .nan))
    }

    @Test("The same bits for any number of threads")
    func threads() throws {
        // The name of the file is another each time.
        func rest(_ threads: Int) throws -> String {
            let card = try Self.card(threads: threads)
            return try CardReport(card).json().replacing(card.policy, with: "P")
        }
        #expect(try rest(1) == rest(4))
    }

    @Test("The reasons of one decision add up to its score, and a change of an input that is told changes it")
    func reasons() throws {
        let reasons = try #require(try Self.card(patient: "amount=5,weight=70,decision=2").reasons)
        #expect(reasons.isExact && reasons.inputs.map(\.name).starts(with: ["amount", "weight"]))
        let sum = reasons.inputs.reduce(reasons.start[0]) { $0 + $1.contributions[0] }
        #expect(abs(sum - reasons.totals[0]) < 1e-12 * max(1, abs(sum)))
        let change = try #require(reasons.changes.first { $0.name == "amount" })
        let probe = try PolicyProbe(
            Self.learned.policy, variables: ["amount", "weight"], actions: OneCompartment().facts.actions)
        let answers = probe.ask([[5, 70], [change.to, 70]], decision: 2)
        #expect(answers.map { OneCompartment().facts.actions.text(of: $0.values) } == [reasons.action, change.action])
        #expect(change.action != reasons.action)
    }
}
