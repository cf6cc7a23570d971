import ArgumentParser
import Foundation
import ModelLanguage
import NumericsCore
import Pharmacology
import Simulations
import Studies
import Trials

/// `trialist model simulate FILE --events E.csv --params P.csv --out F.csv`
struct ModelSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Simulate subjects with one model.",
        discussion: """
            Who: the subjects of --events or --params, or --subjects of them. What is done to them: --events, --dose, or \
            both. When they are looked at: the observations of --events, --times, or both. The file is written whole or \
            not at all.
            """)

    @Argument(help: "A model file, in the language of rxode2 and nlmixr2.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "A table (CSV) with ID TIME AMT RATE DUR II ADDL SS EVID CMT DV MDV and covariates.", valueName: "file"))
    var events: String?

    @Option(
        help: ArgumentHelp("A regimen for every subject, such as '100 mg q12h x 14 into depot'.", valueName: "words"))
    var dose: String?

    @Option(help: ArgumentHelp("Times to report, such as 0:168:1 or 0,1,2,4:24:4.", valueName: "times"))
    var times: String?

    @Option(
        help: ArgumentHelp(
            "A table (CSV) of parameters and covariates: a row for each subject (ID), or one for all.",
            valueName: "file"))
    var params: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("One parameter or covariate for every subject; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "zero, sample, or a table (CSV) of etas; zero by default, sample with --vpc.", valueName: "etas"))
    var eta: String?

    @Option(help: ArgumentHelp("The seed of sampled etas.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How many subjects are given one history.", valueName: "n"))
    var subjects: Int?

    @Option(help: "A covariate between two rows of --events: locf, nocb or linear.")
    var interpolation = CovariateInterpolation.lastCarriedForward

    @Option(
        help: ArgumentHelp(
            "standard, or rxode2: its 5.1.2 reading where that differs (f(depot) of linCmt() acts on central, ADDL outlives a reset).",
            valueName: "reading"))
    var like = LanguageVariant.standard

    @Option(help: ArgumentHelp("F.csv, F.h5, or none.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("States and variables to write; all by default.", valueName: "a,b"))
    var outputs: String?

    @Option(help: ArgumentHelp("Parameters and covariates to write beside them.", valueName: "a,b"))
    var covariates: String?

    @Option(
        name: .customLong("exposure"),
        help: ArgumentHelp(
            "AUC, Cmax, tmax, Ctrough of a variable, in a window, with the time above a threshold; may be repeated.",
            valueName: "cp[:from:to[:x]]"))
    var exposures: [String] = []

    @Option(
        help: ArgumentHelp(
            "A table (CSV) of the parameters' covariance, or of relative standard errors (parameter,rse): each replicate "
                + "draws its own.", valueName: "file"))
    var uncertainty: String?

    @OptionGroup var check: PredictiveCheckArguments

    @OptionGroup var solver: SolverArguments

    @Option(help: ArgumentHelp("Threads; all cores by default. The numbers do not depend on it.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Print the seconds of parsing, simulating and writing, and subjects per CPU-second.")
    var timings = false

    func validate() throws {
        if SimulationPlan.Destination(out) == nil {
            throw ValidationError("--out: found '\(out)', allowed: none, or a file ending in .csv or .h5")
        }
        if check.vpc != nil, uncertainty != nil {
            throw ValidationError("--vpc and --uncertainty do not go together")
        }
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), allowed: at least 1") }
        if let subjects, !(1...10_000_000).contains(subjects) {
            throw ValidationError("--subjects: found \(subjects), allowed: 1 to 10000000")
        }
        if seed > UInt64(Int.max) { throw ValidationError("--seed: found \(seed), allowed: 0 to \(Int.max)") }
    }

    func run() throws {
        guard let destination = SimulationPlan.Destination(out) else { return }
        let check = try check.options
        let plan = try SimulationPlan(request)
        plan.notes.forEach { printError("note: \($0)") }
        let (outcome, bands, exposure) = try simulate(plan, to: destination, check)
        if check != nil { print(bands.table, terminator: "") }
        if let exposure, destination == .none { print(exposure.table(plan.population), terminator: "") }
        plan.failureLines(outcome).forEach(printError)
        exposure?.failureLines(plan.population).forEach(printError)
        if timings { print(outcome.timingLines(plan).joined(separator: "\n")) }
        if outcome.failures.count == outcome.subjects {
            printError("no subject could be simulated to the end")
            throw ExitCode(ExitStatus.badInput.rawValue)
        }
    }

    private func simulate(
        _ plan: SimulationPlan, to destination: SimulationPlan.Destination, _ check: PredictiveCheckOptions?
    ) throws -> (SimulationOutcome, [PredictiveBands], ExposureTable?) {
        let stop = StopSignal()
        let interrupt = InterruptHandler(stop)
        defer { interrupt.cancel() }
        var plan = plan
        plan.run.isStopped = { stop.isRaised }
        do {
            return try plan.write(to: destination, version: trialistVersion, check: check)
        } catch is SimulationRun.Stopped {
            throw Interrupted()
        }
    }

    private var request: SimulationRequest {
        var request = SimulationRequest(model: file)
        request.events = events
        request.interpolation = interpolation
        request.regimen = dose
        request.times = times
        request.parameters = params
        request.settings = settings
        request.etas = eta ?? (check.vpc == nil ? "zero" : "sample")
        request.seed = seed
        request.subjects = subjects
        request.outputs = outputs.map(names)
        request.covariates = covariates.map(names) ?? []
        request.options = solver.options
        request.variant = like
        request.exposures = exposures
        request.uncertainty = uncertainty
        request.replicates = check.replicates
        if let threads { request.threads = threads }
        if case .results = SimulationPlan.Destination(out) {
            request.hashesInputs = true
        } else {
            request.hashesInputs = false
        }
        return request
    }

    private func names(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

extension CovariateInterpolation: ExpressibleByArgument {}
extension LanguageVariant: ExpressibleByArgument {}

extension SimulationOutcome {
    /// What `--timings` prints: a name and a number in each line.
    fileprivate func timingLines(_ plan: SimulationPlan) -> [String] {
        [
            "subjects                  \(subjects)", "parse_seconds             \(plan.parseSeconds)",
            "read_tables_seconds       \(plan.readSeconds)", "simulate_seconds          \(simulateSeconds)",
            "write_seconds             \(writeSeconds)", "simulate_cpu_seconds      \(processorSeconds)",
            "subjects_per_cpu_second   \(subjectsPerProcessorSecond)",
        ]
    }
}
