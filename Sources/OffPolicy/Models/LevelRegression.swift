import NumericsCore
import Regimes

/// The points of a log at which values are asked for, as a regression sees them: decisions, then the ends of episodes.
struct LoggedPoints: Sendable {
    /// The cell of each point, −1 for one that no decision has; empty for a linear model.
    private let cells: [Int]
    private let cellCount: Int
    /// The columns of each point; empty for a table.
    fileprivate let design: [Double]
    let columns: Int
    private let decisions: Int

    /// The columns of a linear model are standardised over all decisions of the log: they know what was observed and nothing
    /// of rewards, so every fold may share them.
    init(
        _ basis: FittedQEvaluation.Basis, _ log: LoggedEpisodes, _ cells: StateCells?, _ variables: [Int]
    ) throws {
        decisions = log.decisions
        guard basis != .table else {
            guard let cells else {
                throw OffPolicyError.noFit("what is observed takes too many values for a table; choose another basis")
            }
            self.cells = cells.of + cells.final
            cellCount = cells.count
            (design, columns) = ([], 0)
            return
        }
        let basis = ObservationBasis(
            log, variables: variables, rows: Array(0..<log.decisions), isQuadratic: basis == .quadratic)
        var design: [Double] = []
        design.reserveCapacity((log.decisions + log.episodes) * basis.columns)
        for decision in 0..<log.decisions { design += basis.row { log.observations[$0][decision] } }
        for episode in 0..<log.episodes { design += basis.row { log.final[$0][episode] } }
        (self.cells, cellCount, self.design, columns) = ([], 0, design, basis.columns)
    }

    /// The point after an episode's last decision.
    func final(_ episode: Int) -> Int { decisions + episode }

    var isTable: Bool { columns == 0 }
    fileprivate func cell(_ point: Int) -> Int { cells[point] }

    /// A regression of anything on these decisions and their levels, ready to be fitted many times; each counts so often.
    func regression(
        _ rows: [Int], counts: [Double], _ chosen: [Int32], _ levels: Int
    ) throws -> PreparedRegression {
        isTable
            ? PreparedRegression(table: self, rows, counts, chosen, levels, cellCount)
            : try PreparedRegression(ridge: self, rows, counts, chosen, levels)
    }
}

/// A regression whose left-hand side is yet to come.
struct PreparedRegression {
    private let points: LoggedPoints
    private let rows: [Int]
    private let counts: [Double]
    private let levelOf: [Int]
    private let levels: Int
    private let cellCount: Int
    private let factors: [Cholesky]

    fileprivate init(
        table points: LoggedPoints, _ rows: [Int], _ counts: [Double], _ chosen: [Int32], _ levels: Int,
        _ cellCount: Int
    ) {
        (self.points, self.rows, self.counts) = (points, rows, counts)
        (self.levels, self.cellCount, factors) = (levels, cellCount, [])
        levelOf = rows.map { Int(chosen[$0]) }
    }

    /// A penalty of one row on each slope of a standardised column, and next to none on the intercept.
    static let slopePenalty = 1.0
    static let interceptPenalty = 1e-3

    fileprivate init(
        ridge points: LoggedPoints, _ rows: [Int], _ counts: [Double], _ chosen: [Int32], _ levels: Int
    ) throws {
        (self.points, self.rows, self.counts, self.levels, cellCount) = (points, rows, counts, levels, 0)
        levelOf = rows.map { Int(chosen[$0]) }
        let columns = points.columns
        var grams = (0..<levels).map { _ in
            Matrix.diagonal((0..<columns).map { $0 == 0 ? Self.interceptPenalty : Self.slopePenalty })
        }
        for (index, row) in rows.enumerated() {
            let level = levelOf[index]
            for j in 0..<columns {
                let value = counts[index] * points.design[row * columns + j]
                for i in j..<columns { grams[level][i, j] += points.design[row * columns + i] * value }
            }
        }
        do { factors = try grams.map { try Cholesky(of: $0) } } catch {
            throw OffPolicyError.noFit("the regression of the values is singular (\(error))")
        }
    }

    /// Fits the targets of the rows.
    func fitted(_ targets: [Double], within bounds: ClosedRange<Double>) -> LevelRegression {
        var (sum, total) = (0.0, 0.0)
        for (target, count) in zip(targets, counts) {
            sum += count * target
            total += count
        }
        let mean = total > 0 ? sum / total : 0
        if points.isTable { return table(targets, mean, bounds) }
        let columns = points.columns
        var sides = [[Double]](repeating: [Double](repeating: 0, count: columns), count: levels)
        for (index, row) in rows.enumerated() {
            let away = counts[index] * (targets[index] - mean)
            for j in 0..<columns { sides[levelOf[index]][j] += points.design[row * columns + j] * away }
        }
        let coefficients = zip(factors, sides).flatMap { $0.solve($1) }
        return LevelRegression(mean: mean, coefficients: coefficients, levels: levels, isTable: false, bounds: bounds)
    }

    /// Means of cells and levels; of the cell where a level was never tried in it, of all where nobody was in the cell.
    private func table(_ targets: [Double], _ mean: Double, _ bounds: ClosedRange<Double>) -> LevelRegression {
        var sums = [Double](repeating: 0, count: cellCount * levels)
        var totals = sums
        for (index, row) in rows.enumerated() {
            let place = points.cell(row) * levels + levelOf[index]
            sums[place] += counts[index] * targets[index]
            totals[place] += counts[index]
        }
        for cell in 0..<cellCount {
            let own = cell * levels..<(cell + 1) * levels
            let (sum, count) = (sums[own].reduce(0, +), totals[own].reduce(0, +))
            let fallback = count > 0 ? sum / count : mean
            for place in own { sums[place] = totals[place] > 0 ? sums[place] / totals[place] : fallback }
        }
        return LevelRegression(mean: mean, coefficients: sums, levels: levels, isTable: true, bounds: bounds)
    }
}

/// A fitted regression: the value of each level at each point.
struct LevelRegression {
    fileprivate let mean: Double
    fileprivate let coefficients: [Double]
    fileprivate let levels: Int
    fileprivate let isTable: Bool
    fileprivate let bounds: ClosedRange<Double>

    func value(_ points: LoggedPoints, _ point: Int, _ level: Int) -> Double {
        var value = mean
        if isTable {
            let cell = points.cell(point)
            if cell >= 0 { value = coefficients[cell * levels + level] }
        } else {
            let columns = points.columns
            for column in 0..<columns {
                value += coefficients[level * columns + column] * points.design[point * columns + column]
            }
        }
        return min(max(value, bounds.lowerBound), bounds.upperBound)
    }
}
