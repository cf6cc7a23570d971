import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// A patient of a test: inputs that differ from the model's own values, doses, and thresholds of the model's events.
struct TestPatient {
    var inputs: [String: Double] = [:]
    var doses: [DosingRecord] = []
    var thresholds: [Double] = []
}

/// What became of a patient.
struct TestCourse: Equatable {
    /// `values[time][output]`
    var values: [[Double]]
    var eventTimes: [Double]
    var failure: SolverFailure?

    /// The values of one output over time.
    subscript(output: Int) -> [Double] { values.map { $0[output] } }

    /// Whether two courses have the same bits, NaN being like NaN.
    func hasSameBits(as other: TestCourse) -> Bool {
        func bits(_ x: [Double]) -> [UInt64] { x.map { $0.isNaN ? 0 : $0.bitPattern } }
        return values.map(bits) == other.values.map(bits) && bits(eventTimes) == bits(other.eventTimes)
            && failure == other.failure
    }
}

/// Short forms to simulate a model given as text.
enum Simulate {
    static let tight = SolverOptions(relativeTolerance: 1e-11, absoluteTolerance: 1e-13)

    static func model(_ text: String, outputs: [String], hazards: [HazardRule] = []) throws -> SimulationModel {
        let document = try ModelParser.parse(model: SourceText(name: "model.R", text: text))
        return try SimulationModel(Model(document, hazards: hazards), outputs: outputs)
    }

    static func hazard(_ event: String, _ text: String) -> HazardRule {
        HazardRule(event: event, source: SourceText(name: event, text: text))
    }

    /// The inputs of a model in register order, the model's own values where the patient has none.
    static func inputs(of model: Model, for patient: TestPatient) throws -> [Double] {
        for name in patient.inputs.keys { try #require(model.inputSlot(name) != nil, "no input '\(name)'") }
        return try model.inputs.map { name in
            if let value = patient.inputs[name] { return value }
            if let parameter = model.parameters.first(where: { $0.name == name }) { return parameter.value }
            if let variable = model.defaults.first(where: { $0.name == name }) { return variable.value }
            if model.etas.contains(name) { return 0 }
            if model.clock.contains(where: { model.inputs[$0.slot] == name }) { return 0 }
            return try #require(patient.inputs[name], "the input '\(name)' needs a value")
        }
    }

    /// Puts patients into the first lanes (nil leaves a lane to nobody) and starts them.
    static func begin(_ simulation: LaneSimulation, _ patients: [TestPatient], at start: Double = 0) throws {
        for (lane, patient) in patients.enumerated() {
            let values = try inputs(of: simulation.model.model, for: patient)
            for (slot, value) in values.enumerated() { simulation.setInput(slot, lane: lane, to: value) }
            for (event, threshold) in patient.thresholds.enumerated() {
                simulation.setThreshold(event: event, lane: lane, to: threshold)
            }
        }
        simulation.begin(at: start, lanes: 0..<patients.count)
        for (lane, patient) in patients.enumerated() {
            for dose in patient.doses { simulation.give(dose, lane: lane) }
        }
    }

    /// The patients' courses, each value read at the end of an interval: after the doses of that time.
    static func courses(
        _ model: SimulationModel, _ patients: [TestPatient], at times: [Double], _ options: SolverOptions = tight
    ) throws -> [TestCourse] {
        let simulation = LaneSimulation(model, options: options)
        try begin(simulation, patients)
        var values = patients.map { _ in [[Double]]() }
        for time in times {
            simulation.advance(to: time)
            simulation.report()
            for lane in patients.indices {
                values[lane].append(model.outputs.indices.map { simulation.value(ofOutput: $0)[lane] })
            }
        }
        return courses(simulation, values)
    }

    /// One patient's course, each value read at the end of an interval.
    static func course(
        _ model: SimulationModel, _ patient: TestPatient = TestPatient(), at times: [Double],
        _ options: SolverOptions = tight
    ) throws -> TestCourse {
        try courses(model, [patient], at: times, options)[0]
    }

    /// The patients' courses as recorded on the way to the last time, by dense output.
    static func recordedCourses(
        _ model: SimulationModel, _ patients: [TestPatient], at times: [Double], _ options: SolverOptions = tight
    ) throws -> [TestCourse] {
        let simulation = LaneSimulation(model, options: options)
        try begin(simulation, patients)
        let count = model.outputs.count
        let recorded = LanePointer.allocate(capacity: times.count * count)
        defer { recorded.deallocate() }
        simulation.advance(to: try #require(times.last), samples: times, recorded: recorded)
        let values = patients.indices.map { lane in
            times.indices.map { time in (0..<count).map { recorded[time * count + $0][lane] } }
        }
        return courses(simulation, values)
    }

    private static func courses(_ simulation: LaneSimulation, _ values: [[[Double]]]) -> [TestCourse] {
        values.indices.map { lane in
            TestCourse(
                values: values[lane], eventTimes: simulation.eventTimes.map { $0[lane] },
                failure: simulation.failures[lane])
        }
    }
}

/// |value − expected| / |expected|; 0 when both are equal, +∞ for NaN.
func relativeError(_ value: Double, _ expected: Double) -> Double {
    if value == expected { return 0 }
    let error = abs(value - expected) / abs(expected)
    return error.isNaN ? .infinity : error
}

/// A small generator of equally likely choices (splitmix64), so that a failing case can be made again from its seed.
struct Choices {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func number(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double(next() >> 11) * 0x1p-53
    }

    mutating func shuffle<Element>(_ elements: [Element]) -> [Element] {
        var rest = elements
        var shuffled: [Element] = []
        while !rest.isEmpty { shuffled.append(rest.remove(at: below(rest.count))) }
        return shuffled
    }
}

extension DosingRecord {
    /// How long an infusion of full bioavailability takes; 0 for a bolus.
    var duration: Double {
        switch input {
        case .rate(let rate): amount / rate
        case .duration(let duration): duration
        default: 0
        }
    }
}
