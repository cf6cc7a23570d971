import Environments
import Regimes
import Testing

@testable import ModelEnvironments

/// What every bundled document promises, in every variant: a new one is under test by being there.
@Suite("Bundled environments")
struct CatalogueTests {
    static let variants: [(name: String, variant: String)] = Bundled.catalog.documents.flatMap { document in
        ((try? EnvironmentCatalog.entry(path: document.path).variants) ?? ["unreadable"]).map { (document.name, $0) }
    }

    @Test func allAreThere() {
        #expect(
            Bundled.catalog.documents.map(\.name) == [
                "adherence", "ahn-chemotherapy", "blood-pressure", "ghaffari-chemoradiation", "gvhd", "hiv-treatment",
                "response-types", "warfarin", "zhao-chemotherapy",
            ])
    }

    /// The same bits for one and two threads, however many episodes follow, and no episode fails.
    @Test(arguments: CatalogueTests.variants)
    func sameBits(_ name: String, _ variant: String) throws {
        let environment = try Bundled.environment(name, variant)
        // Long episodes of stiff equations are dear: a block and a bit of the others.
        let isDear = ["ghaffari-chemoradiation", "warfarin"].contains(name)
        let episodes = isDear ? 40 : 530
        for policy in [RandomPolicy() as any Policy] + (try environment.facts.rules.prefix(1).map(environment.rule)) {
            let one = try environment.simulate(policy, episodes: episodes, seed: 7, threads: 1)
            let two = try environment.simulate(policy, episodes: episodes, seed: 7, threads: 2)
            #expect(one == two)
            #expect(one.failed == 0)
            #expect(one.returns.count == episodes)
        }
    }

    /// An episode's course does not depend on who is beside it: the first ten of eleven and of thirty, one by one.
    @Test(arguments: CatalogueTests.variants)
    func neighboursDoNotMatter(_ name: String, _ variant: String) throws {
        let environment = try Bundled.environment(name, variant)
        func returns(_ order: [Int]) throws -> [Int: [Double]] {
            let worker = try EpisodeTrace(environment, seed: 3)
            return worker.run(order, decisions: 12)
        }
        let few = try returns([4, 2])
        let many = try returns([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11, 12, 13, 14, 15, 16])
        #expect(few[4] == many[4])
        #expect(few[2] == many[2])
    }

    /// Observations lie in their ranges, one level at least is allowed, and every rule chooses an action of the space.
    @Test(arguments: CatalogueTests.variants)
    func factsHold(_ name: String, _ variant: String) throws {
        let environment = try Bundled.environment(name, variant)
        let facts = environment.facts
        for rule in facts.rules {
            let worker = try environment.rule(rule).makeWorker(observing: facts.observed, choosing: facts.actions)
            let trace = try EpisodeTrace(environment, seed: 5, policy: worker)
            _ = trace.run(Array(0..<16), decisions: 8)
            #expect(trace.problems.isEmpty, "\(rule): \(trace.problems.first ?? "")")
        }
    }
}
