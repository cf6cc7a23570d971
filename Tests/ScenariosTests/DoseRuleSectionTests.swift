import Testing

@testable import Scenarios

// Backed by the rules of the format: what is read, and the whole message of what is refused.
@Suite struct DoseRuleSectionTests {
    private let rule = "halve: dose <- dose / 2"

    /// The declared rules of the only arm.
    private func rules(_ text: String) throws -> [DoseRuleSection] {
        guard case .rules(_, let then) = try Scenario(text: text, file: "s.yaml").arms[0].treatment else { return [] }
        return then.compactMap { block in
            if case .declared(let rule) = block { return rule }
            return nil
        }
    }

    @Test func rulesAreReadByNameAndInPlace() throws {
        let named = try rules(SmallScenario.with(rule, "halve: { hold: { while: cp < 1.0, resume: 75 % } }"))
        #expect(named.map(\.name) == ["halve"])
        #expect(named.map(\.condition.text) == ["cp < 1.0"])
        #expect(named.map(\.effect) == [.hold(resume: 0.75)])
        let inline = try rules(
            SmallScenario.with(
                "then: halve",
                "then: [halve, { hold: { while: cp < 1 } }, { titrate: { while: cp > 2, to: 110%, least: 5, most: 50 mg } }, "
                    + "{ reduce: { when: cp < 0.5, to: 12.5 %, least: 20 mg } }, { stop: { when: cp < 0.1 } }]"))
        #expect(inline.map(\.name) == ["low_2", "low_3", "low_4", "low_5"])
        #expect(
            inline.map(\.effect) == [
                .hold(resume: 1), .titrate(to: 1.1, least: 5, most: 50), .reduce(to: 0.125, least: 20), .stop,
            ])
        #expect(inline.map(\.units) == [[], ["mg"], ["mg"], []])
    }

    @Test(
        arguments: [
            ("{ hodl: { while: cp < 1 } }", "rules.halve: unknown key 'hodl'; did you mean 'hold'?"),
            (
                "{ hold: { while: cp < 1 }, stop: { when: cp < 1 } }",
                "rules.halve: found 2 keys, allowed: one of hold, reduce, titrate, stop"
            ),
            ("{ hold: { resume: 75 % } }", "rules.halve.hold: 'while' is missing"),
            (
                "{ hold: { while: cp < 1, resume: 75 } }",
                "rules.halve.hold.resume: found '75', allowed: a share above 0 %, such as '75 %'"
            ),
            (
                "{ reduce: { when: cp < 1, to: 100 % } }",
                "rules.halve.reduce.to: found '100 %', allowed: a share above 0 % and below 100 %, such as '75 %'"
            ),
            (
                "{ titrate: { while: cp < 1, to: 150 %, least: 50, most: 20 } }",
                "rules.halve.titrate: found a smallest dose of 50 above the largest of 20"
            ), ("{ fil: x.R }", "rules.halve: 'file' is missing"),
        ])
    func refusals(_ text: String, _ expected: String) {
        let verdict = SmallScenario.verdict(replacing: rule, with: "halve: \(text)")
        let message = verdict.split(separator: "\n").first?.split(separator: "error: ").last.map(String.init)
        #expect(message == expected, "\(verdict)")
    }

    @Test func rulesActLater() {
        let text = SmallScenario.with(rule, "halve: { stop: { when: cp < 1 } }").replacing(
            "start: dose <- 100", with: "start: halve")
        #expect(
            SmallScenario.verdict(text)
                == "s.yaml:23:12: error: arms[0].start: the rule 'halve' acts at later visits; name it in 'then'")
    }

    @Test func aRegimenStandsForAStart() throws {
        let text = SmallScenario.with("start: dose <- 100", "regimen: 100 mg q12h x 14")
        #expect(try Scenario(text: text, file: "s.yaml").arms[0].regimen?.text == "100 mg q12h x 14")
    }
}
