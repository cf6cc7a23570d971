import NumericsCore

/// A test that a yes/no outcome is as frequent in every group.
///
/// Pearson's χ² on groups − 1 degrees of freedom without continuity correction, or the exact test of the 2 × k table with its
/// margins fixed, whose p-value sums the tables that are no likelier than the one seen (Fisher 1934; Freeman and Halton 1951,
/// Biometrika 38:141).
public struct GroupProportionsTest: Hashable, Sendable {
    /// Which test is done.
    public enum Method: String, CaseIterable, Sendable {
        /// The exact test where an expected count is below 5 (Cochran's rule) and its tables can be listed, else Pearson's.
        case automatic
        /// Pearson's χ².
        case pearson
        /// The exact test.
        case exact
    }

    /// The most tables that the exact test lists, counted by the choices in all groups but the largest.
    public static let tableLimit = 2_000_000
    /// Two tables are equally likely when their probabilities agree to this share, as in R's `fisher.test`.
    static let sameProbability = 1e-7

    /// The test that was done, `pearson` or `exact`.
    public let method: Method
    /// Pearson's statistic, also beside an exact p-value.
    public let pearson: ChiSquareTest
    /// Of the test that was done.
    public let pValue: Double
    /// The smallest expected count of the table.
    public let smallestExpected: Double

    /// Tests counts by group; groups without patients do not count.
    ///
    /// - Parameters:
    ///   - events: those with the outcome in each group.
    ///   - counts: all patients of each group.
    /// - Returns: undefined with fewer than two groups of patients, when nobody or everybody has the outcome, and for an
    ///   exact test of more than ``tableLimit`` tables.
    /// - Throws: ``InvalidInput`` for counts that cannot be.
    public static func test(
        events: [Int], of counts: [Int], method: Method = .automatic
    ) throws(InvalidInput) -> Estimated<GroupProportionsTest> {
        guard events.count == counts.count else {
            throw InvalidInput(
                .init(column: "events", found: "\(events.count) groups", allowed: "\(counts.count) groups"))
        }
        let problems = events.indices.filter { events[$0] < 0 || events[$0] > counts[$0] }.map {
            InvalidInput.Problem(
                row: $0 + 1, column: "events", found: "\(events[$0])", allowed: "0 to \(max(0, counts[$0]))")
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let groups = counts.indices.filter { counts[$0] > 0 }
        guard groups.count > 1 else { return .undefined(.fewGroups(groups.count)) }
        let table = CountTable(events: groups.map { events[$0] }, counts: groups.map { counts[$0] })
        guard table.total > 0, table.total < table.size else {
            return .undefined(.oneOutcome(events: table.total, of: table.size))
        }
        let isListable = table.tables(limit: tableLimit) <= tableLimit
        if method == .exact, !isListable {
            return .undefined(
                .init(code: "too-many-tables", reason: "more than \(tableLimit) tables: take Pearson's test"))
        }
        let isExact = method == .exact || (method == .automatic && table.smallestExpected < 5 && isListable)
        let pearson = ChiSquareTest(statistic: table.pearson, degreesOfFreedom: groups.count - 1)
        return .value(
            GroupProportionsTest(
                method: isExact ? .exact : .pearson, pearson: pearson,
                pValue: isExact ? table.exactPValue() : pearson.pValue, smallestExpected: table.smallestExpected))
    }
}

/// A 2 × k table of counts with a patient in each group.
private struct CountTable {
    let events: [Int]
    let counts: [Int]
    let total: Int
    let size: Int

    init(events: [Int], counts: [Int]) {
        self.events = events
        self.counts = counts
        total = events.reduce(0, +)
        size = counts.reduce(0, +)
    }

    var pearson: Double {
        let rate = Double(total) / Double(size)
        var sum = 0.0
        for group in counts.indices {
            let n = Double(counts[group])
            let distance = Double(events[group]) - n * rate
            sum += distance * distance / (n * rate * (1 - rate))
        }
        return sum
    }

    var smallestExpected: Double {
        Double(counts.min() ?? 0) * Double(min(total, size - total)) / Double(size)
    }

    /// At least the number of tables with these margins: any counts in all groups but the largest. Cut off above the limit.
    func tables(limit: Int) -> Int {
        var bound = 1
        for n in counts.sorted().dropLast() {
            bound *= min(n, total, size - total, limit) + 1
            if bound > limit { return limit + 1 }
        }
        return bound
    }

    /// The probability of the tables that are no likelier than this one.
    func exactPValue() -> Double {
        let logFactorial = (0...size).map { Elementary.lgamma(Double($0) + 1) }
        func choose(_ n: Int, _ k: Int) -> Double { logFactorial[n] - logFactorial[k] - logFactorial[n - k] }
        let all = choose(size, total)
        let seen = counts.indices.reduce(0) { $0 + choose(counts[$1], events[$1]) } - all
        let limit = seen + Elementary.log1p(GroupProportionsTest.sameProbability)
        var later = [Int](repeating: 0, count: counts.count + 1)
        for group in counts.indices.reversed() { later[group] = later[group + 1] + counts[group] }
        var inside = 0.0
        var outside = 0.0
        func visit(_ group: Int, _ left: Int, _ logProbability: Double) {
            if group == counts.count - 1 {
                let own = logProbability + choose(counts[group], left)
                if own <= limit { inside += Elementary.exp(own) } else { outside += Elementary.exp(own) }
                return
            }
            let least = max(0, left - later[group + 1])
            for k in least...min(counts[group], left) {
                visit(group + 1, left - k, logProbability + choose(counts[group], k))
            }
        }
        visit(0, total, -all)
        return min(1, inside / (inside + outside))
    }
}
