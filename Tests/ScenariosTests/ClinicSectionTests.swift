import Testing

@testable import Scenarios

// Backed by the rules of the format: what is read, and the whole message of what is refused.
@Suite struct ClinicSectionTests {
    private static let then = "then: halve"

    private static func text(_ clinic: String) -> String {
        SmallScenario.with(then, "then: halve\n    clinic: \(clinic)")
    }

    private func clinic(_ text: String) throws -> ClinicSection? {
        guard case .own(let section) = try Scenario(text: Self.text(text), file: "s.yaml").arms[0].clinic else {
            return nil
        }
        return section
    }

    @Test func everyKeyIsRead() throws {
        let section = try #require(
            try clinic(
                "{ follow: 90 %, otherwise: usual, delay: 12 hours, alerts: { over: 20 %, budget: { alerts: 3, per: 4 weeks }, "
                    + "fatigue: { weight: 0.4, per: 7 days } }, co_interventions: [{ when: overridden, do: dose <- 0, give: 5, into: depot }] }"
            ))
        guard case .probability(0.9) = section.follow, case .days(0.5) = section.delay else {
            Issue.record("\(section)")
            return
        }
        #expect(section.otherwise == "usual")
        let alerts = try #require(section.alerts)
        #expect(alerts.over == .share(0.2))
        #expect(alerts.budget?.count == 3 && alerts.budget?.days == 28)
        #expect(alerts.fatigue?.weight == 0.4 && alerts.fatigue?.days == 7)
        let item = try #require(section.coInterventions.first)
        #expect(item.condition.text == "overridden" && item.statements?.text == "dose <- 0")
        #expect(item.give?.text == "5" && item.into == "depot")
    }

    @Test func theDefaultsFollowEverythingAtOnce() throws {
        let section = try #require(try clinic("{ otherwise: previous }"))
        guard case .probability(1) = section.follow else {
            Issue.record("\(section.follow)")
            return
        }
        #expect(section.otherwise == nil && section.alerts == nil && section.coInterventions.isEmpty)
        #expect(section.delay == nil)
    }

    @Test func aProbabilityIsANumberAShareOrAnExpression() throws {
        for (text, expected) in [("0.9", 0.9), ("98 %", 0.98), ("0 %", 0), ("1", 1)] {
            let section = try #require(try clinic("{ follow: \(text) }"))
            guard case .probability(let value) = section.follow else {
                Issue.record("\(section.follow)")
                continue
            }
            #expect(abs(value - expected) < 1e-15)
        }
        let section = try #require(try clinic("{ follow: 'ifelse(weight_kg > 80, 0.8, 0.98)' }"))
        guard case .expression(let source) = section.follow else {
            Issue.record("\(section.follow)")
            return
        }
        #expect(source.text == "ifelse(weight_kg > 80, 0.8, 0.98)")
    }

    @Test func aDelayIsATimeVisitsOrADistribution() throws {
        guard case .visits(2) = try clinic("{ delay: 2 visits }")?.delay,
            case .drawn(let drawn) = try clinic("{ delay: { gamma: [2, 0.5] } }")?.delay
        else {
            Issue.record("another delay")
            return
        }
        #expect(drawn.distribution == "gamma" && drawn.parameters == [2, 0.5])
    }

    @Test func treatmentSpeaksForEveryArmAndAnArmForItself() throws {
        let text = SmallScenario.with("dose: { into: depot }", "dose: { into: depot }\n  clinic: { follow: 80 % }")
        let scenario = try Scenario(text: text, file: "s.yaml")
        #expect(scenario.treatment.clinic?.path == "treatment.clinic")
        guard case .asTreatment = scenario.arms[0].clinic else {
            Issue.record("\(scenario.arms[0].clinic)")
            return
        }
        let none = try Scenario(text: Self.text("none"), file: "s.yaml")
        guard case .none = none.arms[0].clinic else {
            Issue.record("\(none.arms[0].clinic)")
            return
        }
    }

    @Test func anArmMayFollowAnother() throws {
        let text = SmallScenario.text + "\n  - { name: again, follows: low, clinic: { follow: 80 % } }"
        guard case .follows("low") = try Scenario(text: text, file: "s.yaml").arms[1].treatment else {
            Issue.record("another treatment")
            return
        }
        let both = SmallScenario.text + "\n  - { name: again, follows: low, start: dose <- 1 }"
        #expect(
            SmallScenario.verdict(both).hasSuffix(
                "arms[1].start: an arm that follows another has its regime, and this one has 'follows'; leave one out"))
    }

    @Test(
        arguments: [
            ("{ folow: 90 % }", "arms[0].clinic: unknown key 'folow'; did you mean 'follow'?"),
            ("{ follow: 120 % }", "arms[0].clinic.follow: found '120 %', allowed: a probability from 0 % to 100 %"),
            ("{ follow: 1.2 }", "arms[0].clinic.follow: found '1.2', allowed: a number from 0 to 1"),
            ("{ delay: 0 visits }", "arms[0].clinic.delay: found '0 visits', allowed: from 1 to 1000 visits"),
            (
                "{ delay: 3 }",
                "arms[0].clinic.delay: found '3', allowed: a time such as '28 days' (minutes, hours, days, weeks, months, years)"
            ),
            (
                "{ delay: { uniform: [-1, 2] } }",
                "arms[0].clinic.delay: found a time from -1 to 2 days, allowed: from 0 days on, in order"
            ),
            (
                "{ delay: { normal: [1, 2] } }",
                "arms[0].clinic.delay: unknown key 'normal'; allowed: uniform, lognormal, gamma, exponential"
            ),
            ("{ alerts: { budget: { alerts: 3 } } }", "arms[0].clinic.alerts: 'over' is missing"),
            (
                "{ alerts: { over: 20 %, budget: { alerts: -1 } } }",
                "arms[0].clinic.alerts.budget.alerts: found '-1', allowed: a whole number from 0 to 100000"
            ),
            (
                "{ alerts: { over: 20 %, fatigue: { weight: 0.5, per: 7 days } } }",
                "arms[0].clinic.alerts: 'fatigue' cannot change a probability of 1; allowed: a 'follow' between 0 and 1, such as 98 %"
            ),
            (
                "{ co_interventions: [{ when: overridden }] }",
                "arms[0].clinic.co_interventions[0]: found neither 'do' nor 'give', allowed: one of them or both"
            ),
            (
                "{ co_interventions: [{ when: overridden, do: dose <- 0, into: depot }] }",
                "arms[0].clinic.co_interventions[0].into: 'into' says where 'give' goes, and there is none"
            ),
            (
                "often",
                "arms[0].clinic: found 'often', allowed: a mapping with follow, otherwise, delay, alerts, co_interventions"
            ),
        ])
    func refusals(_ clinic: String, _ expected: String) {
        let verdict = SmallScenario.verdict(Self.text(clinic))
        let message = verdict.split(separator: "\n").first?.split(separator: "error: ").last.map(String.init)
        #expect(message == expected, "\(verdict)")
    }
}
