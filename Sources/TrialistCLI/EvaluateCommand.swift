import ArgumentParser
import Evaluation
import Outcomes
import Scenarios

/// `trialist evaluate DATA.csv --time T --event E --score S [--by G]…`
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Say how well a score of a table foretells an event: C, AUC, Brier score, by group.",
        discussion: """
            A higher score means a higher risk; an event is 1, a censored time 0. Rows in which something is missing are \
            left out and counted. A score that is a probability in everybody is judged as the risk of the event by each \
            time; any other is turned into risks by a Cox model of the score alone before its Brier score is taken.
            """)

    @Argument(help: "A table (CSV) with a row for each patient.")
    var file: String

    @Option(help: ArgumentHelp("The column of follow-up times.", valueName: "column"))
    var time: String

    @Option(help: ArgumentHelp("The column of events: 1, or 0 for censored; causes with --cause.", valueName: "column"))
    var event: String

    @Option(help: ArgumentHelp("The column of the score.", valueName: "column"))
    var score: String

    @Option(
        help: ArgumentHelp(
            "Repeat everything by groups: of a column, of bands of one (age:50,65), of several at once (sex*site); may be repeated.",
            valueName: "column"))
    var by: [String] = []

    @Option(
        help: ArgumentHelp(
            "The group that the others of a --by are compared with, the largest by default; may be repeated.",
            valueName: "column=group"))
    var reference: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Times at which AUC and Brier score are taken, such as 90,180; the quartiles of the event times by default.",
            valueName: "t,…"))
    var times: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("With competing events: the code of the event that is foretold.", valueName: "code"))
    var cause: Int?

    @Option(help: "Whose definitions where they differ: riskRegression, sksurv or timeROC.")
    var convention = TimeDependentAUC.Convention.riskRegression

    @Option(
        help: ArgumentHelp(
            "What the chance of being censored depends on: marginal for nothing, or the columns of a Cox model.",
            valueName: "marginal|cox:column,…"))
    var censoring = "marginal"

    @Option(help: "The scale of the intervals of AUC and concordance: plain, as the peers have them, or logit.")
    var intervals = ProbabilityInterval.plain

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only events up to here count in the concordance indices.", valueName: "t"))
    var tau: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Groups with fewer patients are reported with their size alone.", valueName: "n"))
    var smallestGroup = 2

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        var request = ScoreRequest(time: time, event: event, score: score)
        request.groups = by
        request.times = try times.map(parsedTimes)
        request.cause = cause
        request.convention = convention
        request.horizon = tau
        request.smallestGroup = smallestGroup
        request.intervals = intervals
        request.censoringColumns = try censoringColumns()
        request.references = try references()
        let table = try DataTable(csv: InputFile.bytes(of: file, purpose: "the table to evaluate"), file: file)
        let evaluation = try ScoreEvaluation(request, of: table)
        print(json ? try evaluation.reportJSON() : evaluation.text)
    }

    private func censoringColumns() throws -> [String] {
        if censoring == "marginal" { return [] }
        let columns = censoring.dropFirst("cox:".count).split(separator: ",").map(String.init)
        guard censoring.hasPrefix("cox:"), !columns.isEmpty else {
            throw ValidationError(
                "--censoring: found '\(censoring)', allowed: marginal, or cox: and columns with commas between")
        }
        return columns
    }

    private func references() throws -> [String: String] {
        var references: [String: String] = [:]
        for text in reference {
            guard let sign = text.firstIndex(of: "=") else {
                throw ValidationError(
                    "--reference: found '\(text)', allowed: the text of a --by, = and one of its groups")
            }
            references[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return references
    }

    private func parsedTimes(_ text: String) throws -> [Double] {
        let numbers = try text.split(separator: ",", omittingEmptySubsequences: text.isEmpty).map { part in
            guard let number = Double(part.trimmingCharacters(in: .whitespaces)), number.isFinite, number >= 0 else {
                throw ValidationError("--times: found '\(part)', allowed: times ≥ 0 with commas between them")
            }
            return number
        }
        guard !numbers.isEmpty else { throw ValidationError("--times: found no time, allowed: at least one") }
        return Array(Set(numbers)).sorted()
    }
}

extension TimeDependentAUC.Convention: ExpressibleByArgument {
    /// The choice of this name on the command line.
    public init?(argument: String) { self.init(rawValue: argument == "sksurv" ? "scikitSurvival" : argument) }
    /// The names that help lists.
    public static var allValueStrings: [String] { ["riskRegression", "sksurv", "timeROC"] }
}

extension ProbabilityInterval: ExpressibleByArgument {}
