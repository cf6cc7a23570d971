import Outcomes

/// How far each arm is from the best arm of every single patient, seen in twins.
///
/// The oracle gives each patient the arm that turns out best for him, chance included: it knows what no regime can know, so its
/// value bounds that of every regime that chooses among the arms, and a regret of 0 is not to be had where chance decides
/// anything. Regrets are compared between arms: the smaller one chooses better.
package struct Regret: Sendable {
    /// Which arms a patient may be given, and the endpoint; `false` where less of it is better.
    package let arms: [Int]
    package let endpoint: Int
    package let isHigherBetter: Bool
    /// `regrets[k]` of arm `arms[k]`: the mean over patients of the best arm's outcome minus this arm's, turned so that it
    /// is never below 0.
    package let regrets: [StratifiedCells]
    /// For how many patients the arm is the best, as a share; ties count for every arm that is tied.
    package let best: [StratifiedCells]
    /// The mean outcome of the oracle, and what it gains over the one arm that is best for all of the group.
    package let oracle: StratifiedCells
    package let gain: [EstimateCell]
    /// For each group, the arm that is best for all of it; empty where nothing is known.
    package let bestSingle: [Int?]

    /// - Parameters:
    ///   - records: twins, all arms of the study.
    ///   - arms: at least one of them.
    package init(
        _ records: [ArmRecord], among arms: [Int], endpoint: Int, scale: EndpointScale, isHigherBetter: Bool,
        strata: Strata
    ) throws {
        (self.arms, self.endpoint, self.isHigherBetter) = (arms, endpoint, isHigherBetter)
        let sign = isHigherBetter ? 1.0 : -1.0
        let outcomes = arms.map { records[$0].outcomes(of: endpoint, scale: scale).map { sign * $0 } }
        let patients = outcomes.first?.indices ?? 0..<0
        let isKnown = patients.map { patient in outcomes.allSatisfy { $0[patient].isFinite } }
        let highest = patients.map { patient in outcomes.map { $0[patient] }.max() ?? .nan }
        func means(_ values: [Double]) throws -> StratifiedCells {
            try StratifiedCells(strata, isKnown: isKnown) { rows in
                .value(try SampleMean(rows.map { values[$0] }, column: "value").estimate)
            }
        }
        let regrets = try outcomes.map { outcome in try means(patients.map { highest[$0] - outcome[$0] }) }
        let oracle = try means(highest.map { sign * $0 })
        best = try outcomes.map { outcome in
            let isBest = patients.map { outcome[$0] == highest[$0] }
            return try StratifiedCells(strata, isKnown: isKnown, events: isBest) { rows in
                .value(try Proportion(events: rows.count { isBest[$0] }, of: rows.count).estimate)
            }
        }
        (self.regrets, self.oracle) = (regrets, oracle)
        var singles: [Int?] = []
        var gains: [EstimateCell] = []
        for group in strata.labels.indices {
            let known = regrets.indices.filter { regrets[$0].cells[group].value.isFinite }
            let single = known.min { regrets[$0].cells[group].value < regrets[$1].cells[group].value }
            singles.append(single.map { arms[$0] })
            gains.append(single.map { regrets[$0].cells[group] } ?? oracle.cells[group])
        }
        bestSingle = singles
        gain = gains
    }
}

extension ArmRecord {
    /// Each patient's outcome: a number, or for a time to event 100 with the event and 0 without; NaN where unknown.
    func outcomes(of endpoint: Int, scale: EndpointScale) -> [Double] {
        switch scale {
        case .continuous: values[endpoint]
        case .timeToEvent:
            values[endpoint].indices.map { values[endpoint][$0].isFinite ? (hasEvent[endpoint][$0] ? 100 : 0) : .nan }
        }
    }
}
