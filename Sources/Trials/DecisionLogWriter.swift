import NumericsCore
import Outcomes
import Regimes

/// Fills a decision log from many workers at once: each writes the columns of its own patients.
final class DecisionLogWriter: @unchecked Sendable {
    // Safe because blocks write disjoint patients, and the log is read after all have finished.
    private let snapshots: [UnsafeMutablePointer<Double>]
    private let outcomes: [UnsafeMutablePointer<Double>]
    private let present: [UnsafeMutablePointer<Bool>]
    private let endings: [UnsafeMutablePointer<IntervalEnding>]
    private let variables: DecisionVariables
    /// The slots of the decision variables that are kept.
    private let slots: [Int]
    private let visits: Int
    private let patients: Int
    private var isTaken = false

    /// - Parameter keeping: the names of the decision variables to keep; nil for all of them.
    init(_ variables: DecisionVariables, keeping: Set<String>?, visits: Int, patients: Int) {
        self.variables = variables
        slots = variables.symbols.indices.filter { keeping?.contains(variables.symbols[$0].name) ?? true }
        self.visits = visits
        self.patients = patients
        func columns<Value>(_ count: Int, of value: Value) -> [UnsafeMutablePointer<Value>] {
            (0..<count).map { _ in
                let column = UnsafeMutablePointer<Value>.allocate(capacity: max(1, patients))
                column.initialize(repeating: value, count: patients)
                return column
            }
        }
        snapshots = columns(visits * slots.count, of: .nan)
        outcomes = columns(visits * DecisionLog.outcomeNames.count, of: .nan)
        present = columns(visits, of: false)
        endings = columns(visits, of: .complete)
    }

    deinit {
        guard !isTaken else { return }
        for column in snapshots + outcomes { column.deallocate() }
        for column in present { column.deallocate() }
        for column in endings { column.deallocate() }
    }

    /// Enters the decisions of one visit, for the block whose first patient has the place `first`.
    func snapshot(_ visit: Int, _ history: DecisionLanes, deciding: LaneMask, lanes: Int, at first: Int) {
        for lane in 0..<lanes { present[visit][first + lane] = deciding[lane] }
        for (index, slot) in slots.enumerated() {
            let column = snapshots[visit * slots.count + index] + first
            let values = history.lanes[slot]
            for lane in 0..<lanes { column[lane] = values[lane] }
        }
    }

    /// Enters what followed the decisions of a block, when its patients' paths are known to their ends.
    func follow(_ paths: [PatientPath], _ plan: TrialPlan, at first: Int) {
        let kinds = DecisionLog.outcomeNames.count
        for (lane, path) in paths.enumerated() {
            for visit in 0..<visits where present[visit][first + lane] {
                let (start, next) = (plan.visits.days[visit], plan.visits.next(after: visit))
                // Who leaves between two visits lives the interval until then only.
                let end = min(next, path.lastDay)
                let time = plan.learningRange.flatMap { range in
                    path.timeInRange(track: range.track, range.low...range.high, between: start...max(start, end))
                }
                let values = [end - start, time?.within ?? .nan, time?.below ?? .nan, time?.above ?? .nan]
                for (index, value) in values.enumerated() { outcomes[visit * kinds + index][first + lane] = value }
                endings[visit][first + lane] = path.ending(by: next, plan.events)
            }
        }
    }

    /// The whole log, to be taken once, after all blocks. Each column is freed as soon as the log has it: a log of a
    /// large run never stands in memory twice.
    func log() -> DecisionLog {
        precondition(!isTaken, "A decision log is taken once.")
        isTaken = true
        var log = DecisionLog(variables: variables, visits: visits, patients: patients)
        let kinds = DecisionLog.outcomeNames.count
        for visit in 0..<visits {
            for slot in variables.symbols.indices { log.snapshots[visit][slot] = [] }
            for (index, slot) in slots.enumerated() {
                log.snapshots[visit][slot] = taken(snapshots[visit * slots.count + index])
            }
            for index in 0..<kinds { log.outcomes[visit][index] = taken(outcomes[visit * kinds + index]) }
            log.isPresent[visit] = taken(present[visit])
            log.endings[visit] = taken(endings[visit])
        }
        return log
    }

    private func taken<Value>(_ column: UnsafeMutablePointer<Value>) -> [Value] {
        defer { column.deallocate() }
        return Array(UnsafeBufferPointer(start: column, count: patients))
    }
}

extension PatientPath {
    /// How an interval ended that would have lasted until `next`.
    fileprivate func ending(by next: Double, _ events: [TrialEvent]) -> IntervalEnding {
        let stopsTreatment = zip(events, eventDays).contains { event, day in event.stops == .treatment && day <= next }
        if lastDay < next { return droppedOut || failure != nil ? .lost : .event }
        return stopsTreatment ? .event : .complete
    }
}
