import Foundation
import Pharmacology
import ResultsStore

/// Writes simulated subjects into a results file (HDF5, netCDF-4 conventions), block by block.
///
/// | group | over | holds |
/// |---|---|---|
/// | `/provenance` | - | model text, options, seed, version, host, times |
/// | `/simulation` | subject × time | states, variables and covariates asked for, when all subjects share their times |
/// | `/simulation` | row | else: the same with `subject` (its position in `/subjects`) and `time` in each row |
/// | `/subjects` | subject | every input at the start; why and when a solution failed; the replicate where parameters are drawn |
/// | `/vpc/ENDPOINT` | bin × percentile | the bands of a visual predictive check |
/// | `/exposure/N` | subject | area, peak, trough and time above a threshold in the window N |
package final class ResultsOutput: SimulationSink {
    private let writer: ResultsWriter
    private let columns: OutputColumns
    private let population: SimulatedPopulation
    private let times: [Double]?
    private let inputs: [(name: String, slot: Int)]
    private var streams: [ResultsStream] = []
    private var longStreams: (subject: ResultsStream, time: ResultsStream)?
    private var inputStreams: [ResultsStream] = []
    /// The cells not yet written, column by column.
    private var cells: [[Double]]
    private var longCells: (subject: [Int32], time: [Double]) = ([], [])
    private var inputCells: [[Double]]
    private var firstWaiting = 0
    private var waiting = 0
    private let subject: ResultDimension
    private let provenance: (SimulationOutcome) -> ResultGroup
    /// Written before the file is completed.
    package var furtherGroups: [ResultGroup] = []

    /// Cells of one column that are kept until they are written.
    private static let cellsAtOnce = 1 << 17

    /// - Parameter provenance: makes the group of that name when the run is over.
    /// - Throws: `ResultsError` where no file can be written at the path.
    package init(
        _ path: String, _ columns: OutputColumns, _ population: SimulatedPopulation, timeUnit: String?,
        provenance: @escaping (SimulationOutcome) -> ResultGroup
    ) throws {
        self.columns = columns
        self.population = population
        self.provenance = provenance
        times = population.commonTimes
        let supplied = population.model.suppliedNames
        inputs = population.model.inputs.enumerated().filter { supplied.contains($0.element) }.map { ($1, $0) }
        cells = Array(repeating: [], count: columns.names.count)
        inputCells = Array(repeating: [], count: inputs.count)
        subject = Self.subjectDimension(population)
        writer = try ResultsWriter(to: path)
        do { try open(unit: Self.unit(timeUnit)) } catch {
            writer.discard()
            throw error
        }
    }

    private func open(unit: String) throws {
        let names = Self.unique(columns.names)
        if let times {
            let time = ResultDimension("time", numbers: times, unit: unit, longName: "time")
            try writer.add(ResultGroup("simulation", dimensions: [subject, time]))
            streams = try names.map { name in
                let outline = ResultVariableOutline(name, ["subject", "time"], .double, unit: "1", longName: name)
                return try writer.stream(outline, under: "/simulation")
            }
        } else {
            let row = ResultDimension("row", size: 0, isExtendible: true)
            try writer.add(ResultGroup("simulation", dimensions: [row]))
            func stream(_ name: String, _ type: ResultElementType, _ unit: String, _ title: String) throws
                -> ResultsStream
            {
                let outline = ResultVariableOutline(name, ["row"], type, unit: unit, longName: title)
                return try writer.stream(outline, under: "/simulation", block: [1 << 14])
            }
            longStreams = (
                try stream("subject", .int32, "1", "position of the subject in /subjects, from 0"),
                try stream("time", .double, unit, "time")
            )
            streams = try names.map { try stream($0, .double, "1", $0) }
        }
        try writer.add(ResultGroup("subjects", dimensions: [subject]))
        inputStreams = try Self.unique(inputs.map(\.name)).map { name in
            let outline = ResultVariableOutline(
                name, ["subject"], .double, unit: "1", longName: "\(name) at the start")
            return try writer.stream(outline, under: "/subjects")
        }
    }

    package func receive(_ block: SimulatedBlock, _ subjects: ArraySlice<Subject>, first: Int) throws {
        if waiting == 0 { firstWaiting = first }
        let outputs = columns.outputs.count
        for (index, subject) in subjects.enumerated() {
            for (input, place) in inputs.enumerated() { inputCells[input].append(subject.inputs[place.slot]) }
            for sample in subject.samples.indices {
                for output in 0..<outputs {
                    cells[output].append(block.value(subject: index, sample: sample, output: output))
                }
            }
            appendCovariates(of: subject)
            guard longStreams != nil else { continue }
            let position = Int32(truncatingIfNeeded: first + index)
            longCells.subject += repeatElement(position, count: subject.samples.count)
            longCells.time += subject.samples
        }
        waiting += subjects.count
        if (cells.first?.count ?? 0) >= Self.cellsAtOnce || waiting >= Self.cellsAtOnce { try flush() }
    }

    package func finish(_ outcome: SimulationOutcome) throws {
        try flush()
        var codes = [Int32](repeating: 0, count: population.count)
        var when = [Double](repeating: .nan, count: population.count)
        for failure in outcome.failures {
            codes[failure.subject] = failure.failure.rawValue
            when[failure.subject] = failure.time
        }
        let names = SolverFailure.allCases.map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
        let taken = inputs.map(\.name)
        try writer.add(
            ResultVariable(
                Self.free("failure", taken), ["subject"], codes,
                longName: "why the solution ended early: 0 it did not, \(names)"),
            to: "/subjects")
        try writer.add(
            ResultVariable(
                Self.free("failure_time", taken), ["subject"], when, unit: "1",
                longName: "time at which the solution ended early"),
            to: "/subjects")
        if population.replicate(of: 0) != nil {
            let replicates = (0..<population.count).map { Int32(truncatingIfNeeded: population.replicate(of: $0) ?? 0) }
            try writer.add(
                ResultVariable(
                    Self.free("replicate", taken), ["subject"], replicates,
                    longName: "draw of the population's parameters, from 1"),
                to: "/subjects")
        }
        for group in furtherGroups { try writer.add(group) }
        try writer.add(provenance(outcome))
        try writer.finish()
    }

    package func discard() { writer.discard() }

    // MARK: Blocks

    private func appendCovariates(of subject: Subject) {
        guard !columns.slots.isEmpty else { return }
        var path = InputPath(subject, columns.slots)
        for time in subject.samples {
            path.advance(to: time)
            for (index, value) in path.values.enumerated() { cells[columns.outputs.count + index].append(value) }
        }
    }

    private func flush() throws {
        guard waiting > 0 else { return }
        if let times {
            for (stream, values) in zip(streams, cells) {
                try stream.write(.double(values), at: [firstWaiting, 0], count: [waiting, times.count])
            }
        } else if let longStreams {
            try longStreams.subject.append(.int32(longCells.subject))
            try longStreams.time.append(.double(longCells.time))
            for (stream, values) in zip(streams, cells) { try stream.append(.double(values)) }
        }
        for (stream, values) in zip(inputStreams, inputCells) {
            try stream.write(.double(values), at: [firstWaiting], count: [waiting])
        }
        for index in cells.indices { cells[index].removeAll(keepingCapacity: true) }
        for index in inputCells.indices { inputCells[index].removeAll(keepingCapacity: true) }
        longCells.subject.removeAll(keepingCapacity: true)
        longCells.time.removeAll(keepingCapacity: true)
        waiting = 0
    }

    // MARK: Names and axes

    /// Whole numbers where every subject is one, else texts.
    static func subjectDimension(_ population: SimulatedPopulation) -> ResultDimension {
        var numbers: [Int32] = []
        for index in 0..<population.count {
            guard let number = Int32(population.identifier(index)) else { break }
            numbers.append(number)
        }
        guard numbers.count == population.count else {
            let labels = (0..<population.count).map { population.identifier($0) }
            return ResultDimension("subject", labels: labels, longName: "subject")
        }
        return ResultDimension("subject", identifiers: numbers, longName: "subject")
    }

    /// The unit of time in the spelling that xarray leaves alone.
    static func unit(_ name: String?) -> String {
        switch name?.lowercased() {
        case nil, "": "1"
        case "h", "hr", "hour", "hours": "h"
        case "d", "day", "days": "d"
        case "min", "minute", "minutes": "min"
        case "s", "sec", "second", "seconds": "s"
        case "wk", "week", "weeks": "week"
        case "month", "months": "month"
        case "y", "yr", "year", "years": "year"
        case .some: name ?? "1"
        }
    }

    /// Names that meet neither an axis nor one another.
    private static func unique(_ names: [String]) -> [String] {
        var taken = ["subject", "time", "row"]
        return names.map { name in
            let own = free(name, taken)
            taken.append(own)
            return own
        }
    }

    private static func free(_ name: String, _ taken: [String]) -> String {
        var own = name.hasPrefix(".") ? "_\(name.dropFirst())" : name
        while taken.contains(own) { own += "_" }
        return own
    }
}
