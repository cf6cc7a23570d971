import Pharmacology

/// What becomes of simulated subjects: a file, a summary, or nothing.
package protocol SimulationSink: AnyObject {
    /// Whether it reads endpoints of the blocks, which are then recorded beside the outputs.
    var readsEndpoints: Bool { get }
    /// Takes the next subjects, in their order.
    ///
    /// - Parameters:
    ///   - block: valid during the call only.
    ///   - subjects: those of the block.
    ///   - first: the number of the first of them in the population.
    func receive(_ block: SimulatedBlock, _ subjects: ArraySlice<Subject>, first: Int) throws
    /// Completes the output, which then stands whole.
    func finish(_ outcome: SimulationOutcome) throws
    /// Gives the output up; what stood in its place stays.
    func discard()
}

extension SimulationSink {
    package var readsEndpoints: Bool { false }
}

/// Simulates without keeping anything.
package final class NoOutput: SimulationSink {
    package init() {}
    package func receive(_ block: SimulatedBlock, _ subjects: ArraySlice<Subject>, first: Int) {}
    package func finish(_ outcome: SimulationOutcome) {}
    package func discard() {}
}

/// What came of a simulation besides its numbers.
package struct SimulationOutcome: Sendable {
    /// A subject whose equations could not be solved to the end.
    package struct Failure: Sendable, Hashable {
        package var subject: Int
        package var failure: SolverFailure
        package var time: Double
    }

    package var subjects = 0
    package var failures: [Failure] = []
    /// Seconds by the clock, without writing.
    package var simulateSeconds = 0.0
    package var writeSeconds = 0.0
    /// Seconds of processor time on all threads, without writing.
    package var processorSeconds = 0.0

    package var subjectsPerProcessorSecond: Double { Double(subjects) / processorSeconds }
}
