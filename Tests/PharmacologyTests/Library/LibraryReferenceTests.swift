import Foundation
import ModelLanguage
import Testing

@testable import Pharmacology

/// One set-up of `References/library_cases.json`, which the script beside it simulates too.
struct LibraryCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Doses: Decodable, Sendable {
        var to: String
        var amount: Double
        var duration: Double?
        var every: Double?
        var count: Int?
        var times: [Double]?
    }

    var name: String
    var model: String
    /// The row of the simulated people with type 1 diabetes.
    var patient: String?
    var inputs: [String: Double]
    var doses: [Doses]?
    var times: [Double]
    var outputs: [String]

    var testDescription: String { name }

    var administrations: [LibraryModel.Administration] {
        (doses ?? []).map { dose in
            LibraryModel.Administration(
                compartment: dose.to, amount: dose.amount, duration: dose.duration ?? 0,
                times: dose.times ?? (0..<(dose.count ?? 1)).map { Double($0) * (dose.every ?? 0) })
        }
    }

    static let all: [LibraryCase] = {
        let url = LibraryFile.references.appendingPathComponent("library_cases.json")
        guard let data = try? Data(contentsOf: url) else { return [] }
        return (try? JSONDecoder().decode([LibraryCase].self, from: data)) ?? []
    }()
}

/// Backed by reference software: SciPy's solutions of every bundled model, written a second time in Python.
@Suite("Library against reference software")
struct LibraryReferenceTests {
    @Test("Every model but the warfarin trial's, which has its own reference, has a case")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: LibraryFile.models.path)
        let models = Set(
            files.filter { $0.hasSuffix(".R") && $0.contains("_20") || $0.contains("_19") }.map {
                String($0.dropLast(2))
            })
        #expect(Set(LibraryCase.all.map(\.model)) == models.subtracting(["warfarin_hamberg_2007"]))
    }

    /// Bounds of the error relative to the largest value of an output: at tight tolerances and at the default ones.
    @Test("Every case agrees at tight and at the default tolerances", arguments: LibraryCase.all)
    func agrees(_ item: LibraryCase) throws {
        let model = try LibraryModel(item.model, outputs: item.outputs)
        var inputs = item.inputs
        if let name = item.patient {
            let patients = try LibraryFile.diabetesPatients(for: model.model)
            let patient = try #require(patients.first { $0.name == name })
            inputs.merge(patient.inputs) { own, _ in own }
        }
        let table = try ReferenceTable("library", file: LibraryFile.tests().appendingPathComponent("x").path)
        let label = item.name.replacingOccurrences(of: ",", with: ";")
        let rows = try table.rows.filter { try $0[table.index("case")] == label }
        #expect(rows.count == item.times.count * item.outputs.count)
        for (options, bound) in [
            (SolverOptions(relativeTolerance: 1e-10, absoluteTolerance: 1e-12), 1e-8), (SolverOptions(), 1e-5),
        ] {
            let course = try model.course(inputs, item.administrations, at: item.times, options)
            for (index, output) in item.outputs.enumerated() {
                let expected = try rows.filter { try $0[table.index("output")] == output }
                    .map { try table.number($0, "value") }
                let largest = expected.map(abs).max() ?? 0
                for (time, pair) in zip(item.times, zip(course[index], expected)) {
                    #expect(abs(pair.0 - pair.1) <= bound * largest, "\(output) at \(time): \(pair.0), not \(pair.1)")
                }
            }
        }
    }
}
