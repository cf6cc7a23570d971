import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by closed forms, by the exactness of collocation on polynomials, and by the explicit pair as a second route.
@Suite("States that drive each other without feedback")
struct CascadeTests {
    @Test("The tables of a collocation integrate every polynomial that they must, exactly", arguments: [2, 4, 9, 12])
    func exactTables(_ count: Int) {
        let collocation = RadauCollocation(count)
        #expect(collocation.nodes.count == count && collocation.nodes[count - 1] == 1)
        #expect(
            zip(collocation.nodes, collocation.nodes.dropFirst()).allSatisfy { $0 < $1 } && collocation.nodes[0] > 0)
        func integral(_ row: Int, of power: Int) -> Double {
            collocation.nodes.indices.reduce(0) {
                $0 + collocation.integrals[row][$1] * Elementary.pow(collocation.nodes[$1], Double(power))
            }
        }
        for power in 0..<count {
            for (row, node) in collocation.nodes.enumerated() {
                let exact = Elementary.pow(node, Double(power + 1)) / Double(power + 1)
                #expect(abs(integral(row, of: power) - exact) < 1e-14, "node \(row), power \(power)")
            }
        }
        // The last row is Radau's quadrature, exact to degree 2s − 2 and no further.
        for power in count..<(2 * count - 1) {
            #expect(abs(integral(count - 1, of: power) - 1 / Double(power + 1)) < 1e-14, "power \(power)")
        }
        if count == 2 { #expect(abs(integral(1, of: 3) - 0.25) > 1e-3) }
    }

    @Test("Radau's eigenvectors diagonalise the inverse of the table, which is the inverse")
    func radauTables() {
        let a = Radau7.collocation.integrals
        func product(_ x: [[Double]], _ y: [[Double]]) -> [[Double]] {
            x.map { row in y[0].indices.map { j in row.indices.reduce(0) { $0 + row[$1] * y[$1][j] } } }
        }
        var diagonal = [[Double]](repeating: [0, 0, 0, 0], count: 4)
        for pair in 0..<2 {
            let i = 2 * pair
            (diagonal[i][i], diagonal[i + 1][i + 1]) = (Radau7.alpha[pair], Radau7.alpha[pair])
            (diagonal[i][i + 1], diagonal[i + 1][i]) = (Radau7.beta[pair], -Radau7.beta[pair])
        }
        let identity = product(a, Radau7.inverse)
        let inverse = product(product(Radau7.vectors, diagonal), Radau7.inverseVectors)
        for i in 0..<4 {
            for j in 0..<4 {
                #expect(abs(identity[i][j] - (i == j ? 1 : 0)) < 1e-13)
                #expect(abs(inverse[i][j] - Radau7.inverse[i][j]) < 1e-12)
            }
        }
    }

    /// The models that belong to the class, with one level or several, slopes that are fixed, driven, stiff, growing or 0.
    static let members: [(name: String, text: String)] = [
        ("indirect response I", "r(0) <- 100\nd/dt(r) <- 10 * (1 - 0.9 * c / (0.5 + c)) - 0.1 * r"),
        ("indirect response IV", "r(0) <- 100\nd/dt(r) <- 10 - 0.1 * (1 + 4 * c^2 / (0.25 + c^2)) * r"),
        (
            "precursor",
            "p(0) <- 50\nr(0) <- 20\nd/dt(p) <- 5 - 0.1 * (1 + c / (1 + c)) * p\nd/dt(r) <- 0.1 * (1 + c / (1 + c)) * p - 0.25 * r"
        ),
        ("area and hazard", "d/dt(a) <- c^1.5\nd/dt(h) <- 0.01 * exp(0.3 * log(c + 0.1)) + 0.001 * sin(t)"),
        ("growth under treatment", "s(0) <- 1\nd/dt(s) <- 0.03 * s - 0.2 * c / (1 + c) * exp(-0.01 * t) * s"),
        ("fast sensor", "s(0) <- 0\nd/dt(s) <- 40 * (c / (1 + c) - s)"),
    ]

    private static func model(_ text: String) throws -> SimulationModel {
        let kinetics = "c <- cent / 10\nd/dt(gut) <- -1.2 * gut\nd/dt(cent) <- 1.2 * gut - 0.2 * cent\n"
        let model = try Simulate.model(kinetics + text, outputs: [])
        return try SimulationModel(model.model, outputs: model.model.states)
    }

    private static let doses = (0..<4).map { DosingRecord(time: 24 * Double($0), compartment: 0, amount: 60) }

    @Test(
        "They agree with the explicit pair at a tight tolerance, at samples within steps and at doses",
        arguments: members.indices)
    func agreesWithExplicit(_ index: Int) throws {
        let model = try Self.model(Self.members[index].text)
        #expect(model.cascade != nil, "\(Self.members[index].name)")
        let times = (0...96).map { Double($0) }
        let subject = Subject(inputs: [], records: Self.doses, samples: times)
        func courses(_ options: SolverOptions) -> [[Double]] {
            var rows: [[Double]] = []
            PopulationSimulation(model, options: options).run([subject]) { block in
                #expect(block.failure(subject: 0) == nil)
                rows = times.indices.map { row in
                    model.outputs.indices.map { block.value(subject: 0, sample: row, output: $0) }
                }
            }
            return rows
        }
        let found = courses(SolverOptions())
        let reference = courses(SolverOptions(method: .explicit8, relativeTolerance: 1e-11))
        for state in model.outputs.indices {
            let largest = reference.map { abs($0[state]) }.max() ?? 0
            for (row, time) in times.enumerated() {
                let distance = abs(found[row][state] - reference[row][state])
                // The tolerance that was asked for, of the state's size.
                #expect(distance < 1e-7 * largest, "\(Self.members[index].name), \(model.outputs[state]) at \(time)")
            }
        }
    }

    @Test("A bolus, an infusion and a compartment that is turned off are exact where the closed form is known")
    func closedForm() throws {
        // r' = c(t) − r/2 with c = e^{−t/5}: r = (e^{−t/5} − e^{−t/2}) / 0.3, and what a bolus of 3 into r adds.
        let text = "cent(0) <- 1\nd/dt(cent) <- -0.2 * cent\nd/dt(r) <- cent * cent / (cent + 1e-300) - 0.5 * r"
        let model = try SimulationModel(Simulate.model(text, outputs: []).model, outputs: ["r"])
        #expect(model.cascade != nil)
        let times = [0, 0.5, 1.0, 2.5, 4.0, 7.5, 12.0]
        let records = [
            DosingRecord(time: 1, compartment: 1, amount: 3),
            DosingRecord(time: 2, compartment: 1, amount: 4, input: .duration(2)),
        ]
        func exact(_ t: Double) -> Double {
            var value = (Elementary.exp(-0.2 * t) - Elementary.exp(-0.5 * t)) / 0.3
            if t >= 1 { value += 3 * Elementary.exp(-0.5 * (t - 1)) }
            if t >= 2 {
                value += 4 * (1 - Elementary.exp(-0.5 * (min(t, 4) - 2))) * Elementary.exp(-0.5 * max(0, t - 4))
            }
            return value
        }
        PopulationSimulation(model, options: SolverOptions()).run([
            Subject(inputs: [], records: records, samples: times)
        ]) { block in
            for (row, time) in times.enumerated() {
                let value = block.value(subject: 0, sample: row, output: 0)
                #expect(abs(value - exact(time)) < 1e-7 * exact(time) + 1e-15, "\(time): \(value) \(exact(time))")
            }
        }
    }

    @Test("Feedback, a state that is not affine in itself, and a comparison of states do not belong to the class")
    func outsiders() throws {
        for text in [
            "r(0) <- 1\nm(0) <- 1\nd/dt(r) <- 1 - c * r / m\nd/dt(m) <- 0.1 * (r - m)",
            "r(0) <- 1\nd/dt(r) <- 1 - r * r - c * r",
            "r(0) <- 1\nd/dt(r) <- (c > 0.5) * 2 - 0.1 * r * exp(c)",
            "r(0) <- 1\nd/dt(r) <- max(c, 1) - 0.1 * r * exp(c)",
        ] {
            #expect(try Self.model(text).cascade == nil, "\(text)")
        }
    }
}
