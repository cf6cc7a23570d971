import ModelLanguage
import NumericsCore
import Pharmacology

/// The classes of subjects in a model with `mix()`, where no table gives them.
struct SubjectClasses: Sendable {
    /// The class, from 1, that most subjects belong to: that of every subject whose etas are not drawn.
    let mostProbable: Int
    let count: Int
    /// Whether each subject's class is drawn.
    let isDrawn: Bool
    private let seed: UInt64
    private let slot: Int
    private let probabilities: [ClassProbability]
    /// The inputs that hold the probabilities; nil for a number.
    private let slots: [Int?]

    /// Nil in a model without `mix()`, where `mixest` is given, or where (noted) the probabilities make no sense.
    ///
    /// - Parameter base: the inputs of a typical subject.
    init?(_ inputs: SimulationInputs, base: [Double], _ problems: inout InputProblemList) {
        let model = inputs.model
        guard let probabilities = model.mixture, let slot = model.inputSlot(Model.classInput) else { return nil }
        let names =
            (inputs.events?.inputs ?? []) + (inputs.parameters?.names ?? []) + inputs.settings.map(\.name)
        count = probabilities.count + 1
        if names.contains(Model.classInput) {
            Self.check(inputs, slot, count, &problems)
            return nil
        }
        self.slot = slot
        self.probabilities = probabilities
        slots = probabilities.map { if case .parameter(let name) = $0 { model.inputSlot(name) } else { nil } }
        seed = inputs.seed
        if case .sampled = inputs.etas { isDrawn = true } else { isDrawn = false }
        do throws(InvalidMixture) {
            let typical = try Self.mixture(probabilities, slots, base)
            let most = typical.probabilities.max() ?? 1
            mostProbable = (typical.probabilities.firstIndex(of: most) ?? 0) + 1
        } catch {
            problems.note("\(error)", at: model.document.source.name)
            return nil
        }
    }

    private static func mixture(
        _ probabilities: [ClassProbability], _ slots: [Int?], _ inputs: [Double]
    ) throws(InvalidMixture) -> Mixture {
        let values = zip(probabilities, slots).map { probability, slot in
            if case .number(let value) = probability { value } else { slot.map { inputs[$0] } ?? 0 }
        }
        return try Mixture(name: "mix()", probabilities: values)
    }

    /// Classes are whole numbers, wherever they come from.
    private static func check(
        _ inputs: SimulationInputs, _ slot: Int, _ count: Int, _ problems: inout InputProblemList
    ) {
        func check(_ value: Double, _ place: String) {
            guard let number = Int(exactly: value), (1...count).contains(number) else {
                return problems.note("\(Model.classInput): found \(value), allowed: a class, 1 to \(count)", at: place)
            }
        }
        for setting in inputs.settings where setting.name == Model.classInput { check(setting.value, "--set") }
        if let table = inputs.parameters, let column = table.names.firstIndex(of: Model.classInput) {
            for row in 0..<table.count {
                let values = table.values(row: row)
                check(values[values.startIndex + column], table.file)
            }
        }
        for history in inputs.events?.histories ?? [] {
            for start in history.start where start.slot == slot { check(start.value, inputs.events?.file ?? "") }
            for change in history.changes where change.slot == slot { check(change.value, inputs.events?.file ?? "") }
        }
    }

    /// Gives a subject its class. Its probabilities must stand in the inputs.
    func assign(to inputs: inout [Double], patient: UInt32, replicate: UInt32, isTypical: Bool) {
        inputs[slot] = Double(mostProbable)
        // Drawn parameters may be no probabilities; then the most probable class stays.
        guard isDrawn, !isTypical, let mixture = try? Self.mixture(probabilities, slots, inputs) else { return }
        inputs[slot] = Double(mixture.classNumber(seed: seed, replicate: replicate, patient: patient) + 1)
    }

    /// What a user should know who did not ask for classes.
    var note: String? {
        isDrawn
            ? nil
            : "mix(): every subject is of class \(mostProbable) of \(count), the most probable one; give "
                + "\(Model.classInput), or draw it with --eta sample"
    }
}
