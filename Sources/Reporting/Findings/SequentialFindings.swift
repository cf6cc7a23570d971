/// A sequential trial over its replicates.
package struct SequentialFindings: Encodable, Sendable {
    package var endpoint: String
    /// `higher` or `lower`.
    package var better: String
    package var patients: Int?
    package var responseDay: Double?
    package var followUpDays: Double?
    package var alpha: Double?
    /// The embedded regimes, and last the contrast of two of them.
    package var regimes: [Regime]
    /// The true contrast in standard deviations of the outcome, and the patients that a formula asks for 80 % power.
    package var effect: Double?
    package var patientsNeeded: Double?
    /// The mean true value of what Q-learning finds on the trials' data, and on how many trials it finds something.
    package var learnedValue: EstimateFindings
    package var learnedReplicates: Int?

    package struct Regime: Encodable, Sendable {
        package var name: String
        package var truth: EstimateFindings
        /// The share of twins who respond to its first option.
        package var response: Double?
        /// The share of trials in which it comes out best.
        package var selectedShare: Double?
        package var weighted: Method
        package var standardised: Method
    }

    package struct Method: Encodable, Sendable {
        package var replicates: Int?
        package var meanEstimate: EstimateFindings
        package var deviation: Double?
        package var meanReportedError: Double?
        package var bias: Double?
        package var coverage: EstimateFindings
        /// Of the contrast: the share of trials that reject.
        package var rejected: EstimateFindings
    }

    /// The regimes without the contrast.
    var embedded: [Regime] { Array(regimes.dropLast()) }

    /// The regime that is best in truth.
    var best: Regime? {
        let known = embedded.filter { $0.truth.value != nil }
        return known.max { a, b in
            let (x, y) = (a.truth.value ?? 0, b.truth.value ?? 0)
            return better == "lower" ? x > y : x < y
        }
    }
}

extension SequentialFindings {
    init(_ group: FindingsGroup) throws {
        let axes = ["regime"]
        func cells(_ name: String) throws -> [Double?] {
            try group.numbers(name, axes)?.map { known($0) } ?? Array(repeating: nil, count: group.size("regime"))
        }
        func method(_ prefix: String) throws -> [Method] {
            let names = [
                "replicates", "mean_estimate", "mean_estimate_mc_error", "deviation", "mean_reported_error", "bias",
                "coverage", "coverage_mc_error", "rejected", "rejected_mc_error",
            ]
            let columns = try names.map { try cells("\(prefix)_\($0)") }
            return (0..<group.size("regime")).map { row in
                let cell = columns.map { $0[row] }
                return Method(
                    replicates: integer(cell[0]),
                    meanEstimate: EstimateFindings(value: cell[1], standardError: cell[2]), deviation: cell[3],
                    meanReportedError: cell[4], bias: cell[5],
                    coverage: EstimateFindings(value: cell[6], standardError: cell[7]),
                    rejected: EstimateFindings(value: cell[8], standardError: cell[9]))
            }
        }
        let (weighted, standardised) = (try method("weighted"), try method("standardised"))
        let (truth, errors) = (try cells("truth"), try cells("truth_mc_error"))
        let (responses, selected) = (try cells("response"), try cells("selected_share"))
        endpoint = group.textAttribute("endpoint") ?? ""
        better = group.textAttribute("better") ?? "higher"
        patients = integer(group.numberAttribute("patients"))
        responseDay = known(group.numberAttribute("response_day"))
        followUpDays = known(group.numberAttribute("follow_up_days"))
        alpha = known(group.numberAttribute("alpha"))
        regimes = group.labels("regime").enumerated().map { row, name in
            Regime(
                name: name, truth: EstimateFindings(value: truth[row], standardError: errors[row]),
                response: responses[row], selectedShare: selected[row], weighted: weighted[row],
                standardised: standardised[row])
        }
        effect = known(try group.number("effect"))
        patientsNeeded = known(try group.number("patients_needed"))
        learnedValue = EstimateFindings(
            value: known(try group.number("learned_value")),
            standardError: known(try group.number("learned_value_mc_error")))
        learnedReplicates = integer(try group.number("learned_replicates"))
    }
}
