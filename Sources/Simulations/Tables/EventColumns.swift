import Cohorts
import ModelLanguage

/// The columns of an event table that have a meaning of their own, by the names that NONMEM, mrgsolve and rxode2 share.
/// Letter case does not matter.
enum EventColumn: String, CaseIterable {
    case subject = "ID"
    case time = "TIME"
    case amount = "AMT"
    case rate = "RATE"
    case duration = "DUR"
    case interval = "II"
    case additional = "ADDL"
    case steadyState = "SS"
    case kind = "EVID"
    case hidesObservation = "MDV"
    case compartment = "CMT"
    case observed = "DV"
    case endpoint = "DVID"

    /// Those that describe a dose, which other rows leave empty or 0.
    static let doseItems: [EventColumn] = [.amount, .rate, .duration, .interval, .additional, .steadyState]
}

/// Where an event table has what.
struct EventColumns {
    private let places: [EventColumn: Int]
    /// The columns that give inputs of the model.
    let inputs: [(column: Int, name: String)]
    /// The columns that nothing reads.
    let ignored: [String]

    init(_ reader: CSVReader, _ model: Model, _ problems: inout InputProblemList) {
        var places: [EventColumn: Int] = [:]
        var inputs: [(column: Int, name: String)] = []
        var ignored: [String] = []
        let known = model.suppliedNames
        for (index, name) in reader.header.enumerated() {
            let meaning = EventColumn(rawValue: name.uppercased())
            if let meaning {
                if let earlier = places[meaning] {
                    problems.note(
                        "columns \(earlier + 1) ('\(reader.header[earlier])') and \(index + 1) ('\(name)') are both "
                            + "\(meaning.rawValue); letter case does not tell columns apart", at: "\(reader.file):1:1")
                } else {
                    places[meaning] = index
                }
            }
            // A model may read a data item as a covariate, such as the dose amount.
            if known.contains(name) || LinearCovariate(name).slots(in: model) != nil {
                inputs.append((index, name))
            } else if meaning == nil, !name.isEmpty {
                ignored.append(name)
            }
        }
        self.places = places
        self.inputs = inputs
        self.ignored = ignored
        if places[.time] == nil {
            problems.note(
                "the table has no column TIME (columns: \(reader.header.joined(separator: ", ")))",
                at: "\(reader.file):1:1")
        }
    }

    subscript(_ column: EventColumn) -> Int? { places[column] }
}

extension Model {
    /// The inputs that a caller may give values: parameters, etas, defaults, covariates, and the levels that etas vary by.
    package var suppliedNames: Set<String> {
        let levels = etaLevels.compactMap(\.self).filter { inputSlot($0) != nil }
        return Set(parameters.map(\.name) + etas + defaults.map(\.name) + covariates + levels)
    }
}
