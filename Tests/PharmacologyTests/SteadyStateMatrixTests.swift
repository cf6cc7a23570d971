import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// One cell of the matrix: how a dose goes in, late by how much, how much of it, and what stands before the record.
struct SteadyStateCase: Sendable, CustomStringConvertible {
    enum Form: String, Sendable, CaseIterable {
        case bolus, shortRate, longRate, shortDuration, longDuration
        case shortModelledDuration, longModelledDuration, shortModelledRate, longModelledRate
    }

    enum Setting: String, Sendable, CaseIterable {
        /// SS 1 on top of other doses, which it wipes out.
        case replacing
        /// SS 2 on top of other doses, which stay.
        case adding
        /// A reset of a patient under treatment, and then SS 1 or SS 2, which differ no more.
        case replacingAfterReset, addingAfterReset
        /// EVID 4 with SS 1: the reset is in the record.
        case resetAndDose
    }

    var form: Form
    var lag: Double
    var fraction: Double
    var setting: Setting

    static let interval = 12.0
    /// When the record comes: 300 intervals from the beginning, so that explicit doses have room before it.
    static let recordTime = 300 * interval
    static let amount = 60.0

    static func all(_ settings: [Setting]) -> [SteadyStateCase] {
        settings.flatMap { setting in
            Form.allCases.flatMap { form in
                [0, 3.7, 12, 17.3, 41].flatMap { lag in
                    [0.5, 1].map { SteadyStateCase(form: form, lag: lag, fraction: $0, setting: setting) }
                }
            }
        }
    }

    var description: String { "\(setting) \(form), lag \(lag), F \(fraction)" }

    /// How long an infusion of the whole amount takes: shorter than the interval, or longer even at half bioavailability.
    var fullLength: Double {
        switch form {
        case .bolus: 0
        case .shortRate, .shortDuration, .shortModelledDuration, .shortModelledRate: 5
        default: 31
        }
    }

    var input: DosingRecord.Input {
        switch form {
        case .bolus: .bolus
        case .shortRate, .longRate: .rate(Self.amount / fullLength)
        case .shortDuration, .longDuration: .duration(fullLength)
        case .shortModelledDuration, .longModelledDuration: .modelledDuration
        case .shortModelledRate, .longModelledRate: .modelledRate
        }
    }

    /// How long the infusion takes: a given rate lasts for what is available, a given duration stays.
    var length: Double {
        switch form {
        case .shortRate, .longRate, .shortModelledRate, .longModelledRate: fullLength * fraction
        default: fullLength
        }
    }

    var inputs: [String: Double] {
        ["tlag": lag, "share": fraction, "tdur": max(fullLength, 1), "trate": Self.amount / max(fullLength, 1)]
    }

    /// The patient with the steady-state record and two doses that follow it.
    func patient(_ compartment: Int) -> TestPatient {
        var record = DosingRecord(
            time: Self.recordTime, compartment: compartment, amount: Self.amount, input: input,
            interval: Self.interval, additional: 2,
            steadyState: setting == .adding || setting == .addingAfterReset ? .adding : .replacing)
        if setting == .resetAndDose { record.action = .resetAndDose }
        var doses = others(compartment)
        if setting == .replacingAfterReset || setting == .addingAfterReset {
            doses.append(DosingRecord(time: Self.recordTime - 0.3, action: .reset, compartment: 0, amount: 0))
        }
        return TestPatient(inputs: inputs, doses: doses + [record])
    }

    /// A bolus some time before, and an infusion that runs (or whose lag runs) at the time of the record.
    func others(_ compartment: Int) -> [DosingRecord] {
        [
            DosingRecord(time: Self.recordTime - 20, compartment: compartment, amount: 25),
            DosingRecord(
                time: Self.recordTime - 0.5, compartment: compartment, amount: 30, input: .duration(9)),
        ]
    }

    /// The regimen as so many explicit doses up to the record's, and the two that follow.
    func explicitPatient(_ compartment: Int) -> TestPatient {
        let doses = (0...302).map {
            DosingRecord(
                time: Double($0) * Self.interval, compartment: compartment, amount: Self.amount, input: input)
        }
        return TestPatient(inputs: inputs, doses: doses)
    }
}

/// Steady state × lag × bioavailability × reset × infusion, each cell against an independent second route: for a linear
/// model the closed form of every dose added up, for a nonlinear one 300 explicit doses.
@Suite("Steady state, as a matrix")
struct SteadyStateMatrixTests {
    typealias Case = SteadyStateCase

    /// The dose functions of the matrix for one compartment.
    static func doseFunctions(_ name: String) -> String {
        "\nalag(\(name)) <- tlag\nf(\(name)) <- share\ndur(\(name)) <- tdur\nrate(\(name)) <- trate"
    }

    static let linear =
        """
        d/dt(depot) <- -0.9 * depot
        d/dt(central) <- 0.9 * depot - (6 + 4) * central / 20 + 4 * peripheral / 25
        d/dt(peripheral) <- 4 * central / 20 - 4 * peripheral / 25
        cp <- central / 20
        """ + doseFunctions("central") + doseFunctions("depot")

    /// Saturable elimination; each dose is about two thirds of what an interval can remove at F 1.
    static let nonlinear =
        """
        d/dt(depot) <- -0.9 * depot
        d/dt(central) <- 0.9 * depot - 7.5 * central / (15 + central)
        cp <- central
        """ + doseFunctions("central") + doseFunctions("depot")

    /// From the record on: at it, just behind it, around the ends of infusions and the doses that follow.
    static let times = [0, 0.01, 0.9, 1.3, 3.7, 4.9, 5.3, 7, 8.7, 9.5, 11.9, 12, 13, 17.3, 24, 29, 41, 47, 60, 75]
        .map { Case.recordTime + $0 }

    /// The largest difference of two courses, relative to the largest value of the second.
    static func distance(_ course: [Double], _ expected: [Double]) -> Double {
        let largest = expected.map { abs($0) }.max() ?? 0
        return zip(course, expected).reduce(0) {
            let error = abs($1.0 - $1.1) / largest
            return error.isNaN ? .infinity : max($0, error)
        }
    }

    static func run(
        _ text: String, _ patients: [TestPatient], _ options: SolverOptions = SolverOptions()
    ) throws -> [TestCourse] {
        let model = try Simulate.model(text, outputs: ["cp"])
        return try stride(from: 0, to: patients.count, by: 16).flatMap { first in
            try Simulate.courses(
                model, Array(patients[first..<min(first + 16, patients.count)]), at: times, options)
        }
    }

    /// The concentration that the closed form gives for a case: every dose of the regimen that matters, and the others.
    private func expected(_ cell: Case, _ compartment: Int, at time: Double) -> Double {
        let central = ExponentialSum.twoCompartments(cl: 6, v1: 20, q: 4, v2: 25)
        let form = compartment == 0 ? central.absorbed(0.9) : central
        let amount = cell.fraction * Case.amount
        func response(_ t: Double, _ length: Double) -> Double {
            length == 0 ? form.bolus(t) : form.infusion(t, over: length)
        }
        var sum = 0.0
        // The slowest exponential loses 99 % in 35 h: of 200 intervals nothing is left.
        for k in -200...2 {
            let arrival = Case.recordTime + Double(k) * Case.interval + cell.lag
            if arrival <= time { sum += amount * response(time - arrival, cell.length) }
        }
        guard cell.setting == .adding else { return sum }
        for other in cell.others(compartment) where other.time + cell.lag <= time {
            let length = if case .duration(let length) = other.input { length } else { 0.0 }
            sum += cell.fraction * other.amount * response(time - other.time - cell.lag, length)
        }
        return sum
    }

    @Test("A linear model: every cell follows the closed form of 200 doses within 1e-9", arguments: [0, 1])
    func linearCells(_ compartment: Int) throws {
        let cells = Case.all(Case.Setting.allCases)
        let courses = try Self.run(Self.linear, cells.map { $0.patient(compartment) })
        for (cell, course) in zip(cells, courses) {
            #expect(course.failure == nil, "\(cell)")
            let expected = Self.times.map { self.expected(cell, compartment, at: $0) }
            #expect(Self.distance(course[0], expected) < 1e-9, "\(cell): \(course[0]) against \(expected)")
        }
        #expect(cells.count == 450)
    }

    @Test("A linear model by steppers alone finds the same steady states within 1e-7")
    func linearBySteppers() throws {
        let cells = Case.all([.replacing, .adding]).filter { $0.lag != 12 }
        for method in [SolverOptions.Method.explicit5, .explicit8, .rosenbrock, .radau] {
            let courses = try Self.run(Self.linear, cells.map { $0.patient(0) }, SolverOptions(method: method))
            for (cell, course) in zip(cells, courses) {
                let expected = Self.times.map { self.expected(cell, 0, at: $0) }
                #expect(course.failure == nil, "\(method) \(cell)")
                #expect(Self.distance(course[0], expected) < 1e-7, "\(method) \(cell)")
            }
        }
    }

    @Test("Michaelis–Menten elimination: every cell follows 300 explicit doses within 1e-7", arguments: [0, 1])
    func nonlinearCells(_ compartment: Int) throws {
        let settings: [Case.Setting] = [.replacing, .replacingAfterReset, .resetAndDose, .addingAfterReset]
        let cells = Case.all(settings)
        let courses = try Self.run(Self.nonlinear, cells.map { $0.patient(compartment) })
        // The explicit doses know nothing of the setting.
        let explicit = Case.all([.replacing])
        let references = try Self.run(
            Self.nonlinear, explicit.map { $0.explicitPatient(compartment) },
            SolverOptions(relativeTolerance: 1e-10))
        for (index, (cell, course)) in zip(cells, courses).enumerated() {
            let reference = references[index % explicit.count]
            #expect(course.failure == nil && reference.failure == nil, "\(cell)")
            let distance = Self.distance(course[0], reference[0])
            #expect(distance < 1e-7, "\(cell): \(distance)")
        }
    }

    /// NONMEM's meaning (PREDPP, steady-state dose event records): the infusion ends with the record.
    @Test("A constant infusion without end (II 0) leads to its steady state and ends; one that begins there goes on")
    func constantInfusion() throws {
        let inputs = ["tlag": 0, "share": 1, "tdur": 1, "trate": 1.0]
        let before = DosingRecord(time: 1, compartment: 0, amount: 40)
        let record = DosingRecord(time: 5, compartment: 1, amount: 0, input: .rate(3), steadyState: .replacing)
        let following = DosingRecord(time: 5, compartment: 1, amount: 3000, input: .rate(3))
        let times: [Double] = [5, 6, 20, 100]
        let form = ExponentialSum.twoCompartments(cl: 6, v1: 20, q: 4, v2: 25)
        // Clearance 6: 3 / 6. Michaelis–Menten: 3 = 7.5 c / (15 + c) at c = 10.
        for (text, level) in [(Self.linear, 0.5), (Self.nonlinear, 10.0)] {
            let model = try Simulate.model(text, outputs: ["cp"])
            let courses = try Simulate.courses(
                model,
                [
                    TestPatient(inputs: inputs, doses: [before, record]),
                    TestPatient(inputs: inputs, doses: [before, record, following]),
                ], at: times, SolverOptions())
            #expect(courses.map(\.failure) == [nil, nil])
            for value in courses[1][0] { #expect(relativeError(value, level) < 1e-8, "\(text)") }
            #expect(relativeError(courses[0][0][0], level) < 1e-8, "\(text)")
            guard level == 0.5 else { continue }
            for (time, value) in zip(times, courses[0][0]) {
                // 10,000 time units of infusion leave nothing of their beginning.
                let decay = form.infusion(1e4 + time - 5, over: 1e4) * 3e4
                #expect(relativeError(value, decay) < 1e-9, "\(time)")
            }
        }
    }

    @Test("A constant infusion at steady state may be added to a linear model's other doses")
    func addedInfusion() throws {
        let model = try Simulate.model(Self.linear, outputs: ["cp"])
        let bolus = DosingRecord(time: 1, compartment: 1, amount: 40)
        let record = DosingRecord(time: 5, compartment: 1, amount: 0, input: .rate(3), steadyState: .adding)
        let patient = TestPatient(
            inputs: ["tlag": 0, "share": 1, "tdur": 1, "trate": 1], doses: [bolus, record])
        let times: [Double] = [5, 6, 20, 40]
        let form = ExponentialSum.twoCompartments(cl: 6, v1: 20, q: 4, v2: 25)
        let course = try Simulate.course(model, patient, at: times, SolverOptions())[0]
        for (time, value) in zip(times, course) {
            let expected = form.infusion(1e4 + time - 5, over: 1e4) * 3e4 + 40 * form.bolus(time - 1)
            #expect(relativeError(value, expected) < 1e-9, "\(time)")
        }
    }

    @Test("What follows from the last dose follows it in steady state too", arguments: [0, 2.5])
    func doseClocks(_ lag: Double) throws {
        // Gamma-shaped input, and a clearance that rises with the time after the dose; 40 doses by hand.
        let model = try Simulate.model(
            "inp <- transit(3, 2)\nd/dt(a) <- inp - 0.5 * (1 + 0.02 * tad0()) * a\nf(a) <- 0\nalag(a) <- tlag",
            outputs: ["a"])
        let times = [0.5, 3, 7, 11.5, 14]
        func course(_ records: [DosingRecord]) throws -> [Double] {
            let patient = TestPatient(inputs: ["tlag": lag], doses: records)
            let course = try Simulate.course(model, patient, at: times.map { 480 + $0 }, SolverOptions())
            #expect(course.failure == nil)
            return course[0]
        }
        let steady = try course([
            DosingRecord(time: 480, compartment: 0, amount: 100, interval: 12, additional: 3, steadyState: .replacing)
        ])
        let explicit = try course([
            DosingRecord(time: 0, compartment: 0, amount: 100, interval: 12, additional: 43)
        ])
        for (value, expected) in zip(steady, explicit) {
            #expect(relativeError(value, expected) < 1e-7, "\(value) \(expected)")
        }
    }

    @Test("A dose that no interval can remove has no steady state, and says so")
    func noSteadyState() throws {
        let model = try Simulate.model(Self.nonlinear, outputs: ["cp"])
        let record = DosingRecord(
            time: 1, compartment: 1, amount: 100, interval: 12, steadyState: .replacing)
        let bearable = DosingRecord(
            time: 1, compartment: 1, amount: 80, interval: 12, steadyState: .replacing)
        let withoutInterval = DosingRecord(time: 1, compartment: 1, amount: 80, steadyState: .replacing)
        let inputs = ["tlag": 0, "share": 1, "tdur": 1, "trate": 1.0]
        let courses = try Simulate.courses(
            model, [record, bearable, withoutInterval].map { TestPatient(inputs: inputs, doses: [$0]) }, at: [3],
            SolverOptions())
        #expect(courses.map(\.failure) == [.noSteadyState, nil, .noSteadyState])
        for amount in [91.0, 93, 120, 200, 1000, 1e5] {
            var excess = record
            excess.amount = amount
            let course = try Simulate.course(
                model, TestPatient(inputs: inputs, doses: [excess]), at: [3], SolverOptions())
            #expect(course.failure == .noSteadyState, "\(amount): \(course[0])")
        }
        // Nothing leaves this compartment; another that nothing reads only counts.
        let closed = try Simulate.model("d/dt(a) <- -k * a\nd/dt(out) <- k * a", outputs: ["a", "out"])
        let regimen = DosingRecord(time: 0, compartment: 0, amount: 8, interval: 6, steadyState: .replacing)
        let patients = [0, 0.1].map { TestPatient(inputs: ["k": $0], doses: [regimen]) }
        let both = try Simulate.courses(closed, patients, at: [0], SolverOptions())
        #expect(both[0].failure == .noSteadyState)
        #expect(relativeError(both[1].values[0][0], 8 / -Elementary.expm1(-0.6)) < 1e-9)
        #expect(SolverFailure.noSteadyState.name == "no steady state")
    }
}
