import Foundation
import Pharmacology

/// A population taken through a model.
package struct SimulationRun: Sendable {
    package var population: SimulatedPopulation
    package var model: SimulationModel
    package var options: SolverOptions
    /// How many threads simulate, at least 1. The numbers do not depend on it.
    package var threads: Int
    /// Tells apart repeated draws of the same population.
    package var replicate: UInt32 = 0
    /// Every eta is 0, wherever it would come from.
    package var isTypical = false
    /// Asked before each block; true ends the run with ``Stopped``.
    package var isStopped: @Sendable () -> Bool = { false }

    package init(_ population: SimulatedPopulation, _ model: SimulationModel, options: SolverOptions, threads: Int) {
        self.population = population
        self.model = model
        self.options = options
        self.threads = threads
    }

    /// The run was asked to stop.
    package struct Stopped: Error {}

    /// How many subjects are made at a time: many blocks for each thread, and little memory.
    private static let subjectsAtOnce = 4096

    /// Simulates every subject into a sink and completes it; given up where anything throws.
    ///
    /// - Parameter before: what else is done before the sink is completed.
    package func run(into sink: some SimulationSink, finishing before: () throws -> Void = {}) throws
        -> SimulationOutcome
    {
        var outcome = SimulationOutcome()
        do {
            try simulate(into: sink, &outcome)
            try before()
            let clock = Stopwatch()
            try sink.finish(outcome)
            outcome.writeSeconds += clock.elapsed.wall
        } catch {
            sink.discard()
            throw error
        }
        return outcome
    }

    /// Simulates every subject into a sink that takes more later.
    package func simulate(into sink: some SimulationSink, _ outcome: inout SimulationOutcome) throws {
        let simulation = PopulationSimulation(model, options: options, recordsEndpoints: sink.readsEndpoints)
        var first = 0
        while first < population.count {
            let count = min(Self.subjectsAtOnce, population.count - first)
            let clock = Stopwatch()
            var writing = (wall: 0.0, processor: 0.0)
            let subjects = (first..<first + count).map {
                population.subject($0, replicate: replicate, isTypical: isTypical)
            }
            try simulation.run(subjects, threads: threads) { block in
                if isStopped() { throw Stopped() }
                let clock = Stopwatch(.thread)
                try sink.receive(block, subjects[block.first..<block.first + block.count], first: first + block.first)
                for subject in 0..<block.count {
                    guard let (failure, time) = block.failure(subject: subject) else { continue }
                    outcome.failures.append(.init(subject: first + block.first + subject, failure: failure, time: time))
                }
                let elapsed = clock.elapsed
                writing.wall += elapsed.wall
                writing.processor += elapsed.processor
            }
            let elapsed = clock.elapsed
            outcome.writeSeconds += writing.wall
            outcome.simulateSeconds += max(0, elapsed.wall - writing.wall)
            outcome.processorSeconds += max(0, elapsed.processor - writing.processor)
            outcome.subjects += count
            first += count
        }
    }
}

/// Seconds by the clock and of the processor since it was made.
package struct Stopwatch {
    package enum Processor {
        /// All threads of the process.
        case process
        case thread
    }

    private let processorClock: clockid_t
    private let wallStart: Double
    private let processorStart: Double

    package init(_ processor: Processor = .process) {
        processorClock = processor == .process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID
        wallStart = Self.seconds(CLOCK_MONOTONIC)
        processorStart = Self.seconds(processorClock)
    }

    package var elapsed: (wall: Double, processor: Double) {
        (Self.seconds(CLOCK_MONOTONIC) - wallStart, Self.seconds(processorClock) - processorStart)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
