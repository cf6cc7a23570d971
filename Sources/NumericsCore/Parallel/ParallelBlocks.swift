import Dispatch
import Synchronization

/// Work in numbered blocks on all cores.
///
/// Each thread makes a worker of its own and takes the next free block until none is left, so which thread runs a block
/// is chance; what a block computes must depend on its number alone.
package enum ParallelBlocks {
    /// Runs `count` blocks on `threads` threads.
    ///
    /// - Parameters:
    ///   - makeWorker: called once on each thread.
    ///   - run: runs one block; blocks write to places of their own.
    ///   - stop: checked before each block; blocks not yet begun are left out.
    /// - Throws: the first error of a worker, in block order not guaranteed; all threads stop then.
    package static func run<Worker>(
        count: Int, threads: Int, stop: StopSignal, makeWorker: @Sendable () throws -> Worker,
        run: @Sendable (Worker, Int) throws -> Void
    ) throws {
        let next = Atomic<Int>(0)
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
            do {
                guard next.load(ordering: .relaxed) < count else { return }
                let worker = try makeWorker()
                while !stop.isRaised {
                    let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard block < count else { return }
                    try run(worker, block)
                }
            } catch {
                next.store(count, ordering: .relaxed)
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        if stop.isRaised { throw Interrupted() }
    }
}

/// A flag that asks running work to end soon: raised by Ctrl-C.
public final class StopSignal: Sendable {
    private let raised = Atomic<Bool>(false)

    /// A signal that is not raised.
    public init() {}

    /// Whether anybody has asked; once true it stays true. Safe from any thread.
    public var isRaised: Bool { raised.load(ordering: .relaxed) }

    /// Asks running work to end: blocks begun are finished, none is begun after. Safe from any thread.
    public func raise() { raised.store(true, ordering: .relaxed) }
}

/// The run was interrupted before it was whole.
public struct Interrupted: Error, CustomStringConvertible {
    /// The error of a run that was asked to stop.
    public init() {}

    /// The words for the user: nothing was written.
    public var description: String { "interrupted; nothing was written" }
}
