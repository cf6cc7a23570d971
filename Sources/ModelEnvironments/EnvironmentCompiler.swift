import Cohorts
import Environments
import ModelLanguage
import NumericsCore
import Pharmacology
import Regimes
import Scenarios

/// Compiles an environment's document, and collects everything that does not fit together in it.
struct EnvironmentCompiler {
    let document: EnvironmentDocument
    var problems: [ScenarioProblem] = []
    var board = Board()
    /// The names that statements read of the model.
    var isRead: Set<String> = []
    /// Names that statements assign, but those of `start` and `derive`.
    var assigned: Set<String> = []

    init(_ document: EnvironmentDocument) { self.document = document }

    /// - Throws: ``ScenarioErrors`` with everything that does not fit together.
    static func compile(_ document: EnvironmentDocument) throws -> EnvironmentProgram {
        var compiler = EnvironmentCompiler(document)
        let program = try compiler.program()
        if !compiler.problems.isEmpty { throw ScenarioErrors(compiler.problems) }
        guard let program else {
            throw ScenarioErrors([ScenarioProblem(file: document.file, message: "the environment is not complete")])
        }
        return program
    }

    private mutating func program() throws -> EnvironmentProgram? {
        let decisionPlace = board.add(Board.decision, .count) ?? 0
        let partPlace = board.add(Board.part, .count) ?? 0
        let patients = patients()
        let derive = derived()
        let groupings = self.groupings()
        let actionPlaces = document.actions.components.compactMap { name, _ in
            add(name, .action, at: "actions.components.\(name)")
        }
        let model = try model()
        if let model { addValues(of: model) }
        let start = block(.start)
        for (index, role) in board.roles.enumerated() where role == .memory { addBefore(index) }
        let endPlaces = document.ends.compactMap { add($0.name, .end, at: "ends.\($0.name)") }
        var blocks: [EnvironmentDocument.Moment: BoardProgram] = [:]
        blocks[.start] = start
        for moment in EnvironmentDocument.Moment.allCases where moment != .start { blocks[moment] = block(moment) }
        let observed = document.observations + document.hidden
        checkNames(observed)
        let observe = expressions(
            document.observations.map { ("observe.\($0.name)", $0.value) }
                + document.hidden.map { ("hidden.\($0.name)", $0.value) })
        let allowed = document.actions.allowed.flatMap { expressions([("actions.allowed", $0)]) }
        let ends = document.ends.isEmpty ? nil : expressions(document.ends.map(Self.source))
        let reward = expressions([("reward", document.reward)])
        let measures =
            document.measures.isEmpty
            ? nil : expressions(document.measures.map { ("measures.\($0.name)", $0.expression) })
        let rules = rules(observed.map(\.name))
        let response = try response(model)
        guard problems.isEmpty, let observe, let reward else { return nil }
        let missing = document.missing
        let kept = board.roles.enumerated().compactMap { place, role -> (from: Int, to: Int)? in
            guard case .before(let from) = role, isRead.contains(board.symbols[place].name) else { return nil }
            return (from, place)
        }
        let cleared = board.roles.indices.filter { board.roles[$0] == .memory || board.roles[$0] == .action }
        return EnvironmentProgram(
            document: document, board: board, patients: patients, groupings: groupings.map(\.grouping),
            grouping: groupings.isEmpty ? nil : expressions(groupings.map { ($0.path, $0.source) }), derive: derive,
            blocks: blocks, response: response, observe: observe,
            isMissable: observed.enumerated().map { index, observation in
                guard let missing, index < document.observations.count else { return false }
                return missing.of.isEmpty || missing.of.contains(observation.name)
            },
            allowed: allowed, ends: ends, reward: reward, measures: measures, rules: rules, actions: actionSpace,
            actionPlaces: actionPlaces, endPlaces: endPlaces, kept: kept, cleared: cleared,
            decisionPlace: decisionPlace, partPlace: partPlace)
    }

    private static func source(_ end: EnvironmentEnd) -> (path: String, source: SourceText) {
        switch end.law {
        case .when(let source): ("ends.\(end.name).when", source)
        case .hazard(let source): ("ends.\(end.name).hazard", source)
        }
    }

    var actionSpace: ActionSpace {
        let actions = document.actions
        return ActionSpace(
            components: actions.components.map {
                .init(name: $0.name, low: $0.range.lowerBound, high: $0.range.upperBound)
            },
            levels: actions.levels.map { .init(name: $0.name, values: $0.values) }, isContinuous: actions.isContinuous)
    }

    // MARK: Names

    mutating func refuse(_ message: String, at path: String) {
        problems.append(document.problem(message, at: path))
    }

    /// A name of the board; a problem where it is taken.
    mutating func add(_ name: String, _ role: Board.Role, levels: [String]? = nil, at path: String) -> Int? {
        let isDrawn = BoardProgram.draws.contains { $0.name == name }
        guard !isDrawn, let place = board.add(name, role, levels: levels) else {
            refuse("the name '\(name)' is taken already; choose another", at: path)
            return nil
        }
        return place
    }

    private mutating func addBefore(_ place: Int) {
        _ = board.add(Board.before(board.symbols[place].name), .before(place))
    }

    private mutating func addValues(of model: Model) {
        for (index, state) in model.states.enumerated() {
            if let place = add(state, .state(index), at: "model.file") { addBefore(place) }
        }
        for output in model.outputs where board[output] == nil {
            if let place = board.add(output, .output) { addBefore(place) }
        }
    }

    private mutating func checkNames(_ observed: [EnvironmentObservation]) {
        var seen: Set<String> = []
        for (index, observation) in observed.enumerated() where !seen.insert(observation.name).inserted {
            let section = index < document.observations.count ? "observe" : "hidden"
            refuse(
                "'\(observation.name)' is observed already; choose another name", at: "\(section).\(observation.name)")
        }
        for name in document.missing?.of ?? [] where !document.observations.contains(where: { $0.name == name }) {
            let allowed = document.observations.map(\.name).joined(separator: ", ")
            refuse("found '\(name)', allowed: \(allowed)", at: "missing.of")
        }
    }

    // MARK: Statements and expressions

    /// The statements of a moment; what they assign takes its place on the board.
    private mutating func block(_ moment: EnvironmentDocument.Moment) -> BoardProgram? {
        guard let block = document.blocks.first(where: { $0.moment == moment }) else { return nil }
        return statements(block.statements, at: moment.rawValue, isBeginning: moment == .start)
    }

    mutating func statements(_ sources: [SourceText], at path: String, isBeginning: Bool) -> BoardProgram? {
        do {
            let program = try RowProgram(sources, inputs: BoardProgram.inputs(board))
            note(program)
            for output in program.outputs { take(output, at: path, isBeginning: isBeginning) }
            return BoardProgram(program) { board[$0] }
        } catch {
            problems += document.problems(of: error)
            return nil
        }
    }

    /// Gives a name that statements assign its place, or says why it cannot be assigned there.
    private mutating func take(_ output: InputSymbol, at path: String, isBeginning: Bool) {
        if output.levels != nil {
            return refuse("'\(output.name)' is assigned a text, allowed: a number", at: path)
        }
        if !isBeginning { assigned.insert(output.name) }
        guard let place = board[output.name] else {
            _ = add(output.name, .memory, at: path)
            return
        }
        switch board.roles[place] {
        case .memory: break
        case .action, .state:
            if isBeginning { refuse("'\(output.name)' cannot be assigned before the first decision", at: path) }
        case .column:
            refuse("'\(output.name)' is a column of the patient, which does not change; assign another name", at: path)
        case .output: refuse("'\(output.name)' is computed by the model; assign another name", at: path)
        case .count, .before, .end:
            refuse("'\(output.name)' is kept by the environment; assign another name", at: path)
        }
    }

    /// Expressions that are computed together; nil where one of them has problems.
    mutating func expressions(_ sources: [(path: String, source: SourceText)]) -> BoardProgram? {
        let inputs = BoardProgram.inputs(board)
        var isSound = true
        for (_, source) in sources {
            do { note(try RowProgram(expression: source, inputs: inputs)) } catch {
                problems += document.problems(of: error)
                isSound = false
            }
        }
        // Names with a colon, which no statement can read: an expression sees the board as it is.
        let blocks = sources.map { RowProgram.Block.value("value:\($0.path)", $0.source) }
        guard isSound, let program = try? RowProgram(blocks: blocks, inputs: inputs) else { return nil }
        return BoardProgram(program) { _ in nil }
    }

    /// Takes note of what a program reads.
    private mutating func note(_ program: RowProgram) {
        isRead.formUnion(program.used)
        for name in program.used {
            guard let place = board[name], case .before(let from) = board.roles[place] else { continue }
            isRead.insert(board.symbols[from].name)
        }
    }

    // MARK: Patients

    private mutating func patients() -> PatientSource {
        let section = document.patients
        var columns: [(place: Int, values: [Double])] = []
        var records: Cohort?
        if let file = section.records { records = read(file) }
        for column in records?.columns ?? [] {
            if case .identifier = column.kind { continue }
            let path = "patients.columns.\(column.name)"
            if let place = add(column.name, .column, levels: column.levels, at: path) {
                columns.append((place, column.values))
            }
        }
        var draws: [(place: Int, substream: UInt32, distribution: Distribution)] = []
        for column in section.draws {
            let path = "patients.draw.\(column.name)"
            guard let place = add(column.name, .column, at: path) else { continue }
            do throws(InvalidDistribution) {
                let law = try column.law.validated()
                draws.append((place: place, substream: Substream.column(column.name), distribution: law))
            } catch { refuse(error.problems.joined(separator: " "), at: path) }
        }
        return PatientSource(records: records, areInTurn: section.areInTurn, columns: columns, draws: draws)
    }

    private mutating func read(_ file: String) -> Cohort? {
        let path = document.path(of: file)
        do {
            let bytes = try InputFile.bytes(of: path, purpose: "the patients of the environment")
            let cohort = try Cohort(csv: bytes, file: path, columns: document.patients.columns.map(\.declaration))
            let complete = cohort.filter { row in !cohort.columns.contains { $0.values[row].isNaN } }
            if complete.count == 0 {
                refuse(
                    "none of the \(cohort.count) records is complete, one at least is needed", at: "patients.records")
            }
            return complete
        } catch let errors as CohortImportErrors {
            problems += errors.problems.map { ScenarioProblem(file: $0.place, message: $0.message) }
        } catch { problems.append(document.problem(ofFile: error, at: "patients.records")) }
        return nil
    }

    private mutating func derived() -> BoardProgram? {
        guard !document.patients.derive.isEmpty else { return nil }
        do {
            let program = try RowProgram(document.patients.derive, inputs: BoardProgram.inputs(board))
            for output in program.outputs {
                _ = add(output.name, .column, levels: output.levels, at: "patients.derive")
            }
            return BoardProgram(program) { board[$0] }
        } catch {
            problems += document.problems(of: error)
            return nil
        }
    }

    private mutating func groupings() -> [(grouping: Grouping, path: String, source: SourceText)] {
        document.groupings.compactMap { name, source -> (grouping: Grouping, path: String, source: SourceText)? in
            let path = "groupings.\(name)"
            do throws(SourceErrors) {
                let program = try RowProgram(expression: source, inputs: BoardProgram.inputs(board))
                guard let levels = program.outputs.first?.levels else {
                    refuse(
                        "the values are numbers, allowed: texts, as in ifelse(age < 65, \"young\", \"old\")", at: path)
                    return nil
                }
                return (Grouping(name, groups: levels), path, source)
            } catch {
                problems += document.problems(of: error)
                return nil
            }
        }
    }

    // MARK: Rules

    private mutating func rules(_ observed: [String]) -> [(name: String, rule: WrittenRule)] {
        let components = document.actions.components.map(\.name)
        return document.rules.compactMap { name, statements -> (name: String, rule: WrittenRule)? in
            let path = "rules.\(name)"
            do throws(SourceErrors) {
                let rule = try WrittenRule(name, statements, observed: observed, components: components)
                let lacking = components.filter { !rule.chooses.contains($0) }
                guard lacking.isEmpty else {
                    refuse("it does not assign \(lacking.map { "'\($0)'" }.joined(separator: ", "))", at: path)
                    return nil
                }
                return (name, rule)
            } catch {
                problems += document.problems(of: error)
                return nil
            }
        }
    }
}
