import Cohorts
import ModelLanguage

/// The columns of an event table that have a meaning of their own, by the names that NONMEM, mrgsolve and rxode2 share.
/// Letter case does not matter.
enum EventColumn: Int, CaseIterable {
    case subject, time, amount, rate, duration, interval, additional, steadyState, kind, hidesObservation, compartment
    case observed, endpoint

    private static let names = [
        "ID", "TIME", "AMT", "RATE", "DUR", "II", "ADDL", "SS", "EVID", "MDV", "CMT", "DV", "DVID",
    ]

    var name: String { Self.names[rawValue] }

    /// The column of a header, nil for one without a meaning of its own.
    init?(header: String) {
        guard let index = Self.names.firstIndex(of: header.uppercased()) else { return nil }
        self.init(rawValue: index)
    }

    /// Those that describe a dose, which other rows leave empty or 0.
    static let doseItems: [EventColumn] = [.amount, .rate, .duration, .interval, .additional, .steadyState]
}

/// Where an event table has what.
struct EventColumns {
    /// By the columns' numbers, -1 for one that the table does not have.
    private let places: [Int]
    /// The columns that give inputs of the model.
    let inputs: [(column: Int, name: String)]
    /// The columns that nothing reads.
    let ignored: [String]

    init(_ reader: CSVReader, _ model: Model, _ problems: inout InputProblemList) {
        var places = [Int](repeating: -1, count: EventColumn.allCases.count)
        var inputs: [(column: Int, name: String)] = []
        var ignored: [String] = []
        let known = model.suppliedNames
        for (index, name) in reader.header.enumerated() {
            let meaning = EventColumn(header: name)
            if let meaning {
                let earlier = places[meaning.rawValue]
                if earlier >= 0 {
                    problems.note(
                        "columns \(earlier + 1) ('\(reader.header[earlier])') and \(index + 1) ('\(name)') are both "
                            + "\(meaning.name); letter case does not tell columns apart", at: "\(reader.file):1:1")
                } else {
                    places[meaning.rawValue] = index
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
        if places[EventColumn.time.rawValue] < 0 {
            problems.note(
                "the table has no column TIME (columns: \(reader.header.joined(separator: ", ")))",
                at: "\(reader.file):1:1")
        }
    }

    subscript(_ column: EventColumn) -> Int? {
        let place = places[column.rawValue]
        return place < 0 ? nil : place
    }
}

extension Model {
    /// The inputs that a caller may give values: parameters, etas, defaults, covariates, and the levels that etas vary by.
    package var suppliedNames: Set<String> {
        let levels = etaLevels.compactMap(\.self).filter { inputSlot($0) != nil }
        return Set(parameters.map(\.name) + etas + defaults.map(\.name) + covariates + levels)
    }
}
