import ModelLanguage
import Pharmacology

/// What an event table says of one subject.
package struct EventHistory: Sendable {
    /// The subject, empty in a table for every subject.
    package let identifier: String
    /// The doses and what else is done, in the order of time.
    package let records: [DosingRecord]
    /// The times at which outputs are reported, growing.
    package let samples: [Double]
    /// The values at the start of the inputs that the table gives. An input without any value here is not among them.
    package let start: [InputStart]
    /// What becomes of these inputs later.
    package let changes: [InputChange]
    /// What was observed, in the order of time.
    package let observations: [Observation]

    /// The value of an input at the start.
    package struct InputStart: Sendable, Hashable {
        package var slot: Int
        package var value: Double

        package init(slot: Int, value: Double) {
            self.slot = slot
            self.value = value
        }
    }

    /// An observed value.
    package struct Observation: Sendable, Hashable {
        package var time: Double
        package var value: Double
        /// The number of the endpoint; nil where the table does not say and the model has several.
        package var endpoint: Int?

        package init(time: Double, value: Double, endpoint: Int?) {
            self.time = time
            self.value = value
            self.endpoint = endpoint
        }
    }

    init(
        identifier: String, rows: [EventRow], inputs: [CovariateSlots], values: (_ row: Int, _ input: Int) -> Double
    ) {
        self.identifier = identifier
        records = Self.expanded(rows.compactMap(\.record))
        var samples: [Double] = []
        for row in rows where row.isSample && row.time != samples.last { samples.append(row.time) }
        self.samples = samples
        observations = rows.filter { !$0.observed.isNaN }.map {
            Observation(time: $0.time, value: $0.observed, endpoint: $0.endpoint)
        }
        var start: [InputStart] = []
        var changes: [InputChange] = []
        for (input, slots) in inputs.enumerated() {
            let path = CovariatePath(times: rows.map(\.time)) { values($0, input) }
            slots.append(path, &start, &changes)
        }
        self.start = start
        // Changes of one time keep the order of the columns.
        self.changes = changes.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// Repeated replacements and multiplications, which no regimen stands behind, as records of their own.
    private static func expanded(_ records: [DosingRecord]) -> [DosingRecord] {
        func isRepeated(_ record: DosingRecord) -> Bool {
            record.additional > 0 && (record.action == .replace || record.action == .multiply)
        }
        guard records.contains(where: isRepeated) else { return records }
        var all: [DosingRecord] = []
        for record in records {
            guard isRepeated(record) else {
                all.append(record)
                continue
            }
            for number in 0...record.additional {
                var single = record
                single.time += Double(number) * record.interval
                single.interval = 0
                single.additional = 0
                all.append(single)
            }
        }
        return all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
