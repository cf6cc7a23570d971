import ModelLanguage
import NumericsCore
import Testing

@testable import Regimes

/// Backed by doses worked out by hand, decision by decision.
@Suite struct DoseRuleTests {
    private func rule(_ name: String, _ condition: String, _ effect: DoseRule.Effect) -> DoseRule {
        DoseRule(name: name, condition: SourceText(name: name, text: condition), effect: effect)
    }

    /// The dose and whether it is given, visit by visit: 100 at the start, then the rules on what was measured.
    private func decisions(_ rules: [DoseRule], _ counts: [Double], _ platelets: [Double]? = nil) throws -> [Double] {
        let variables = DecisionVariables(
            columns: [], measurements: ["ANC", "PLT"], actions: ["dose", "hold_days"],
            memory: rules.compactMap(\.memory))
        var later = rules.flatMap { $0.blocks(action: "dose") }
        if let closing = DoseRule.closing(rules, hold: "hold_days") { later.append(.statements(closing)) }
        let regime = try RuleRegime(
            startBlocks: [.statements(SourceText(name: "start", text: "dose <- 100"))], laterBlocks: later,
            variables: variables)
        let (worker, history) = (regime.makeWorker(), DecisionLanes(variables))
        return counts.indices.map { visit in
            history["ANC"] = Lane(repeating: counts[visit])
            history["PLT"] = Lane(repeating: platelets?[visit] ?? 200)
            worker.decide(.at(visit, patients: (0..<16).map { UInt32($0) }), history, deciding: .everyone)
            return history["hold_days"][3] > 0 ? -history["dose"][3] : history["dose"][3]
        }
    }

    /// Negative: kept back, this much in mind.
    @Test("Hold while ANC < 1.0, resume at 75 %")
    func hold() throws {
        let rules = [rule("low", "ANC < 1.0", .hold(resume: 0.75))]
        let found = try decisions(rules, [0.5, 2, 0.9, 0.2, 1.0, 3, 0.99, 1.5, .nan])
        // The first visit decides nothing by rules; 1.0 is not below 1.0; what is not measured is not below.
        #expect(found == [100, 100, -100, -100, 75, 75, -75, 56.25, 56.25])
    }

    @Test("Reduce when the condition comes to hold, not again while it goes on, and no lower than the least")
    func reduce() throws {
        let rules = [rule("severe", "ANC < 0.5", .reduce(to: 0.5, least: 20))]
        #expect(
            try decisions(rules, [3, 0.4, 0.3, 2, 0.4, 2, 0.4, 2, 0.1]) == [100, 50, 50, 50, 25, 25, 20, 20, 20])
    }

    @Test("Titrate at every visit at which the condition holds, within limits")
    func titrate() throws {
        let rules = [
            rule("up", "ANC > 2", .titrate(to: 1.5, least: 0, most: 300)),
            rule("down", "ANC < 1", .titrate(to: 0.5, least: 80, most: 1000)),
        ]
        #expect(try decisions(rules, [9, 3, 3, 3, 1.5, 0.5, 0.5, 0.5]) == [100, 150, 225, 300, 300, 150, 80, 80])
    }

    @Test("Stopped once, stopped for good")
    func stop() throws {
        #expect(
            try decisions([rule("unsafe", "ANC < 0.1", .stop)], [3, 3, 0.05, 3, 3]) == [100, 100, -100, -100, -100])
    }

    /// Two counts hold the dose; whichever rule is written first, it is given again when neither holds it.
    @Test("Rules that hold together", arguments: [false, true])
    func together(_ isReversed: Bool) throws {
        var rules = [
            rule("low", "ANC < 1.0", .hold(resume: 0.5)), rule("few", "PLT < 50", .hold(resume: 1)),
            rule("severe", "ANC < 0.5", .reduce(to: 0.8, least: 0)), rule("unsafe", "PLT < 10", .stop),
        ]
        if isReversed { rules.reverse() }
        let found = try decisions(rules, [2, 0.8, 2, 2, 0.4, 2, 2, 2], [200, 40, 40, 90, 200, 200, 5, 200])
        // Held by both; the count recovers (half the dose) while platelets hold; resumed; reduced to 40 and held; half of it.
        #expect(found == [100, -100, -50, 50, -40, 20, -20, -20])
    }

    @Test("Without a rule that holds, nothing is said about holding")
    func noClosing() {
        #expect(DoseRule.closing([rule("up", "ANC > 2", .titrate(to: 2, least: 0, most: 9))], hold: "hold_days") == nil)
    }
}
