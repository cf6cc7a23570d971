import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Linear systems by eigenvectors or matrix exponentials, whichever a patient's rates call for, against the explicit pair
/// of order 8 at 1e-12: an independent second route. Rates that coincide, nearly or exactly, or vanish are the hard cases.
@Suite("Routes of linear systems")
struct LinearRouteTests {
    static let times = [0.01, 0.3, 1, 2.5, 7, 12, 24, 60]

    static func chain(_ count: Int) -> String {
        (1...count).map { i in
            "d/dt(x\(i)) <- " + (i > 1 ? "k\(i - 1) * x\(i - 1) " : "") + "- k\(i) * x\(i)"
        }.joined(separator: "\n")
    }

    private func compare(
        _ text: String, outputs: [String], _ patients: [TestPatient], within bound: Double = 1e-9, _ what: String
    ) throws {
        let model = try Simulate.model(text, outputs: outputs)
        #expect(model.integratedStates.isEmpty)
        let exact = try Simulate.courses(model, patients, at: Self.times, SolverOptions())
        let stepped = try Simulate.courses(
            model, patients, at: Self.times, SolverOptions(method: .explicit8, relativeTolerance: 1e-11))
        for (lane, patient) in patients.enumerated() {
            #expect(exact[lane].failure == nil && stepped[lane].failure == nil)
            for output in outputs.indices {
                let largest = stepped[lane][output].map { abs($0) }.max() ?? 0
                for (index, time) in Self.times.enumerated() {
                    let error = abs(exact[lane][output][index] - stepped[lane][output][index])
                    #expect(
                        error <= bound * largest,
                        "\(what), \(outputs[output]) at \(time): \(error / largest) with \(patient.inputs)")
                }
            }
        }
    }

    static let doses = [
        DosingRecord(time: 0, compartment: 0, amount: 100),
        DosingRecord(time: 1.5, compartment: 0, amount: 40, input: .duration(3)),
    ]

    @Test("Absorption as fast as elimination: exactly, nearly, and not at all")
    func equalRates() throws {
        let patients = [0, 1e-15, 1e-12, 1e-9, 1e-7, 9e-7, 1.1e-6, 1e-5, 1e-3, 0.1, 1].map {
            TestPatient(inputs: ["k1": 0.4, "k2": 0.4 * (1 + $0)], doses: Self.doses)
        }
        try compare(Self.chain(2), outputs: ["x1", "x2"], patients, "two rates")
    }

    @Test("Transit chains whose rates coincide, nearly or exactly", arguments: [3, 5, 8])
    func chains(_ count: Int) throws {
        let patients = [0, 1e-14, 1e-9, 2e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2].map { spread in
            let inputs = (1...count).map { ("k\($0)", 0.7 * (1 + spread * Double($0))) }
            return TestPatient(inputs: Dictionary(uniqueKeysWithValues: inputs), doses: Self.doses)
        }
        try compare(Self.chain(count), outputs: (1...count).map { "x\($0)" }, patients, "chain of \(count)")
    }

    @Test("One rate for a whole chain, written once")
    func sharedRate() throws {
        let text = (1...6).map { i in "d/dt(x\(i)) <- " + (i > 1 ? "k * x\(i - 1) " : "") + "- k * x\(i)" }
        let patients = [0.01, 0.7, 5, 0].map { TestPatient(inputs: ["k": $0], doses: Self.doses) }
        try compare(text.joined(separator: "\n"), outputs: (1...6).map { "x\($0)" }, patients, "shared rate")
    }

    @Test("Three compartments, with clearances of 0, compartments that come apart, and what was excreted")
    func compartments() throws {
        let text = """
            d/dt(depot) <- -ka * depot
            d/dt(central) <- ka * depot - (cl + q + q2) / v * central + q / v2 * p1 + q2 / v3 * p2
            d/dt(p1) <- q / v * central - q / v2 * p1
            d/dt(p2) <- q2 / v * central - q2 / v3 * p2
            d/dt(urine) <- cl / v * central
            """
        var choices = Choices(seed: 5)
        let usual = ["ka": 1.1, "cl": 4, "q": 3, "q2": 0.7, "v": 12, "v2": 20, "v3": 50.0]
        let changes: [[String: Double]] = [
            [:], ["q": 0], ["q2": 0], ["q": 0, "q2": 0], ["cl": 0], ["cl": 0, "q": 0, "q2": 0], ["ka": 0],
            ["q2": 3, "v3": 20], ["ka": 4.0 / 12, "q": 0, "q2": 0], ["q": 1e-9], ["v3": 5e4], ["q": 500],
        ]
        var patients = changes.map {
            TestPatient(inputs: usual.merging($0) { $1 }, doses: Self.doses)
        }
        patients += (0..<4).map { _ in
            TestPatient(inputs: usual.mapValues { $0 * choices.number(0.2...5) }, doses: Self.doses)
        }
        try compare(text, outputs: ["depot", "central", "p1", "p2", "urine"], patients, "three compartments")
    }

    @Test("Rates that oscillate or grow, and constant inputs")
    func oscillation() throws {
        let text = """
            d/dt(a) <- s + g * a - w * b
            d/dt(b) <- w * a + g * b
            d/dt(c) <- a - 0.2 * c
            """
        let patients = [(0.0, 1.0), (-0.1, 2), (0.02, 0.5), (0, 0), (-0.2, 1e-8), (-0.2, 0)].map {
            TestPatient(inputs: ["g": $0.0, "w": $0.1, "s": 0.3], doses: Self.doses)
        }
        try compare(text, outputs: ["a", "b", "c"], patients, "oscillation")
    }
}
