import ModelLanguage
import NumericsCore
import Pharmacology

/// The subjects of a simulation, made one by one when they are asked for, so that a million of them take no room.
package struct SimulatedPopulation: Sendable {
    package let model: Model
    package let seed: UInt64
    private let list: SubjectList
    private var histories: [History]
    /// The inputs before anything that differs between subjects.
    private let base: [Double]
    private let tables: [(table: ParameterTable, slots: [Int])]
    private let sampled: SampledEtas?
    let classes: SubjectClasses?
    private let etaSlots: [Int]
    private let uncertain: UncertainPopulation?

    /// What happens to a subject, whoever it is.
    private struct History: Sendable {
        var records: [DosingRecord] = []
        var samples: [Double] = []
        var start: [EventHistory.InputStart] = []
        var changes: [InputChange] = []
        var observations: [EventHistory.Observation] = []
    }

    /// Puts together who is simulated.
    ///
    /// - Throws: ``InputErrors`` with every problem: names that nobody supplies, that two sources supply, or that the
    ///   model does not have; subjects that the tables do not agree on; subjects without a time to report.
    package init(_ inputs: SimulationInputs) throws(InputErrors) {
        var problems = InputProblemList()
        let model = inputs.model
        self.model = model
        seed = inputs.seed
        list = SubjectList(inputs, &problems)
        histories = Self.histories(inputs, &problems)
        base = Self.base(inputs)
        InputSupply(inputs).check(&problems)

        // Values of tables come after sampled etas and stand against them.
        var tables = [inputs.parameters].compactMap(\.self)
        if case .table(let table) = inputs.etas { tables.append(table) }
        self.tables = tables.map { table in (table, table.names.map { model.inputSlot($0) ?? 0 }) }
        etaSlots = model.etas.compactMap { model.inputSlot($0) }
        uncertain = UncertainPopulation(inputs, &problems)
        sampled = SampledEtas(inputs, uncertain?.randomEffects ?? [model.randomEffects], &problems)
        classes = SubjectClasses(inputs, base: base, &problems)
        try problems.throwIfAny()
    }

    /// How many subjects there are, over all replicates.
    package var count: Int { list.count * (uncertain?.replicates ?? 1) }

    /// The identifier of a subject, as the tables have it; else its number, from 1. Each replicate has the same ones.
    package func identifier(_ index: Int) -> String { list.identifier(index % list.count) }

    /// The replicate that a subject is in, from 1; nil where parameters are not drawn.
    package func replicate(of index: Int) -> Int? { uncertain.map { _ in index / list.count + 1 } }

    /// The times at which every subject is reported; nil where subjects differ in them.
    package var commonTimes: [Double]? {
        let first = histories[0].samples
        return histories.allSatisfy { $0.samples == first } ? first : nil
    }

    /// The times at which a subject is reported.
    package func samples(_ index: Int) -> [Double] { history(index).samples }

    /// The observed values of a subject.
    package func observations(_ index: Int) -> [EventHistory.Observation] { history(index).observations }

    private func history(_ index: Int) -> History { histories[list.hasOwnHistory ? index % list.count : 0] }

    /// A subject with its inputs.
    ///
    /// - Parameters:
    ///   - replicate: tells apart repeated draws of the same population.
    ///   - isTypical: every eta is 0, wherever it would come from.
    package func subject(_ position: Int, replicate: UInt32 = 0, isTypical: Bool = false) -> Subject {
        let (own, index) = position.quotientAndRemainder(dividingBy: list.count)
        let replicate = replicate + UInt32(truncatingIfNeeded: own)
        let history = history(index)
        var subject = Subject(
            inputs: base, records: history.records, changes: history.changes, samples: history.samples)
        uncertain?.apply(own, to: &subject.inputs)
        let patient = UInt32(truncatingIfNeeded: index)
        if let sampled, !isTypical { sampled.draw(into: &subject.inputs, patient: patient, replicate: replicate) }
        for (table, slots) in tables {
            let row = table.values(row: list.row(of: index, in: table))
            for (slot, value) in zip(slots, row) { subject.inputs[slot] = value }
        }
        for start in history.start { subject.inputs[start.slot] = start.value }
        classes?.assign(to: &subject.inputs, patient: patient, replicate: replicate, isTypical: isTypical)
        if isTypical {
            for slot in etaSlots { subject.inputs[slot] = 0 }
            subject.changes.removeAll { etaSlots.contains($0.slot) }
        } else {
            sampled?.applyOccasions(to: &subject, patient: patient, replicate: replicate)
        }
        return subject
    }

    /// The same subjects, with the same random numbers, who are given further doses.
    package func given(_ regimen: [DosingRecord]) -> SimulatedPopulation {
        var population = self
        for index in histories.indices {
            population.histories[index].records = Self.merged(histories[index].records, regimen)
        }
        return population
    }

    // MARK: Putting together

    /// The numbers of `ini`, the defaults and `--set`; etas and what the engine keeps itself are 0.
    private static func base(_ inputs: SimulationInputs) -> [Double] {
        let model = inputs.model
        var values = [Double](repeating: 0, count: model.inputs.count)
        let known =
            model.parameters.map { ($0.name, $0.value) } + model.defaults.map { ($0.name, $0.value) }
            + inputs.settings.map { ($0.name, $0.value) }
        for (name, value) in known {
            if let slot = model.inputSlot(name) { values[slot] = value }
        }
        return values
    }

    private static func histories(_ inputs: SimulationInputs, _ problems: inout InputProblemList) -> [History] {
        guard let events = inputs.events else {
            if inputs.times.isEmpty {
                problems.note("missing, since no event table says when to report", at: "--times")
            }
            return [History(records: inputs.regimen, samples: inputs.times)]
        }
        var silent: [String] = []
        let histories = events.histories.map { history in
            let samples = merged(history.samples, inputs.times)
            if samples.isEmpty { silent.append(history.identifier) }
            return History(
                records: merged(history.records, inputs.regimen), samples: samples, start: history.start,
                changes: history.changes,
                observations: history.observations)
        }
        if !silent.isEmpty {
            let of = events.hasSubjects ? " of subject \(silent[0])" : ""
            problems.note(
                "no row\(of) is an observation (EVID 0); give the times to report with --times", at: events.file)
        }
        return histories
    }

    /// Records of two histories in the order of time.
    private static func merged(_ records: [DosingRecord], _ regimen: [DosingRecord]) -> [DosingRecord] {
        (records + regimen).enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    /// Two growing lists as one, each time once.
    static func merged(_ a: [Double], _ b: [Double]) -> [Double] {
        guard !a.isEmpty else { return b }
        guard !b.isEmpty else { return a }
        var all: [Double] = []
        for time in (a + b).sorted() where time != all.last { all.append(time) }
        return all
    }
}
