import Foundation
import Pharmacology
import ResultsStore

/// What every subject of a run is exposed to, taken from the solution itself and not from the reported times.
package struct ExposureTable: Sendable {
    package let windows: [ExposureWindow]
    /// `values[window][subject]`.
    package let values: [[ExposureValues]]
    /// The subjects whose exposure could not be known though their equations were solved, and why.
    package let failures: [(window: Int, subject: Int, error: ExposureError)]

    private static let subjectsAtOnce = 512

    /// Simulates the run's population again, window by window.
    ///
    /// - Throws: ``SimulationRun/Stopped``; `UnknownOutput`, which windows read by ``ExposureWindow/init(_:_:)`` cannot
    ///   meet.
    package init(_ run: SimulationRun, _ windows: [ExposureWindow]) throws {
        var (all, failures): ([[ExposureValues]], [(window: Int, subject: Int, error: ExposureError)]) = ([], [])
        for (number, window) in windows.enumerated() {
            let model = try SimulationModel(run.model.model, outputs: [window.output])
            let courses = ExposureCourses(PopulationSimulation(model, options: run.options), threads: run.threads)
            var values: [ExposureValues] = []
            for first in stride(from: 0, to: run.population.count, by: Self.subjectsAtOnce) {
                if run.isStopped() { throw SimulationRun.Stopped() }
                let subjects = (first..<min(first + Self.subjectsAtOnce, run.population.count)).map {
                    run.population.subject($0, replicate: run.replicate, isTypical: run.isTypical)
                }
                for (index, found) in Self.values(window, subjects, courses).enumerated() {
                    values.append((try? found.get()) ?? ExposureValues())
                    if case .failure(let error) = found { failures.append((number, first + index, error)) }
                }
            }
            all.append(values)
        }
        self.windows = windows
        values = all
        self.failures = failures
    }

    private static func values(
        _ window: ExposureWindow, _ subjects: [Subject], _ courses: ExposureCourses
    ) -> [Result<ExposureValues, ExposureError>] {
        let ends = subjects.map { subject in
            (from: window.from ?? subject.start ?? 0, to: window.to ?? subject.samples.last ?? 0)
        }
        // A window before the subject's start, or without length, has no course to look at.
        let usable = subjects.indices.filter { index in
            ends[index].from < ends[index].to && ends[index].from >= subjects[index].start ?? 0
        }
        var found = subjects.indices.map { index in
            Result<ExposureValues, ExposureError>.failure(
                .window(
                    from: ends[index].from, to: ends[index].to, start: subjects[index].start ?? 0, end: .infinity))
        }
        let paths = courses.paths(usable.map { subjects[$0] }, usable.map { ends[$0] })
        for (index, path) in zip(usable, paths) {
            found[index] = path.flatMap { path in
                Result { () throws(ExposureError) in
                    try ExposureValues(
                        Exposure(path, from: ends[index].from, to: ends[index].to), threshold: window.threshold)
                }
            }
        }
        return found
    }

    /// One line for each subject whose exposure is not known.
    package func failureLines(_ population: SimulatedPopulation, maximumShown: Int = 20) -> [String] {
        var lines = failures.prefix(maximumShown).map {
            "exposure to \(windows[$0.window].output) of subject \(population.identifier($0.subject)): \($0.error)"
        }
        if failures.count > maximumShown {
            lines.append("\(failures.count) exposures are not known in all, the first \(maximumShown) shown")
        }
        return lines
    }
}

// MARK: - Output

extension ExposureTable {
    /// Comma-separated rows, one for each subject and window; a number that is not known, or not asked for, is `NaN`.
    package func table(_ population: SimulatedPopulation) -> String {
        let header = population.identifyingColumns + ["output", "threshold"] + ExposureValues.columns.map(\.name)
        var text = header.joined(separator: ",") + "\n"
        for subject in 0..<population.count {
            for (window, values) in zip(windows, values) {
                let numbers =
                    [window.threshold ?? .nan] + ExposureValues.columns.map { values[subject][keyPath: $0.value] }
                text += "\(population.identifyingCells(subject)),\(quoted(window.output)),"
                text += numbers.map { $0.isNaN ? "NaN" : "\($0)" }.joined(separator: ",") + "\n"
            }
        }
        return text
    }

    /// The group `/exposure`: for each window, numbered from 1, one of its own.
    package func group(_ population: SimulatedPopulation, timeUnit: String?) -> ResultGroup {
        let unit = ResultsOutput.unit(timeUnit)
        let groups = windows.indices.map { number in
            let times: Set = ["from", "to", "tmax", "time_above"]
            let variables = ExposureValues.columns.map { column in
                ResultVariable(
                    column.name, ["subject"], values[number].map { $0[keyPath: column.value] },
                    unit: times.contains(column.name) ? unit : "1", longName: column.title)
            }
            var attributes = [ResultAttribute("output", windows[number].output)]
            if let threshold = windows[number].threshold { attributes.append(ResultAttribute("threshold", threshold)) }
            return ResultGroup(
                "\(number + 1)", attributes: attributes, dimensions: [ResultsOutput.subjectDimension(population)],
                variables: variables)
        }
        return ResultGroup("exposure", groups: groups)
    }
}
