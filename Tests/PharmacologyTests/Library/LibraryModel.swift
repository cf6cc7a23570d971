import Foundation
import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// A bundled model ready to simulate, and short forms for its standard checks.
struct LibraryModel {
    let name: String
    let simulation: SimulationModel
    var model: Model { simulation.model }

    init(_ name: String, in folder: URL = LibraryFile.models, outputs: [String]) throws {
        self.name = name
        simulation = try Simulate.model(LibraryFile.text(name, in: folder), outputs: outputs)
    }

    /// One kind of administration of a regimen.
    struct Administration {
        var compartment: String
        var amount: Double
        var duration = 0.0
        var times: [Double]
    }

    /// A patient with inputs by name. What the engine itself keeps as doses arrive starts before any dose.
    func patient(_ inputs: [String: Double] = [:], _ administrations: [Administration] = []) throws -> TestPatient {
        var patient = TestPatient(inputs: inputs)
        for input in model.clock {
            let isTime = input.kind == .lastDoseTime || input.kind == .firstDoseTime
            patient.inputs[model.inputs[input.slot]] = isTime ? .nan : 0
        }
        for given in administrations {
            let compartment = try #require(model.stateIndex(given.compartment), "no compartment '\(given.compartment)'")
            for time in given.times {
                patient.doses.append(
                    .init(time: time, compartment: compartment, amount: given.amount, duration: given.duration))
            }
        }
        patient.doses.sort { $0.time < $1.time }
        return patient
    }

    /// One patient's outputs over time: `values[output][time]`.
    func course(
        _ inputs: [String: Double] = [:], _ administrations: [Administration] = [], at times: [Double],
        _ options: SolverOptions = SolverOptions(relativeTolerance: 1e-10, absoluteTolerance: 1e-12)
    ) throws -> [[Double]] {
        let course = try Simulate.course(simulation, patient(inputs, administrations), at: times, options)
        try #require(course.failure == nil, "\(name): \(String(describing: course.failure))")
        return simulation.outputs.indices.map { course[$0] }
    }

    /// The value of a population parameter, as the model file gives it.
    func parameter(_ name: String) throws -> Double {
        try #require(model.parameters.first { $0.name == name }, "no parameter '\(name)'").value
    }

    /// A patient's random effects, the blocks taken as independent effects: by name.
    func independentEffects(of patient: Int, seed: UInt64) -> [String: Double] {
        let stream = RandomStream(seed: seed, purpose: .randomEffects, replicate: 0, patient: UInt32(patient))
        var effects: [String: Double] = [:]
        for block in model.randomEffects {
            for (row, name) in block.names.enumerated() {
                let variance = block.covariance[row * (row + 1) / 2 + row]
                effects[name] = variance.squareRoot() * stream.normal(at: UInt64(effects.count))
            }
        }
        return effects
    }
}

/// Files beside the tests and of the library.
enum LibraryFile {
    static func tests(_ file: String = #filePath) -> URL {
        URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
    }

    /// `Tests/PharmacologyTests/References`
    static var references: URL { tests().appendingPathComponent("References") }

    /// `scenarios/models`
    static var models: URL {
        tests().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scenarios/models")
    }

    /// `Tests/PharmacologyTests/References/Models`
    static var teachingModels: URL { references.appendingPathComponent("Models") }

    /// The text of a model, a bundled one unless told otherwise.
    static func text(_ name: String, in folder: URL = models) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("\(name).R"), encoding: .utf8)
    }

    /// The rows of a CSV file by column, quotes taken off.
    static func table(_ url: URL) throws -> [[String: String]] {
        let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
            }
        }
        let columns = try #require(lines.first)
        return lines.dropFirst().map { Dictionary(zip(columns, $0)) { first, _ in first } }
    }

    /// The columns of the simulated people with type 1 diabetes that the model takes.
    static func diabetesPatients(for model: Model) throws -> [(name: String, basal: Double, inputs: [String: Double])] {
        let rows = try table(models.appendingPathComponent("data/t1d_virtual_patients.csv"))
        return try rows.map { row in
            var inputs: [String: Double] = [:]
            for name in model.covariates { inputs[name] = try #require(row[name].flatMap(Double.init), "\(name)") }
            return (try #require(row["Name"]), try #require(row["Gb"].flatMap(Double.init)), inputs)
        }
    }
}

/// Simpson's rule on an odd number of evenly spaced values.
func simpson(_ values: [Double], spacing: Double) -> Double {
    var sum = values[0] + values[values.count - 1]
    for index in 1..<(values.count - 1) { sum += (index % 2 == 0 ? 2 : 4) * values[index] }
    return sum * spacing / 3
}

/// Evenly spaced times from one to another, both included.
func grid(_ from: Double, _ to: Double, intervals: Int) -> [Double] {
    (0...intervals).map { from + (to - from) * Double($0) / Double(intervals) }
}

/// The quantile of type 7 of sorted values.
func quantile(_ sorted: [Double], _ probability: Double) -> Double {
    let position = probability * Double(sorted.count - 1)
    let low = Int(position)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
}
