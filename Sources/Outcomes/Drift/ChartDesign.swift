import NumericsCore

extension ControlChart {
    /// A chart whose limit is still to be chosen.
    public enum Kind: Hashable, Sendable {
        /// See ``Rule/shewhart(limit:)``.
        case shewhart
        /// See ``Rule/cusum(slack:limit:)``.
        case cusum(slack: Double)
        /// See ``Rule/ewma(weight:limit:)``.
        case ewma(weight: Double)

        /// The rule with a limit.
        public func rule(limit: Double) -> Rule {
            switch self {
            case .shewhart: .shewhart(limit: limit)
            case .cusum(let slack): .cusum(slack: slack, limit: limit)
            case .ewma(let weight): .ewma(weight: weight, limit: limit)
            }
        }
    }

    /// The run lengths that a chart can be designed for.
    public static let designableRunLengths = 10.0...100_000

    /// The chart whose false alarms are `runLength` values apart on average, ``averageRunLength(shift:cells:)`` at shift 0.
    ///
    /// The limit is rounded to four decimals: a number that a protocol can state, and the same on every processor.
    ///
    /// - Throws: ``InvalidInput`` for a run length outside ``designableRunLengths``, a slack or weight that is not allowed, and a
    ///   slack so large that false alarms are rarer whatever the limit.
    public init(_ kind: Kind, side: Side = .both, runLength: Double) throws(InvalidInput) {
        guard Self.designableRunLengths.contains(runLength) else {
            throw InvalidInput(
                .init(column: "run length", found: "\(runLength)", allowed: "a number from 10 to 100000"))
        }
        // Refuses a slack or weight that is not allowed.
        _ = try ControlChart(kind.rule(limit: 1), side: side)
        if case .shewhart = kind {
            let tails = side == .both ? 2.0 : 1.0
            try self.init(.shewhart(limit: Self.rounded(-Normal.quantile(1 / (tails * runLength)))), side: side)
            return
        }
        var (low, high) = (0.05, 30.0)
        if case .ewma = kind { (low, high) = (0.5, 8.0) }
        guard try Self.length(kind, side, low) < runLength else {
            throw InvalidInput(
                .init(
                    column: "run length", found: "\(runLength)",
                    allowed: "a longer one, or a smaller slack: false alarms are rarer than that at any limit"))
        }
        while high - low > 1e-5 {
            let middle = (low + high) / 2
            if try Self.length(kind, side, middle) < runLength { low = middle } else { high = middle }
        }
        try self.init(kind.rule(limit: Self.rounded(high)), side: side)
    }

    private static func length(_ kind: Kind, _ side: Side, _ limit: Double) throws(InvalidInput) -> Double {
        try ControlChart(kind.rule(limit: limit), side: side).averageRunLength().value ?? .infinity
    }

    private static func rounded(_ limit: Double) -> Double { (limit * 10_000).rounded() / 10_000 }
}
