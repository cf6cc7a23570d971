import Cohorts
import ModelLanguage
import NumericsCore
import Pharmacology
import Regimes

@testable import Trials

/// A trial small enough to follow by hand: one compartment, days for time, everything else as a test sets it.
struct TinyTrial {
    var seed: UInt64 = 2_718
    /// What is given stays: the amount is the sum of the doses so far.
    var model = "model({\nd/dt(a) <- 0\nx <- a\nx ~ add(sd)\n})"
    var hazards: [(event: String, stops: TrialEvent.Consequence, hazard: String)] = []
    /// Inputs of the model that neither it nor the cohort gives.
    var constants = ["sd": 0.0]
    var columns: [(name: String, value: @Sendable (Int) -> Double)] = []
    var days: [Double] = [0, 2, 4, 7]
    var end = 10.0
    var trackInterval = 1.0
    var doseInterval = 1.0
    var maximum = Double.greatestFiniteMagnitude
    var missed = Treatment.MissedDoses.probability(0)
    var dropoutPerDay = 0.0
    var endpoints = [Endpoint(name: "mean_dose", title: "mean dose", unit: "mg/d", measure: MeanDose())]
    var learningRange: ClosedRange<Double>?
    var tolerance = 1e-9
    /// Memory of regimes beside that of learned ones.
    var memory: [String] = []

    /// `dose`, and `hold_days` for days without a dose.
    var variables: DecisionVariables {
        let actions = ["dose", "hold_days"]
        return DecisionVariables(
            columns: columns.map { InputSymbol($0.name) }, measurements: ["x"], actions: actions,
            memory: LearningFrame.memory(for: actions) + memory)
    }

    func plan() throws -> TrialPlan {
        let document = try ModelParser.parse(model: SourceText(name: "tiny.R", text: model))
        let rules = hazards.map { HazardRule(event: $0.event, source: SourceText(name: "hazard", text: $0.hazard)) }
        let checked = try Model(document, hazards: rules)
        let known = Dictionary(
            checked.parameters.map { ($0.name, $0.value) } + checked.defaults.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
        let inputs = checked.inputs.map { name -> InputSource in
            if let eta = checked.etas.firstIndex(of: name) { return .eta(eta) }
            if let column = columns.firstIndex(where: { $0.name == name }) { return .column(column) }
            return .constant(known[name] ?? constants[name] ?? .nan)
        }
        return TrialPlan(
            seed: seed, model: try SimulationModel(checked, outputs: ["x"]),
            solver: SolverOptions(
                relativeTolerance: tolerance, absoluteTolerance: tolerance * 1e-3, observation: .before),
            modelTimePerDay: 1,
            visits: VisitSchedule(days: days, isMeasured: days.map { _ in [true] }, end: end),
            trackInterval: trackInterval, measurements: [Measurement(name: "x", endpoint: 0, track: 0)],
            treatment: Treatment(
                action: "dose", compartment: 0, interval: doseInterval, maximum: maximum, hold: "hold_days",
                missed: missed),
            dropoutPerDay: dropoutPerDay, inputs: inputs,
            events: hazards.map { TrialEvent(name: $0.event, stops: $0.stops) }, endpoints: endpoints, arms: [],
            variables: variables, decisionColumns: columns.indices.map { $0 },
            learningRange: learningRange.map { (0, $0.lowerBound, $0.upperBound) })
    }

    func cohort(_ count: Int) throws -> Cohort {
        try Cohort(
            count: count,
            columns: columns.map { column in CohortColumn(column.name, values: (0..<count).map(column.value)) })
    }

    /// An arm by its rules.
    func arm(_ start: String, then later: String = "", name: String = "arm") throws -> Arm {
        let rule = try RuleRegime(
            start: [SourceText(name: "start", text: start)],
            later: later.isEmpty ? [] : [SourceText(name: "later", text: later)], variables: variables)
        return Arm(name: name, regime: rule)
    }

    /// The patients 0, 1, … in the order of the cohort.
    static func patients(_ count: Int) -> [TrialPatient] {
        (0..<count).map { TrialPatient(number: UInt32($0), row: $0) }
    }

    func record(_ arm: Arm, patients count: Int, replicate: UInt32 = 0) throws -> ArmRecord {
        let runner = TrialRunner(try plan(), cohort: try cohort(count), threads: 2, stop: StopSignal())
        return try runner.run(arm, patients: Self.patients(count), replicate: replicate).record
    }

    /// The paths themselves, from blocks of sixteen.
    func paths(_ arm: Arm, patients count: Int, plan: TrialPlan? = nil, replicate: UInt32 = 0) throws -> [PatientPath] {
        let cycle = try VisitCycle(try plan ?? self.plan(), arm: arm)
        let cohort = try self.cohort(count)
        let everyone = Self.patients(count)
        return stride(from: 0, to: count, by: laneCount).flatMap {
            cycle.run(everyone[$0..<min(count, $0 + laneCount)], of: cohort, replicate: replicate)
        }
    }

    /// The day on which a patient drops out, from the patient's own stream: exponential.
    func dropoutDay(_ patient: Int) -> Double {
        let stream = RandomStream(seed: seed, purpose: .dropout, replicate: 0, patient: UInt32(patient))
        return -Elementary.log(stream.uniform(at: 0)) / dropoutPerDay
    }

    /// The cumulative hazard at which an event happens to a patient.
    func threshold(_ patient: Int, event: Int = 0) -> Double {
        let stream = RandomStream(seed: seed, purpose: .eventThreshold, replicate: 0, patient: UInt32(patient))
        return -Elementary.log(stream.uniform(at: UInt64(event)))
    }
}

extension ArmRecord {
    /// Everything that the record says of one patient, as bits.
    func bits(_ place: Int) -> [UInt64] {
        var bits = values.map { $0[place].bitPattern } + hasEvent.map { $0[place] ? 1 : 0 }
        bits += [
            lastDay[place].bitPattern, droppedOut[place] ? 1 : 0, failures[place].map { UInt64($0.rawValue) } ?? 0,
        ]
        bits += [dosesMissed[place], dosesDue[place], decisionsWithoutDose[place]].map { UInt64($0) }
        for measurement in measured { bits += measurement.map { $0[place].bitPattern } }
        return bits
    }
}
