import NumericsCore
import Outcomes
import Regimes

/// Fills a decision log from many workers at once: each writes the columns of its own patients.
final class DecisionLogWriter: @unchecked Sendable {
    // Safe because blocks write disjoint patients, and the log is read after all have finished.
    private let values: UnsafeMutablePointer<Double>
    private let present: UnsafeMutablePointer<Bool>
    private let results: UnsafeMutablePointer<Double>
    private let variables: DecisionVariables
    private let visits: Int
    private let patients: Int

    init(_ variables: DecisionVariables, visits: Int, patients: Int) {
        self.variables = variables
        self.visits = visits
        self.patients = patients
        let symbols = variables.symbols.count
        let outcomes = DecisionLog.outcomeNames.count
        values = .allocate(capacity: visits * symbols * patients)
        values.initialize(repeating: .nan, count: visits * symbols * patients)
        present = .allocate(capacity: visits * patients)
        present.initialize(repeating: false, count: visits * patients)
        results = .allocate(capacity: visits * outcomes * patients)
        results.initialize(repeating: 0, count: visits * outcomes * patients)
    }

    deinit {
        values.deallocate()
        present.deallocate()
        results.deallocate()
    }

    func snapshot(_ visit: Int, _ history: DecisionLanes, deciding: LaneMask, lanes: Int, at first: Int) {
        for lane in 0..<lanes {
            present[visit * patients + first + lane] = deciding[lane]
            for symbol in variables.symbols.indices {
                let place = (visit * variables.symbols.count + symbol) * patients + first + lane
                values[place] = history.lanes[symbol][lane]
            }
        }
    }

    func outcomes(
        _ visit: Int, _ paths: [PatientPath], _ range: (track: Int, low: Double, high: Double), from day: Double,
        to next: Double, at first: Int
    ) {
        for (lane, path) in paths.enumerated() {
            // The path is known up to now; what lies ahead is still NaN.
            let known = path.days.indices.filter { path.days[$0] >= day && path.days[$0] <= next }
            let time = try? TimeInRange(
                times: known.map { path.days[$0] }, values: known.map { path.tracks[range.track][$0] },
                range: range.low...range.high, window: day...next)
            for (index, value) in [next - day, time?.within ?? 0, time?.below ?? 0, time?.above ?? 0].enumerated() {
                results[(visit * DecisionLog.outcomeNames.count + index) * patients + first + lane] = value
            }
        }
    }

    func log() -> DecisionLog {
        var log = DecisionLog(variables: variables, visits: visits, patients: patients)
        let symbols = variables.symbols.count
        let outcomes = DecisionLog.outcomeNames.count
        for visit in 0..<visits {
            for symbol in 0..<symbols {
                let start = values + (visit * symbols + symbol) * patients
                log.snapshots[visit][symbol] = Array(UnsafeBufferPointer(start: start, count: patients))
            }
            log.isPresent[visit] = Array(UnsafeBufferPointer(start: present + visit * patients, count: patients))
            for index in 0..<outcomes {
                let start = results + (visit * outcomes + index) * patients
                log.outcomes[visit][index] = Array(UnsafeBufferPointer(start: start, count: patients))
            }
        }
        return log
    }
}
