import Outcomes
import Trials

/// A sequential trial: `/smart`, with what each run of it estimated, which shards divide, and
/// `/smart_characteristics`, which follow from it.
package struct SequentialLayout {
    private let results: TrialResults.SequentialResults

    package init(_ results: TrialResults.SequentialResults) { self.results = results }

    static let replicateGroup = "smart"
    static let characteristicsGroup = "smart_characteristics"
    private static let methods = EmbeddedRegimeValues.Method.allCases
    /// What the variables of a method begin with.
    private static func prefix(_ method: EmbeddedRegimeValues.Method) -> String {
        switch method {
        case .inverseProbability: "weighted"
        case .gFormula: "standardised"
        }
    }

    private var attributes: [ResultAttribute] {
        [
            ResultAttribute("endpoint", results.endpoint),
            ResultAttribute("better", results.isHigherBetter ? "higher" : "lower"),
            ResultAttribute("alpha", results.alpha), ResultAttribute("patients", Double(results.patients)),
            ResultAttribute("response_day", results.responseDay),
            ResultAttribute("follow_up_days", results.followUp),
            ResultAttribute("compared", results.regimes[results.contrast.0]),
            ResultAttribute("compared_with", results.regimes[results.contrast.1]),
        ]
    }

    private var regime: ResultDimension {
        ResultDimension("regime", labels: results.labels, longName: "embedded regime, and last the contrast")
    }

    // MARK: Replicates

    /// `/smart`: over replicate × regime.
    package var replicates: ResultGroup {
        let axes = ["replicate", "regime"]
        var variables: [ResultVariable] = []
        for (index, method) in Self.methods.enumerated() {
            let estimates = results.estimates.map { $0.byMethod[index] }
            let cells = estimates.flatMap(\.cells)
            func number(_ name: String, _ title: String, _ values: [Double]) -> ResultVariable {
                ResultVariable(
                    "\(Self.prefix(method))_\(name)", axes, values, unit: "1", longName: "\(title), \(method.rawValue)")
            }
            variables += [
                number("estimate", "value of the regime, or the contrast", cells.map(\.value)),
                number("standard_error", "standard error of the estimate", cells.map(\.standardError)),
                number("lower", "lower 95 % bound of the estimate", cells.map(\.lower)),
                number("upper", "upper 95 % bound of the estimate", cells.map(\.upper)),
                number("p_value", "p-value of no contrast", estimates.flatMap(\.pValues)),
            ]
        }
        variables += [
            ResultVariable(
                "selected", ["replicate"], results.estimates.map { $0.selected.map(Double.init) ?? .nan }, unit: "1",
                longName: "place, from 0, of the regime that comes out best by weighting"),
            ResultVariable(
                "learned_value", ["replicate"], results.estimates.map(\.learnedValue), unit: "1",
                longName: "true value, on twins, of the regime that Q-learning finds on the trial's data"),
        ]
        return ResultGroup(
            Self.replicateGroup, attributes: attributes,
            dimensions: [
                ResultDimension(
                    "replicate", identifiers: results.replicates.map { Int32($0) }, longName: "run of the trial"),
                regime,
            ], variables: variables)
    }

    // MARK: Characteristics

    /// `/smart_characteristics`, from the replicates that the results hold.
    package var characteristics: ResultGroup {
        let design = results.design
        return Self.characteristics(
            of: replicates,
            fixed: [
                ResultVariable(
                    "truth", ["regime"], results.truth.map(\.value), unit: "1", longName: "true value, from twins"),
                ResultVariable(
                    "truth_mc_error", ["regime"], results.truth.map(\.standardError), unit: "1",
                    longName: "Monte Carlo standard error of the true value"),
                ResultVariable(
                    "response", ["regime"], design.responses + [.nan], unit: "1",
                    longName: "share of twins who respond to the regime's first option"),
                ResultVariable(
                    "outcome_deviation", [], [design.deviation], unit: "1",
                    longName: "standard deviation of the outcome under the regimes compared"),
                ResultVariable(
                    "effect", [], [design.effect], unit: "1", longName: "true contrast in standard deviations"),
                ResultVariable(
                    "patients_needed", [], [design.patientsNeeded], unit: "1",
                    longName: "patients for 80 % power by the formula (Oetting et al. 2011; Seewald et al. 2020)"),
            ])
    }

    /// The characteristics of the replicates in a `/smart` group, of one run or of merged shards.
    ///
    /// - Parameter fixed: what does not depend on the replicates, `truth` among it.
    static func characteristics(of group: ResultGroup, fixed: [ResultVariable]) -> ResultGroup {
        func numbers(_ name: String, in variables: [ResultVariable]) -> [Double] {
            guard case .double(let values) = variables.first(where: { $0.name == name })?.values else { return [] }
            return values
        }
        let width = max(1, group.dimension(named: "regime")?.size ?? 1)
        let truth = numbers("truth", in: fixed)
        let alpha = number("alpha", of: group)
        var variables = fixed
        for method in methods {
            let names = ["estimate", "standard_error", "lower", "upper", "p_value"]
            let columns = names.map { numbers("\(prefix(method))_\($0)", in: group.variables) }
            let estimates = stride(from: 0, to: columns[0].count, by: width).map { start in
                let row = start..<min(start + width, columns[0].count)
                let cells = row.map { cell in
                    let interval = ConfidenceInterval(
                        lower: columns[2][cell], upper: columns[3][cell], level: .ninetyFivePercent)
                    return EstimateCell(
                        count: 0,
                        .value(
                            Estimate(
                                value: columns[0][cell], standardError: .value(columns[1][cell]),
                                interval: .value(interval))))
                }
                return TrialEstimate(cells: cells, pValues: Array(columns[4][row]))
            }
            variables += characteristics(method, OperatingCharacteristics(estimates, truth: truth, alpha: alpha))
        }
        let selected = numbers("selected", in: group.variables).filter(\.isFinite)
        let n = Double(selected.count)
        let shares = (0..<width).map { regime in
            regime + 1 < width && n > 0 ? Double(selected.count { Int($0) == regime }) / n : .nan
        }
        let learned = numbers("learned_value", in: group.variables).filter(\.isFinite)
        let mean = learned.reduce(0, +) / Double(learned.count)
        let squares = learned.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error =
            learned.count > 1 ? (squares / Double(learned.count - 1) / Double(learned.count)).squareRoot() : .nan
        variables += [
            ResultVariable(
                "selected_share", ["regime"], shares, unit: "1",
                longName: "share of trials in which the regime comes out best by weighting"),
            ResultVariable(
                "learned_value", [], [mean], unit: "1",
                longName: "mean true value, on twins, of the regimes that Q-learning finds"),
            ResultVariable(
                "learned_value_mc_error", [], [error], unit: "1", longName: "Monte Carlo standard error of that mean"),
            ResultVariable(
                "learned_replicates", [], [Double(learned.count)], unit: "1",
                longName: "trials on whose data Q-learning found a regime"),
        ]
        return ResultGroup(
            characteristicsGroup, attributes: group.attributes,
            dimensions: group.dimensions.filter { $0.name == "regime" }, variables: variables)
    }

    private static func characteristics(
        _ method: EmbeddedRegimeValues.Method, _ characteristics: OperatingCharacteristics
    ) -> [ResultVariable] {
        func number(
            _ name: String, _ title: String, _ value: (OperatingCharacteristics.Row) -> Double
        ) -> ResultVariable {
            ResultVariable(
                "\(prefix(method))_\(name)", ["regime"], characteristics.rows.map(value), unit: "1",
                longName: "\(title), \(method.rawValue)")
        }
        // A single regime is not tested.
        func contrast(
            _ name: String, _ title: String, _ value: (OperatingCharacteristics.Row) -> Double
        ) -> ResultVariable {
            var variable = number(name, title, value)
            let last = characteristics.rows.last.map(value) ?? .nan
            variable.values = .double(characteristics.rows.dropLast().map { _ in .nan } + [last])
            return variable
        }
        return [
            number("replicates", "trials with an estimate") { Double($0.replicates) },
            contrast("rejected", "share of trials that reject no contrast: power", \.rejected),
            contrast("rejected_mc_error", "Monte Carlo standard error of the share", \.rejectedError),
            number("mean_estimate", "mean estimate", \.meanEstimate),
            number("mean_estimate_mc_error", "Monte Carlo standard error of the mean estimate", \.meanError),
            number("deviation", "standard deviation of the estimates between trials", \.deviation),
            number("mean_reported_error", "mean of the standard errors that the trials reported", \.meanReportedError),
            number("bias", "mean estimate minus the true value", \.bias),
            number("coverage", "share of 95 % intervals that hold the true value", \.coverage),
            number("coverage_mc_error", "Monte Carlo standard error of the coverage", \.coverageError),
        ]
    }

    private static func number(_ name: String, of group: ResultGroup) -> Double {
        guard case .number(let number) = group.attributes.first(where: { $0.name == name })?.value else { return .nan }
        return number
    }
}

extension SequentialLayout {
    /// The characteristics of all replicates, with what does not depend on them from the first shard.
    static func characteristics(of replicates: ResultGroup, before: ResultGroup) -> ResultGroup {
        let fixed = [
            "truth", "truth_mc_error", "response", "outcome_deviation", "effect", "patients_needed",
        ].compactMap { before.variable(named: $0) }
        return characteristics(of: replicates, fixed: fixed)
    }
}
