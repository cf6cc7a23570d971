import Outcomes

/// Who of one arm ends on a dose that is far from the dose needed, by group.
///
/// Wrong is an amount that differs from the one needed by more than a fifth of it, as the IWPC judged its algorithms (N Engl J
/// Med 2009;360:753). Judged is the amount of the last decision while the patient was under observation, taken or missed.
package struct DosingErrors: Sendable {
    /// How far from the dose needed a dose may be, as a share of it.
    package static let tolerance = 0.2

    /// For each group the patients with a dose and a need, how many of them are dosed wrong, and their share with Wilson's
    /// interval; for each stratifier the test that the shares are alike.
    package let wrong: StratifiedCells
    /// For each group, how many of the wrong doses are too high.
    package let tooHigh: [Int]

    /// - Parameter needed: for each row of the record, the amount of one dose that the patient needs.
    package init(_ record: ArmRecord, needed: [Double], strata: Strata) throws {
        let last = record.lastDose
        let isKnown = last.indices.map {
            record.failures[$0] == nil && last[$0].isFinite && needed[$0].isFinite && needed[$0] > 0
        }
        let isHigh = last.indices.map { isKnown[$0] && last[$0] > (1 + Self.tolerance) * needed[$0] }
        let isWrong = last.indices.map { isHigh[$0] || isKnown[$0] && last[$0] < (1 - Self.tolerance) * needed[$0] }
        wrong = try StratifiedCells(strata, isKnown: isKnown, events: isWrong) { rows in
            .value(try Proportion(events: rows.count { isWrong[$0] }, of: rows.count).estimate)
        }
        tooHigh = strata.rows.map { rows in rows.count { isHigh[$0] } }
    }
}
