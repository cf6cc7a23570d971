import ModelLanguage
import NumericsCore
import Pharmacology

/// Etas drawn from a model's `ini`: between subjects, and anew for each occasion of the blocks that vary by one (`| occ`).
struct SampledEtas: Sendable {
    /// Of the model, or of each replicate that draws its own.
    private let effects: [RandomEffects]
    private let levels: [String]
    private let slots: [Int]
    private let seed: UInt64
    /// For each level below the subject, the input of its name.
    private let levelSlots: [Int?]
    /// Etas that a table gives, which no occasion draws.
    private let given: Set<Int>

    /// Nil where etas are not sampled, or (noted) cannot be.
    ///
    /// - Parameter blocks: the covariances of each replicate; one for all, or as many as there are replicates.
    init?(_ inputs: SimulationInputs, _ blocks: [[RandomEffectBlock]], _ problems: inout InputProblemList) {
        guard case .sampled = inputs.etas else { return nil }
        let model = inputs.model
        do { effects = try blocks.map { try RandomEffects($0) } } catch {
            problems.note(
                "the covariances of the random effects are no covariances: \(error)", at: model.document.source.name)
            return nil
        }
        slots = model.etas.compactMap { model.inputSlot($0) }
        seed = inputs.seed
        levels = effects.first?.levels ?? []
        levelSlots = levels.map { model.inputSlot($0) }
        let names = (inputs.events?.inputs ?? []) + (inputs.parameters?.names ?? []) + inputs.settings.map(\.name)
        given = Set(names.compactMap { model.inputSlot($0) }).intersection(slots)
        for level in levels { Self.check(level, inputs, &problems) }
    }

    /// Occasions are whole numbers, wherever they come from.
    private static func check(_ level: String, _ inputs: SimulationInputs, _ problems: inout InputProblemList) {
        guard let slot = inputs.model.inputSlot(level) else {
            return problems.note(
                "etas vary by '\(level)', which the model computes, allowed: the name of an input",
                at: inputs.model.document.source.name)
        }
        func refuse(_ value: Double, _ place: String) {
            problems.note(
                "\(level): found \(value), allowed: the number of an occasion, a whole number from 0 to \(UInt32.max)",
                at: place)
        }
        for setting in inputs.settings where setting.name == level && UInt32(exactly: setting.value) == nil {
            refuse(setting.value, "--set")
        }
        if let table = inputs.parameters, let column = table.names.firstIndex(of: level) {
            for row in 0..<table.count {
                let values = table.values(row: row)
                let value = values[values.startIndex + column]
                if UInt32(exactly: value) == nil { refuse(value, table.file) }
            }
        }
        for history in inputs.events?.histories ?? [] {
            let values =
                history.start.filter { $0.slot == slot }.map(\.value)
                + history.changes.filter { $0.slot == slot }.map(\.value)
            for value in values where UInt32(exactly: value) == nil { refuse(value, inputs.events?.file ?? "") }
        }
    }

    private func effects(_ replicate: UInt32) -> RandomEffects { effects[min(Int(replicate), effects.count - 1)] }

    /// The etas between subjects.
    func draw(into inputs: inout [Double], patient: UInt32, replicate: UInt32) {
        let stream = RandomStream(seed: seed, purpose: .randomEffects, replicate: replicate, patient: patient)
        for (slot, eta) in zip(slots, effects(replicate).draw(stream)) where !given.contains(slot) {
            inputs[slot] = eta
        }
    }

    /// The etas of the occasions that the subject's inputs tell.
    func applyOccasions(to subject: inout Subject, patient: UInt32, replicate: UInt32) {
        guard let first = slots.first, !levels.isEmpty else { return }
        let start = min(subject.records.first?.time ?? .infinity, subject.samples.first ?? .infinity)
        let streams = RandomEffects.OccasionStreams(seed: seed, replicate: replicate)
        var drawn = subject
        // What is no occasion's number was refused before.
        try? effects(replicate).applyOccasions(
            to: &drawn, slots: levelSlots, firstSlot: first, patient: patient, from: start, streams: streams)
        for slot in slots where !given.contains(slot) { subject.inputs[slot] = drawn.inputs[slot] }
        let isDrawn = Set(slots).subtracting(given)
        let all = subject.changes + drawn.changes.filter { isDrawn.contains($0.slot) }
        subject.changes = all.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
