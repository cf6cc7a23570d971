/// The cases and controls of one group by ascending risk.
struct RankedGroup {
    struct Member {
        /// The patient's place in the group.
        let index: Int
        let risk: Double
        let weight: Double
    }

    /// The patients of the group, cases, controls and neither.
    let count: Int
    var cases: [Member] = []
    var controls: [Member] = []
    /// Nil where nobody is censored by design: yes/no outcomes.
    let censoring: CensoringWeights?
    let horizon: Double

    static func binary(_ outcomes: [Bool], _ scores: [Double], _ grouping: Grouping) -> [RankedGroup] {
        grouping.rows.map { rows in
            var group = RankedGroup(count: rows.count, censoring: nil, horizon: 0)
            group.add(rows.map { scores[$0] }) { outcomes[rows[$0]] ? .case(1) : .control }
            return group
        }
    }

    static func censored(
        _ data: SurvivalData, _ risk: [Double], _ grouping: Grouping, _ horizon: Double
    ) throws(InvalidInput) -> [RankedGroup] {
        var groups: [RankedGroup] = []
        for rows in grouping.rows {
            guard !rows.isEmpty else {
                groups.append(RankedGroup(count: 0, censoring: nil, horizon: horizon))
                continue
            }
            let own = try data.subset(rows)
            let weights = CensoringWeights(marginal: own, TimeOrder(own))
            let before = weights.beforeOwnTime
            var group = RankedGroup(count: rows.count, censoring: weights, horizon: horizon)
            group.add(rows.map { risk[$0] }) { index in
                if own.times[index] > horizon { return .control }
                guard own.events[index] else { return .neither }
                return before[index] > 0 ? .case(1 / before[index]) : .neither
            }
            groups.append(group)
        }
        return groups
    }

    private enum Role {
        case `case`(Double)
        case control
        case neither
    }

    private mutating func add(_ risk: [Double], _ role: (Int) -> Role) {
        for index in risk.indices.sorted(by: { risk[$0] != risk[$1] ? risk[$0] < risk[$1] : $0 < $1 }) {
            switch role(index) {
            case .case(let weight): cases.append(Member(index: index, risk: risk[index], weight: weight))
            case .control: controls.append(Member(index: index, risk: risk[index], weight: 1))
            case .neither: break
            }
        }
    }
}

/// The area of the cases of one group against the controls of another, with the influence of everybody on it.
struct CrossArea {
    let auc: Double
    /// Of the patients of the cases' group; of everybody in the group when it is the controls' too.
    private(set) var caseSide: [Double]
    /// Of the patients of the controls' group; empty when it is the cases'.
    private(set) var controlSide: [Double]
    /// Squared standard error.
    let variance: Estimated<Double>
    private let isBinary: Bool

    static func of(_ a: RankedGroup, _ b: RankedGroup, sameGroup: Bool) -> Estimated<CrossArea> {
        guard !a.cases.isEmpty else {
            return .undefined(.init(code: "no-cases", reason: "the cases' group has no case"))
        }
        guard !b.controls.isEmpty else {
            return .undefined(
                .init(code: "no-controls", reason: "the controls' group has no control"))
        }
        return .value(CrossArea(a, b, sameGroup: sameGroup))
    }

    private init(_ a: RankedGroup, _ b: RankedGroup, sameGroup: Bool) {
        let m = a.cases.count
        let n = b.controls.count
        let caseWeight = a.cases.reduce(0) { $0 + $1.weight }
        var ofCase = [Double](repeating: 0, count: m)
        var ofControl = [Double](repeating: 0, count: n)
        var won = 0.0
        var lost = 0.0
        // Controls below and at each case, then the weight of cases above and at each control.
        var below = 0
        var through = 0
        for i in 0..<m {
            while below < n, b.controls[below].risk < a.cases[i].risk { below += 1 }
            while through < n, b.controls[through].risk <= a.cases[i].risk { through += 1 }
            ofCase[i] = Double(below + through) / 2
            won += a.cases[i].weight * ofCase[i]
            lost += a.cases[i].weight * (Double(n) - ofCase[i])
        }
        var weightBelow = 0.0
        var weightThrough = 0.0
        (below, through) = (0, 0)
        for j in 0..<n {
            while below < m, a.cases[below].risk < b.controls[j].risk {
                weightBelow += a.cases[below].weight
                below += 1
            }
            while through < m, a.cases[through].risk <= b.controls[j].risk {
                weightThrough += a.cases[through].weight
                through += 1
            }
            ofControl[j] = caseWeight - (weightBelow + weightThrough) / 2
        }
        let area = won + lost
        let auc = 0.5 + (won - lost) / (2 * area)
        self.auc = auc
        isBinary = a.censoring == nil
        caseSide = [Double](repeating: 0, count: a.count)
        controlSide = [Double](repeating: 0, count: sameGroup ? 0 : b.count)
        var caseSquares = 0.0
        var controlSquares = 0.0
        for i in 0..<m {
            let part = a.cases[i].weight * (ofCase[i] - auc * Double(n)) / area
            caseSide[a.cases[i].index] = part
            caseSquares += part * part
        }
        if let censoring = a.censoring { caseSide = censoring.withEstimation(of: caseSide, through: a.horizon) }
        for j in 0..<n {
            let part = (ofControl[j] - auc * caseWeight) / area
            controlSquares += part * part
            if sameGroup { caseSide[b.controls[j].index] += part } else { controlSide[b.controls[j].index] = part }
        }
        if auc == 0 || auc == 1 {
            variance = .undefined(.noVariation)
        } else if isBinary {
            variance =
                m > 1 && n > 1
                ? .value(caseSquares * Self.small(m) + controlSquares * Self.small(n))
                : .undefined(.init(code: "one-case", reason: "\(m) cases and \(n) controls: two of each have an error"))
        } else {
            let sum = Self.scaled(caseSide) + Self.scaled(controlSide)
            variance = sum > 0 ? .value(sum) : .undefined(.noVariation)
        }
    }

    /// m/(m − 1), which makes a mean square about a mean the variance of a sample.
    private static func small(_ count: Int) -> Double { Double(count) / Double(max(1, count - 1)) }

    private static func scaled(_ influences: [Double]) -> Double {
        influences.isEmpty ? 0 : influences.reduce(0) { $0 + $1 * $1 } * small(influences.count)
    }

    func estimate(_ level: ConfidenceLevel) -> Estimate {
        Estimate(probability: auc, standardError: variance.map { $0.squareRoot() }, level: level)
    }

    /// This area minus that of the same two groups with cases and controls exchanged.
    func difference(from other: CrossArea, _ level: ConfidenceLevel) -> Estimate {
        let squared = variance.flatMap { first in
            other.variance.map { second in
                // Without censoring the two areas have no patient in common.
                guard !isBinary else { return first + second }
                let a = caseSide.indices.map { caseSide[$0] - other.controlSide[$0] }
                let b = controlSide.indices.map { controlSide[$0] - other.caseSide[$0] }
                return Self.scaled(a) + Self.scaled(b)
            }
        }
        return Estimate(
            value: auc - other.auc, standardError: squared.map { $0.squareRoot() }, scale: .identity, level: level)
    }
}
