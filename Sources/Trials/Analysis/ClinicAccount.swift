import Outcomes

/// What became of the recommendations of one arm, for all and by group.
package struct ClinicAccount: Sendable {
    /// `totals[group]`, over the patients of the group.
    package let totals: [ClinicCounts]
    /// The share of the recommendations that were followed. Recommendations of one patient are alike, so the error is that
    /// of a ratio of sums over patients: R = Σf/Σr, var R = n/(n − 1) · Σ(f − R·r)² / (Σr)² (Cochran, Sampling
    /// Techniques, 1977, equation 6.4).
    package let followed: StratifiedCells

    package init(_ record: ArmRecord, strata: Strata) throws {
        let counts = record.clinic
        totals = strata.rows.map { rows in rows.reduce(into: ClinicCounts()) { $0.add(counts[$1]) } }
        followed = try StratifiedCells(strata, isKnown: counts.map { $0.recommendations > 0 }) { rows in
            .value(Self.share(rows.map { counts[$0] }))
        }
    }

    /// Whether there was any recommendation or co-intervention.
    package var isAny: Bool { totals.first.map { $0.recommendations + $0.coInterventions > 0 } ?? false }

    private static func share(_ counts: [ClinicCounts]) -> Estimate {
        let all = counts.reduce(0) { $0 + Double($1.recommendations) }
        let share = counts.reduce(0) { $0 + Double($1.followed) } / all
        let squares = counts.reduce(0.0) { sum, count in
            let residual = Double(count.followed) - share * Double(count.recommendations)
            return sum + residual * residual
        }
        guard counts.count > 1 else {
            let reason = Undefined(code: "one-patient", reason: "one patient has no spread")
            return Estimate(value: share, standardError: .undefined(reason), interval: .undefined(reason))
        }
        let n = Double(counts.count)
        let estimate = Estimate(normal: share, standardError: (n / (n - 1) * squares).squareRoot() / all)
        return share > 0 && share < 1 ? estimate.withInterval(.logit) : estimate
    }
}

extension ClinicCounts {
    mutating func add(_ other: ClinicCounts) {
        recommendations += other.recommendations
        changes += other.changes
        followed += other.followed
        overridden += other.overridden
        delayed += other.delayed
        alerts += other.alerts
        suppressed += other.suppressed
        coInterventions += other.coInterventions
        undecided += other.undecided
    }
}
