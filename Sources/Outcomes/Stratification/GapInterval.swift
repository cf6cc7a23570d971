import NumericsCore

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
    /// - Returns: undefined with fewer than two groups that have a positive standard error, and with more than 1000.
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
        guard parts.count <= 1000 else {
            return .undefined(
                .init(
                    code: "many-groups",
                    reason: "\(parts.count) groups have a standard error: at most 1000 are compared"))
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
