import Synchronization
import Testing

@testable import NumericsCore
@testable import Trials

/// Backed by invariants of the schedule: each block once, errors out, no silent half.
@Suite struct ParallelBlocksTests {
    /// A worker that belongs to one thread, and says so when it does not.
    final class Worker {
        var isBusy = false
    }

    struct Refused: Error, Equatable { var block: Int }

    @Test("Every block runs once, on a worker of its thread's own", arguments: [0, 1, 2, 7, 1000], [1, 2, 4, 64])
    func everyBlockOnce(_ count: Int, _ threads: Int) throws {
        let runs = Mutex([Int](repeating: 0, count: count))
        let workers = Mutex(0)
        try ParallelBlocks.run(count: count, threads: threads, stop: StopSignal()) {
            workers.withLock { $0 += 1 }
            return Worker()
        } run: { worker, block in
            #expect(!worker.isBusy)
            worker.isBusy = true
            runs.withLock { $0[block] += 1 }
            worker.isBusy = false
        }
        #expect(runs.withLock { $0 } == [Int](repeating: 1, count: count))
        #expect(workers.withLock { $0 } <= max(1, min(threads, count)))
        if count == 0 { #expect(workers.withLock { $0 } == 0) }
    }

    @Test("An error of a block comes out, and no further blocks begin on its thread", arguments: [1, 2])
    func errorsPropagate(_ threads: Int) {
        let last = Mutex(0)
        #expect(throws: Refused(block: 17)) {
            try ParallelBlocks.run(count: 100_000, threads: threads, stop: StopSignal()) {
                ()
            } run: { _, block in
                last.withLock { $0 = max($0, block) }
                if block == 17 { throw Refused(block: block) }
            }
        }
        if threads == 1 { #expect(last.withLock { $0 } == 17) }
    }

    @Test func errorsOfMakingAWorkerPropagate() {
        #expect(throws: Refused(block: -1)) {
            try ParallelBlocks.run(count: 3, threads: 2, stop: StopSignal()) {
                throw Refused(block: -1)
            } run: { _, _ in
            }
        }
    }

    @Test("A raised stop leaves blocks out and says that the run is not whole")
    func stopping() {
        let early = StopSignal()
        early.raise()
        let runs = Mutex(0)
        #expect(throws: Interrupted.self) {
            try ParallelBlocks.run(count: 10, threads: 2, stop: early) {
                ()
            } run: { _, _ in
                runs.withLock { $0 += 1 }
            }
        }
        #expect(runs.withLock { $0 } == 0)
        let late = StopSignal()
        #expect(throws: Interrupted.self) {
            try ParallelBlocks.run(count: 1000, threads: 1, stop: late) {
                ()
            } run: { _, block in
                runs.withLock { $0 += 1 }
                if block == 4 { late.raise() }
            }
        }
        #expect(runs.withLock { $0 } == 5)
        #expect(Interrupted().description == "interrupted; nothing was written")
    }

    @Test("A runner passes the interruption on, and its progress counts every patient once")
    func runnerStopsAndCounts() throws {
        let trial = TinyTrial()
        let counted = Mutex(0)
        let runner = TrialRunner(try trial.plan(), cohort: try trial.cohort(50), threads: 2, stop: StopSignal()) {
            some in
            counted.withLock { $0 += some }
        }
        _ = try runner.run(trial.arm("dose <- 1"), patients: TinyTrial.patients(50), replicate: 0)
        #expect(counted.withLock { $0 } == 50)
        let stop = StopSignal()
        stop.raise()
        let stopped = TrialRunner(try trial.plan(), cohort: try trial.cohort(50), threads: 2, stop: stop)
        let arm = try trial.arm("dose <- 1")
        #expect(throws: Interrupted.self) { try stopped.run(arm, patients: TinyTrial.patients(50), replicate: 0) }
    }
}
