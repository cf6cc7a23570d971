import Dispatch
import NumericsCore

/// Subjects simulated in blocks of sixteen, on as many threads as wanted.
///
/// A subject's numbers depend on the subject alone: not on its place, its neighbours or the number of threads.
package struct PopulationSimulation: Sendable {
    package let model: SimulationModel
    package let options: SolverOptions

    /// Whether the endpoints are recorded beside the outputs, for draws of observations.
    package let recordsEndpoints: Bool

    package init(
        _ model: SimulationModel, options: SolverOptions = SolverOptions(), recordsEndpoints: Bool = false
    ) {
        self.model = model
        self.options = options
        self.recordsEndpoints = recordsEndpoints
    }

    private var columns: Int { recordsEndpoints ? model.reportedCount : model.outputs.count }

    /// Simulates subjects and hands over each finished block, in the order of the subjects.
    ///
    /// Memory is bounded by the blocks in flight, four for each thread.
    ///
    /// - Parameter receive: is called on the calling thread, one block at a time; the block is valid during the call only.
    package func run(
        _ subjects: [Subject], threads: Int = 1, receive: (borrowing SimulatedBlock) throws -> Void
    ) rethrows {
        let blockCount = (subjects.count + laneCount - 1) / laneCount
        let rows = subjects.lazy.map(\.samples.count).max() ?? 0
        let wave = max(1, min(blockCount, threads * (threads == 1 ? 1 : 4)))
        let workers = (0..<max(1, min(threads, wave))).map { _ in BlockWorker(model, options, columns) }
        let blocks = (0..<wave).map { _ in SimulatedBlock(model, rows: rows, columns: columns) }
        var first = 0
        while first < blockCount {
            let (start, count) = (first, min(wave, blockCount - first))
            if workers.count == 1 {
                for index in 0..<count { workers[0].simulate(subjects, block: start + index, into: blocks[index]) }
            } else {
                DispatchQueue.concurrentPerform(iterations: workers.count) { worker in
                    for index in stride(from: worker, to: count, by: workers.count) {
                        workers[worker].simulate(subjects, block: start + index, into: blocks[index])
                    }
                }
            }
            for index in 0..<count { try receive(blocks[index]) }
            first += count
        }
    }
}

/// What one thread needs to simulate blocks.
///
/// Each worker is used by one iteration of `concurrentPerform` at a time, and no two share one.
private final class BlockWorker: @unchecked Sendable {
    private let model: SimulationModel
    private let simulation: LaneSimulation

    init(_ model: SimulationModel, _ options: SolverOptions, _ columns: Int) {
        self.model = model
        simulation = LaneSimulation(model, options: options)
        simulation.outputCount = columns
    }

    func simulate(_ subjects: [Subject], block index: Int, into block: SimulatedBlock) {
        let first = index * laneCount
        let members = subjects[first..<min(first + laneCount, subjects.count)]
        simulation.simulate(members, into: block.values, rows: block.rows)
        block.take(first: first, count: members.count, simulation)
    }
}

/// The outputs of up to sixteen subjects.
package final class SimulatedBlock: @unchecked Sendable {
    /// The index of the first subject, and how many there are.
    package private(set) var first = 0
    package private(set) var count = 0
    /// The samples of the subject that has most.
    package let rows: Int
    /// The outputs of the model, and behind them the endpoints' values and parameters if they are recorded.
    package let columns: Int
    /// `values[sample * columns + column]`, one lane for each subject.
    package let values: LanePointer
    private var failures: [(failure: SolverFailure, time: Double)?] = []

    private let model: SimulationModel

    init(_ model: SimulationModel, rows: Int, columns: Int) {
        self.model = model
        self.rows = rows
        self.columns = columns
        values = Lanes.allocate(rows * columns)
    }

    deinit { values.deallocate() }

    /// An output of a subject of the block at one of its samples; NaN where its equations could not be solved so far.
    package func value(subject: Int, sample: Int, output: Int) -> Double { values[sample * columns + output][subject] }

    /// An endpoint's true value at a sample; the simulation must record endpoints.
    package func value(endpoint: Int, subject: Int, sample: Int) -> Double {
        value(subject: subject, sample: sample, output: model.endpointPlaces[endpoint])
    }

    /// An endpoint as it is observed at a sample, with the residual error of a draw; the simulation must record endpoints.
    package func observed(
        endpoint: Int, subject: Int, sample: Int, from stream: RandomStream, at draw: UInt64
    ) -> Double {
        var place = model.endpointPlaces[endpoint]
        let prediction = value(subject: subject, sample: sample, output: place)
        let error = model.model.endpoints[endpoint].error.map { _ in
            place += 1
            return value(subject: subject, sample: sample, output: place)
        }
        return ResidualDistribution(error).observed(prediction, from: stream, at: draw)
    }

    /// Why and when a subject's simulation ended early, nil if it did not.
    package func failure(subject: Int) -> (failure: SolverFailure, time: Double)? { failures[subject] }

    fileprivate func take(first: Int, count: Int, _ simulation: LaneSimulation) {
        self.first = first
        self.count = count
        failures.removeAll(keepingCapacity: true)
        for lane in 0..<count { failures.append(simulation.failures[lane].map { ($0, simulation.time[lane]) }) }
    }
}

extension LaneSimulation {
    /// Simulates up to sixteen subjects from their first record or sample to their last sample.
    ///
    /// - Parameter values: receives `values[sample * columns + column]`; NaN where a subject did not get so far.
    package func simulate(_ subjects: ArraySlice<Subject>, into values: LanePointer, rows: Int) {
        let registers = state.registers.lanes
        var start = Lane(repeating: 0)
        var end = start
        for (lane, subject) in subjects.enumerated() {
            subject.inputs.withUnsafeBufferPointer { inputs in
                for slot in inputs.indices { registers[slot][lane] = inputs[slot] }
            }
            let firstSample = subject.samples.first ?? 0
            start[lane] = min(
                firstSample, subject.records.first?.time ?? firstSample, subject.changes.first?.time ?? firstSample)
            end[lane] = subject.samples.last ?? start[lane]
        }
        begin(at: start, lanes: 0..<subjects.count)
        for (lane, subject) in subjects.enumerated() {
            load(subject, lane: lane)
        }
        samples.load(subjects)
        // Samples before a subject's start have no value, and none gets one behind its failure.
        let firstRows = samples.rows
        advance(to: end, recorded: values)
        for lane in subjects.indices.map({ $0 - subjects.startIndex }) {
            let missing =
                Array(0..<Int(firstRows[lane])) + Array(Int(samples.rows[lane])..<max(rows, Int(samples.rows[lane])))
            for row in missing {
                for column in 0..<outputCount { values[row * outputCount + column][lane] = .nan }
            }
        }
    }
}
