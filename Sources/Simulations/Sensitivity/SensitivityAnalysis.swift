import ModelLanguage
import NumericsCore
import Pharmacology

/// How much of the variance of a model's outputs each of some inputs is responsible for, at each reported time: Sobol
/// indices over the inputs' ranges, of one subject without random effects.
package struct SensitivityAnalysis: Sendable {
    private let plan: SimulationPlan
    private let varied: [VariedInput]
    private let slots: [Int]
    private let times: [Double]

    private static let subjectsAtOnce = 4096

    /// Prepares an analysis.
    ///
    /// - Parameters:
    ///   - request: the subject, its doses and times; `outputs` are those to explain.
    ///   - varied: `cl=0.1..0.4`, at least one.
    /// - Throws: ``InputErrors`` with everything that is wrong, and what ``SimulationPlan/init(_:)`` throws.
    package init(_ request: SimulationRequest, varying texts: [String]) throws {
        var problems = InputProblemList()
        var varied: [VariedInput] = []
        for text in texts {
            do { varied.append(try VariedInput(text)) } catch { problems.add(error) }
        }
        let names = varied.map(\.name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            problems.note("'\(name)' is varied twice, allowed: once", at: "--vary")
        }
        if texts.isEmpty { problems.note("missing, allowed: name=from..to, such as cl=0.1..0.4", at: "--vary") }
        try problems.throwIfAny()
        var request = request
        // A value that each point of the design replaces; the plan tells of names that the model does not have.
        request.settings += varied.map { "\($0.name)=\($0.value(at: 0.5))" }
        let plan = try SimulationPlan(request)
        self.plan = plan
        if plan.population.count != 1 {
            problems.note(
                "found \(plan.population.count) subjects, allowed: one, whose inputs are varied", at: request.model)
        }
        self.varied = varied
        slots = names.compactMap { plan.model.inputSlot($0) }
        times = plan.population.samples(0)
        try problems.throwIfAny()
    }

    /// Evaluates the design and estimates the indices.
    ///
    /// - Parameters:
    ///   - points: of each batch, best a power of two.
    ///   - batches: independent scrambles, on which the standard errors rest.
    /// - Throws: `SensitivityError`, and `SimulationRun.Stopped`.
    package func indices(points: Int, batches: Int) throws -> SobolIndices {
        let run = plan.run
        let subject = plan.population.subject(0, isTypical: true)
        let simulation = PopulationSimulation(run.model, options: run.options)
        let outputs = run.model.outputs.count
        return try SobolIndices.estimate(
            inputs: varied.count, points: points, batches: batches, seed: plan.request.seed
        ) { design in
            var values = Matrix(rows: design.rows, columns: outputs * times.count, repeating: .nan)
            for first in stride(from: 0, to: design.rows, by: Self.subjectsAtOnce) {
                if run.isStopped() { throw SimulationRun.Stopped() }
                let subjects = (first..<min(first + Self.subjectsAtOnce, design.rows)).map { row in
                    var member = subject
                    for (column, slot) in slots.enumerated() {
                        member.inputs[slot] = varied[column].value(at: design[row, column])
                    }
                    return member
                }
                simulation.run(subjects, threads: run.threads) { block in
                    for lane in 0..<block.count {
                        for output in 0..<outputs {
                            for sample in times.indices {
                                values[first + block.first + lane, output * times.count + sample] = block.value(
                                    subject: lane, sample: sample, output: output)
                            }
                        }
                    }
                }
            }
            return values
        }
    }

    /// Comma-separated rows, one for each output, time and input. Indices of an output that never varies are empty.
    package func table(_ indices: SobolIndices) -> String {
        var text = "output,time,input,mean,variance,first_order,first_order_se,total,total_se\n"
        for (output, name) in plan.run.model.outputs.enumerated() {
            for (sample, time) in times.enumerated() {
                let found = indices.outputs[output * times.count + sample]
                for (index, input) in varied.enumerated() {
                    let first = found.firstOrder.isEmpty ? nil : found.firstOrder[index]
                    let total = found.total.isEmpty ? nil : found.total[index]
                    let numbers = [first?.value, first?.standardError, total?.value, total?.standardError]
                    text += "\(quoted(name)),\(time),\(quoted(input.name)),\(found.mean.value),\(found.variance.value),"
                    text += numbers.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",") + "\n"
                }
            }
        }
        return text
    }
}
