import Pharmacology

/// What happened to a set of patients in one arm, a column for each quantity.
package struct ArmRecord: Sendable {
    /// The arm's name.
    package let arm: String
    /// The number of each patient.
    package internal(set) var patients: [UInt32]
    /// The row of the cohort that each patient has.
    package internal(set) var rows: [Int]
    /// `values[endpoint][patient]`: the endpoint, or the time of a time-to-event endpoint in days.
    package internal(set) var values: [[Double]]
    /// `hasEvent[endpoint][patient]`
    package internal(set) var hasEvent: [[Bool]]
    /// The last day under observation.
    package internal(set) var lastDay: [Double]
    package internal(set) var droppedOut: [Bool]
    /// The amount that the last decision gave as one dose; NaN where none gave an amount.
    package internal(set) var lastDose: [Double]
    package internal(set) var dosesMissed: [Int]
    package internal(set) var dosesDue: [Int]
    /// At how many visits the regime left no amount that could be given: NaN, negative or infinite.
    package internal(set) var decisionsWithoutDose: [Int]
    package internal(set) var failures: [SolverFailure?]
    /// What became of the recommendations of the regime; zeros without a clinic.
    package internal(set) var clinic: [ClinicCounts]
    /// `measured[measurement][visit][patient]`: what was read at each visit; NaN where nothing was.
    package internal(set) var measured: [[[Double]]]

    init(arm: String, patients: [TrialPatient], plan: TrialPlan) {
        let count = patients.count
        self.arm = arm
        self.patients = patients.map(\.number)
        rows = patients.map(\.row)
        values = plan.endpoints.map { _ in [Double](repeating: .nan, count: count) }
        hasEvent = plan.endpoints.map { _ in [Bool](repeating: false, count: count) }
        lastDay = Array(repeating: 0, count: count)
        droppedOut = Array(repeating: false, count: count)
        lastDose = Array(repeating: .nan, count: count)
        dosesMissed = Array(repeating: 0, count: count)
        dosesDue = Array(repeating: 0, count: count)
        decisionsWithoutDose = dosesDue
        failures = Array(repeating: nil, count: count)
        clinic = Array(repeating: ClinicCounts(), count: count)
        let visits = plan.visits.days.map { _ in [Double](repeating: .nan, count: count) }
        measured = plan.measurements.map { _ in visits }
    }

    /// The record of patients whose paths are known.
    init(arm: String, patients: [TrialPatient], paths: [PatientPath], plan: TrialPlan) {
        self.init(arm: arm, patients: patients, plan: plan)
        for (place, path) in paths.enumerated() { enter(path, at: place, plan: plan) }
    }

    /// Puts the record of some patients in the place of those from `first` on.
    mutating func replace(from first: Int, with part: ArmRecord) {
        func put<Value>(_ values: [Value], into column: inout [Value]) {
            column.replaceSubrange(first..<first + values.count, with: values)
        }
        for index in values.indices {
            put(part.values[index], into: &values[index])
            put(part.hasEvent[index], into: &hasEvent[index])
        }
        put(part.lastDay, into: &lastDay)
        put(part.droppedOut, into: &droppedOut)
        put(part.lastDose, into: &lastDose)
        put(part.dosesMissed, into: &dosesMissed)
        put(part.dosesDue, into: &dosesDue)
        put(part.decisionsWithoutDose, into: &decisionsWithoutDose)
        put(part.failures, into: &failures)
        put(part.clinic, into: &clinic)
        for index in measured.indices {
            for visit in measured[index].indices { put(part.measured[index][visit], into: &measured[index][visit]) }
        }
    }

    /// Enters what one patient went through at a place of the columns.
    mutating func enter(_ path: PatientPath, at place: Int, plan: TrialPlan) {
        lastDay[place] = path.lastDay
        droppedOut[place] = path.droppedOut
        lastDose[place] = path.lastDose ?? .nan
        dosesMissed[place] = path.dosesMissed
        dosesDue[place] = path.dosesDue
        decisionsWithoutDose[place] = path.decisionsWithoutDose
        failures[place] = path.failure
        clinic[place] = path.clinic
        for measurement in plan.measurements.indices {
            for (visit, value) in zip(path.measuredVisits[measurement], path.measured[measurement]) {
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

extension ArmRecord {
    /// Why equations can fail to be solved: the code of ``failures`` and its name, in the order of the codes.
    package static var failureKinds: [(code: Int32, name: String)] {
        SolverFailure.allCases.map { ($0.rawValue, $0.name) }
    }

    /// How many patients failed in each way, in the order of ``failureKinds``.
    package var failuresByKind: [Int] {
        SolverFailure.allCases.map { kind in failures.count { $0 == kind } }
    }
}
