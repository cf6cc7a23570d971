import Outcomes

/// Times that differ by rounding alone are one time, as in R's `survfit`, `survdiff` and `coxph` (`timefix`): 0.1 + 0.2 and
/// 0.3, or entries and follow-up added up elsewhere, would otherwise be two event times where there is one.
///
/// Two neighbours of the sorted times are one when they lie within √2⁻⁵² ≈ 1.5e-8, or within that part of the mean of all
/// distinct times. Each time becomes the first of those it is one with. O(n log n).
struct RoundedTimes {
    static let tolerance = 0x1p-52.squareRoot()

    /// The first of each run of times that are one, ascending; empty where none is longer than one.
    private let firsts: [Double]

    init(_ times: [Double], _ entries: [Double]?) {
        var distinct: [Double] = []
        for time in (times + (entries ?? [])).sorted() where time != distinct.last { distinct.append(time) }
        let mean = distinct.reduce(0) { $0 + abs($1) / Double(distinct.count) }
        let reach = max(Self.tolerance, Self.tolerance * mean)
        let kept = distinct.indices.filter { $0 == 0 || distinct[$0] - distinct[$0 - 1] > reach }
        firsts = kept.count == distinct.count ? [] : kept.map { distinct[$0] }
    }

    /// Whether all times stay as they are.
    var isIdentity: Bool { firsts.isEmpty }

    func callAsFunction(_ time: Double) -> Double {
        let after = firsts.partitioningIndex { $0 > time }
        return after == 0 ? time : firsts[after - 1]
    }
}

extension SurvivalData {
    /// The same patients with times that differ by rounding alone made one.
    ///
    /// - Throws: ``InvalidInput`` for a patient whose entry and time are one.
    func mergingRoundedTimes() throws(InvalidInput) -> SurvivalData {
        let rounded = RoundedTimes(times, entries)
        guard !rounded.isIdentity else { return self }
        return try SurvivalData(
            times: times.map { rounded($0) }, events: events, entries: entries.map { $0.map { rounded($0) } })
    }
}
