/// Patients in groups of ascending predicted risk, cut at quantiles of the risk.
struct RiskGroups {
    /// The inner cuts, ascending, equal ones once: group k holds risks over cut k − 1 and up to cut k.
    let cuts: [Double]

    /// Cuts at the quantiles 1/groups, 2/groups, … (linear between order statistics, R's type 7). Fewer groups than asked
    /// for where quantiles coincide or have no patient between them: no group is empty.
    init(_ risks: [Double], groups: Int) {
        let sorted = risks.sorted()
        var cuts: [Double] = []
        var below = 0
        // More groups than patients would be empty.
        let groups = min(groups, sorted.count)
        for k in 1..<max(groups, 1) {
            let cut = Self.quantile(sorted, Double(k) / Double(groups))
            let upTo = sorted.partitioningIndex { $0 > cut }
            guard upTo > below, upTo < sorted.count else { continue }
            cuts.append(cut)
            below = upTo
        }
        self.cuts = cuts
    }

    var count: Int { cuts.count + 1 }

    func group(of risk: Double) -> Int { cuts.partitioningIndex { $0 >= risk } }

    /// The quantile of sorted numbers, linear between the order statistics (Hyndman and Fan 1996, type 7).
    static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
        let place = probability * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}
