import Foundation
import Testing

// Backed by the contract of each command on a scenario that watches a score.
@Suite struct MonitoringCommandTests {
    private static let scenario = """
        trialist: 1
        title: A small watch
        monitoring:
          score: { auc: 0.9, event_rate: 20 % }
          window: 1 month
          patients: 80
          baseline: 12
          change: { from: 4, auc: 0.6 }
          monitors:
            - { name: auc, measure: auc, chart: cusum, run_length: 50 }
            - { name: oe, measure: calibration, chart: shewhart, limit: 3 }
          within: [3]
          longest: 100
          replicates: 40
        """

    @Test func validateDescribesTheStudy() throws {
        let command = try Command()
        try command.write(Self.scenario, to: "watch.yaml")
        #expect(
            try command.run("validate", "watch.yaml")
                == Command.Outcome(
                    status: 0,
                    output: """
                        watch.yaml: valid
                        A small watch
                        windows    12 of baseline, then up to 100 of 1 month with 80 patients each
                        change     from window 4
                        monitors   auc (limit 2.2248), oe (limit 3.0)
                        replicates 40

                        """, error: ""))
    }

    @Test func runInspectReportAndCompare() throws {
        let command = try Command()
        try command.write(Self.scenario, to: "watch.yaml")
        let run = try command.run("run", "watch.yaml", "--quiet")
        #expect(run.status == 0 && run.error == "")
        #expect(
            run.output.hasPrefix(
                "A small watch\n  windows of 1 month with 80 patients each, after 12 of baseline; 40 series\n"))
        #expect(run.output.contains("  from window 4 on: AUC 0.60, 20.0 % with the outcome, calibration intercept"))
        #expect(try command.files() == ["watch.h5", "watch.yaml"])
        #expect(try command.run("inspect", "watch.h5").output == run.output)
        let json = try command.run("inspect", "watch.h5", "--json").output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let drift = try #require(object["drift"] as? [String: Any])
        #expect((drift["monitors"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["auc", "oe"])
        #expect(try command.run("report", "watch.h5", "--html", "watch.html").status == 0)
        let page = try String(contentsOfFile: command.path("watch.html"), encoding: .utf8)
        #expect(page.contains("Drift over calendar time") && page.contains("drift-1-title"))
        #expect(page.contains("A risk score watched over simulated calendar time"))
        // The same scenario on another number of threads has the same bits; another seed is within errors.
        #expect(try command.run("run", "watch.yaml", "--quiet", "--threads", "1", "--out", "again.h5").status == 0)
        #expect(try command.run("compare", "again.h5", "watch.h5").status == 0)
        #expect(try command.run("run", "watch.yaml", "--quiet", "--seed", "9", "--out", "other.h5").status == 0)
        #expect(try command.run("compare", "other.h5", "watch.h5").status == 1)
        let within = try command.run("compare", "other.h5", "watch.h5", "--within", "5")
        #expect(within.status == 0, "\(within.output)")
    }

    @Test func whatDoesNotApply() throws {
        let command = try Command()
        try command.write(Self.scenario, to: "watch.yaml")
        #expect(
            try command.run("run", "watch.yaml", "--shard", "1/2")
                == Command.Outcome(
                    status: 64, output: "",
                    error: "--shard: a scenario with 'monitoring' is run in one piece; leave it out\n"))
        #expect(
            try command.run("run", "watch.yaml", "--resume")
                == Command.Outcome(
                    status: 64, output: "",
                    error: "--resume: a scenario with 'monitoring' is run in one piece; leave it out\n"))
        #expect(
            try command.run("validate", "watch.yaml", "--set", "monitoring.monitors[0].chart=cusom")
                == Command.Outcome(
                    status: 65, output: "",
                    error: """
                        --set monitoring.monitors[0].chart=cusom: error: monitoring.monitors[0].chart: found 'cusom', allowed: shewhart, cusum, ewma; did you mean 'cusum'?

                        """))
        #expect(try command.files() == ["watch.yaml"])
    }
}
