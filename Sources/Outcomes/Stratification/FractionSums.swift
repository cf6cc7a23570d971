/// The concordance fraction of each group with its squared standard error, gathered from the pairs of each two groups.
struct FractionSums {
    private var right: [Double]
    private var total: [Double]
    /// Of each patient, with pairs inside its group counted twice: for both of their patients.
    private var ownRight: [Double]
    private var ownTotal: [Double]
    /// Sums over patients of other groups, of right², right·total and total² of their pairs with the group.
    private var others: [(rr: Double, rt: Double, tt: Double)]

    init(groups: Int, patients: Int) {
        right = [Double](repeating: 0, count: groups)
        total = right
        ownRight = [Double](repeating: 0, count: patients)
        ownTotal = ownRight
        others = [(rr: Double, rt: Double, tt: Double)](repeating: (0, 0, 0), count: groups)
    }

    mutating func addWithin(_ credits: GroupPairCredits, group: Int) {
        for (index, row) in credits.rows.enumerated() {
            ownRight[row] += 2 * credits.right[index]
            ownTotal[row] += 2 * credits.own[index]
        }
        right[group] += 2 * (credits.concordant + credits.tied / 2)
        total[group] += 2 * credits.pairs
    }

    /// Both orders of two different groups; their rows come in the same order.
    mutating func addBetween(
        _ one: GroupPairCredits, _ other: GroupPairCredits, _ a: Int, _ b: Int, codes: [Int]
    ) {
        for (index, row) in one.rows.enumerated() {
            let r = one.right[index] + other.right[index]
            let t = one.own[index] + other.own[index]
            ownRight[row] += r
            ownTotal[row] += t
            let opposite = codes[row] == a ? b : a
            others[opposite].rr += r * r
            others[opposite].rt += r * t
            others[opposite].tt += t * t
        }
        let sum = one.concordant + one.tied / 2 + other.concordant + other.tied / 2
        for group in [a, b] {
            right[group] += sum
            total[group] += one.pairs + other.pairs
        }
    }

    func stratified(
        _ grouping: Grouping, _ events: [Bool], _ overall: Estimated<Estimate>, _ level: ConfidenceLevel
    ) -> Stratified<Estimate> {
        func group(_ label: String, _ rows: [Int], _ estimate: Estimated<Estimate>) -> Stratified<Estimate>.Group {
            .init(
                label: label, count: rows.count, events: rows.reduce(0) { $0 + (events[$1] ? 1 : 0) },
                result: estimate, estimate: estimate)
        }
        let groups = zip(grouping.labels, grouping.rows).enumerated().map { code, entry in
            group(entry.0, entry.1, estimate(code, entry.1, level))
        }
        return Stratified(groups: groups, overall: group("all", Array(grouping.codes.indices), overall))
    }

    private func estimate(_ code: Int, _ rows: [Int], _ level: ConfidenceLevel) -> Estimated<Estimate> {
        guard !rows.isEmpty else { return .undefined(.init(code: "empty-group", reason: "the group has no patient")) }
        guard total[code] > 0 else { return .undefined(.noComparablePairs) }
        let value = right[code] / total[code]
        var squares = others[code].rr - 2 * value * others[code].rt + value * value * others[code].tt
        for row in rows {
            let influence = ownRight[row] - value * ownTotal[row]
            squares += influence * influence
        }
        let isSettled = value == 0 || value == 1 || !(squares > 0)
        return .value(
            Estimate(
                probability: value,
                standardError: isSettled ? .undefined(.noVariation) : .value(squares.squareRoot() / total[code]),
                level: level))
    }
}
