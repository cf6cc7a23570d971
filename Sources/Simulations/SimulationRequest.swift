import Foundation
import ModelLanguage
import NumericsCore
import Pharmacology
import ResultsStore
import Scenarios

/// A simulation of one model, as the command line asks for it: files and texts, nothing read yet.
package struct SimulationRequest: Sendable {
    package var model: String
    package var events: String?
    package var interpolation = CovariateInterpolation.lastCarriedForward
    package var regimen: String?
    package var times: String?
    package var parameters: String?
    package var settings: [String] = []
    /// `zero`, `sample`, or the path of a table.
    package var etas = "zero"
    package var seed: UInt64 = 1
    package var subjects: Int?
    package var outputs: [String]?
    package var covariates: [String] = []
    package var options = SolverOptions()
    package var threads = ProcessInfo.processInfo.activeProcessorCount

    package init(model: String) { self.model = model }
}

/// A simulation whose inputs have been read and fit together.
package struct SimulationPlan: Sendable {
    package let request: SimulationRequest
    package let model: Model
    package let columns: OutputColumns
    package var run: SimulationRun
    /// What the user should know though nothing is wrong: columns that nothing reads, rows put into order.
    package let notes: [String]
    /// SHA-256 of the model, the tables and the options that decide the numbers.
    package let inputHash: String
    /// Seconds from the model's text to its programs.
    package let parseSeconds: Double
    /// Seconds from the tables' bytes to subjects.
    package let readSeconds: Double

    package var population: SimulatedPopulation { run.population }

    /// Reads everything that the request names.
    ///
    /// - Throws: `MissingFile`, `UnreadableFile`, `SourceErrors` of the model; ``InputErrors`` with every other problem.
    package init(_ request: SimulationRequest) throws {
        self.request = request
        let text = try InputFile.text(of: request.model, purpose: "a model")
        let eventBytes = try request.events.map { try InputFile.bytes(of: $0, purpose: "the event table") }
        let clock = Stopwatch()
        let plain = try Model(ModelParser.parse(model: SourceText(name: request.model, text: text)))
        var seconds = clock.elapsed.wall

        let reading = Stopwatch()
        var hash = SHA256()
        hash.update([UInt8](text.utf8))
        let model = try Self.withLines(plain, request, eventBytes)
        var problems = InputProblemList()
        var inputs = SimulationInputs(model)
        inputs.seed = request.seed
        inputs.subjects = request.subjects
        func noting<Value>(_ read: () throws -> Value?) throws -> Value? {
            do { return try read() } catch let errors as InputErrors {
                problems.add(errors)
                return nil
            }
        }
        if let bytes = eventBytes, let file = request.events {
            hash.update(bytes)
            inputs.events = try noting {
                try EventTable(csv: bytes, file: file, model: model, interpolation: request.interpolation)
            }
        }
        inputs.parameters = try noting { try Self.table(request.parameters, model.suppliedNames, &hash) }
        inputs.etas = try noting { try Self.etas(request, model, &hash) } ?? .zero
        inputs.settings = try request.settings.compactMap { text in
            try noting { try SimulationInputs.Setting(text) }
        }
        // What a broken table or option lacks would be told again as a name that nobody supplies.
        if problems.isEmpty { InputSupply(inputs).check(&problems) }
        inputs.times = try noting { try request.times.map { try TimeGrid.parse($0) } } ?? []
        inputs.regimen = try noting { try Self.regimen(request.regimen, model) } ?? []
        let columns = try noting { try OutputColumns(model, outputs: request.outputs, covariates: request.covariates) }
        try problems.throwIfAny()
        guard let columns else { throw InputErrors([]) }
        let population = try SimulatedPopulation(inputs)
        readSeconds = reading.elapsed.wall

        let compiling = Stopwatch()
        let compiled = try SimulationModel(model, outputs: columns.outputs)
        seconds += compiling.elapsed.wall
        self.model = model
        self.columns = columns
        run = SimulationRun(population, compiled, options: request.options, threads: max(1, request.threads))
        notes = Self.notes(inputs)
        hash.update([UInt8](request.optionsInWords.joined(separator: "\n").utf8))
        inputHash = hash.hexadecimalDigest()
        parseSeconds = seconds
    }

    /// The model with straight lines for the covariates of the event table, where these are asked for.
    private static func withLines(_ plain: Model, _ request: SimulationRequest, _ events: [UInt8]?) throws -> Model {
        guard request.interpolation == .linear, let events, let file = request.events else { return plain }
        let table = try EventTable(csv: events, file: file, model: plain)
        let names = table.inputs.filter { plain.covariates.contains($0) }
        guard !names.isEmpty else { return plain }
        return try Model(names.reduce(plain.document) { LinearCovariate($1).added(to: $0) })
    }

    private static func table(
        _ path: String?, _ allowed: Set<String>, _ hash: inout SHA256
    ) throws -> ParameterTable? {
        guard let path else { return nil }
        let bytes = try InputFile.bytes(of: path, purpose: "a table of parameters")
        hash.update(bytes)
        return try ParameterTable(csv: bytes, file: path, allowed: allowed)
    }

    private static func etas(
        _ request: SimulationRequest, _ model: Model, _ hash: inout SHA256
    ) throws -> SimulationInputs.EtaSource {
        switch request.etas {
        case "zero": return .zero
        case "sample": return .sampled
        default:
            guard let table = try table(request.etas, Set(model.etas), &hash) else { return .zero }
            return .table(table)
        }
    }

    private static func regimen(_ text: String?, _ model: Model) throws -> [DosingRecord] {
        guard let text else { return [] }
        let setting = RegimenText.Setting(
            compartments: model.states, timeUnit: model.document.timeUnit, doseUnit: model.document.dosingUnit)
        do { return try RegimenText.records(text, setting) } catch {
            throw InputErrors(
                error.problems.map { InputProblem($0.message, at: "--dose '\(text)', character \($0.column)") })
        }
    }

    private static func notes(_ inputs: SimulationInputs) -> [String] {
        var notes = inputs.events?.notes ?? []
        var ignored: [(file: String, names: [String])] = []
        if let events = inputs.events { ignored.append((events.file, events.ignored)) }
        if let table = inputs.parameters { ignored.append((table.file, table.ignored)) }
        if case .table(let table) = inputs.etas { ignored.append((table.file, table.ignored)) }
        let known = inputs.model.suppliedNames.sorted()
        for (file, names) in ignored where !names.isEmpty {
            let listed = names.map { name in
                let meant = known.first { $0.lowercased() == name.lowercased() }
                return meant.map { "\(name) (the model has '\($0)')" } ?? name
            }
            notes.append("\(file): columns that nothing reads: \(listed.joined(separator: ", "))")
        }
        return notes
    }
}

extension SimulationRequest {
    /// The options that decide the numbers, as the results file lists them.
    package var optionsInWords: [String] {
        var words: [String] = []
        if let events { words.append("--events \(events)") }
        if interpolation != .lastCarriedForward { words.append("--interpolation \(interpolation.rawValue)") }
        if let regimen { words.append("--dose '\(regimen)'") }
        if let times { words.append("--times \(times)") }
        if let parameters { words.append("--params \(parameters)") }
        words += settings.map { "--set \($0)" }
        words.append("--eta \(etas)")
        words.append("--seed \(seed)")
        if let subjects { words.append("--subjects \(subjects)") }
        words.append("--rtol \(options.relativeTolerance)")
        words.append("--atol \(options.absoluteTolerance)")
        return words
    }
}

extension SimulationPlan {
    /// Where the simulation writes.
    package enum Destination: Sendable, Hashable {
        case none
        /// Comma-separated text.
        case table(String)
        /// A results file.
        case results(String)

        /// `none`, or a file ending in `.csv`, `.h5` or `.hdf5`; nil for anything else.
        package init?(_ text: String) {
            let ending = text.lowercased()
            if text == "none" {
                self = .none
            } else if ending.hasSuffix(".csv") {
                self = .table(text)
            } else if ending.hasSuffix(".h5") || ending.hasSuffix(".hdf5") || ending.hasSuffix(".nc") {
                self = .results(text)
            } else {
                return nil
            }
        }
    }

    /// Simulates everybody and writes what comes of it, whole or not at all.
    ///
    /// The bands of a visual predictive check, if one is asked for, go into the group `/vpc` of a results file, and beside
    /// a table `F.csv` into `F.vpc.csv`.
    ///
    /// - Parameters:
    ///   - version: of Trialist, for the provenance.
    ///   - check: the visual predictive check, nil for none.
    package func write(
        to destination: Destination, version: String, check: PredictiveCheckOptions? = nil
    ) throws -> (outcome: SimulationOutcome, bands: [PredictiveBands]) {
        let check = try check.map { (options: $0, check: try PredictiveCheck(run, $0)) }
        var bands: [PredictiveBands] = []
        switch destination {
        case .none:
            let outcome = try run.run(into: NoOutput()) { bands = try check?.check.bands() ?? [] }
            return (outcome, bands)
        case .table(let path):
            let outcome = try run.run(into: TableOutput(path, columns, population)) {
                guard let check else { return }
                bands = try check.check.bands()
                try UnfinishedFile.write(Data(bands.table.utf8), to: "\(path.dropLast(4)).vpc.csv")
            }
            return (outcome, bands)
        case .results(let path):
            let started = Date()
            let sink = try ResultsOutput(
                path, columns, population, timeUnit: model.document.timeUnit,
                provenance: { _ in provenance(version: version, started: started) })
            let outcome = try run.run(into: sink) {
                guard let check else { return }
                bands = try check.check.bands()
                let groups = bands.map { $0.group(check.options, timeUnit: model.document.timeUnit) }
                sink.furtherGroups = [ResultGroup("vpc", groups: groups)]
            }
            return (outcome, bands)
        }
    }

    private func provenance(version: String, started: Date) -> ResultGroup {
        Provenance(
            scenario: model.document.source.text, scenarioFile: request.model, overrides: request.optionsInWords,
            inputHash: inputHash, seed: request.seed, version: version, threads: run.threads, started: started,
            finished: Date()
        ).group
    }

    /// What became of the subjects that could not be solved, with the inputs that caused it.
    package func failureLines(_ outcome: SimulationOutcome, maximumShown: Int = 20) -> [String] {
        let inputs = model.inputs.enumerated().filter { model.suppliedNames.contains($0.element) }
        var lines = outcome.failures.prefix(maximumShown).map { failure in
            let subject = population.subject(failure.subject, replicate: run.replicate)
            let values = inputs.map { "\($0.element) = \(subject.inputs[$0.offset])" }.joined(separator: ", ")
            return
                "subject \(population.identifier(failure.subject)): \(failure.failure.name) at time \(failure.time) (\(values))"
        }
        if outcome.failures.count > maximumShown {
            lines.append("\(outcome.failures.count) subjects failed in all, the first \(maximumShown) shown")
        }
        return lines
    }
}
