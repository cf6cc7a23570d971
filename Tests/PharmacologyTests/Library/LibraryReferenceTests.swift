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

    static let all = cases("library_cases")
    static let teaching = cases("teaching_cases")

    private static func cases(_ name: String) -> [LibraryCase] {
        let url = LibraryFile.references.appendingPathComponent(name + ".json")
        guard let data = try? Data(contentsOf: url) else { return [] }
        return (try? JSONDecoder().decode([LibraryCase].self, from: data)) ?? []
    }

    /// Expects the engine to agree with a table of references, within bounds of the largest value of each output.
    func expectAgreement(
        of model: LibraryModel, inputs: [String: Double], with tableName: String, _ bounds: [(SolverOptions, Double)]
    ) throws {
        let table = try ReferenceTable(
            tableName, file: LibraryFile.tests().appendingPathComponent("ReferenceSoftwareTests.swift").path)
        let label = name.replacingOccurrences(of: ",", with: ";")
        let rows = try table.rows.filter { try $0[table.index("case")] == label }
        #expect(rows.count == times.count * outputs.count)
        for (options, bound) in bounds {
            let course = try model.course(inputs, administrations, at: times, options)
            for (index, output) in outputs.enumerated() {
                let expected = try rows.filter { try $0[table.index("output")] == output }
                    .map { try table.number($0, "value") }
                let largest = expected.map(abs).max() ?? 0
                for (time, pair) in zip(times, zip(course[index], expected)) {
                    let error = abs(pair.0 - pair.1)
                    #expect(error <= bound * largest, "\(output) at \(time): \(pair.0), not \(pair.1)")
                }
            }
        }
    }
}

/// Backed by reference software: SciPy's solutions of every bundled model, written a second time in Python.
@Suite("Library against reference software")
struct LibraryReferenceTests {
    @Test("Every model but the warfarin trial's, which has its own reference, has a case")
    func complete() {
        let models = Set(LibraryFilesTests.names)
        #expect(models.count >= 21)
        #expect(Set(LibraryCase.all.map(\.model)) == models.subtracting(["warfarin_hamberg_2007"]))
    }

    @Test("Every case agrees at tight and at the default tolerances", arguments: LibraryCase.all)
    func agrees(_ item: LibraryCase) throws {
        let model = try LibraryModel(item.model, outputs: item.outputs)
        var inputs = item.inputs
        if let name = item.patient {
            let people = try LibraryFile.diabetesPatients(for: model.model)
            inputs.merge(try #require(people.first { $0.name == name }).inputs) { own, _ in own }
        }
        try item.expectAgreement(of: model, inputs: inputs, with: "library", [(.tight, 1e-8), (SolverOptions(), 5e-7)])
    }
}

/// Backed by reference software: SciPy's solutions of small models that exercise the language: `linCmt()` with one to three
/// compartments, indirect response, target-mediated disposition, myelosuppression, a hazard, delays.
@Suite("Teaching models against reference software")
struct TeachingModelTests {
    @Test("Every case agrees at tight and at the default tolerances", arguments: LibraryCase.teaching)
    func agrees(_ item: LibraryCase) throws {
        let model = try LibraryModel(item.model, in: LibraryFile.teachingModels, outputs: item.outputs)
        try item.expectAgreement(
            of: model, inputs: item.inputs, with: "teaching", [(.tight, 1e-8), (SolverOptions(), 5e-7)])
    }

    @Test("All nine models have a case")
    func complete() {
        #expect(Set(LibraryCase.teaching.map(\.model)).count == 9)
    }
}

extension SolverOptions {
    fileprivate static let tight = SolverOptions(relativeTolerance: 1e-10, absoluteTolerance: 1e-12)
}
