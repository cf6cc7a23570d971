import Pharmacology

/// What happened to a set of patients in one arm, a column for each quantity.
public struct ArmRecord: Sendable {
    /// The arm's name.
    public let arm: String
    /// The number of each patient.
    public internal(set) var patients: [UInt32]
    /// The row of the cohort that each patient has.
    public internal(set) var rows: [Int]
    /// `values[endpoint][patient]`: the endpoint, or the time of a time-to-event endpoint in days.
    public internal(set) var values: [[Double]]
    /// `hasEvent[endpoint][patient]`
    public internal(set) var hasEvent: [[Bool]]
    /// The last day under observation.
    public internal(set) var lastDay: [Double]
    public internal(set) var droppedOut: [Bool]
    public internal(set) var dosesMissed: [Int]
    public internal(set) var dosesDue: [Int]
    public internal(set) var failures: [SolverFailure?]
    /// `measured[measurement][visit][patient]`: what was read at each visit; NaN where nothing was.
    public internal(set) var measured: [[[Double]]]
    /// `tracks[output][sample][patient]` for the first patients whose path is kept; empty where none is.
    public internal(set) var tracks: [[[Double]]]

    init(arm: String, patients: [TrialPatient], plan: TrialPlan) {
        let count = patients.count
        self.arm = arm
        self.patients = patients.map(\.number)
        rows = patients.map(\.row)
        values = plan.endpoints.map { _ in [Double](repeating: .nan, count: count) }
        hasEvent = plan.endpoints.map { _ in [Bool](repeating: false, count: count) }
        lastDay = Array(repeating: 0, count: count)
        droppedOut = Array(repeating: false, count: count)
        dosesMissed = Array(repeating: 0, count: count)
        dosesDue = Array(repeating: 0, count: count)
        failures = Array(repeating: nil, count: count)
        let visits = plan.visits.days.map { _ in [Double](repeating: .nan, count: count) }
        measured = plan.measurements.map { _ in visits }
        tracks = []
    }

    /// Enters what one patient went through at a place of the columns.
    mutating func enter(_ path: PatientPath, at place: Int, plan: TrialPlan) {
        lastDay[place] = path.lastDay
        droppedOut[place] = path.droppedOut
        dosesMissed[place] = path.dosesMissed
        dosesDue[place] = path.dosesDue
        failures[place] = path.failure
        for measurement in plan.measurements.indices {
            for (day, value) in zip(path.measuredDays[measurement], path.measured[measurement]) {
                guard let visit = plan.visits.days.firstIndex(of: day) else { continue }
                measured[measurement][visit][place] = value
            }
        }
        // A failed solve has no endpoint: it is counted, and never enters a mean.
        guard path.failure == nil else { return }
        for (index, endpoint) in plan.endpoints.enumerated() {
            let result = endpoint.measure.value(of: path)
            values[index][place] = result.value
            hasEvent[index][place] = result.hasEvent
        }
    }
}
