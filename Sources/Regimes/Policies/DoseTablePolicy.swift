import NumericsCore

/// A table of actions: one or two variables in bands, and what is done in each cell.
package struct DoseTablePolicy: Sendable, Hashable, Codable {
    package var rows: Bands
    /// Nil for a table with one column.
    package var columns: Bands?
    /// `cells[row][column]`: the values of the action; nil for a cell of which nothing is known.
    package var cells: [[[Double]?]]
    /// What is done where nothing is known.
    package var otherwise: [Double]

    package init(rows: Bands, columns: Bands?, cells: [[[Double]?]], otherwise: [Double]) {
        self.rows = rows
        self.columns = columns
        self.cells = cells
        self.otherwise = otherwise
    }

    private var fits: Bool {
        let width = columns?.count ?? 1
        return rows.fits && columns?.fits ?? true && cells.count == rows.count && cells.allSatisfy { $0.count == width }
    }
}

extension DoseTablePolicy: FrozenPolicy {
    package static let kind = "dose-table"

    package var changesWithTime: Bool { false }

    package func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        guard fits else { throw .unsuitable("its table needs an action, or null, for each pair of bands") }
        func place(_ bands: Bands) throws(PolicyError) -> Int {
            guard let place = observations.firstIndex(of: bands.variable) else {
                throw .unobserved(bands.variable, observed: observations)
            }
            return place
        }
        for values in cells.joined().compactMap(\.self) + [otherwise] {
            let isInside = zip(values, actions.components).allSatisfy { $0 >= $1.low && $0 <= $1.high }
            guard values.count == actions.components.count, isInside,
                actions.isContinuous || actions.level(of: values) != nil
            else { throw .unknownAction(values.map { "\($0)" }.joined(separator: ","), allowed: actions.names) }
        }
        var second: Int?
        if let columns { second = try place(columns) }
        return DoseTableWorker(self, first: try place(rows), second: second, actions)
    }
}

private final class DoseTableWorker: PolicyWorker {
    let actions: ActionSpace
    private let policy: DoseTablePolicy
    private let first: Int
    private let second: Int?
    /// `levels[row][column]`: the level, −1 for values between levels.
    private let levels: [[Int]]

    init(_ policy: DoseTablePolicy, first: Int, second: Int?, _ actions: ActionSpace) {
        (self.policy, self.first, self.second, self.actions) = (policy, first, second, actions)
        levels = policy.cells.map { $0.map { actions.level(of: $0 ?? policy.otherwise) ?? -1 } }
    }

    private func cell(_ point: PolicyPoint, lane: Int) -> (row: Int, column: Int) {
        let row = policy.rows.band(of: point.observation[first][lane])
        guard let second, let columns = policy.columns else { return (row, 0) }
        return (row, columns.band(of: point.observation[second][lane]))
    }

    /// The level in a lane's cell, or the nearest that is allowed; values between levels are weighed as none.
    private func level(_ cell: (row: Int, column: Int), _ point: PolicyPoint, lane: Int) -> Int {
        let wanted = levels[cell.row][cell.column]
        return wanted < 0 ? wanted : AllowedLevels.nearest(to: wanted, point, of: actions, lane: lane)
    }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        for level in actions.levels.indices { weights[level] = Lane(repeating: 0) }
        for lane in 0..<laneCount {
            let level = level(cell(point, lane: lane), point, lane: lane)
            if level >= 0 { weights[level][lane] = 1 }
        }
    }

    func decide(_ point: PolicyPoint, into action: LanePointer, scratch _: LanePointer) {
        for lane in 0..<laneCount {
            let cell = cell(point, lane: lane)
            let level = level(cell, point, lane: lane)
            let values =
                level < 0 ? policy.cells[cell.row][cell.column] ?? policy.otherwise : actions.levels[level].values
            for component in actions.components.indices { action[component][lane] = values[component] }
        }
    }
}

/// What a policy does whose level is not allowed at the moment.
enum AllowedLevels {
    /// The allowed level that is nearest, each component measured by its range; the first of equals, and the level itself where
    /// none is allowed.
    static func nearest(to wanted: Int, _ point: PolicyPoint, of actions: ActionSpace, lane: Int) -> Int {
        if point.allowed[wanted][lane] > 0 { return wanted }
        var best: (level: Int, distance: Double)?
        for level in actions.levels.indices where point.allowed[level][lane] > 0 {
            var distance = 0.0
            for (place, component) in actions.components.enumerated() {
                let width = component.high > component.low ? component.high - component.low : 1
                let away = (actions.levels[level].values[place] - actions.levels[wanted].values[place]) / width
                distance += away * away
            }
            if best.map({ distance < $0.distance }) ?? true { best = (level, distance) }
        }
        return best?.level ?? wanted
    }
}

extension DoseTablePolicy: ReadablePolicy {
    /// A line for each cell of which something is known.
    package func lines(_ actions: ActionSpace, missing _: Set<String>) -> [String] {
        var lines: [String] = []
        for row in cells.indices {
            for column in cells[row].indices {
                guard let values = cells[row][column] else { continue }
                let names = [rows.name(row)] + (columns.map { [$0.name(column)] } ?? [])
                lines.append("\(names.joined(separator: " and ")): \(actions.text(of: values))")
            }
        }
        return lines + ["otherwise: \(actions.text(of: otherwise))"]
    }
}
