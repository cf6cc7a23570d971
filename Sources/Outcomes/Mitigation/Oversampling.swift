import NumericsCore

/// Small groups filled up with copies of their own patients, drawn at random with replacement.
///
/// Every patient stays once, and each group gets copies up to the target. The rows depend on the seed alone: group g draws
/// from the stream of the purpose `resampling`, replicate 0, patient g, so that a group more does not move the others.
/// To balance outcomes within groups as well, give the crossing of the two. Copies carry no information: errors of what is
/// fitted to them are too small, and none is given.
public struct Oversampling: Sendable {
    /// How large the groups shall become.
    public enum Target: Hashable, Sendable {
        /// As large as the largest.
        case largestGroup
        /// At least this many; larger groups stay as they are.
        case count(Int)
    }

    /// The rows of the enlarged data: all of them in order, then the copies of each group in the grouping's order.
    public let rows: [Int]
    /// How often each patient is in ``rows``, at least once.
    public let multiplicities: [Int]
    /// The patients of each group after the step; a group without patients stays empty.
    public let counts: [Int]

    /// Draws the copies, O(n + copies).
    ///
    /// - Throws: ``InvalidInput`` for a target below 1 or above 100 million.
    public init(_ grouping: Grouping, target: Target = .largestGroup, seed: UInt64) throws(InvalidInput) {
        let members = grouping.rows
        let goal: Int
        switch target {
        case .largestGroup: goal = members.map(\.count).max() ?? 0
        case .count(let count):
            guard (1...100_000_000).contains(count) else {
                throw InvalidInput(.init(column: "target", found: "\(count)", allowed: "1 to 100000000"))
            }
            goal = count
        }
        let key = StreamKey(seed: seed, purpose: .resampling)
        var rows = Array(grouping.codes.indices)
        var multiplicities = [Int](repeating: 1, count: grouping.count)
        var counts: [Int] = []
        for (code, own) in members.enumerated() {
            var stream = RandomStream(key: key, replicate: 0, patient: UInt32(truncatingIfNeeded: code))
            let copies = own.isEmpty ? 0 : max(0, goal - own.count)
            for _ in 0..<copies {
                let row = own[stream.nextInteger(below: own.count)]
                rows.append(row)
                multiplicities[row] += 1
            }
            counts.append(own.count + copies)
        }
        self.rows = rows
        self.multiplicities = multiplicities
        self.counts = counts
    }

    /// A logistic score of the outcome fitted to the patients as they are and to the enlarged data, for the patients
    /// themselves.
    ///
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``ScoreFitError`` where there is no finite estimate.
    public func retrained(outcomes: [Bool], _ covariates: [CovariateColumn]) throws -> ScoreChange {
        guard outcomes.count == multiplicities.count else {
            throw InvalidInput(.length("outcome", found: outcomes.count, rows: multiplicities.count))
        }
        return try .retrained(outcomes, covariates, weights: multiplicities.map { Double($0) })
    }
}
