import Cohorts
import NumericsCore
import Regimes
import Synchronization

/// Runs arms on patients, in parallel blocks of sixteen.
package struct TrialRunner: Sendable {
    package let plan: TrialPlan
    package let cohort: Cohort
    package let threads: Int
    package let stop: StopSignal
    /// Called with the number of patients just finished.
    package let progress: @Sendable (Int) -> Void

    package init(
        _ plan: TrialPlan, cohort: Cohort, threads: Int, stop: StopSignal,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.plan = plan
        self.cohort = cohort
        self.threads = threads
        self.stop = stop
        self.progress = progress
    }

    /// Takes patients through one arm.
    ///
    /// - Parameters:
    ///   - lanesPerBlock: how many patients share a block, at most sixteen. It changes no bit of the result.
    ///   - keepsDecisions: whether to keep the log that learners learn from.
    ///   - keeping: the decision variables that the log keeps; nil for all of them.
    package func run(
        _ arm: Arm, patients: [TrialPatient], replicate: UInt32, lanesPerBlock: Int = laneCount,
        keepsDecisions: Bool = false, keeping: Set<String>? = nil
    ) throws -> (record: ArmRecord, log: DecisionLog?) {
        let log =
            keepsDecisions
            ? DecisionLogWriter(
                plan.variables, keeping: keeping, visits: plan.visits.days.count, patients: patients.count) : nil
        let record = Mutex(ArmRecord(arm: arm.name, patients: patients, plan: plan))
        let width = max(1, min(laneCount, lanesPerBlock))
        let blocks = (patients.count + width - 1) / width
        try ParallelBlocks.run(count: blocks, threads: threads, stop: stop) {
            try VisitCycle(plan, arm: arm)
        } run: { cycle, block in
            let first = block * width
            let some = patients[first..<min(first + width, patients.count)]
            let paths = cycle.run(some, of: cohort, replicate: replicate, log: log, firstInLog: first)
            // Endpoints are computed outside the lock, which other threads wait for.
            let part = ArmRecord(arm: arm.name, patients: Array(some), paths: paths, plan: plan)
            record.withLock { $0.replace(from: first, with: part) }
            progress(some.count)
        }
        return (record.withLock { $0 }, log?.log())
    }
}
