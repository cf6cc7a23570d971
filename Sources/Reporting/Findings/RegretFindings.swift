/// How far arms are from the best arm of every patient.
package struct RegretFindings: Encodable, Sendable {
    package var endpoint: String
    /// `higher` or `lower`.
    package var better: String
    /// For each arm and group, in this nesting.
    package var cells: [Cell]
    /// For each group, what the best arm for every single patient would give.
    package var oracle: [Oracle]

    package struct Cell: Encodable, Sendable {
        package var arm: String
        package var group: String
        package var count: Int?
        package var regret: EstimateFindings
        /// The share of patients for whom the arm is the best, from 0 to 1.
        package var bestShare: EstimateFindings
        package var reason: String
    }

    package struct Oracle: Encodable, Sendable {
        package var group: String
        package var value: EstimateFindings
        /// Over the arm that is best for all of the group.
        package var gain: EstimateFindings
        package var bestArm: String
    }
}

extension RegretFindings {
    init?(_ group: FindingsGroup) throws {
        let axes = ["arm", "stratum"]
        guard let regrets = try EstimateFindings.all("regret", axes, group),
            let shares = try EstimateFindings.all("best_share", axes, group),
            let values = try EstimateFindings.all("oracle", ["stratum"], group),
            let gains = try EstimateFindings.all("oracle_gain", ["stratum"], group)
        else { return nil }
        let counts = try group.numbers("count", axes)
        let reasons = try group.texts("regret_reason", axes)
        let arms = try group.texts("best_arm", ["stratum"])
        let strata = group.labels("stratum")
        endpoint = group.textAttribute("endpoint") ?? ""
        better = group.textAttribute("better") ?? "higher"
        cells = group.labels("arm").flatMap { arm in strata.map { (arm, $0) } }.enumerated().map { cell, place in
            Cell(
                arm: place.0, group: place.1, count: integer(counts?[cell]), regret: regrets[cell],
                bestShare: shares[cell], reason: reasons?[cell] ?? "")
        }
        oracle = strata.enumerated().map { index, label in
            Oracle(group: label, value: values[index], gain: gains[index], bestArm: arms?[index] ?? "")
        }
    }
}
