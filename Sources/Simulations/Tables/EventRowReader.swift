import Cohorts
import ModelLanguage
import Pharmacology

/// Reads one row of an event table by the rules of NONMEM, mrgsolve and rxode2.
struct EventRowReader {
    let columns: EventColumns
    let model: Model

    /// Where a row's CMT points.
    private enum Place {
        case compartment(Int)
        case turnedOff(Int)
        case unnamed
        /// Beyond the compartments: an observed variable.
        case variable(String)
    }

    /// What the current row says; nil, with the problems noted, where it makes no sense.
    func read(_ reader: CSVReader, _ problems: inout InputProblemList) -> EventRow? {
        let before = problems.total
        let time = number(.time, reader, &problems, allowed: "a number\(timeUnit)")
        if time == nil, problems.total == before, let column = columns[.time] {
            problems.refuse(reader, column, allowed: "a number\(timeUnit)")
        }
        let kind = self.kind(reader, &problems)
        var row = EventRow(
            subject: 0, line: reader.line, time: time ?? .nan, isSample: false, startsAnew: false, record: nil,
            observed: .nan, endpoint: nil)
        guard let kind else { return nil }
        let place = self.place(of: kind, reader, &problems)
        switch kind {
        case .observation, .other:
            refuseDoseItems(of: kind, reader, &problems)
            if case .turnedOff(let compartment) = place {
                row.record = DosingRecord(time: row.time, action: .turnOff, compartment: compartment, amount: 0)
            } else {
                row.isSample = true
            }
            if kind == .observation { readObserved(into: &row, place, reader, &problems) }
        case .reset:
            refuseDoseItems(of: kind, reader, &problems)
            row.startsAnew = true
            row.record = DosingRecord(time: row.time, action: .reset, compartment: 0, amount: 0)
        case .dose, .resetAndDose, .replace, .multiply:
            row.startsAnew = kind == .resetAndDose
            // A row whose compartment was refused is read on, so that all that is wrong with it is told.
            let compartment = if case .compartment(let number) = place { number } else { 0 }
            row.record = record(kind, at: row.time, compartment, reader, &problems)
        }
        return problems.total == before ? row : nil
    }

    private var timeUnit: String { model.document.timeUnit.map { " (\($0))" } ?? "" }

    // MARK: Cells

    /// A number of the row; nil where the table has no such column, the cell is missing, or (noted) is none.
    func number(
        _ column: EventColumn, _ reader: CSVReader, _ problems: inout InputProblemList,
        allowed: @autoclosure () -> String,
        where isAllowed: (Double) -> Bool = { _ in true }
    ) -> Double? {
        guard let index = columns[column] else { return nil }
        switch reader.number(index) {
        case .number(let value) where isAllowed(value): return value
        case .missing: return nil
        case .number, .otherText:
            problems.refuse(reader, index, allowed: allowed())
            return nil
        }
    }

    private func kind(_ reader: CSVReader, _ problems: inout InputProblemList) -> EventKind? {
        if let index = columns[.kind] {
            switch reader.number(index) {
            case .number(let value):
                if let kind = EventKind(evid: value) { return kind }
                problems.refuse(reader, index, allowed: EventKind.allowed)
                return nil
            case .otherText:
                problems.refuse(reader, index, allowed: EventKind.allowed)
                return nil
            case .missing: break
            }
        }
        // What is wrong with these cells is told where they are read for what they mean.
        func value(_ column: EventColumn) -> Double {
            if let index = columns[column], case .number(let value) = reader.number(index) { return value }
            return 0
        }
        if value(.amount) != 0 || (value(.steadyState) != 0 && value(.rate) != 0) { return .dose }
        return value(.hidesObservation) == 1 ? .other : .observation
    }

    // MARK: Compartments

    private func place(of kind: EventKind, _ reader: CSVReader, _ problems: inout InputProblemList) -> Place {
        if kind == .reset { return .unnamed }
        let needsCompartment = kind.isDose || kind == .replace || kind == .multiply
        let standard = needsCompartment ? Place.compartment(0) : .unnamed
        guard !needsCompartment || !model.states.isEmpty else {
            problems.note(
                "the model has no compartment; found \(kind.words), allowed: observations",
                at: "\(reader.file):\(reader.line):1")
            return .unnamed
        }
        guard let index = columns[.compartment] else { return standard }
        func refuse() -> Place {
            problems.refuse(reader, index, allowed: allowedCompartments(for: kind, reader.trimmedText(index)))
            return .unnamed
        }
        switch reader.number(index) {
        case .missing: return standard
        case .number(let value):
            guard let number = Int(exactly: value) else { return refuse() }
            if number == 0 { return standard }
            if number < 0, kind == .other, -number <= model.states.count { return .turnedOff(-number - 1) }
            if number > 0, number <= model.states.count { return .compartment(number - 1) }
            // rxode2 numbers observed variables after the compartments.
            let endpoint = number - model.states.count - 1
            guard !needsCompartment, model.endpoints.indices.contains(endpoint) else { return refuse() }
            return .variable(model.endpoints[endpoint].variable)
        case .otherText:
            let name = reader.trimmedText(index)
            if name == "(default)" { return standard }
            if let state = model.stateIndex(name) { return .compartment(state) }
            if name.hasPrefix("-"), kind == .other, let state = model.stateIndex(String(name.dropFirst())) {
                return .turnedOff(state)
            }
            guard !needsCompartment else { return refuse() }
            if name == "(obs)" { return .unnamed }
            if let endpoint = model.endpoints.first(where: { $0.name == name }) { return .variable(endpoint.variable) }
            return model.outputs.contains(name) ? .variable(name) : refuse()
        }
    }

    private func allowedCompartments(for kind: EventKind, _ found: String) -> String {
        let states = model.states
        let numbers = states.count == 1 ? "1" : "1 to \(states.count)"
        var allowed = states.isEmpty ? "no compartment" : "\(numbers), or \(states.joined(separator: ", "))"
        if kind == .other {
            allowed += "; with a minus sign, the compartment is turned off"
        } else if found.hasPrefix("-") {
            allowed += "; turning one off needs EVID 2"
        }
        return allowed + suggestion(for: found, among: states)
    }

    // MARK: Observations

    private func readObserved(
        into row: inout EventRow, _ place: Place, _ reader: CSVReader, _ problems: inout InputProblemList
    ) {
        let hidden = number(.hidesObservation, reader, &problems, allowed: "0 or 1") { $0 == 0 || $0 == 1 }
        let observed = number(.observed, reader, &problems, allowed: "a number, '.' or an empty cell")
        if let observed, hidden != 1 { row.observed = observed }
        let variable: String? =
            switch place {
            case .variable(let name): name
            case .compartment(let number): model.states[number]
            case .unnamed, .turnedOff: nil
            }
        row.endpoint =
            endpointByNumber(reader, &problems)
            ?? model.endpoints.firstIndex { $0.variable == variable } ?? (model.endpoints.count == 1 ? 0 : nil)
    }

    /// DVID: an endpoint's number, from 1, or its name.
    private func endpointByNumber(_ reader: CSVReader, _ problems: inout InputProblemList) -> Int? {
        guard let index = columns[.endpoint] else { return nil }
        let names = model.endpoints.map(\.name)
        switch reader.number(index) {
        case .missing, .number(0): return nil
        case .number(let value):
            if let number = Int(exactly: value), names.indices.contains(number - 1) { return number - 1 }
        case .otherText:
            let name = reader.trimmedText(index)
            let found = model.endpoints.firstIndex { $0.name == name || $0.variable == name }
            if let found { return found }
        }
        let numbers = names.count == 1 ? "1" : "1 to \(names.count)"
        problems.refuse(
            reader, index,
            allowed: names.isEmpty
                ? "nothing, since the model has no endpoint" : "\(numbers), or \(names.joined(separator: ", "))")
        return nil
    }

    private func refuseDoseItems(of kind: EventKind, _ reader: CSVReader, _ problems: inout InputProblemList) {
        for item in EventColumn.doseItems {
            guard let index = columns[item] else { continue }
            switch reader.number(index) {
            case .missing, .number(0): continue
            case .number, .otherText:
                problems.refuse(reader, index, allowed: "0 or nothing in \(kind.words); a dose has EVID 1")
            }
        }
    }
}
