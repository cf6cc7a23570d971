import ModelLanguage
import NumericsCore
import Pharmacology
import Scenarios

extension EnvironmentCompiler {
    /// The document's model, checked.
    mutating func model() throws -> Model? {
        guard let section = document.model else { return nil }
        let path = document.path(of: section.file)
        do {
            let text = try InputFile.text(of: path, purpose: "the model of the environment")
            return try Model(ModelParser.parse(model: SourceText(name: path, text: text)))
        } catch let errors as SourceErrors {
            problems += document.problems(of: errors)
        } catch let errors as ScenarioErrors {
            problems += errors.problems
        } catch {
            problems.append(document.problem(ofFile: error, at: "model.file"))
        }
        return nil
    }

    /// The model with everything that moves it.
    mutating func response(_ model: Model?) throws -> EnvironmentProgram.Response? {
        guard let section = document.model else {
            if !document.doses.isEmpty { refuse("there is no 'model' to give doses to", at: "doses") }
            if document.decisions.parts > 1, document.blocks.allSatisfy({ $0.moment != .drive && $0.moment != .each }) {
                refuse("there is no 'model' that runs in parts, and no 'drive' or 'each'", at: "decisions.parts")
            }
            return nil
        }
        guard let model else { return nil }
        guard let every = document.decisions.every else {
            refuse("'every' is missing: a model runs between the decisions", at: "decisions")
            return nil
        }
        let unit = model.document.timeUnit.flatMap { TimeUnit.days($0) } ?? 1.0 / 24
        let set = setInputs(model)
        let doses = doses(model, unit)
        let inputs = inputs(model, except: Set(section.set.map(\.name)))
        let reported = board.roles.indices.filter { place in
            switch board.roles[place] {
            case .state, .output: isRead.contains(board.symbols[place].name)
            default: false
            }
        }
        let simulated = try SimulationModel(model, outputs: reported.map { board.symbols[$0].name })
        return EnvironmentProgram.Response(
            model: simulated,
            options: SolverOptions(
                method: SolverOptions.Method(rawValue: section.method) ?? .automatic,
                relativeTolerance: section.relativeTolerance, absoluteTolerance: section.absoluteTolerance),
            every: every / unit, constants: inputs.constants, fixed: inputs.fixed, set: set.program,
            setSlots: set.slots, driven: inputs.driven, reported: reported,
            assigned: board.roles.enumerated().compactMap { place, role in
                guard case .state(let state) = role, assigned.contains(board.symbols[place].name) else { return nil }
                return (state, place)
            },
            doses: doses.program, doseRecords: doses.records)
    }

    /// Inputs that expressions give when an episode begins.
    private mutating func setInputs(_ model: Model) -> (program: BoardProgram?, slots: [Int]) {
        let entries = document.model?.set ?? []
        var slots: [Int] = []
        for (name, _) in entries {
            if let slot = model.inputSlot(name) {
                slots.append(slot)
            } else {
                let nearest = nearestName(to: name, among: model.inputs).map { "; did you mean '\($0)'?" } ?? ""
                refuse("the model reads no '\(name)'\(nearest)", at: "model.set.\(name)")
            }
        }
        guard !entries.isEmpty else { return (nil, []) }
        return (expressions(entries.map { ("model.set.\($0.name)", $0.expression) }), slots)
    }

    private mutating func doses(_ model: Model, _ unit: Double) -> (program: BoardProgram?, records: [DosingRecord]) {
        var records: [DosingRecord] = []
        for (index, dose) in document.doses.enumerated() {
            guard let compartment = model.stateIndex(dose.compartment) else {
                let known = model.states.joined(separator: ", ")
                refuse("found '\(dose.compartment)', allowed: \(known)", at: "doses[\(index)].into")
                continue
            }
            records.append(
                DosingRecord(
                    time: 0, compartment: compartment, amount: 0, interval: dose.every / unit,
                    additional: dose.count - 1))
        }
        guard !document.doses.isEmpty else { return (nil, []) }
        let amounts = document.doses.enumerated().map { ("doses[\($0.offset)].amount", $0.element.amount) }
        return (expressions(amounts), records)
    }

    private typealias Inputs = (
        constants: [(slot: Int, value: Double)], fixed: [(slot: Int, place: Int)],
        driven: [(slot: Int, place: Int, initial: Double)]
    )

    /// Where each input of the model comes from: an action or statements, a column or memory, its own value.
    private mutating func inputs(_ model: Model, except set: Set<String>) -> Inputs {
        let values = Dictionary(
            model.parameters.map { ($0.name, $0.value) } + model.defaults.map { ($0.name, $0.value) }
                + model.etas.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
        let clocks = Set(model.clock.map(\.slot))
        var inputs: Inputs = ([], [], [])
        for (slot, name) in model.inputs.enumerated() where !set.contains(name) && !clocks.contains(slot) {
            guard let place = board[name] else {
                guard let value = values[name] else {
                    refuse(
                        "the model reads '\(name)', which no column, action, statement or entry of model.set gives",
                        at: "model.file")
                    continue
                }
                inputs.constants.append((slot, value))
                continue
            }
            if board.symbols[place].levels != nil {
                refuse("the model reads '\(name)' as a number, but the column is a category", at: "model.file")
            }
            switch board.roles[place] {
            case .column: inputs.fixed.append((slot, place))
            case .action: inputs.driven.append((slot, place, values[name] ?? 0))
            case .memory where assigned.contains(name): inputs.driven.append((slot, place, values[name] ?? 0))
            default: inputs.fixed.append((slot, place))
            }
        }
        return inputs
    }
}
