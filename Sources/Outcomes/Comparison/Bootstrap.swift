import Dispatch
import NumericsCore
import Synchronization

/// The bootstrap of any metric of n patients: patients are drawn with replacement, and the metric is found anew.
///
/// ```swift
/// let bootstrap = try Bootstrap(count: data.count, replicates: 1000, seed: 1) { rows in
///     try Concordance(data.subset(rows), scores: rows.map { score[$0] }, withError: false).estimate.map(\.value)
/// }
/// print(bootstrap.standardError, bootstrap.interval(.percentile))
/// ```
///
/// The rows of a replicate come from a random stream named by the replicate: the same for any number of threads, and the
/// same for two metrics with one seed, whose replicates may therefore be subtracted.
/// Sources: Efron 1979, Ann Stat 7:1; Efron 1987, J Am Stat Assoc 82:171; Davison and Hinkley 1997, chapter 5.
public struct Bootstrap: Sendable {
    /// How an interval follows from the replicates.
    public enum IntervalKind: String, CaseIterable, Sendable {
        /// The quantiles of the replicates.
        case percentile
        /// Twice the estimate less the quantiles.
        case basic
        /// Percentile with correction for bias and for acceleration, the latter from the jackknife.
        case biasCorrectedAccelerated
    }

    /// The metric of the patients themselves.
    public let value: Estimated<Double>
    /// The metric of each replicate, in the order of the replicates; undefined where it was.
    public let replicates: [Estimated<Double>]

    private let sorted: [Double]
    private let jackknife: [Double]

    /// Finds the metric of the patients and of every replicate.
    ///
    /// - Parameters:
    ///   - count: n, at least 1.
    ///   - replicates: at least 2; a thousand for intervals.
    ///   - seed: of the random streams.
    ///   - strata: patients are drawn within groups, each as large as it is; nil for all together.
    ///   - jackknife: also finds the metric without each patient in turn, n more times, which the bias-corrected and
    ///     accelerated interval needs.
    ///   - threads: how many work at a time; 0 for all processors. It does not change a bit of the result.
    ///   - metric: of the patients of the given rows, of which some come more than once. It must depend on the rows alone.
    /// - Throws: ``InvalidInput`` for numbers that are not allowed; the error of the metric in the first replicate that
    ///   has one.
    public init(
        count: Int, replicates: Int = 1000, seed: UInt64, strata: Grouping? = nil, jackknife: Bool = false,
        threads: Int = 0, metric: @Sendable ([Int]) throws -> Estimated<Double>
    ) throws {
        var problems: [InvalidInput.Problem] = []
        if count < 1 { problems.append(.init(column: "patients", found: "\(count)", allowed: "at least 1")) }
        if replicates < 2 || replicates > Int(UInt32.max) {
            problems.append(.init(column: "replicates", found: "\(replicates)", allowed: "2 to 4294967295"))
        }
        if threads < 0 { problems.append(.init(column: "threads", found: "\(threads)", allowed: "0 or more")) }
        if let strata, strata.count != count {
            problems.append(.length("bootstrap stratum", found: strata.count, rows: count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let sampler = RowSampler(count: count, seed: seed, strata: strata)
        value = try metric(Array(0..<count))
        self.replicates = try Self.run(replicates, threads: threads) { try metric(sampler.rows(replicate: $0)) }
        sorted = self.replicates.compactMap(\.value).sorted()
        guard jackknife, count > 1 else {
            self.jackknife = []
            return
        }
        let left = try Self.run(count, threads: threads) { out in try metric((0..<count).filter { $0 != out }) }
        self.jackknife = left.compactMap(\.value)
    }

    /// Runs numbered pieces of work on several threads and returns their results in order.
    private static func run(
        _ count: Int, threads: Int, _ piece: @Sendable (Int) throws -> Estimated<Double>
    ) throws -> [Estimated<Double>] {
        let results = Mutex([Result<Estimated<Double>, any Error>?](repeating: nil, count: count))
        let next = Atomic<Int>(0)
        // Without a number each piece is an iteration of its own, and Dispatch shares them among the processors.
        DispatchQueue.concurrentPerform(iterations: threads == 0 ? count : min(threads, count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = Result { try piece(index) }
                results.withLock { $0[index] = result }
            }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }

    /// How many replicates have no value; the rest alone make the error and the intervals.
    public var undefinedReplicates: Int { replicates.count - sorted.count }

    /// The standard deviation of the replicates. Undefined with fewer than two values.
    public var standardError: Estimated<Double> {
        guard sorted.count > 1 else { return .undefined(.fewReplicates(sorted.count)) }
        let n = Double(sorted.count)
        let mean = sorted.reduce(0, +) / n
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return .value((squares / (n - 1)).squareRoot())
    }

    /// The mean of the replicates less the value: what may be subtracted from the value to correct it.
    public var bias: Estimated<Double> {
        value.flatMap { value in
            guard !sorted.isEmpty else { return .undefined(.fewReplicates(0)) }
            return .value(sorted.reduce(0, +) / Double(sorted.count) - value)
        }
    }

    /// The metric with the bootstrap's standard error and an interval of a kind.
    public func estimate(
        _ kind: IntervalKind = .percentile, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<Estimate> {
        value.map { value in
            Estimate(value: value, standardError: standardError, interval: interval(kind, level: level))
        }
    }

    /// An interval from the replicates, whose quantile p is the order statistic (R + 1)·p, between two of them linear.
    ///
    /// - Returns: undefined where the value is, with too few replicates for the level, and for the accelerated kind
    ///   without jackknife or spread.
    public func interval(
        _ kind: IntervalKind = .percentile, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<ConfidenceInterval> {
        value.flatMap { value in
            let tail = (1 - level.value) / 2
            guard Double(sorted.count + 1) * tail >= 1 else { return .undefined(.fewReplicates(sorted.count)) }
            switch kind {
            case .percentile: return .value(percentile(tail, 1 - tail, level))
            case .basic:
                let plain = percentile(tail, 1 - tail, level)
                return .value(
                    ConfidenceInterval(lower: 2 * value - plain.upper, upper: 2 * value - plain.lower, level: level))
            case .biasCorrectedAccelerated:
                return corrections(value).map { bias, acceleration in
                    func shifted(_ z: Double) -> Double {
                        Normal.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
                    }
                    return percentile(shifted(-level.normalQuantile), shifted(level.normalQuantile), level)
                }
            }
        }
    }

    private func percentile(_ low: Double, _ high: Double, _ level: ConfidenceLevel) -> ConfidenceInterval {
        ConfidenceInterval(lower: quantile(low), upper: quantile(high), level: level)
    }

    private func quantile(_ p: Double) -> Double {
        let place = min(max(Double(sorted.count + 1) * p, 1), Double(sorted.count))
        let below = Int(place)
        guard below < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below - 1] + (place - Double(below)) * (sorted[below] - sorted[below - 1])
    }

    /// z₀ from the share of replicates below the value (ties for half), and the acceleration.
    private func corrections(_ value: Double) -> Estimated<(bias: Double, acceleration: Double)> {
        guard jackknife.count > 1 else {
            return .undefined(
                .init(code: "no-jackknife", reason: "the accelerated interval needs the jackknife: ask for it"))
        }
        let below = sorted.reduce(0.0) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) } / Double(sorted.count)
        let mean = jackknife.reduce(0, +) / Double(jackknife.count)
        let squares = jackknife.reduce(0) { $0 + (mean - $1) * (mean - $1) }
        guard below > 0, below < 1, squares > 0 else {
            return .undefined(
                .init(code: "no-spread", reason: "the replicates lie on one side of the value, or do not vary"))
        }
        let cubes = jackknife.reduce(0) { $0 + (mean - $1) * (mean - $1) * (mean - $1) }
        return .value((Normal.quantile(below), cubes / (6 * squares * squares.squareRoot())))
    }
}

/// Draws rows with replacement, in all or in each stratum.
private struct RowSampler: Sendable {
    private let groups: [[Int]]
    private let count: Int
    private let key: StreamKey

    init(count: Int, seed: UInt64, strata: Grouping?) {
        self.count = count
        groups = strata?.rows ?? [Array(0..<count)]
        key = StreamKey(seed: seed, purpose: .bootstrap)
    }

    func rows(replicate: Int) -> [Int] {
        var stream = RandomStream(key: key, replicate: UInt32(truncatingIfNeeded: replicate), patient: 0)
        var rows: [Int] = []
        rows.reserveCapacity(count)
        for group in groups {
            for _ in group { rows.append(group[stream.nextInteger(below: group.count)]) }
        }
        return rows
    }
}

extension Undefined {
    static func fewReplicates(_ count: Int) -> Undefined {
        .init(code: "few-replicates", reason: "\(count) replicates have a value: too few for an error or interval")
    }
}
