import Foundation
import ModelLanguage
import Pharmacology
import ResultsStore
import Scenarios

/// A simulation whose inputs have been read and fit together.
package struct SimulationPlan: Sendable {
    package let request: SimulationRequest
    package let model: Model
    package let columns: OutputColumns
    /// What exposures are wanted.
    package let exposures: [ExposureWindow]
    package var run: SimulationRun
    /// What the user should know though nothing is wrong: columns that nothing reads, rows put into order.
    package let notes: [String]
    /// SHA-256 of the model, the tables and the options that decide the numbers; empty where it was not wanted.
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
        let document = try ModelParser.parse(model: SourceText(name: request.model, text: text))
        let plain = try Model(document, variant: request.variant)
        var seconds = clock.elapsed.wall

        let reading = Stopwatch()
        var hash = InputHash(isWanted: request.hashesInputs)
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
        inputs.parameters = try noting { try Self.table(request.parameters, model, model.suppliedNames, &hash) }
        inputs.etas = try noting { try Self.etas(request, model, &hash) } ?? .zero
        inputs.uncertainty = try noting { try Self.uncertainty(request.uncertainty, model, &hash) }
        if inputs.uncertainty != nil { inputs.replicates = request.replicates }
        inputs.settings = try request.settings.compactMap { text in
            try noting { try SimulationInputs.Setting(text) }
        }
        // What a broken table or option lacks would be told again as a name that nobody supplies.
        if problems.isEmpty { InputSupply(inputs).check(&problems) }
        inputs.times = try noting { try request.times.map { try TimeGrid.parse($0) } } ?? []
        inputs.regimen = try noting { try Self.regimen(request.regimen, model) } ?? []
        exposures = try request.exposures.compactMap { text in try noting { try ExposureWindow(text, model) } }
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
        var options = request.options
        if request.variant == .rxode2 { options.pendingDoses = .kept }
        run = SimulationRun(population, compiled, options: options, threads: max(1, request.threads))
        notes =
            Self.notes(inputs) + [population.classes?.note].compactMap(\.self)
            + (request.variant == .standard ? model.rxode2Differences : [])
        hash.update([UInt8](request.optionsInWords.joined(separator: "\n").utf8))
        inputHash = hash.digest
        parseSeconds = seconds
    }

    /// The model with straight lines for the covariates of the event table, where these are asked for.
    private static func withLines(_ plain: Model, _ request: SimulationRequest, _ events: [UInt8]?) throws -> Model {
        func isLinear(_ name: String) -> Bool {
            // Between two texts lies none.
            guard plain.textLevels[name] == nil else { return false }
            return CovariateInterpolation.of(name, in: plain, asked: request.interpolation) == .linear
        }
        guard let events, let file = request.events, plain.covariates.contains(where: isLinear) else { return plain }
        let table = try EventTable(csv: events, file: file, model: plain)
        let names = table.inputs.filter { plain.covariates.contains($0) && isLinear($0) }
        guard !names.isEmpty else { return plain }
        return try Model(names.reduce(plain.document) { LinearCovariate($1).added(to: $0) }, variant: request.variant)
    }

    private static func table(
        _ path: String?, _ model: Model, _ allowed: Set<String>, _ hash: inout InputHash
    ) throws -> ParameterTable? {
        guard let path else { return nil }
        let bytes = try InputFile.bytes(of: path, purpose: "a table of parameters")
        hash.update(bytes)
        return try ParameterTable(csv: bytes, file: path, allowed: allowed) { model.code(ofText: $0, for: $1) }
    }

    private static func uncertainty(
        _ path: String?, _ model: Model, _ hash: inout InputHash
    ) throws -> ParameterUncertainty? {
        guard let path else { return nil }
        let bytes = try InputFile.bytes(of: path, purpose: "a table of uncertainty")
        hash.update(bytes)
        return try UncertaintyTable(csv: bytes, file: path).uncertainty(of: model)
    }

    private static func etas(
        _ request: SimulationRequest, _ model: Model, _ hash: inout InputHash
    ) throws -> SimulationInputs.EtaSource {
        switch request.etas {
        case "zero": return .zero
        case "sample": return .sampled
        default:
            guard FileManager.default.fileExists(atPath: request.etas) else {
                throw InputErrors([
                    InputProblem("found '\(request.etas)', allowed: zero, sample, or the file of a table", at: "--eta")
                ])
            }
            guard let table = try table(request.etas, model, Set(model.etas), &hash) else { return .zero }
            return .table(table)
        }
    }

    private static func regimen(_ text: String?, _ model: Model) throws -> [DosingRecord] {
        guard let text else { return [] }
        return try Self.regimen(text, model, dose: nil)
    }

    /// The records of `--dose`.
    ///
    /// - Parameter dose: what the word `DOSE` stands for; nil where it is not allowed.
    static func regimen(_ text: String, _ model: Model, dose: Double?) throws(InputErrors) -> [DosingRecord] {
        let setting = RegimenText.Setting(
            compartments: model.states, timeUnit: model.document.timeUnit, doseUnit: model.document.dosingUnit,
            dose: dose)
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

/// The hash of what a simulation reads.
private struct InputHash {
    private var hash: SHA256?

    init(isWanted: Bool) { hash = isWanted ? SHA256() : nil }

    mutating func update(_ bytes: [UInt8]) { hash?.update(bytes) }

    var digest: String { hash?.hexadecimalDigest() ?? "" }
}
