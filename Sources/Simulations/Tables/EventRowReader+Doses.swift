import Cohorts
import ModelLanguage
import Pharmacology

/// What a row with a dose, a replacement or a multiplication says of it.
extension EventRowReader {
    func record(
        _ kind: EventKind, at time: Double, _ compartment: Int, _ reader: CSVReader,
        _ problems: inout InputProblemList
    ) -> DosingRecord? {
        guard let amountColumn = columns[.amount] else {
            problems.note(
                "found \(kind.words), which needs an amount; the table has no column AMT",
                at: "\(reader.file):\(reader.line):1")
            return nil
        }
        let before = problems.total
        let amount = number(.amount, reader, &problems, allowed: "a number")
        if amount == nil, problems.total == before {
            problems.refuse(reader, amountColumn, allowed: "a number in \(kind.words)")
        }
        var record = DosingRecord(time: time, action: kind.action, compartment: compartment, amount: amount ?? .nan)
        readRepeats(into: &record, kind, reader, &problems)
        if kind.isDose {
            readInput(into: &record, reader, &problems)
            readSteadyState(into: &record, reader, &problems)
        } else {
            for item in [EventColumn.rate, .duration, .steadyState] {
                guard let index = columns[item] else { continue }
                switch reader.number(index) {
                case .missing, .number(0): continue
                case .number, .otherText: problems.refuse(reader, index, allowed: "0 or nothing in \(kind.words)")
                }
            }
        }
        return record
    }

    private func readRepeats(
        into record: inout DosingRecord, _ kind: EventKind, _ reader: CSVReader, _ problems: inout InputProblemList
    ) {
        let interval = number(.interval, reader, &problems, allowed: "a number from 0") { $0 >= 0 }
        let additional = number(.additional, reader, &problems, allowed: "a whole number from 0 to 1000000") {
            $0 >= 0 && $0 <= 1_000_000 && $0 == $0.rounded()
        }
        record.interval = interval ?? 0
        record.additional = Int(additional ?? 0)
        if record.additional > 0, record.interval == 0, let index = columns[.additional] {
            problems.refuse(reader, index, allowed: "0 without II; repeated doses need the time between them")
        }
    }

    private func readInput(into record: inout DosingRecord, _ reader: CSVReader, _ problems: inout InputProblemList) {
        let rate =
            number(
                .rate, reader, &problems,
                allowed: "a number above 0, 0 for a bolus, -1 for the model's rate() or -2 for the model's dur()"
            ) { $0 >= 0 || $0 == -1 || $0 == -2 } ?? 0
        let duration = number(.duration, reader, &problems, allowed: "a number from 0") { $0 >= 0 } ?? 0
        if duration > 0, rate != 0, let index = columns[.duration] {
            let agrees = rate > 0 && abs(record.amount / rate - duration) <= 1e-9 * duration
            if !agrees { problems.refuse(reader, index, allowed: "0 or nothing beside a RATE") }
        }
        record.input =
            switch rate {
            case -1: .modelledRate
            case -2: .modelledDuration
            case 0: duration > 0 ? .duration(duration) : .bolus
            default: .rate(rate)
            }
        checkModelledInput(of: record, reader, &problems)
        let isConstant = isConstantInfusion(record, reader)
        if record.input != .bolus, !(record.amount > 0 || record.amount.isNaN || isConstant),
            let index = columns[.amount]
        {
            problems.refuse(
                reader, index, allowed: "a number above 0 in an infusion, or 0 with SS 1 for one that never ends")
        }
    }

    /// RATE -1 and -2 leave to the model what the model must then give.
    private func checkModelledInput(
        of record: DosingRecord, _ reader: CSVReader, _ problems: inout InputProblemList
    ) {
        guard let index = columns[.rate], model.states.indices.contains(record.compartment) else { return }
        let state = model.states[record.compartment]
        if record.input == .modelledRate, model.rates[record.compartment] == nil {
            problems.refuse(reader, index, allowed: "another RATE, since the model gives no rate(\(state))")
        } else if record.input == .modelledDuration, model.durations[record.compartment] == nil {
            problems.refuse(reader, index, allowed: "another RATE, since the model gives no dur(\(state))")
        }
    }

    private func readSteadyState(
        into record: inout DosingRecord, _ reader: CSVReader, _ problems: inout InputProblemList
    ) {
        let code = number(.steadyState, reader, &problems, allowed: "0, 1 or 2") { [0, 1, 2].contains($0) } ?? 0
        record.steadyState = code == 1 ? .replacing : code == 2 ? .adding : .none
        guard code != 0, let index = columns[.steadyState] else { return }
        if isConstantInfusion(record, reader) {
            guard record.interval > 0 || record.additional > 0 else { return }
            problems.refuse(reader, index, allowed: "II and ADDL of 0 for an infusion that never ends (AMT 0)")
        } else if record.interval == 0 {
            problems.refuse(
                reader, index,
                allowed: "0 without II; a steady state needs the time between doses, or AMT 0 and a RATE")
        }
    }

    /// AMT 0 with a rate at steady state: an infusion that has been going on for ever, and ends here.
    private func isConstantInfusion(_ record: DosingRecord, _ reader: CSVReader) -> Bool {
        guard record.amount == 0, let index = columns[.steadyState], case .number(let code) = reader.number(index)
        else { return false }
        if case .rate = record.input { return code != 0 }
        return record.input == .modelledRate && code != 0
    }
}
