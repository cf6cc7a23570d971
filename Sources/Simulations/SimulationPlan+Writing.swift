import Foundation
import ModelLanguage
import Pharmacology
import ResultsStore

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
    /// a table `F.csv` into `F.vpc.csv`; exposures into the group `/exposure`, and into `F.exposure.csv`.
    ///
    /// - Parameters:
    ///   - version: of Trialist, for the provenance.
    ///   - check: the visual predictive check, nil for none.
    package func write(
        to destination: Destination, version: String, check: PredictiveCheckOptions? = nil
    ) throws -> (outcome: SimulationOutcome, bands: [PredictiveBands], exposure: ExposureTable?) {
        let check = try check.map { (options: $0, check: try PredictiveCheck(run, $0)) }
        var bands: [PredictiveBands] = []
        var exposure: ExposureTable?
        func summarise() throws {
            bands = try check?.check.bands() ?? []
            if !exposures.isEmpty { exposure = try ExposureTable(run, exposures) }
        }
        switch destination {
        case .none:
            return (try run.run(into: NoOutput(), finishing: summarise), bands, exposure)
        case .table(let path):
            let outcome = try run.run(into: TableOutput(path, columns, population)) {
                try summarise()
                let stem = path.dropLast(4)
                if check != nil { try UnfinishedFile.write(Data(bands.table.utf8), to: "\(stem).vpc.csv") }
                if let exposure {
                    try UnfinishedFile.write(Data(exposure.table(population).utf8), to: "\(stem).exposure.csv")
                }
            }
            return (outcome, bands, exposure)
        case .results(let path):
            let started = Date()
            let sink = try ResultsOutput(
                path, columns, population, timeUnit: model.document.timeUnit,
                provenance: { _ in provenance(version: version, started: started) })
            let outcome = try run.run(into: sink) {
                try summarise()
                let unit = model.document.timeUnit
                if let check {
                    let groups = bands.map { $0.group(check.options, timeUnit: unit) }
                    sink.furtherGroups.append(ResultGroup("vpc", groups: groups))
                }
                if let exposure { sink.furtherGroups.append(exposure.group(population, timeUnit: unit)) }
            }
            return (outcome, bands, exposure)
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
