import ArgumentParser
import Reporting
import ResultsStore

/// `trialist report F.h5 --html OUT`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a results file as one HTML page with curves and forest plots.",
        discussion: "The page needs nothing but itself: no network and no script. It is written whole or not at all.")

    @Argument(help: "A results file.")
    var file: String

    @Option(help: "The page to write.")
    var html: String

    func run() throws {
        try HTMLReport(ResultsFile(file)).write(to: html)
        print(html)
    }
}
