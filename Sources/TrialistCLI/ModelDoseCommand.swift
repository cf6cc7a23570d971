import ArgumentParser
import NumericsCore
import Simulations
import Studies
import Trials

/// `trialist model dose FILE --dose 'DOSE mg q12h x 14' --doses 50,100,150 --target 'auc(cp, 144, 168) >= 400'`
struct ModelDoseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dose", abstract: "Say at which dose how many subjects reach a target of exposure or response.",
        discussion: """
            The same subjects with the same random numbers are simulated at every dose. A target compares auc, cavg, \
            cmax, tmax, cmin or ctrough(variable, from, to), or time_above(variable, from, to, threshold), with a number; \
            all are exact from the solution. --attainment searches for the smallest dose that is enough, or, where more \
            harms, the largest. Subjects that cannot be simulated count as not reaching the target.
            """)

    @Argument(help: "A model file, in the language of rxode2 and nlmixr2.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "The regimen, DOSE standing for the dose: 'DOSE mg q12h x 14 into depot', '2 DOSE mg; DOSE mg qd x 6 from day "
                + "1'.", valueName: "words"))
    var dose: String

    @Option(help: ArgumentHelp("The doses to try, such as 50,100,150 or 50:500:50.", valueName: "doses"))
    var doses: String?

    @Option(help: ArgumentHelp("Search any dose between two, such as 10:500.", valueName: "from:to"))
    var range: String?

    @Option(
        help: ArgumentHelp(
            "What is to be reached, such as 'auc(cp, 144, 168) >= 400' or '10 <= ctrough(cp, 0, 24) <= 20'.",
            valueName: "target"))
    var target: String

    @Option(help: ArgumentHelp("The share of subjects that has to reach it, such as 0.9.", valueName: "share"))
    var attainment: Double?

    @Option(
        help: ArgumentHelp(
            "How near a dose of --range is to the exact one; a ten-thousandth of the largest by default.",
            valueName: "x"))
    var tolerance: Double?

    @Option(
        help: ArgumentHelp("Further doses, covariates and times of the subjects: a table (CSV).", valueName: "file"))
    var events: String?

    @Option(
        help: ArgumentHelp(
            "A table (CSV) of parameters and covariates: a row for each subject (ID), or one for all.",
            valueName: "file"))
    var params: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("One parameter or covariate for every subject; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("zero, sample, or a table (CSV) of etas.", valueName: "etas"))
    var eta = "sample"

    @Option(help: ArgumentHelp("The seed of sampled etas.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "How many subjects are given one history; 1000 by default where no table names several.", valueName: "n"))
    var subjects: Int?

    @OptionGroup var solver: SolverArguments

    @Option(help: ArgumentHelp("Threads; all cores by default. The numbers do not depend on it.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
        if let subjects, !(1...10_000_000).contains(subjects) {
            throw ValidationError("--subjects: found \(subjects), allowed: 1 to 10000000")
        }
        if seed > UInt64(Int.max) { throw ValidationError("--seed: found \(seed), allowed: 0 to \(Int.max)") }
        if let attainment, !(attainment > 0 && attainment < 1) {
            throw ValidationError("--attainment: found \(attainment), allowed: a number above 0 and below 1")
        }
        if let tolerance, !(tolerance > 0 && tolerance < .infinity) {
            throw ValidationError("--tolerance: found \(tolerance), allowed: a number above 0")
        }
        if range != nil, attainment == nil {
            throw ValidationError(
                "--range searches for a dose; give --attainment, the share that has to reach the target")
        }
    }

    func run() throws {
        let stop = StopSignal()
        let interrupt = InterruptHandler(stop)
        defer { interrupt.cancel() }
        let question = DoseFinding.Question(target: target, regimen: dose, list: doses, range: range)
        var finding = try DoseFinding(request, question)
        finding.plan.notes.forEach { printError("note: \($0)") }
        finding.isStopped = { stop.isRaised }
        let report: DoseReport
        do { report = try finding.report(attainment: attainment, tolerance: tolerance) } catch is SimulationRun.Stopped
        {
            throw Interrupted()
        }
        print(json ? try report.json() : report.text)
        finding.failureLines.forEach(printError)
        if report.doses.allSatisfy({ $0.unknown == report.subjects }) {
            printError("no subject could be simulated to the end")
            throw ExitCode(ExitStatus.badInput.rawValue)
        }
    }

    private var request: SimulationRequest {
        var request = SimulationRequest(model: file)
        request.events = events
        request.parameters = params
        request.settings = settings
        request.etas = eta
        request.seed = seed
        request.subjects = subjects
        request.options = solver.options
        request.hashesInputs = false
        if let threads { request.threads = threads }
        return request
    }
}
