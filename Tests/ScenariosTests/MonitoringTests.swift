import Testing

@testable import Scenarios

/// A score that is watched, into which tests put mistakes.
private let text = """
    trialist: 1
    title: A small watch
    seed: 7
    monitoring:
      score: { auc: 0.9, event_rate: 15 % }
      window: 1 month
      patients: 200
      baseline: 12
      change: { from: 13, auc: 0.85 }
      monitors:
        - { name: auc, measure: auc, chart: cusum, run_length: 100 }
        - { name: psi, measure: psi, chart: shewhart, limit: 3 }
      replicates: 100
    """

/// What is said about the scenario with a part replaced; `valid` where nothing is.
private func verdict(replacing part: String, with other: String) -> String {
    guard text.contains(part) else { return "the part to replace is not there" }
    do {
        _ = try ScenarioDocument(text: text.replacing(part, with: other), file: "s.yaml")
        return "valid"
    } catch { return error.description }
}

// Backed by what the document says, and by whole messages for what it may not say.
@Suite struct MonitoringTests {
    @Test func everythingIsRead() throws {
        let scenario = try MonitoringScenario(
            text: text.replacing(
                "auc: 0.85 }",
                with: "auc: 0.85, event_rate: 20 %, calibration: { slope: 0.8 }, case_mix: { shift: 0.5 } }"),
            file: "s.yaml")
        #expect(scenario.title == "A small watch" && scenario.seed == 7)
        let section = scenario.monitoring
        #expect(section.auc == 0.9 && section.eventRate == 0.15 && section.calibration == (0, 1))
        #expect(section.window == "1 month" && section.windowDays == 365.25 / 12)
        #expect(section.patients == 200 && section.baseline == 12 && section.replicates == 100)
        #expect(section.longest == 400 && section.within == [3, 6, 12])
        let change = try #require(section.change)
        #expect(change.from == 13 && change.auc == 0.85 && change.eventRate == 0.2)
        #expect(try #require(change.calibration) == (0, 0.8))
        #expect(try #require(change.caseMix) == (0.5, 1))
        #expect(section.monitors.map(\.name) == ["auc", "psi"])
        #expect(section.monitors.map(\.side) == ["lower", "upper"])
        #expect(section.monitors[0].slack == 0.5)
    }

    @Test func theSectionDecidesWhatADocumentIs() throws {
        guard case .monitoring = try ScenarioDocument(text: text, file: "s.yaml") else {
            Issue.record("the document with 'monitoring' is no monitoring")
            return
        }
        guard case .trial(let trial) = try ScenarioDocument(text: SmallScenario.text, file: "s.yaml") else {
            Issue.record("the document without 'monitoring' is no trial")
            return
        }
        #expect(trial.title == "A small study")
    }

    @Test(
        arguments: [
            (
                "seed: 7", "seed: 7\narms: []",
                "s.yaml:4:1: error: found 'arms': a scenario with 'monitoring' watches a score and runs no trial; leave one of the two out"
            ),
            (
                "seed: 7", "sede: 7", "s.yaml:3:1: error: unknown key 'sede'; did you mean 'seed'?"
            ),
            (
                "auc: 0.9,", "auc: 1.9,",
                "s.yaml:5:17: error: monitoring.score.auc: found '1.9', allowed: a number from 0.55 to 0.999"
            ),
            (
                "event_rate: 15 %", "event_rate: 0.15",
                "s.yaml:5:34: error: monitoring.score.event_rate: found '0.15', allowed: a share above 0 % and below 100 %, such as '75 %'"
            ),
            (
                "baseline: 12", "baseline: 0",
                "s.yaml:8:13: error: monitoring.baseline: found '0', allowed: a whole number from 1 to 10000"
            ),
            (
                "patients: 200", "patients: 4",
                "s.yaml:8:13: error: monitoring.baseline: 12 windows of 4 patients expect 7.199999999999999 patients of the rarer kind, allowed: at least 10; lengthen the baseline"
            ),
            (
                "from: 13, auc: 0.85", "from: 13",
                "s.yaml:9:11: error: monitoring.change: nothing changes, allowed: at least one of auc, event_rate, calibration, case_mix"
            ),
            (
                "measure: auc,", "measure: aucs,",
                "s.yaml:11:29: error: monitoring.monitors[0].measure: found 'aucs', allowed: auc, calibration, psi, ks; did you mean 'auc'?"
            ),
            (
                "run_length: 100", "run_length: 100, limit: 4",
                "s.yaml:11:7: error: monitoring.monitors[0]: a monitor needs either 'run_length' or 'limit'"
            ),
            (
                ", limit: 3", "",
                "s.yaml:12:7: error: monitoring.monitors[1]: a monitor needs either 'run_length' or 'limit'"
            ),
            (
                "chart: shewhart,", "chart: shewhart, slack: 0.5,",
                "s.yaml:12:58: error: monitoring.monitors[1].slack: 'shewhart' does not read this key; leave it out"
            ),
            (
                "chart: shewhart,", "chart: shewhart, side: lower,",
                "s.yaml:12:57: error: monitoring.monitors[1].side: found 'lower', allowed for 'psi': upper; a distance can only be too large"
            ),
            (
                "name: psi", "name: auc",
                "s.yaml:12:7: error: monitoring.monitors[1]: the monitor 'auc' stands twice"
            ),
            (
                "replicates: 100", "replicates: 100\n  within: [6, 3]",
                "s.yaml:14:11: error: monitoring.within: the numbers of windows must grow, found 6 before 3"
            ),
            (
                "replicates: 100", "replicates: 100\n  longest: 20\n  within: [3, 30]",
                "s.yaml:15:11: error: monitoring.within: found 30 windows, allowed: at most 20, the longest that a series is watched"
            ),
            (
                "  replicates: 100", "",
                "s.yaml:5:3: error: monitoring: 'replicates' is missing"
            ),
        ])
    func refusals(_ part: String, _ other: String, _ message: String) {
        #expect(verdict(replacing: part, with: other) == message)
    }

    @Test func shorthandsMeanTheSectionOfTheDocument() throws {
        let path = BundledScenarios.folder.appending(path: "score-drift").path
        guard case .monitoring(let scenario) = try ScenarioDocument(path: path, seed: 3, replicates: 5, patients: 300)
        else {
            Issue.record("the bundled scenario is no monitoring")
            return
        }
        #expect(scenario.seed == 3 && scenario.monitoring.replicates == 5 && scenario.monitoring.patients == 300)
        #expect(scenario.overrides == ["seed=3", "monitoring.replicates=5", "monitoring.patients=300"])
    }
}
