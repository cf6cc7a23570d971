import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by an invariant: a subject's numbers depend on the subject alone.
///
/// rxode2 had subjects integrated with another's parameters for years; here whole populations of very different subjects
/// (stiff beside calm, dosed beside untouched, failing beside living) must give each the same bits in any company.
@Suite("Same bits in any population")
struct PopulationBitsTests {
    struct Case: Sendable, CustomStringConvertible {
        var name: String
        var text: String
        var outputs: [String]
        var usesSteadyState = false
        var mayFail = false
        var description: String { name }
    }

    static let kinetics = """
        d/dt(depot) <- -ka * depot
        d/dt(central) <- ka * depot - (k + kp) * central + kp * periph
        d/dt(periph) <- kp * central - kp * periph
        """

    static let cases: [Case] = [
        Case(name: "linear", text: kinetics + "\nz <- s", outputs: ["depot", "central", "periph"]),
        Case(
            name: "linear, steady state", text: kinetics + "\nalag(depot) <- s / 10\nf(depot) <- 0.7",
            outputs: ["central", "periph"], usesSteadyState: true),
        Case(
            name: "split",
            text: kinetics + "\neff(0) <- 20\nd/dt(eff) <- s * (1 - central / (5 + central)) - 0.1 * eff",
            outputs: ["central", "eff"]),
        Case(
            name: "nonlinear, steady state",
            text: "z <- kp\nd/dt(depot) <- -ka * depot\nd/dt(central) <- ka * depot - 90 * k * central / (s + central)",
            outputs: ["central"], usesSteadyState: true, mayFail: true),
        Case(
            name: "target-mediated, stiff for some",
            text: """
                kon <- exp(2.5 * s)
                d/dt(depot) <- -ka * depot
                r(0) <- 5
                d/dt(central) <- ka * depot - k * central - kon * central * r + 0.01 * rc
                d/dt(r) <- 5 * kp - kp * r - kon * central * r + 0.01 * rc
                d/dt(rc) <- kon * central * r - (0.01 + k) * rc
                """, outputs: ["central", "r", "rc"]),
        Case(
            name: "delayed",
            text: kinetics
                + "\ng(0) <- 2\nd/dt(g) <- s / 10 * delay(g, 1 + s / 5) * (1 - g / 8) - k * central * g / 50",
            outputs: ["central", "g"]),
        Case(
            name: "clocks",
            text: kinetics
                + "\nd/dt(b) <- ifelse(podo(depot) > 0, podo(depot) * (tad(depot) < s) * exp(-k * tad(depot)), 0) + dosenum() / 9 - kp * b * b / 40",
            outputs: ["central", "b"]),
        Case(
            name: "switches in time",
            text: kinetics
                + "\nd/dt(b) <- ifelse(t <= 4 * s, s, -s) * b / 30 + (t >= 11.3) + floor(t / 24) - kp * b * b / 40",
            outputs: ["central", "b"]),
        Case(
            name: "explosive",
            text: "z <- ka + kp\nb(0) <- 0.1\nd/dt(b) <- 0.05 * s * b^2 + 0.01 * k\nd/dt(a) <- -k * a * b / (1 + b)",
            outputs: ["b", "a"], mayFail: true),
    ]

    static func subject(
        _ model: Model, _ current: Case, _ choices: inout Choices
    ) throws -> Subject {
        let inputs = try Simulate.inputs(
            of: model,
            for: TestPatient(
                inputs: [
                    // Equal rates for some: they go by matrix exponentials.
                    "ka": choices.pick([choices.number(0.2...3), 0.3]),
                    "k": choices.pick([choices.number(0.02...0.9), 0.3]),
                    "kp": choices.pick([choices.number(0.05...1), 0]), "s": choices.number(0.2...6),
                ].filter { model.inputSlot($0.key) != nil }))
        var records = (0..<choices.below(5)).map { _ in
            DosingRecord(
                time: choices.pick([0, 12, 24, choices.number(0...40)]),
                action: choices.pick([.dose, .dose, .dose, .dose, .multiply, .reset, .turnOff]),
                compartment: choices.below(model.states.count > 1 ? 2 : 1), amount: choices.number(0.5...40),
                input: choices.pick([.bolus, .duration(choices.number(0.1...9)), .rate(choices.number(1...9))]),
                interval: choices.number(2...9), additional: choices.below(4),
                steadyState: current.usesSteadyState ? choices.pick([.none, .replacing]) : .none)
        }
        for index in records.indices where records[index].action != .dose { records[index].steadyState = .none }
        records.sort { $0.time < $1.time }
        let changes = (0..<choices.below(4)).map { _ in
            InputChange(
                time: choices.number(0...30), slot: model.inputSlot("k") ?? 0, value: choices.number(0.02...0.9))
        }.sorted { $0.time < $1.time }
        let samples = Set(
            [0, 12, 24] + (0..<(1 + choices.below(20))).map { _ in choices.number(0...choices.pick([5, 48])) })
        return Subject(inputs: inputs, records: records, changes: changes, samples: samples.sorted())
    }

    struct Course: Equatable {
        var bits: [UInt64]
        var failure: SolverFailure?
        var failedAt: UInt64?
    }

    /// Where two courses differ first, for the message of a failing test.
    static func difference(_ a: Course, _ b: Course) -> String {
        guard a.failure == b.failure, a.failedAt == b.failedAt else { return "\(a.failure) and \(b.failure)" }
        let place = zip(a.bits, b.bits).enumerated().first { $0.element.0 != $0.element.1 }
        return place.map {
            "value \($0.offset): \(Double(bitPattern: $0.element.0)), \(Double(bitPattern: $0.element.1))"
        } ?? "none"
    }

    static func simulate(
        _ model: SimulationModel, _ subjects: [Subject], threads: Int = 1, _ options: SolverOptions = SolverOptions()
    ) -> [Course] {
        var courses: [Course] = []
        PopulationSimulation(model, options: options).run(subjects, threads: threads) { block in
            for lane in 0..<block.count {
                let rows = subjects[block.first + lane].samples.count
                let bits = (0..<rows).flatMap { row in
                    (0..<model.outputs.count).map { output in
                        let value = block.value(subject: lane, sample: row, output: output)
                        return value.isNaN ? 0x7FF8 << 48 : value.bitPattern
                    }
                }
                let failure = block.failure(subject: lane)
                courses.append(
                    Course(bits: bits, failure: failure?.failure, failedAt: failure?.time.bitPattern))
            }
        }
        return courses
    }

    @Test("Threads, order, company and solitude change no bit", arguments: cases)
    func sameBits(_ current: Case) throws {
        let model = try Simulate.model(current.text, outputs: current.outputs)
        var choices = Choices(seed: 31)
        // Not a multiple of a block, so that the last one has idle lanes.
        let subjects = try (0..<105).map { _ in try Self.subject(model.model, current, &choices) }
        let options = SolverOptions(maximumSteps: 30000)
        let expected = Self.simulate(model, subjects, options)
        #expect(expected.count == subjects.count)
        for threads in 2...4 {
            #expect(Self.simulate(model, subjects, threads: threads, options) == expected, "\(threads) threads")
        }
        for _ in 0..<3 {
            let order = choices.shuffle(Array(subjects.indices))
            let shuffled = Self.simulate(model, order.map { subjects[$0] }, threads: 2, options)
            for (place, subject) in order.enumerated() {
                let isSame = shuffled[place] == expected[subject]
                #expect(
                    isSame, "subject \(subject) at \(place): \(Self.difference(shuffled[place], expected[subject]))")
            }
        }
        for index in stride(from: 0, to: subjects.count, by: 3) {
            #expect(Self.simulate(model, [subjects[index]], options) == [expected[index]], "subject \(index) alone")
            let twins = Self.simulate(model, Array(repeating: subjects[index], count: 5), options)
            #expect(twins.allSatisfy { $0 == expected[index] }, "subject \(index) five times")
        }
        let failed = expected.count { $0.failure != nil }
        if current.mayFail {
            #expect((1..<100).contains(failed))
        } else {
            #expect(
                failed == 0,
                "\(expected.enumerated().filter { $0.element.failure != nil }.map { "\($0.element.failure) \(subjects[$0.offset])" })"
            )
        }
        // The subjects do differ, but for those that nobody doses.
        #expect(Set(expected.map(\.bits)).count > 70)
    }

    @Test("Every way to solve gives each subject its own bits too", arguments: SolverOptions.Method.allCases)
    func everyMethod(_ method: SolverOptions.Method) throws {
        for current in Self.cases.filter({ ["split", "delayed", "switches in time"].contains($0.name) }) {
            let model = try Simulate.model(current.text, outputs: current.outputs)
            var choices = Choices(seed: 8)
            let subjects = try (0..<35).map { _ in try Self.subject(model.model, current, &choices) }
            for observation in SolverOptions.Observation.allCases {
                let options = SolverOptions(method: method, relativeTolerance: 1e-5, observation: observation)
                let expected = Self.simulate(model, subjects, options)
                let order = choices.shuffle(Array(subjects.indices))
                let shuffled = Self.simulate(model, order.map { subjects[$0] }, threads: 2, options)
                for (place, subject) in order.enumerated() {
                    let isSame = shuffled[place] == expected[subject]
                    let difference = Self.difference(shuffled[place], expected[subject])
                    #expect(isSame, "\(method), \(current), subject \(subject): \(difference)\n \(subjects[subject])")
                }
            }
        }
    }
}
