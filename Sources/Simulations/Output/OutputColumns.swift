import ModelLanguage
import Pharmacology

/// What is written for each subject and time.
package struct OutputColumns: Sendable {
    /// The states and variables, in the order of the simulation's outputs.
    package let outputs: [String]
    /// Inputs beside them, with the values that hold at the time.
    package let covariates: [String]
    let slots: [Int]

    /// - Parameters:
    ///   - chosen: the states and variables to write; all when nil.
    ///   - covariates: inputs of the model to write beside them.
    /// - Throws: ``InputErrors`` with every name that the model does not have.
    package init(_ model: Model, outputs chosen: [String]?, covariates: [String]) throws(InputErrors) {
        var problems = InputProblemList()
        let all = model.states + model.outputs.filter { !model.states.contains($0) }
        let computed = all.filter { LinearCovariate($0).slots(in: model) == nil }
        for name in chosen ?? [] where !computed.contains(name) {
            problems.note(
                "the model computes no '\(name)'\(suggestion(for: name, among: computed)) (computed: "
                    + "\(computed.joined(separator: ", ")))", at: "--outputs")
        }
        let known = model.suppliedNames
        var slots: [Int] = []
        var lines: [String] = []
        for name in covariates {
            if known.contains(name), let slot = model.inputSlot(name) {
                slots.append(slot)
            } else if LinearCovariate(name).slots(in: model) != nil {
                lines.append(name)
            } else {
                problems.note(
                    "the model has no input '\(name)'\(suggestion(for: name, among: known.sorted()))",
                    at: "--covariates")
            }
        }
        let names = (chosen ?? computed) + lines
        if names.isEmpty {
            problems.note("the model computes nothing that could be written", at: model.document.source.name)
        }
        try problems.throwIfAny()
        var unique: [String] = []
        for name in names where !unique.contains(name) { unique.append(name) }
        outputs = unique
        self.covariates = covariates.filter { !lines.contains($0) }
        self.slots = slots
    }

    /// The names of the columns after identifier and time.
    package var names: [String] { outputs + covariates }
}

/// The values of some inputs of one subject, as its time goes on.
struct InputPath {
    private let subject: Subject
    private let slots: [Int]
    private(set) var values: [Double]
    private var next = 0

    init(_ subject: Subject, _ slots: [Int]) {
        self.subject = subject
        self.slots = slots
        values = slots.map { subject.inputs[$0] }
    }

    /// Moves to a time that is not before the last one.
    mutating func advance(to time: Double) {
        while next < subject.changes.count, subject.changes[next].time <= time {
            let change = subject.changes[next]
            for (index, slot) in slots.enumerated() where slot == change.slot { values[index] = change.value }
            next += 1
        }
    }
}
