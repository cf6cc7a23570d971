import NumericsCore
import Regimes

/// The decisions of a log by what was observed, where that takes few different values: a table's cells.
package struct StateCells: Sendable {
    /// The cell of each decision.
    package let of: [Int]
    /// The cell after each episode's last decision, −1 where nobody has been.
    package let final: [Int]
    package let count: Int

    /// More than this, and a table is no model.
    package static let most = 2000

    package init(of: [Int], final: [Int], count: Int) { (self.of, self.final, self.count) = (of, final, count) }

    /// - Parameter variables: the places of the variables that make a cell.
    /// - Returns: Nil where there are more than ``most`` cells, or fewer than five decisions for each.
    package init?(_ log: LoggedEpisodes, variables: [Int]) {
        var numbers: [[UInt64]: Int] = [:]
        var of: [Int] = []
        of.reserveCapacity(log.decisions)
        // Missing values are a value of their own, whatever their bits.
        func bits(_ value: Double) -> UInt64 { value.isNaN ? .max : (value == 0 ? 0.0 : value).bitPattern }
        for decision in 0..<log.decisions {
            let key = variables.map { bits(log.observations[$0][decision]) }
            if let known = numbers[key] {
                of.append(known)
            } else {
                guard numbers.count < Self.most else { return nil }
                numbers[key] = numbers.count
                of.append(numbers.count - 1)
            }
        }
        guard log.decisions >= 5 * numbers.count else { return nil }
        self.of = of
        count = numbers.count
        final = (0..<log.episodes).map { episode in
            numbers[variables.map { bits(log.final[$0][episode]) }] ?? -1
        }
    }
}
