import NumericsCore

/// The rows of a Cox model in the order in which time passes them: by stratum, by time, events before censorings.
///
/// Covariates are centred at their means and divided by their standard deviations.
struct CoxRows: Sendable {
    /// One distinct event time of a stratum. At risk at it is each row whose position is `first` or later, unless it
    /// enters later: rows of ``entryOrder`` from `entered` on.
    struct Step: Sendable {
        let time: Double
        let first: Int
        /// Events are first..<tiedEnd.
        let tiedEnd: Int
        /// The rows before the next event time end here.
        let end: Int
        /// The rows that enter at this time or later, and before the next event time, are entryOrder[entered..<enteredEnd].
        let entered: Int
        let enteredEnd: Int
    }

    struct Stratum: Sendable {
        let label: String?
        let positions: Range<Int>
        let steps: Range<Int>
        /// The last observed time, event or not.
        let lastTime: Double?
    }

    let names: [String]
    let means: [Double]
    let scales: [Double]
    /// The range of each scaled covariate.
    let ranges: [Double]
    /// SIMD blocks of four covariates for each row; the last is filled up with zeros.
    let blocks: Int
    /// Row-major, `blocks` for each row.
    let x: [SIMD4<Double>]
    /// The case weight of each position; empty when all are 1.
    let weights: [Double]
    /// The row of the data at each position.
    let order: [Int]
    let strata: [Stratum]
    let steps: [Step]
    /// Positions by ascending entry time within their stratum; empty without delayed entry.
    let entryOrder: [Int]

    var width: Int { names.count }
    var count: Int { order.count }

    /// The number of events.
    var eventCount: Int { steps.reduce(0) { $0 + $1.tiedEnd - $1.first } }

    init(
        _ data: SurvivalData, _ covariates: [CovariateColumn], strata grouping: Grouping?, weights given: [Double]?
    ) throws(CenteredColumns.Constant) {
        var scalings: [ColumnScale] = []
        for column in covariates {
            guard let scale = ColumnScale(column.values) else { throw .init(name: column.name) }
            scalings.append(scale)
        }
        names = covariates.map(\.name)
        means = scalings.map(\.mean)
        scales = scalings.map(\.deviation)
        ranges = scalings.map(\.range)
        let groups = data.orderByStratum(grouping)
        var layout = Layout()
        for (index, rows) in groups.enumerated() { layout.append(rows, data, label: grouping?.labels[index]) }
        strata = layout.strata
        steps = layout.steps
        entryOrder = layout.entryOrder
        let order = groups.count == 1 ? groups[0] : groups.flatMap { $0 }
        self.order = order
        weights = given.map { given in order.map { given[$0] } } ?? []
        let blocks = (covariates.count + 3) / 4
        self.blocks = blocks
        x = Self.arranged(covariates, scalings, order, blocks: blocks)
    }

    private static func arranged(
        _ covariates: [CovariateColumn], _ scalings: [ColumnScale], _ order: [Int], blocks: Int
    ) -> [SIMD4<Double>] {
        [SIMD4<Double>](unsafeUninitializedCapacity: order.count * blocks) { buffer, count in
            count = order.count * blocks
            buffer.initialize(repeating: .zero)
            buffer.withMemoryRebound(to: Double.self) { cells in
                for (j, column) in covariates.enumerated() {
                    let (mean, deviation) = (scalings[j].mean, scalings[j].deviation)
                    column.values.withUnsafeBufferPointer { values in
                        var cell = j
                        for row in order {
                            cells[cell] = (values[row] - mean) / deviation
                            cell += 4 * blocks
                        }
                    }
                }
            }
        }
    }

    /// Steps and strata while they are counted.
    private struct Layout {
        var strata: [Stratum] = []
        var steps: [Step] = []
        var entryOrder: [Int] = []
        private var placed = 0

        init() {}

        mutating func append(_ rows: [Int], _ data: SurvivalData, label: String?) {
            let start = placed
            let firstStep = steps.count
            var starts: [(first: Int, tiedEnd: Int, time: Double)] = []
            var position = 0
            while position < rows.count {
                let time = data.times[rows[position]]
                let first = position
                while position < rows.count, data.events[rows[position]], data.times[rows[position]] == time {
                    position += 1
                }
                if position > first { starts.append((start + first, start + position, time)) }
                while position < rows.count, !data.events[rows[position]] { position += 1 }
            }
            placed += rows.count
            let bounds = enter(rows, data, start: start, times: starts.map(\.time))
            for (index, step) in starts.enumerated() {
                steps.append(
                    Step(
                        time: step.time, first: step.first, tiedEnd: step.tiedEnd,
                        end: index + 1 < starts.count ? starts[index + 1].first : placed,
                        entered: bounds[index], enteredEnd: bounds[index + 1]))
            }
            strata.append(
                Stratum(
                    label: label, positions: start..<placed, steps: firstStep..<steps.count,
                    lastTime: rows.last.map { data.times[$0] }))
        }

        /// Sorts the positions by entry; the answer is where entries at or after each time begin, and the end.
        private mutating func enter(_ rows: [Int], _ data: SurvivalData, start: Int, times: [Double]) -> [Int] {
            guard let entries = data.entries else { return [Int](repeating: 0, count: times.count + 1) }
            let sorted = rows.indices.sorted { a, b in
                let (first, second) = (entries[rows[a]], entries[rows[b]])
                return first != second ? first < second : a < b
            }
            let base = entryOrder.count
            var bounds: [Int] = []
            var next = 0
            for time in times {
                while next < sorted.count, entries[rows[sorted[next]]] < time { next += 1 }
                bounds.append(base + next)
            }
            for place in sorted { entryOrder.append(start + place) }
            return bounds + [base + sorted.count]
        }
    }

    /// β·x of one position on the scaled covariates.
    func linearPredictor(_ position: Int, _ beta: [SIMD4<Double>]) -> Double {
        var sum = SIMD4<Double>.zero
        for block in 0..<blocks { sum += x[position * blocks + block] * beta[block] }
        return sum.inOrder
    }

    /// Coefficients in blocks of four, filled up with zeros.
    static func blocked(_ values: [Double]) -> [SIMD4<Double>] {
        var result = [SIMD4<Double>](repeating: .zero, count: (values.count + 3) / 4)
        for (j, value) in values.enumerated() { result[j / 4][j % 4] = value }
        return result
    }

    /// The first `width` numbers of blocks.
    func flat(_ values: UnsafePointer<SIMD4<Double>>) -> [Double] {
        (0..<width).map { values[$0 / 4][$0 % 4] }
    }
}

extension SIMD4<Double> {
    /// The sum in one order, the same on every processor.
    @inline(__always)
    var inOrder: Double { (x + y) + (z + w) }
}

extension CoxRows {
    /// The same rows with other covariates, which may be none.
    func replacing(_ covariates: [CovariateColumn], _ scalings: [ColumnScale]) -> CoxRows {
        CoxRows(self, covariates, scalings)
    }

    private init(_ other: CoxRows, _ covariates: [CovariateColumn], _ scalings: [ColumnScale]) {
        names = covariates.map(\.name)
        means = scalings.map(\.mean)
        scales = scalings.map(\.deviation)
        ranges = scalings.map(\.range)
        order = other.order
        weights = other.weights
        strata = other.strata
        steps = other.steps
        entryOrder = other.entryOrder
        blocks = (covariates.count + 3) / 4
        x = Self.arranged(covariates, scalings, other.order, blocks: blocks)
    }

    /// The log partial likelihood that nothing can exceed, −Σ d·log d over the event times: that of the events of each time sharing
    /// all its risk (Breslow's ties).
    var saturatedLogLikelihood: Double {
        steps.reduce(0) { sum, step in
            let events = Double(step.tiedEnd - step.first)
            return events > 1 ? sum - events * Elementary.log(events) : sum
        }
    }
}
