import Foundation
import ResultsStore
import Scenarios
import Testing
import Trials

@testable import Studies

/// Backed by invariants, by the truth of the twins within Monte Carlo errors, and by the whole messages of what does not fit.
@Suite struct SmartStudyTests {
    private static let arms = """
          - { name: low_stay, sequence: { first: low, others: "dose <- dose" } }
          - { name: low_double, sequence: { first: low, others: double } }
          - { name: high_stay, sequence: { first: high, others: "dose <- dose" } }
          - { name: high_double, sequence: { first: high, others: double } }
        """
    private static let trial = """
        trial:
          design: smart
          arms: [low_stay, low_double, high_stay, high_double]
          compare: [low_stay, high_double]
          patients: 120
          stratify: [sex]
          endpoint: mean_dose
          replicates: 40
          q_learning: { second: level <- cp }
        """

    /// The small study as a sequential trial, with the trial's text changed as a test says.
    private func small(_ change: (String, String)? = nil) throws -> SmallStudy {
        let small = try SmallStudy()
        let text = try String(contentsOfFile: small.scenario, encoding: .utf8)
        let old = try #require(text.range(of: "trial:\n  arms"))
        let end = try #require(text.range(of: "report:\n"))
        try small.replace(String(text[old.lowerBound..<end.lowerBound]), with: Self.trial + "\n")
        try small.replace("\ntrial:\n", with: "\n\(Self.arms)\ntrial:\n")
        try small.replace("  dropout: 0.5", with: "  response: { day: 7, when: cp > 2 }\n  dropout: 0.5")
        try small.replace("  halve: ", with: "  double: \"if (day == 7) dose <- 2 * dose\"\n  halve: ")
        try small.replace("  patients: 48", with: "  patients: 200")
        if let change { try small.replace(change.0, with: change.1) }
        return small
    }

    @Test func estimatesHitTheTruthOfTheTwins() throws {
        let results = try small().study().run()
        let smart = try #require(results.sequential)
        #expect(results.trial == nil)
        #expect(
            smart.labels == ["low_stay", "low_double", "high_stay", "high_double", "high_double minus low_stay"])
        #expect(smart.estimates.count == 40)
        for method in 0..<2 {
            for cell in smart.labels.indices {
                let values = smart.estimates.map { $0.byMethod[method].cells[cell].value }.filter(\.isFinite)
                let mean = values.reduce(0, +) / Double(values.count)
                let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                let error = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
                let truth = smart.truth[cell]
                // Four standard errors of the difference, that of the truth among them.
                let reach = 4 * (error * error + truth.standardError * truth.standardError).squareRoot()
                #expect(abs(mean - truth.value) < reach, "\(method) \(smart.labels[cell])")
            }
        }
        #expect(smart.estimates.allSatisfy { $0.selected.map { (0..<4).contains($0) } ?? false })
        let learned = smart.estimates.map(\.learnedValue).filter(\.isFinite)
        // Doubling raises the mean dose of everybody: what is learned comes near the best embedded regime, or beats it.
        let best = smart.truth.dropLast().map(\.value).max() ?? .nan
        #expect(learned.count > 30)
        #expect(learned.reduce(0, +) / Double(learned.count) > 0.95 * best)
    }

    @Test func threadsAndShardsDoNotChangeTheFile() throws {
        let small = try small()
        let folder = small.folder.path
        let set = "trial.replicates=6"
        try small.study(set, threads: 1).run(writingTo: "\(folder)/one.h5")
        try small.study(set, threads: 3).run(writingTo: "\(folder)/three.h5")
        for index in [2, 1] {
            try small.study(set, threads: 2).run(
                writingTo: "\(folder)/shard-\(index).h5", shard: try #require(Shard(index, of: 2)))
        }
        try ResultsWriter.write(
            ShardMerge(["\(folder)/shard-2.h5", "\(folder)/shard-1.h5"]).merged(), to: "\(folder)/merged.h5")
        let expected = try ResultsFile("\(folder)/one.h5").contentHash()
        #expect(try ResultsFile("\(folder)/three.h5").contentHash() == expected)
        #expect(try ResultsFile("\(folder)/merged.h5").contentHash() == expected)
        #expect(try ResultsFile("\(folder)/one.h5").groupPaths().contains("/smart_characteristics"))
    }

    @Test(
        arguments: [
            (
                "high_stay, high_double]", "high_stay]",
                "trial.compare[1]: 'high_double' is no regime of the trial; known: low_stay, low_double, high_stay"
            ),
            (
                "arms: [low_stay, low_double", "arms: [low, low_double",
                "trial.arms[0]: 'low' has no 'sequence', which an embedded regime of a smart trial is"
            ),
            (
                "endpoint: mean_dose\n  repl", "endpoint: harm\n  repl",
                "trial.endpoint: 'harm' is a time to an event, allowed in a smart trial: a number"
            ),
            (
                "first: low, others: double", "first: low, others: \"dose <- dose\"",
                "trial.arms[1]: 'low_double' is the same regime as an earlier one"
            ),
            (
                "first: low, others: double", "first: low, responders: double, others: double",
                "trial.arms: 2 combinations of the options are no arm of the trial: low, responders 'as before', "
                    + "others 'if (day == 7) dose <- 2 * dose'; low, responders 'if (day == 7) dose <- 2 * dose', "
                    + "others 'dose <- dose'"
            ),
            (
                "first: low, others: double", "first: lo, others: double",
                "arms[4].sequence.first: 'lo' is no arm with rules; did you mean 'low'?"
            ),
            (
                "  response: { day: 7, when: cp > 2 }\n", "",
                "arms[3].sequence: a sequence goes on by the response, and 'visits.response' is not there"
            ),
            (
                "day: 7, when", "day: 5, when",
                "visits.response.day: found day 5, allowed: a visit after the first: 3, 7"
            ),
            (
                "second: level", "second: dose",
                "trial.q_learning.second: 'dose' is what regimes set; give the feature another name"
            ),
            (
                "  endpoint: mean_dose\n  repl", "  endpoint: mean_dose\n  null_arm: low\n  repl",
                "trial.null_arm: a trial of design 'smart' does not read this key; leave it out"
            ),
        ])
    func refusals(_ part: String, _ other: String, _ expected: String) throws {
        let verdict = try small((part, other)).verdict()
        let messages = verdict.split(separator: "\n").compactMap {
            $0.split(separator: "error: ").last.map(String.init)
        }
        #expect(messages.contains(expected), "\(verdict)")
    }
}
