import NumericsCore

/// The donors of a column, by class, from the narrowest class to the whole cohort.
struct HotDeck {
    private let column: String
    /// For each width of class (all columns, all but the last, …, none): the donors by class.
    private let donors: [[ClassKey: [Int]]]
    private let classes: [CohortColumn]
    private let values: [Double]

    /// The values of the class columns, as bit patterns: NaN, which missing is, then equals itself.
    private struct ClassKey: Hashable {
        var bits: [UInt64]
    }

    init(column: CohortColumn, within names: [String], of cohort: Cohort) throws(CohortError) {
        var classes: [CohortColumn] = []
        for name in names { classes.append(try cohort.column(name)) }
        self.classes = classes
        self.column = column.name
        values = column.values
        let present = column.values.indices.filter { !column.values[$0].isNaN }
        donors = (0...classes.count).map { dropped in
            Dictionary(grouping: present) { HotDeck.key($0, classes.dropLast(dropped)) }
        }
    }

    private static func key(_ patient: Int, _ classes: ArraySlice<CohortColumn>) -> ClassKey {
        ClassKey(
            bits: classes.map { $0.values[patient].isNaN ? Double.nan.bitPattern : ($0.values[patient] + 0).bitPattern }
        )
    }

    /// Fills the missing values of `target` and says how many were drawn from classes of which width.
    func fill(
        _ target: inout CohortColumn, seed: UInt64, replicate: UInt32, _ sourceRow: [Int]
    ) throws(CohortError) -> [MissingDataReport.DonorClass] {
        var counts = [Int](repeating: 0, count: donors.count)
        let key = StreamKey(seed: seed, purpose: .missingData)
        let substream = nameSubstream(column)
        for patient in values.indices where values[patient].isNaN {
            guard let (width, found) = donors(of: patient) else { throw .noDonors(column: column) }
            counts[width] += 1
            var stream = RandomStream(
                key: key, replicate: replicate, patient: UInt32(truncatingIfNeeded: sourceRow[patient]),
                substream: substream)
            target.values[patient] = values[found[stream.nextInteger(below: found.count)]]
        }
        return counts.indices.filter { counts[$0] > 0 }.map { dropped in
            MissingDataReport.DonorClass(columns: classes.dropLast(dropped).map(\.name), filled: counts[dropped])
        }
    }

    private func donors(of patient: Int) -> (width: Int, donors: [Int])? {
        for dropped in donors.indices {
            if let found = donors[dropped][HotDeck.key(patient, classes.dropLast(dropped))] { return (dropped, found) }
        }
        return nil
    }
}

/// The substream that belongs to a column's name, whatever other columns exist: the 32-bit FNV-1a hash of its UTF-8.
///
/// Two names that share a hash would share their numbers; among a hundred columns the chance is one in a million.
func nameSubstream(_ name: String) -> UInt32 {
    name.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
}
