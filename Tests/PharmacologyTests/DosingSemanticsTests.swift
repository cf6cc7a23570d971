import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// What NONMEM's guide says of records that stand against each other. Backed by the same history written without them, by
/// explicit doses, and by closed forms.
@Suite("Records that stand against each other")
struct DosingSemanticsTests {
    private static func dose(_ time: Double, _ amount: Double = 10, every interval: Double = 0, _ additional: Int = 0)
        -> DosingRecord
    { DosingRecord(time: time, compartment: 0, amount: amount, interval: interval, additional: additional) }

    private static func record(_ time: Double, _ action: DosingRecord.Action, _ amount: Double = 0) -> DosingRecord {
        DosingRecord(time: time, action: action, compartment: 0, amount: amount)
    }

    private let times = [3.5, 4, 5, 9, 13, 30.0]

    private func values(_ doses: [DosingRecord], _ options: SolverOptions = SolverOptions()) throws -> [[Double]] {
        let course = try Simulate.course(
            RecordTests.model(.linear), TestPatient(doses: doses), at: times, options)
        #expect(course.failure == nil)
        return course.values
    }

    @Test("A reset cancels the doses that earlier records still have to give, and no later ones")
    func resetCancels() throws {
        let before = Self.dose(0, every: 4, 5)
        for action in [DosingRecord.Action.reset, .resetAndDose] {
            let after = [Self.record(5, action, 7), Self.dose(6, 3, every: 3, 4)]
            // Without the reset's help: only the doses before it were ever ordered.
            let given = [Self.dose(0, every: 4, 1)] + after
            #expect(try values([before] + after) == values(given))
            let kept = try values([before] + after, SolverOptions(pendingDoses: .kept))
            #expect(
                kept
                    == (try values(
                        [before] + after + [8, 12, 16, 20].map { Self.dose($0) }.sorted { $0.time < $1.time })))
        }
    }

    @Test("A reset with a dose repeats the dose, not the reset, and keeps its own repeats")
    func ownRepeats() throws {
        var one = Self.record(5, .resetAndDose, 7)
        (one.interval, one.additional) = (4, 3)
        let given = [Self.record(5, .resetAndDose, 7), Self.dose(9, 7), Self.dose(13, 7), Self.dose(17, 7)]
        #expect(try values([Self.dose(0, every: 4, 9), one]) == values([Self.dose(0, every: 4, 1)] + given))
    }

    @Test("SS 1 cancels the doses that earlier records still have to give and keeps its own; SS 2 cancels none")
    func steadyStateCancels() throws {
        let before = Self.dose(0, every: 4, 5)
        var steady = Self.dose(5, 20, every: 6, 2)
        steady.steadyState = .replacing
        #expect(try values([before, steady]) == values([Self.dose(0, every: 4, 1), steady]))
        let cancelled = try values([before, steady])
        let kept = try values([before, steady], SolverOptions(pendingDoses: .kept))
        #expect(cancelled[3] != kept[3])

        steady.steadyState = .adding
        let added = try values([before, steady])
        let explicit = try values(
            [Self.dose(0, every: 4, 1), steady] + [8, 12, 16, 20].map { Self.dose($0) })
        for (a, b) in zip(added.joined(), explicit.joined()) { #expect(abs(a - b) < 1e-12 * max(1, abs(b))) }
    }

    @Test("SS 1 without II is an infusion without end where it has a rate and no amount, also by the model's rate()")
    func endlessInfusion() throws {
        let model = try Simulate.model("rate(a) <- r\nd/dt(a) <- -0.2 * a", outputs: ["a"])
        for input in [DosingRecord.Input.rate(6), .modelledRate] {
            var record = DosingRecord(time: 2, compartment: 0, amount: 0, input: input)
            record.steadyState = .replacing
            let course = try Simulate.course(model, TestPatient(inputs: ["r": 6], doses: [record]), at: [2, 7])
            #expect(course.failure == nil)
            #expect(relativeError(course[0][0], 30) < 1e-9)
            #expect(relativeError(course[0][1], 30 * Elementary.exp(-1)) < 1e-9)
        }
        var bolus = Self.dose(2)
        bolus.steadyState = .replacing
        let failed = try Simulate.course(model, TestPatient(inputs: ["r": 6], doses: [bolus]), at: [2, 7])
        #expect(failed.failure == .noSteadyState)
    }

    @Test(
        "A steady state leaves compartments that are off empty, as explicit doses do", arguments: ["", " + 0 * b * b"])
    func steadyStateWithoutACompartment(_ flat: String) throws {
        let model = try Simulate.model(
            """
            d/dt(a) <- 0.3 * b - 0.5 * a
            d/dt(b) <- 0.5 * a - 0.4 * b + 2 * c - 1.5 * c * b / (10 + b)\(flat)
            d/dt(c) <- 0.1 * a + 1 - c
            """, outputs: ["a", "b", "c"])
        let off = DosingRecord(time: 0, action: .turnOff, compartment: 2, amount: 0)
        var steady = DosingRecord(time: 2400, compartment: 0, amount: 40, interval: 12)
        steady.steadyState = .replacing
        let long = DosingRecord(time: 0, compartment: 0, amount: 40, interval: 12, additional: 200)
        for isOff in [true, false] {
            let first = isOff ? [off] : []
            let times = [2400, 2405, 2411.0]
            let short = try Simulate.course(model, TestPatient(doses: first + [steady]), at: times)
            let explicit = try Simulate.course(model, TestPatient(doses: first + [long]), at: times)
            for (a, b) in zip(short.values.joined(), explicit.values.joined()) {
                #expect(abs(a - b) < 1e-7 * max(1, abs(b)), "\(isOff)")
            }
            #expect(short.values.allSatisfy { ($0[2] == 0) == isOff })
        }
    }

    @Test("A dose at steady state turns its own compartment on")
    func steadyStateOfAnOffCompartment() throws {
        let model = try Simulate.model("alag(a) <- 3\nd/dt(a) <- -0.2 * a", outputs: ["a"])
        var steady = DosingRecord(time: 5, compartment: 0, amount: 40, interval: 12)
        steady.steadyState = .replacing
        let off = DosingRecord(time: 1, action: .turnOff, compartment: 0, amount: 0)
        let one = try Simulate.course(model, TestPatient(doses: [off, steady]), at: [5, 9, 20])
        let other = try Simulate.course(model, TestPatient(doses: [steady]), at: [5, 9, 20])
        #expect(one.values == other.values && one.values[0][0] > 1)
    }

    @Test("The limit of steps counts from stop to stop")
    func stepsBetweenStops() throws {
        let model = try Simulate.model("d/dt(x) <- y\nd/dt(y) <- -x - 0 * x * x", outputs: ["x"])
        let doses = [Self.dose(0, 1, every: 10, 99)]
        let options = SolverOptions(maximumSteps: 60)
        let stopped = try Simulate.course(model, TestPatient(doses: doses), at: [1000], options)
        #expect(stopped.failure == nil)
        let without = try Simulate.course(model, TestPatient(doses: [Self.dose(0, 1)]), at: [1000], options)
        #expect(without.failure == .tooManySteps)
    }

    @Test(
        "An input that changes right after a time is seen by nothing at that time and by all behind it",
        arguments: SolverOptions.Method.allCases)
    func changesRightAfter(_ method: SolverOptions.Method) throws {
        let model = try Simulate.model("seen <- k\nd/dt(a) <- k - 0 * a * a", outputs: ["a", "seen"])
        let slot = try #require(model.model.inputSlot("k"))
        let changes = zip([0, 7, 12.5], [2.0, 3, 5]).map { InputChange(time: $0.nextUp, slot: slot, value: $1) }
        let times = [0, 3, 7, 10, 12.5, 20.0]
        let subject = Subject(inputs: [1], changes: changes, samples: times)
        for observation in SolverOptions.Observation.allCases {
            let simulation = PopulationSimulation(
                model, options: SolverOptions(method: method, observation: observation))
            var seen: [Double] = []
            var amounts: [Double] = []
            simulation.run([subject]) { block in
                #expect(block.failure(subject: 0) == nil)
                for sample in times.indices {
                    amounts.append(block.value(subject: 0, sample: sample, output: 0))
                    seen.append(block.value(subject: 0, sample: sample, output: 1))
                }
            }
            #expect(seen == [1, 2, 2, 3, 3, 5])
            for (value, known) in zip(amounts, [0, 6, 14, 23, 30.5, 68]) { #expect(abs(value - known) < 1e-10) }
        }
    }

    @Test("The logarithm of what is not positive is constant, and so is its derivative")
    func logarithm() throws {
        var graph = ExpressionGraph()
        let x = graph.state(0)
        let root = graph.apply(.log, x)
        var derivatives = Derivatives(by: .state(0))
        let derivative = try #require(derivatives.derivative(of: root, in: &graph))
        var layout = RegisterLayout(inputCount: 0, stateCount: 1)
        layout.addConstants(of: graph, in: graph.slice(below: [derivative]))
        let program = LaneProgram(graph, roots: [derivative], layout: layout)
        let file = RegisterFile(count: program.registerCount)
        file.load(constants: layout)
        let values: [Double] = [-3, -1e-9, 0, 0.5, 0.25, 4]
        for (lane, value) in values.enumerated() { file.lanes[layout.firstState][lane] = value }
        program.run(file.lanes)
        let found = values.indices.map { file.lanes[Int(program.results[0])][$0] }
        #expect(found == [0, 0, 0, 2, 4, 0.25])
    }

    @Test("A chain of 20,000 assignments compiles and simulates, linear or not", arguments: ["", " + 0 * a * a"])
    func longChain(_ flat: String) throws {
        var text = "a(0) <- 1\nx0 <- 0.5 * a\n"
        for index in 1...20_000 { text += "x\(index) <- x\(index - 1) * k + a * 1e-9\n" }
        let model = try Simulate.model(text + "d/dt(a) <- -x20000\(flat)", outputs: ["a"])
        let end = try Simulate.course(model, TestPatient(inputs: ["k": 1]), at: [2], SolverOptions())
        #expect(relativeError(end[0][0], Elementary.exp(-2 * (0.5 + 2e-5))) < 1e-7)
    }
}
