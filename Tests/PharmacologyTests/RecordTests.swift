import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// What each kind of record does. Backed by closed forms and by a second way to write the same history.
///
/// Every case runs on a linear model, whose path is a formula, and on the same equations with a term that makes a stepper
/// integrate them.
@Suite("Records")
struct RecordTests {
    enum Route: String, CaseIterable, Sendable {
        /// Solved exactly; the depot exactly and the rest by a stepper; all by a stepper; all by the stiff one.
        case linear, split, explicit, rosenbrock

        var options: SolverOptions {
            switch self {
            case .linear, .split: SolverOptions(relativeTolerance: 1e-9)
            case .explicit: SolverOptions(method: .explicit8, relativeTolerance: 1e-9)
            case .rosenbrock: SolverOptions(method: .rosenbrock, relativeTolerance: 1e-9)
            }
        }
    }

    static let ka = 0.8
    static let ke = 0.15

    /// A depot and a central compartment that begins with 3; `flat` is 0 but no solver knows it.
    static func model(_ route: Route) throws -> SimulationModel {
        let flat = route == .split ? " + 0 * central * central" : ""
        return try Simulate.model(
            """
            central(0) <- 3
            d/dt(depot) <- -0.8 * depot
            d/dt(central) <- 0.8 * depot - 0.15 * central\(flat)
            """, outputs: ["depot", "central"])
    }

    static func record(
        _ time: Double, _ action: DosingRecord.Action = .dose, _ compartment: Int = 0, _ amount: Double = 0
    ) -> DosingRecord {
        DosingRecord(time: time, action: action, compartment: compartment, amount: amount)
    }

    /// Depot and central amounts `t` after they were `depot` and `central`, nothing flowing in.
    static func after(_ t: Double, depot: Double, central: Double) -> (depot: Double, central: Double) {
        let (slow, fast) = (Elementary.exp(-ke * t), Elementary.exp(-ka * t))
        return (depot * fast, central * slow + depot * ka / (ka - ke) * (slow - fast))
    }

    private func run(
        _ route: Route, _ doses: [DosingRecord], at times: [Double]
    ) throws -> [(depot: Double, central: Double)] {
        let course = try Simulate.course(
            Self.model(route), TestPatient(doses: doses), at: times, route.options)
        #expect(course.failure == nil, "\(route)")
        return zip(course[0], course[1]).map { ($0, $1) }
    }

    private func expect(
        _ value: (depot: Double, central: Double), _ expected: (depot: Double, central: Double), _ what: String,
        within tolerance: Double = 1e-8
    ) {
        #expect(abs(value.depot - expected.depot) < tolerance * 50, "\(what): depot \(value) against \(expected)")
        #expect(abs(value.central - expected.central) < tolerance * 50, "\(what): central \(value) against \(expected)")
    }

    @Test("A reset brings back the beginning, ends infusions and forgets what is on its way", arguments: Route.allCases)
    func reset(_ route: Route) throws {
        let doses = [
            Self.record(0, .dose, 0, 40),
            DosingRecord(time: 1, compartment: 1, amount: 90, input: .duration(9)),
            Self.record(4, .reset),
            Self.record(6, .dose, 0, 10),
        ]
        let values = try run(route, doses, at: [4, 5, 6, 9, 12])
        expect(values[0], (0, 3), "at the reset")
        expect(values[1], Self.after(1, depot: 0, central: 3), "behind it")
        let central = 3 * Elementary.exp(-Self.ke * 2)
        expect(values[2], (10, central), "at the next dose")
        expect(values[3], Self.after(3, depot: 10, central: central), "behind the next dose")
        // The end of the forgotten infusion, at 10, takes nothing away.
        expect(values[4], Self.after(6, depot: 10, central: central), "behind the infusion's end")
    }

    @Test("A reset forgets a dose that its lag has not let arrive")
    func resetForgetsLag() throws {
        let model = try Simulate.model("alag(a) <- 2\nd/dt(a) <- 0 * t", outputs: ["a"])
        let doses = [Self.record(0, .dose, 0, 7), Self.record(1, .reset), Self.record(1.5, .dose, 0, 5)]
        #expect(try Simulate.course(model, TestPatient(doses: doses), at: [1.2, 2.5, 3.5, 9])[0] == [0, 0, 5, 5])
    }

    @Test("A reset with a dose is the one and then the other", arguments: Route.allCases)
    func resetAndDose(_ route: Route) throws {
        let before = [Self.record(0, .dose, 0, 40), DosingRecord(time: 1, compartment: 1, amount: 90, duration: 9)]
        let one = try run(route, before + [Self.record(4, .resetAndDose, 0, 12)], at: [4, 7, 20])
        let two = try run(route, before + [Self.record(4, .reset), Self.record(4, .dose, 0, 12)], at: [4, 7, 20])
        for (a, b) in zip(one, two) { #expect(a == b, "\(route)") }
        expect(one[0], (12, 3), "at the record")
        expect(one[2], Self.after(16, depot: 12, central: 3), "long after")
    }

    @Test("Replace sets one compartment, multiply changes it; infusions go on", arguments: Route.allCases)
    func replaceAndMultiply(_ route: Route) throws {
        let doses = [
            Self.record(0, .dose, 0, 40), Self.record(2, .replace, 1, 17), Self.record(3, .multiply, 0, 0.25),
            Self.record(3, .multiply, 1, -2),
        ]
        let values = try run(route, doses, at: [1, 2, 3, 8])
        let atTwo = Self.after(2, depot: 40, central: 3)
        expect(values[0], Self.after(1, depot: 40, central: 3), "before")
        expect(values[1], (atTwo.depot, 17), "replaced")
        let atThree = Self.after(1, depot: atTwo.depot, central: 17)
        expect(values[2], (atThree.depot / 4, -2 * atThree.central), "multiplied")
        expect(values[3], Self.after(5, depot: atThree.depot / 4, central: -2 * atThree.central), "after")

        let infused = [
            DosingRecord(time: 0, compartment: 1, amount: 50, duration: 10), Self.record(4, .replace, 1, 2),
        ]
        let ran = try run(route, infused, at: [10])[0]
        let gained = 5 * -Elementary.expm1(-Self.ke * 6) / Self.ke
        expect(ran, (0, gained + 2 * Elementary.exp(-Self.ke * 6)), "infused on")
    }

    @Test(
        "A compartment that is off holds nothing and gives nothing, until a dose turns it on", arguments: Route.allCases
    )
    func turnOff(_ route: Route) throws {
        let doses = [
            Self.record(0, .dose, 0, 40), DosingRecord(time: 0, compartment: 1, amount: 50, duration: 10),
            Self.record(2, .turnOff, 1), Self.record(5, .dose, 1, 6),
        ]
        let values = try run(route, doses, at: [2, 4, 5, 9])
        let atTwo = 40 * Elementary.exp(-Self.ka * 2)
        expect(values[0], (atTwo, 0), "off")
        expect(values[1], (atTwo * Elementary.exp(-Self.ka * 2), 0), "still off, though the depot empties into it")
        let atFive = atTwo * Elementary.exp(-Self.ka * 3)
        expect(values[2], (atFive, 6), "on again")
        // The infusion ended when the compartment was turned off.
        expect(values[3], Self.after(4, depot: atFive, central: 6), "on again, later")

        let depotOff = [
            Self.record(0, .dose, 0, 40), Self.record(2, .turnOff, 0), Self.record(5, .dose, 1, 6),
            Self.record(7, .dose, 0, 11),
        ]
        let two = Self.after(2, depot: 40, central: 3)
        let courses = try run(route, depotOff, at: [2, 4, 6, 10])
        expect(courses[0], (0, two.central), "depot off")
        expect(courses[1], (0, two.central * Elementary.exp(-2 * Self.ke)), "depot still off")
        let five = two.central * Elementary.exp(-3 * Self.ke) + 6
        expect(courses[2], (0, five * Elementary.exp(-Self.ke)), "depot off, the other dosed")
        let seven = five * Elementary.exp(-2 * Self.ke)
        expect(courses[3], Self.after(3, depot: 11, central: seven), "depot on again")
    }

    @Test("A compartment that is off takes no constant input, and a reset turns it on")
    func turnOffAndReset() throws {
        for term in ["", " + 0 * a * a"] {
            let model = try Simulate.model("d/dt(a) <- 2 - 0.5 * a\(term)\nd/dt(b) <- a", outputs: ["a", "b"])
            let doses = [Self.record(1, .turnOff, 0), Self.record(4, .reset)]
            let course = try Simulate.course(
                model, TestPatient(doses: doses), at: [3, 6], SolverOptions(relativeTolerance: 1e-9))
            let (rise, still) = (4 * -Elementary.expm1(-0.5), 4 * -Elementary.expm1(-1.0))
            #expect(course.values[0][0] == 0)
            #expect(abs(course.values[0][1] - (4 - 2 * rise)) < 1e-8)
            #expect(abs(course.values[1][0] - still) < 1e-8)
            #expect(abs(course.values[1][1] - (8 - 2 * still)) < 1e-8)
        }
    }

    @Test("ADDL and II are the explicit records, whatever stands between them", arguments: Route.allCases)
    func additional(_ route: Route) throws {
        let between = [Self.record(13, .dose, 1, 4), Self.record(30.5, .multiply, 0, 0.5)]
        for input in [DosingRecord.Input.bolus, .rate(3), .duration(20)] {
            let short = DosingRecord(
                time: 1, compartment: 0, amount: 24, input: input, interval: 6, additional: 7)
            let long = (0...7).map {
                DosingRecord(time: 1 + 6 * Double($0), compartment: 0, amount: 24, input: input)
            }
            let times = [0.5, 1, 7, 12.9, 13, 31, 43, 44, 70]
            let all = (long + between).enumerated().sorted {
                ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
            }
            let given = try run(route, [short] + between, at: times)
            let expected = try run(route, all.map(\.element), at: times)
            for (a, b) in zip(given, expected) { #expect(a == b, "\(route), \(input)") }
            #expect(given[8].central > 0.5)
        }
    }

    @Test("Doses of one time act in the order given", arguments: Route.allCases)
    func orderAtOneTime(_ route: Route) throws {
        let (dose, double, set) = (
            Self.record(2, .dose, 0, 10), Self.record(2, .multiply, 0, 2), Self.record(2, .replace, 0, 3)
        )
        let other = Self.record(2, .dose, 1, 5)
        let cases: [([DosingRecord], Double)] = [
            ([dose, double], 20), ([double, dose], 10), ([dose, set, double], 6), ([dose, double, set], 3),
            ([set, double, dose], 16), ([set, other, dose, double], 26),
        ]
        for (records, depot) in cases {
            let value = try run(route, records, at: [2])[0]
            let central = 3 * Elementary.exp(-2 * Self.ke) + (records.contains(other) ? 5 : 0)
            expect(value, (depot, central), "\(route), \(records.map(\.action))")
        }
    }

    @Test("Infusions that overlap add their rates, each for its own time", arguments: Route.allCases)
    func overlap(_ route: Route) throws {
        let infusions: [(start: Double, length: Double, amount: Double)] = [
            (0, 10, 50), (2, 3, 12), (4, 20, 70), (5, 1, -3), (9, 1e-3, 8),
        ]
        let doses = infusions.map {
            DosingRecord(time: $0.start, compartment: 1, amount: $0.amount, input: .duration($0.length))
        }
        let times = [1.0, 2, 4.5, 5, 5.5, 6, 9, 9.5, 10, 24, 40]
        let form = ExponentialSum(terms: [(1, Self.ke)])
        for (time, value) in zip(times, try run(route, doses, at: times)) {
            let given = infusions.reduce(0.0) { $0 + $1.amount * form.infusion(time - $1.start, over: $1.length) }
            expect(value, (0, given + 3 * Elementary.exp(-Self.ke * time)), "\(route) at \(time)")
        }
    }

    @Test("At a dose's own time a sample is before or after it, for every kind of record", arguments: Route.allCases)
    func samplesAtRecords(_ route: Route) throws {
        let doses = [
            Self.record(1, .dose, 0, 10), Self.record(2, .multiply, 0, 3), Self.record(3, .replace, 0, 1),
            Self.record(4, .reset), Self.record(5, .resetAndDose, 0, 8), Self.record(6, .turnOff, 0),
        ]
        let fade = Elementary.exp(-Self.ka)
        let afterwards: [Double] = [10, 30 * fade, 1, 0, 8, 0]
        let beforehand: [Double] = [0, 10 * fade, 30 * fade * fade, fade, 0, 8 * fade]
        for (observation, expected) in [
            (SolverOptions.Observation.after, afterwards), (.before, beforehand),
        ] {
            var options = route.options
            options.observation = observation
            let values = try Simulate.recordedCourses(
                Self.model(route), [TestPatient(doses: doses)], at: [1, 2, 3, 4, 5, 6], options)[0][0]
            for (value, target) in zip(values, expected) {
                #expect(abs(value - target) < 1e-7, "\(route) \(observation): \(values)")
            }
        }
    }

    @Test("A sample a bit before and a bit after a dose sees one side each, at any size of the time")
    func samplesBesideDoses() throws {
        let model = try Simulate.model("d/dt(a) <- 0 * t", outputs: ["a"])
        for time in [0.1, 1.0 / 3, 24, 700.7, 8760.3] {
            let patient = TestPatient(doses: [Self.record(time, .dose, 0, 5)])
            let times = [time.nextDown, time, time.nextUp]
            let values = try Simulate.recordedCourses(model, [patient], at: times, SolverOptions())[0][0]
            #expect(values == [0, 5, 5], "\(time)")
        }
    }

    @Test("A history loaded at once and one given record by record have the same bits")
    func loadedOrGiven() throws {
        for route in [Route.linear, .split] {
            let model = try Self.model(route)
            for seed in 0..<40 {
                var choices = Choices(seed: UInt64(seed))
                let doses = (0..<10).map { _ in
                    DosingRecord(
                        time: Double(choices.below(20)),
                        action: choices.pick([
                            .dose, .dose, .dose, .multiply, .replace, .reset, .resetAndDose, .turnOff,
                        ]),
                        compartment: choices.below(2), amount: choices.number(-4...30),
                        input: choices.pick([.bolus, .duration(3.5)]), interval: 2.5, additional: choices.below(3))
                }.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
                let times = (1...30).map { Double($0) }
                let given = try Simulate.recordedCourses(
                    model, [TestPatient(doses: doses)], at: times, SolverOptions())[0]
                let subject = Subject(
                    inputs: try Simulate.inputs(of: model.model, for: TestPatient()), records: doses,
                    samples: [0] + times)
                PopulationSimulation(model).run([subject]) { block in
                    for (index, time) in times.enumerated() {
                        for output in 0..<2 {
                            let value = block.value(subject: 0, sample: index + 1, output: output)
                            #expect(value == given.values[index][output], "\(route), seed \(seed), time \(time)")
                        }
                    }
                }
            }
        }
    }
}
