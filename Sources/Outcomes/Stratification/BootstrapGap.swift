import NumericsCore

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
