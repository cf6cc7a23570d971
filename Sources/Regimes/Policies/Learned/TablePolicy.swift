import NumericsCore

/// A value for each level in each cell of binned observations. The best level is chosen.
///
/// A variable with k cuts has k + 1 bins, bin j holding the values above j of the cuts, and one more bin for missing values.
package struct TablePolicy: Sendable, Hashable, Codable {
    package var frame: PolicyFrame
    /// The cuts of each variable of the frame, ascending.
    package var cuts: [[Double]]
    /// Decisions at which the time's bins begin, ascending, without 0; none where the time does not matter.
    package var stages: [Double]
    /// `values[cell · levels + level]`
    package var values: NumberList
    /// How often each was tried, in the same order; a level that was never tried is not chosen where another was.
    package var visits: NumberList

    package init(frame: PolicyFrame, cuts: [[Double]], stages: [Double] = []) {
        self.frame = frame
        self.cuts = cuts
        self.stages = stages
        let count = Self.cells(cuts, stages) * frame.levels.count
        values = NumberList([Double](repeating: 0, count: count))
        visits = values
    }

    package static func cells(_ cuts: [[Double]], _ stages: [Double]) -> Int {
        cuts.reduce(stages.count + 1) { product, own in
            let (result, overflow) = product.multipliedReportingOverflow(by: own.count + 2)
            return overflow ? .max : result
        }
    }

    /// The cell of a patient.
    package func cell(decision: Double, _ value: (Int) -> Double) -> Int {
        var cell = stages.count { decision >= $0 }
        for (variable, own) in cuts.enumerated() {
            let x = value(variable)
            var bin = own.count + 1
            if !x.isNaN {
                bin = 0
                while bin < own.count, x > own[bin] { bin += 1 }
            }
            cell = cell * (own.count + 2) + bin
        }
        return cell
    }
}

extension TablePolicy: ScoringPolicy {
    package static let kind = "table"

    package var changesWithTime: Bool { !stages.isEmpty }

    package func makeScorer(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> ScoringWorker
    {
        let count = Self.cells(cuts, stages).multipliedReportingOverflow(by: frame.levels.count)
        guard frame.fits, cuts.count == frame.inputs.names.count, !count.overflow,
            values.count == count.partialValue, visits.count == values.count
        else { throw .unsuitable("its table needs a value for each cell and each of \(frame.levels.count) levels") }
        return try TableWorker(self, observing: observations, choosing: actions)
    }
}

private final class TableWorker: ScoringWorker {
    private let policy: TablePolicy
    private let columns: [Int]
    private let cells: UnsafeMutablePointer<Int>

    init(_ policy: TablePolicy, observing observed: [String], choosing actions: ActionSpace) throws(PolicyError) {
        self.policy = policy
        columns = try policy.frame.inputs.places(among: observed)
        cells = .allocate(capacity: laneCount)
        cells.initialize(repeating: 0, count: laneCount)
        try super.init(policy.frame, observing: observed, choosing: actions)
    }

    deinit { cells.deallocate() }

    override func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        for lane in 0..<laneCount {
            cells[lane] = policy.cell(decision: point.decision[lane]) { point.observation[columns[$0]][lane] }
        }
        super.weigh(point, into: weights)
    }

    override func score(decision _: Lane) {
        let levels = policy.frame.levels.count
        for lane in 0..<laneCount {
            for level in 0..<levels {
                let place = cells[lane] * levels + level
                scores[level][lane] = policy.visits.values[place] > 0 ? policy.values.values[place] : -.infinity
            }
        }
    }
}
