import Foundation
import ModelLanguage
import NumericsCore
import Pharmacology

/// A population through one model: the text of the model, what is given, and when one looks.
struct EngineWorkload: Sendable {
    /// As the report lists it.
    let name: String
    /// The file in `Models`, without its ending.
    let model: String
    /// The files in `References` whose solutions it must meet.
    let reference: String
    let regimen: String
    /// The first and the last sample, and the time between two.
    let end: Double
    let step: Double
    /// The output whose error is reported.
    let main: String
    /// The outputs by the columns of the reference, where they differ.
    var renamed: [String: String] = [:]
    var method = SolverOptions.Method.automatic

    var times: [Double] { (0...Int((end / step).rounded())).map { Double($0) * step } }

    static let all: [EngineWorkload] = [
        EngineWorkload(
            name: "W1", model: "w1", reference: "w1", regimen: "100 mg q12h x 14 into gut", end: 168, step: 1,
            main: "cp"),
        EngineWorkload(
            name: "W1a", model: "w1a", reference: "w1", regimen: "100 mg q12h x 14 into depot", end: 168, step: 1,
            main: "cp", renamed: ["gut": "depot", "cent": "central", "peri": "peripheral1"]),
        EngineWorkload(
            name: "W1-explicit8", model: "w1", reference: "w1", regimen: "100 mg q12h x 14 into gut", end: 168, step: 1,
            main: "cp", method: .explicit8),
        EngineWorkload(
            name: "W2", model: "w2", reference: "w2", regimen: "100 mg q24h x 28 into gut", end: 672, step: 6,
            main: "resp"),
        EngineWorkload(
            name: "W3", model: "w3", reference: "w3", regimen: "1400 nmol over 1 h q21d x 6 into cent", end: 126,
            step: 1, main: "cp"),
        EngineWorkload(
            name: "W4", model: "w4", reference: "w4", regimen: "140 mg over 1 h q504h x 4 into cent", end: 2016,
            step: 24, main: "circ"),
    ]
}

/// A workload whose files have been read.
struct PreparedWorkload {
    let workload: EngineWorkload
    let text: SourceText
    let reference: ReferenceSolutions
    /// The columns of the reference, by the model's names: every state, and what is derived.
    let outputs: [String]
    let model: Model
    let simulation: SimulationModel
    let records: [DosingRecord]

    /// - Parameter folder: holds `Models` and `References`.
    init(_ workload: EngineWorkload, folder: String) throws {
        self.workload = workload
        let path = "\(folder)/Models/\(workload.model).R"
        text = SourceText(name: path, text: try String(contentsOfFile: path, encoding: .utf8))
        reference = try ReferenceSolutions(workload.reference, folder: folder)
        outputs = reference.columns.map { workload.renamed[$0] ?? $0 }
        model = try Model(ModelParser.parse(model: text))
        simulation = try SimulationModel(model, outputs: outputs)
        records = try Self.records(workload, model)
    }

    private static func records(_ workload: EngineWorkload, _ model: Model) throws -> [DosingRecord] {
        let setting = RegimenText.Setting(
            compartments: model.states, timeUnit: model.document.timeUnit, doseUnit: model.document.dosingUnit)
        return try RegimenText.records(workload.regimen, setting)
    }

    var population: PopulationSimulation {
        PopulationSimulation(simulation, options: SolverOptions(method: workload.method))
    }

    /// A subject with these etas, in the model's order.
    func subject(_ etas: [Double], of model: Model, _ records: [DosingRecord], _ times: [Double]) -> Subject {
        var inputs = [Double](repeating: 0, count: model.inputs.count)
        for parameter in model.parameters {
            if let slot = model.inputSlot(parameter.name) { inputs[slot] = parameter.value }
        }
        for (name, eta) in zip(model.etas, etas) {
            if let slot = model.inputSlot(name) { inputs[slot] = eta }
        }
        return Subject(inputs: inputs, records: records, samples: times)
    }

    func subjects(_ etas: [[Double]]) -> [Subject] {
        let times = workload.times
        return etas.map { subject($0, of: model, records, times) }
    }

    /// From the model's text to the numbers of one subject.
    func firstResult() throws -> Double {
        let model = try Model(ModelParser.parse(model: text))
        let simulation = try SimulationModel(model, outputs: outputs)
        let subject = subject([], of: model, try Self.records(workload, model), workload.times)
        var last = 0.0
        PopulationSimulation(simulation, options: SolverOptions(method: workload.method)).run([subject]) { block in
            last = block.value(subject: 0, sample: subject.samples.count - 1, output: 0)
        }
        return last
    }

    /// The timed population: etas at the quantiles of a low-discrepancy sequence, so that no program's random numbers matter.
    ///
    /// u_ij = frac(1/2 + i φ^-j) with φ^(d+1) = φ + 1, eta_ij = √ω_j Φ⁻¹(u_ij).
    func timedPopulation(_ count: Int) -> [Subject] {
        let variances = model.randomEffects.flatMap { block in
            block.names.indices.map { block.covariance[$0 * ($0 + 1) / 2 + $0] }
        }
        let order = Double(variances.count + 1)
        var phi = 2.0
        for _ in 0..<200 { phi = pow(1 + phi, 1 / order) }
        return subjects(
            (1...max(1, count)).map { i in
                variances.enumerated().map { j, variance in
                    let u = 0.5 + Double(i) * pow(phi, -Double(j + 1))
                    let share = min(max(u - u.rounded(.down), 1e-6), 1 - 1e-6)
                    return variance.squareRoot() * Normal.quantile(share)
                }
            })
    }
}
