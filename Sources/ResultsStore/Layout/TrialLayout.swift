import Outcomes
import Trials

/// The part of the layout that shards divide: `/trial`, with what each run of the randomised trial estimated, and
/// `/operating_characteristics`, which follow from it.
package struct TrialLayout {
    private let results: TrialResults.RandomisedResults
    private let labels: [String]

    package init(_ results: TrialResults.RandomisedResults, strata labels: [String]) {
        self.results = results
        self.labels = labels
    }

    private var stratum: ResultDimension { ResultDimension("stratum", labels: labels, longName: "group of patients") }

    private var replicate: ResultDimension {
        ResultDimension("replicate", identifiers: results.replicates.map { Int32($0) }, longName: "run of the trial")
    }

    private var attributes: [ResultAttribute] {
        [
            ResultAttribute("control_arm", results.control), ResultAttribute("treated_arm", results.treated),
            ResultAttribute("endpoint", results.endpoint), ResultAttribute("alpha", results.alpha),
            ResultAttribute("follow_up_days", results.followUp),
        ]
    }

    // MARK: Replicates

    /// `/trial`: over replicate × stratum, with `/trial/equal_arms` below it where the type I error was measured.
    package var trial: ResultGroup {
        var dimensions = [replicate, stratum]
        var variables = Self.variables(results.estimates)
        if let example = results.example {
            dimensions.append(ResultDimension("enrolled", size: example.arm.count))
            variables += [
                ResultVariable(
                    "example_arm", ["enrolled"], example.arm.map { Int32($0) },
                    longName: "arm of each patient of the first replicate: 0 control, 1 treated"),
                ResultVariable(
                    "example_enrolment_day", ["enrolled"], example.enrolmentDay, unit: "d",
                    longName: "calendar day of entry in the first replicate"),
                ResultVariable(
                    "example_stratum", ["enrolled"], example.stratum.map { Int32($0) },
                    longName: "randomisation stratum in the first replicate"),
            ]
        }
        var group = ResultGroup("trial", attributes: attributes, dimensions: dimensions, variables: variables)
        if !results.nullEstimates.isEmpty {
            group.groups = [
                ResultGroup(
                    "equal_arms", dimensions: [replicate, stratum], variables: Self.variables(results.nullEstimates))
            ]
        }
        return group
    }

    private static func variables(_ estimates: [TrialEstimate]) -> [ResultVariable] {
        let cells = estimates.flatMap(\.cells)
        let axes = ["replicate", "stratum"]
        let title = "treated minus control (log hazard ratio for a time to event)"
        return [
            ResultVariable("estimate", axes, cells.map(\.value), unit: "1", longName: title),
            ResultVariable(
                "estimate_standard_error", axes, cells.map(\.standardError), unit: "1",
                longName: "standard error of the \(title)"),
            ResultVariable(
                "estimate_lower", axes, cells.map(\.lower), unit: "1", longName: "lower 95 % bound of the \(title)"),
            ResultVariable(
                "estimate_upper", axes, cells.map(\.upper), unit: "1", longName: "upper 95 % bound of the \(title)"),
            ResultVariable(
                "p_value", axes, estimates.flatMap(\.pValues), unit: "1", longName: "p-value of no difference"),
        ]
    }

    /// The estimates that a `/trial` or `/trial/equal_arms` group holds.
    package static func estimates(in group: ResultGroup) throws -> [TrialEstimate] {
        func numbers(_ name: String) throws -> [Double] {
            guard case .double(let values) = group.variable(named: name)?.values else {
                throw ResultsError.missingVariable(
                    variable: "/trial/\(name)", path: "", existing: group.variables.map(\.name))
            }
            return values
        }
        let width = max(1, group.dimension(named: "stratum")?.size ?? 1)
        let (value, error) = (try numbers("estimate"), try numbers("estimate_standard_error"))
        let (lower, upper, p) = (try numbers("estimate_lower"), try numbers("estimate_upper"), try numbers("p_value"))
        return stride(from: 0, to: value.count, by: width).map { start in
            let row = start..<min(start + width, value.count)
            let cells = row.map { index in
                let interval = ConfidenceInterval(lower: lower[index], upper: upper[index], level: .ninetyFivePercent)
                let estimate = Estimate(
                    value: value[index], standardError: .value(error[index]), interval: .value(interval))
                return EstimateCell(count: 0, .value(estimate))
            }
            return TrialEstimate(cells: cells, pValues: Array(p[row]))
        }
    }

    // MARK: Operating characteristics

    /// `/operating_characteristics`: over hypothesis × stratum.
    ///
    /// - Parameter trueEffect: for each stratum, from twins.
    package func operatingCharacteristics(trueEffect: [EstimateCell]) -> ResultGroup {
        let truth = labels.indices.map { trueEffect.indices.contains($0) ? trueEffect[$0].value : .nan }
        let errors = labels.indices.map { trueEffect.indices.contains($0) ? trueEffect[$0].standardError : .nan }
        return operatingCharacteristics(trueEffect: truth, errors: errors)
    }

    package func operatingCharacteristics(trueEffect truth: [Double], errors: [Double]) -> ResultGroup {
        var sets = [OperatingCharacteristics(results.estimates, truth: truth, alpha: results.alpha)]
        if !results.nullEstimates.isEmpty {
            sets.append(
                OperatingCharacteristics(results.nullEstimates, truth: truth.map { _ in 0 }, alpha: results.alpha))
        }
        let hypotheses = Array(["as designed", "equal arms"].prefix(sets.count))
        let rows = sets.flatMap(\.rows)
        let axes = ["hypothesis", "stratum"]
        func number(_ name: String, _ title: String, _ value: (OperatingCharacteristics.Row) -> Double)
            -> ResultVariable
        {
            ResultVariable(name, axes, rows.map(value), unit: "1", longName: title)
        }
        return ResultGroup(
            "operating_characteristics", attributes: attributes,
            dimensions: [
                ResultDimension("hypothesis", labels: hypotheses, longName: "what is true of the arms"), stratum,
            ],
            variables: [
                ResultVariable(
                    "replicates", axes, rows.map { Int32($0.replicates) }, longName: "trials with an estimate"),
                number(
                    "rejected", "share of trials that reject: power as designed, type I error with equal arms",
                    \.rejected),
                number("rejected_mc_error", "Monte Carlo standard error of the share", \.rejectedError),
                number("mean_estimate", "mean estimate", \.meanEstimate),
                number("mean_estimate_mc_error", "Monte Carlo standard error of the mean estimate", \.meanError),
                number("estimate_deviation", "standard deviation of the estimates between trials", \.deviation),
                number(
                    "mean_reported_error", "mean of the standard errors that the trials reported", \.meanReportedError),
                number("bias", "mean estimate minus the true effect", \.bias),
                number("coverage", "share of 95 % intervals that hold the true effect", \.coverage),
                number("coverage_mc_error", "Monte Carlo standard error of the coverage", \.coverageError),
                ResultVariable("true_effect", ["stratum"], truth, unit: "1", longName: "true effect, from twins"),
                ResultVariable(
                    "true_effect_mc_error", ["stratum"], errors, unit: "1",
                    longName: "Monte Carlo standard error of the true effect"),
            ])
    }
}
