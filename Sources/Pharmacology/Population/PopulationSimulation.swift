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
    /// Memory is bounded by the blocks in flight: those of three tasks for each thread.
    ///
    /// - Parameter receive: is called on the calling thread, one block at a time; the block is valid during the call only.
    package func run(
        _ subjects: [Subject], threads: Int = 1, receive: (borrowing SimulatedBlock) throws -> Void
    ) rethrows {
        let blockCount = (subjects.count + laneCount - 1) / laneCount
        let rows = subjects.lazy.map(\.samples.count).max() ?? 0
        let task = max(1, min(blocksAtOnce(rows), blockCount))
        let tasks = (blockCount + task - 1) / task
        let workers = (0..<max(1, min(threads, tasks))).map { _ in BlockWorker(model, options, columns) }
        // While one task of each worker is handed over, the worker has another to go on with.
        let window = max(1, min(tasks, workers.count == 1 ? 1 : 3 * workers.count))
        let blocks = (0..<(window * task)).map { _ in SimulatedBlock(model, rows: rows, columns: columns) }
        @Sendable func range(_ index: Int) -> Range<Int> {
            let slot = index % window
            return (slot * task)..<(slot * task + min(task, blockCount - index * task))
        }
        @Sendable func simulate(_ worker: Int, _ index: Int) {
            workers[worker].simulate(subjects, from: index * task, into: blocks[range(index)])
        }
        guard workers.count > 1 else {
            for index in 0..<tasks {
                simulate(0, index)
                for block in blocks[range(index)] { try receive(block) }
            }
            return
        }
        try OrderedWork(count: tasks, window: window, threads: workers.count).run(make: simulate) { index in
            for block in blocks[range(index)] { try receive(block) }
        }
    }

    /// How many blocks a worker takes at once, so that its lanes stay busy, within 4 MiB of values.
    private func blocksAtOnce(_ rows: Int) -> Int {
        let bytes = max(1, rows * columns * laneCount * MemoryLayout<Double>.stride)
        return max(1, min(16, (4 << 20) / bytes))
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

    /// Simulates the subjects of some blocks, the first of which is block `index` of the population.
    func simulate(_ subjects: [Subject], from index: Int, into blocks: ArraySlice<SimulatedBlock>) {
        let first = index * laneCount
        let last = min(first + blocks.count * laneCount, subjects.count)
        for (offset, block) in blocks.enumerated() {
            let start = first + offset * laneCount
            block.begin(first: start, count: min(laneCount, last - start))
        }
        func block(of subject: Int) -> SimulatedBlock { blocks[blocks.startIndex + (subject - first) / laneCount] }
        // A linear model moves all lanes from sample to sample together: a block at a time.
        guard !simulation.equations.isLinear else {
            for block in blocks {
                simulation.simulate(
                    subjects[block.first..<block.first + block.count], into: block.values, rows: block.rows)
                for lane in 0..<block.count {
                    block.note(lane, simulation.failures[lane].map { ($0, simulation.time[lane]) })
                }
            }
            return
        }
        simulation.simulate(subjects[first..<last]) { subject in
            block(of: subject).place(lane: (subject - first) % laneCount)
        } finished: { subject, failure in
            block(of: subject).note((subject - first) % laneCount, failure)
        }
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

    fileprivate func begin(first: Int, count: Int) {
        self.first = first
        self.count = count
        failures = Array(repeating: nil, count: count)
    }

    fileprivate func note(_ lane: Int, _ failure: (failure: SolverFailure, time: Double)?) { failures[lane] = failure }

    fileprivate func place(lane: Int) -> SubjectPlace {
        let doubles = UnsafeMutableRawPointer(values).assumingMemoryBound(to: Double.self)
        return SubjectPlace(values: doubles + lane, rows: rows)
    }
}

extension LaneSimulation {
    /// Simulates up to sixteen subjects from their first record or sample to their last sample.
    ///
    /// - Parameter values: receives `values[sample * columns + column]`; NaN where a subject did not get so far.
    package func simulate(_ subjects: ArraySlice<Subject>, into values: LanePointer, rows: Int) {
        // A buffer's elements are read without counting references to their arrays.
        subjects.withUnsafeBufferPointer { simulate($0, into: values, rows: rows) }
    }

    private func simulate(_ subjects: UnsafeBufferPointer<Subject>, into values: LanePointer, rows: Int) {
        let registers = state.registers.lanes
        var start = Lane(repeating: 0)
        var end = start
        for lane in subjects.indices {
            subjects[lane].inputs.withUnsafeBufferPointer { inputs in
                for slot in inputs.indices { registers[slot][lane] = inputs[slot] }
            }
            (start[lane], end[lane]) = subjects[lane].span
        }
        begin(at: start, lanes: 0..<subjects.count)
        for lane in subjects.indices { load(subjects[lane], lane: lane) }
        samples.load(subjects)
        // Samples before a subject's start have no value, and none gets one behind its failure.
        let firstRows = samples.rows
        advance(to: end, recorded: values)
        for lane in subjects.indices {
            blank(lane, 0..<Int(firstRows[lane]), in: values)
            let reached = Int(samples.rows[lane])
            blank(lane, reached..<max(rows, reached), in: values)
        }
    }

    private func blank(_ lane: Int, _ rows: Range<Int>, in values: LanePointer) {
        for row in rows {
            for column in 0..<outputCount { values[row * outputCount + column][lane] = .nan }
        }
    }
}
