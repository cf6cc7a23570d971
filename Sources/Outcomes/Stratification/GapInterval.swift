import NumericsCore

/// The group with the least wished-for value over the one with the most wished-for.
public struct GroupRatio: Hashable, Sendable {
    /// Worst over best: below 1 where higher is better, above 1 where lower is better, 1 when all are equal.
    public let ratio: Double
    /// The first group, in the grouping's order, with the least wished-for value.
    public let worst: String
    /// The first group, in the grouping's order, with the most wished-for value.
    public let best: String
    /// The groups without a value, which are not in the ratio.
    public let leftOut: [String]
}

/// The largest minus the smallest value with an interval that knows that the groups were picked by their values.
public struct GapInterval: Hashable, Sendable {
    /// Largest minus smallest, as ``Gap/difference``.
    public let difference: Double
    /// For the true distance between the largest and the smallest group.
    public let interval: ConfidenceInterval
    /// How many standard errors of a pair's difference an interval reaches, so that those of all pairs hold together.
    public let criticalValue: Double
    /// The labels of the groups compared, in the grouping's order.
    public let compared: [String]
    /// Groups without a standard error, which are not compared.
    public let leftOut: [String]
}

extension Stratified {
    /// The ratio of the worst group to the best. Undefined with fewer than two groups that have a value, for a negative
    /// value, and where the best value is 0.
    public func ratio(_ better: BetterDirection) -> Estimated<GroupRatio> {
        let known = groups.compactMap { group in group.estimate.value.map { (label: group.label, value: $0.value) } }
        guard known.count > 1, var worst = known.first, var best = known.first else {
            return .undefined(.fewGroups(known.count))
        }
        for group in known {
            guard group.value >= 0 else {
                return .undefined(
                    .init(
                        code: "negative-value",
                        reason: "group \"\(group.label)\" has the negative value \(group.value): no ratio of groups"))
            }
            let isHigher = better == .higherIsBetter
            if isHigher ? group.value < worst.value : group.value > worst.value { worst = group }
            if isHigher ? group.value > best.value : group.value < best.value { best = group }
        }
        guard best.value > 0 else {
            return .undefined(.init(code: "zero-reference", reason: "the best group's value is 0: no ratio to it"))
        }
        return .value(
            GroupRatio(
                ratio: worst.value / best.value, worst: worst.label, best: best.label,
                leftOut: groups.filter { $0.estimate.value == nil }.map(\.label)))
    }

    /// An interval for the gap by simultaneous intervals of all pairs of groups.
    ///
    /// ```
    /// c = quantile of max_{i<j} |Zᵢ·SEᵢ − Zⱼ·SEⱼ| / SEᵢⱼ,  SEᵢⱼ² = SEᵢ² + SEⱼ²,  Z standard normal
    /// lower = max(0, max_{i,j} (θᵢ − θⱼ − c·SEᵢⱼ)),   upper = max_{i,j} (θᵢ − θⱼ + c·SEᵢⱼ)
    /// ```
    ///
    /// When all pairs' intervals hold, so does this one: its level is at least the one asked for, for any true values
    /// (Tukey–Kramer's pairs with the quantile simulated, Hothorn et al. 2008, Biom J 50:346). Ratios enter in their own
    /// unit, with SE(value) = value·SE(log value). The bits depend on `seed` and `draws` alone; the quantile's simulation
    /// error is about 1 % at the default. O(draws·g²) for g groups.
    ///
    /// - Parameters:
    ///   - seed: of the draws; a stream of the purpose `analysis`.
    ///   - draws: at least 100.
    /// - Returns: undefined with fewer than two groups that have a positive standard error.
    /// - Throws: ``InvalidInput`` for fewer draws.
    public func gapInterval(
        seed: UInt64, draws: Int = 10_000, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> Estimated<GapInterval> {
        guard draws >= 100 else {
            throw InvalidInput(.init(column: "draws", found: "\(draws)", allowed: "100 or more"))
        }
        var parts: [(label: String, value: Double, error: Double)] = []
        for group in groups {
            guard let estimate = group.estimate.value, let error = estimate.standardError.value else { continue }
            let own = estimate.scale == .log ? error * estimate.value : error
            if own > 0 { parts.append((group.label, estimate.value, own)) }
        }
        guard parts.count > 1 else {
            return .undefined(
                .init(
                    code: "few-groups",
                    reason: "\(parts.count) groups have a standard error: two are needed for an interval"))
        }
        let critical = Self.criticalValue(parts.map(\.error), seed, draws, level)
        var difference = 0.0
        var lower = 0.0
        var upper = 0.0
        for a in parts {
            for b in parts where a.label != b.label {
                let reach = critical * (a.error * a.error + b.error * b.error).squareRoot()
                difference = max(difference, a.value - b.value)
                lower = max(lower, a.value - b.value - reach)
                upper = max(upper, a.value - b.value + reach)
            }
        }
        let compared = parts.map(\.label)
        return .value(
            GapInterval(
                difference: difference, interval: ConfidenceInterval(lower: lower, upper: upper, level: level),
                criticalValue: critical, compared: compared,
                leftOut: groups.map(\.label).filter { !compared.contains($0) }))
    }

    /// The quantile of the largest standardised difference when all groups are alike. With two groups it is normal.
    private static func criticalValue(
        _ errors: [Double], _ seed: UInt64, _ draws: Int, _ level: ConfidenceLevel
    ) -> Double {
        guard errors.count > 2 else { return level.normalQuantile }
        let count = errors.count
        var inverse = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0..<count {
                inverse[i * count + j] = 1 / (errors[i] * errors[i] + errors[j] * errors[j]).squareRoot()
            }
        }
        var stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
        var largest = [Double](repeating: 0, count: draws)
        var draw = [Double](repeating: 0, count: count)
        for index in 0..<draws {
            for i in 0..<count { draw[i] = errors[i] * stream.nextNormal() }
            var reached = 0.0
            for i in 1..<count {
                for j in 0..<i { reached = max(reached, abs(draw[i] - draw[j]) * inverse[i * count + j]) }
            }
            largest[index] = reached
        }
        largest.sort()
        let place = (level.value * Double(draws)).rounded(.up)
        return max(level.normalQuantile, largest[min(draws - 1, max(0, Int(place) - 1))])
    }
}

/// The gap of a metric by resampling patients within their groups: for metrics without a standard error.
///
/// The gap of resamples is larger than that of the patients themselves where groups are alike, since each resample picks
/// its own extremes. ``bias`` says by how much, and the interval is the basic one, which turns the percentiles around the
/// estimate, cut at 0 (Davison and Hinkley 1997, section 5.2).
public struct BootstrapGap: Sendable {
    /// The gap of the patients themselves.
    public let gap: Gap
    /// The standard deviation of the resampled gaps.
    public let standardError: Double
    /// The mean of the resampled gaps minus the gap.
    public let bias: Double
    /// `2·gap − percentiles`, cut at 0.
    public let interval: ConfidenceInterval
    /// The percentiles of the resampled gaps themselves.
    public let percentileInterval: ConfidenceInterval
    /// Resamples in which fewer than two groups had a value; they are in no number here.
    public let failures: Int

    /// Resamples each group with its own size, O(replicates · metric).
    ///
    /// - Parameters:
    ///   - grouping: the group of each of n patients.
    ///   - seed: resample b of group g is the stream of the purpose `bootstrap`, replicate b, patient g.
    ///   - replicates: at least 50.
    ///   - metric: the number of the patients in the given rows; in a resample a row may come more than once.
    /// - Throws: ``InvalidInput`` for fewer replicates, ``Undefined`` when fewer than two groups have a value or fewer
    ///   than half of the resamples a gap; what the metric throws.
    public init(
        _ grouping: Grouping, seed: UInt64, replicates: Int = 1000, threshold: SmallGroupThreshold = .none,
        level: ConfidenceLevel = .ninetyFivePercent, metric: ([Int]) throws -> Estimated<Double>
    ) throws {
        guard (50...1_000_000).contains(replicates) else {
            throw InvalidInput(.init(column: "replicates", found: "\(replicates)", allowed: "50 to 1000000"))
        }
        let bare = Estimated<ConfidenceInterval>.undefined(.init(code: "bootstrap", reason: "errors by resampling"))
        let frame = try Stratified(grouping, threshold: threshold) { rows in
            try metric(rows).map { Estimate(value: $0, standardError: bare.map { _ in 0 }, interval: bare) }
        }
        gap = try frame.gap.get()
        let members = zip(grouping.rows, frame.groups).map { $1.estimate.value == nil ? [] : $0 }
        let key = StreamKey(seed: seed, purpose: .bootstrap)
        var gaps: [Double] = []
        for replicate in 0..<replicates {
            var low = Double.infinity
            var high = -Double.infinity
            var known = 0
            for (group, rows) in members.enumerated() where !rows.isEmpty {
                var stream = RandomStream(key: key, replicate: UInt32(replicate), patient: UInt32(group))
                let sample = rows.map { _ in rows[stream.nextInteger(below: rows.count)] }
                guard let value = try metric(sample).value else { continue }
                low = min(low, value)
                high = max(high, value)
                known += 1
            }
            if known > 1 { gaps.append(high - low) }
        }
        failures = replicates - gaps.count
        guard gaps.count * 2 >= replicates, gaps.count > 1 else {
            throw Undefined(
                code: "few-resamples", reason: "\(gaps.count) of \(replicates) resamples have a gap: half are needed")
        }
        let moments = SampleMoments(gaps)
        bias = moments.mean - gap.difference
        standardError = (moments.squares / Double(gaps.count - 1)).squareRoot()
        gaps.sort()
        func percentile(_ p: Double) -> Double {
            let place = p * Double(gaps.count + 1)
            return gaps[min(gaps.count - 1, max(0, Int(place.rounded()) - 1))]
        }
        let low = percentile((1 - level.value) / 2)
        let high = percentile((1 + level.value) / 2)
        percentileInterval = ConfidenceInterval(lower: low, upper: high, level: level)
        interval = ConfidenceInterval(
            lower: max(0, 2 * gap.difference - high), upper: max(0, 2 * gap.difference - low), level: level)
    }
}
