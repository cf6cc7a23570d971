import ArgumentParser
import Reporting
import ResultsStore

/// `trialist compare F.h5 BASELINE.h5`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare a results file with a baseline, exactly and in Monte Carlo errors.",
        discussion: """
            Everything but the provenance is compared. Exit code 0: no drift; 1: drift. Without --within, any difference is \
            drift: the same scenario and seed give the same bits. With it, numbers that have a standard error may differ by \
            that many; a file holds thousands of numbers, so a few exceed 3 by chance, and 5 is a sensible choice.
            """)

    @Argument(help: "A results file.")
    var file: String

    @Argument(help: "The results file that it is held against.")
    var baseline: String

    @Option(help: "How many combined standard errors numbers may differ by.")
    var within: Double?

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    func validate() throws {
        if let within, !(within >= 0 && within.isFinite) {
            throw ValidationError("--within: found \(within), allowed: a number of at least 0")
        }
    }

    func run() throws {
        let comparison = try Comparison(ResultsFile(file), baseline: ResultsFile(baseline), within: within)
        print(json ? try comparison.json() : comparison.text)
        if comparison.hasDrift { throw ExitCode(ExitStatus.drift.rawValue) }
    }
}
