import Testing

@testable import Scenarios

// Backed by reading the same document with the value written into it.
@Suite struct OverrideTests {
    private func read(_ overrides: String...) throws -> Scenario {
        try Scenario(text: SmallScenario.text, file: "s.yaml", overrides: overrides)
    }

    private func verdict(_ overrides: String...) -> String {
        SmallScenario.verdict(SmallScenario.text, overrides: overrides)
    }

    @Test func valuesOfEveryType() throws {
        #expect(try read("seed=12").seed == 12)
        #expect(try read("visits.end=4 weeks").visits.end == 28)
        #expect(try read("visits.days=[0, 1, 7, 14]").visits.days == [0, 1, 7, 14])
        #expect(try read("cohort.draw.weight_kg.normal[1]=5").cohort.draws.first?.parameters == [70, 5])
        #expect(try read("arms[0].start=dose <- 4").arms[0].startText == "dose <- 4")
        #expect(try read("arms[0]={ name: high, start: dose <- 9 }").arms.map(\.name) == ["high"])
        #expect(try read("title=a = b").title == "a = b")
        #expect(try read("title=\"yes\"").title == "yes")
    }

    @Test func keysThatTheDocumentLeavesAtTheirDefault() throws {
        #expect(try read("strata=[sex]").strata == ["sex"])
        #expect(try read("model.tolerance.relative=1e-3").model.relativeTolerance == 1e-3)
        #expect(try read("cohort.draw.age={ uniform: [20, 80] }").cohort.draws.map(\.name) == ["weight_kg", "age"])
    }

    @Test func theLaterOneCounts() throws {
        #expect(try read("seed=1", "seed=2").seed == 2)
        #expect(try read("arms[0]={ name: a, start: dose <- 1 }", "arms[0].name=b").arms.map(\.name) == ["b"])
        #expect(try read("arms[0].name=b", "arms[0]={ name: a, start: dose <- 1 }").arms.map(\.name) == ["a"])
        #expect(verdict("seed=x", "seed=2") == "valid")
    }

    @Test func theTextStaysAsItWas() throws {
        let scenario = try read("seed=12")
        #expect(scenario.text == SmallScenario.text)
        #expect(scenario.overrides == ["seed=12"])
    }

    @Test(
        arguments: [
            ("seed", "found no '=', allowed: path=value, such as trial.replicates=10"),
            ("=3", "found a path that cannot be read, allowed: path=value, such as trial.replicates=10"),
            ("[0]=3", "found a path that cannot be read, allowed: path=value, such as trial.replicates=10"),
            ("arms[x].name=b", "found a path that cannot be read, allowed: path=value, such as trial.replicates=10"),
            ("arms[0=b", "found a path that cannot be read, allowed: path=value, such as trial.replicates=10"),
            ("arms[-1].name=b", "found a path that cannot be read, allowed: path=value, such as trial.replicates=10"),
            ("a..b=b", "found a path that cannot be read, allowed: path=value, such as trial.replicates=10"),
            ("arms[1].name=b", "'arms' has 1 entries, so no [1]; the first is [0]"),
            ("seed[0]=1", "'seed' is no list, so it has no [0]"),
            ("seed.root=1", "'seed' has no keys, so no 'root'"),
            ("arms.low=1", "'arms' has no keys, so no 'low'"),
            ("seed=[1, 2", "not YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
            ("seed=*x", "not YAML: found undefined alias"),
            (
                "title=&a b",
                "found the anchor '&a': anchors and aliases are not read; write a shared block once under 'rules' and use its name"
            ),
        ])
    func overridesThatCannotBeApplied(_ override: String, _ message: String) {
        #expect(verdict(override) == "--set \(override): error: \(message)")
    }

    @Test(
        arguments: [
            ("seed=x", "seed: found 'x', allowed: a whole number from 0 to 9223372036854775807"),
            ("seed=", "seed: found nothing, allowed: a whole number from 0 to 9223372036854775807"),
            ("trail.replicates=3", "unknown key 'trail'; did you mean 'trial'?"),
            ("visits.ende=3 days", "visits: unknown key 'ende'; did you mean 'end'?"),
            ("visits.days[2]=29", "visits.days: the last visit, day 29, lies after the end, day 28"),
        ])
    func valuesThatAreRefusedReportTheOverride(_ override: String, _ message: String) {
        let place = override.hasPrefix("visits.days[") ? "s.yaml:13:9" : "--set \(override)"
        let found = verdict(override).split(separator: "\n").first.map(String.init) ?? ""
        #expect(found == "\(place): error: \(message)")
    }

    @Test func overridesAndFileReportTogether() {
        let text = SmallScenario.with("28 days", "28")
        #expect(
            SmallScenario.verdict(text, overrides: ["seed=x", "y"]) == """
                --set y: error: found no '=', allowed: path=value, such as trial.replicates=10
                s.yaml:14:8: error: visits.end: found '28', allowed: a time such as '28 days' (minutes, hours, days, weeks, months, years)
                --set seed=x: error: seed: found 'x', allowed: a whole number from 0 to 9223372036854775807
                """)
    }
}

extension ArmSection {
    /// The first block of the first visit.
    fileprivate var startText: String? {
        guard case .rules(let start, _) = treatment else { return nil }
        return start.first?.text
    }
}
