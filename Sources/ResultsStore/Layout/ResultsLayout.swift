import Cohorts
import Trials

/// The layout of a results file: the name, shape and unit of everything that a study writes, in one place.
///
/// | group | over | holds |
/// |---|---|---|
/// | `/provenance` | – | scenario text and hash, seed, version, host, times |
/// | `/cohort` | patient | the columns of the virtual patients |
/// | `/cohort/flow` | criterion | how many real records were screened and excluded |
/// | `/truth` | arm × endpoint × patient | potential outcomes: every patient in every arm |
/// | `/strata` | arm × endpoint × stratum | levels and effects by group, gaps, interaction tests |
/// | `/harms` | arm × harm | declared harms: risk, difference from the reference arm, number needed |
/// | `/access` | arm × step × stratum | who was lost on the way: left, missed doses, could be given no amount |
/// | `/access/screening` | step × stratum | which records each eligibility rule left out, by group |
/// | `/access/dosing` | arm × stratum | who ends on a dose far from the dose needed, where the scenario tells it |
/// | `/clinic` | arm × stratum | recommendations followed, overridden, late; alerts; where an arm has a clinic |
/// | `/regret` | arm × stratum | how far arms are from the best arm of every patient, where the scenario asks |
/// | `/benefit_gaps` | stratum | effects and gaps of the first trial beside the twins' |
/// | `/survival` | arm × event × day | curves, log-rank, hazard ratios; AUC(t), concordance |
/// | `/trial` | replicate × stratum | what each run of the randomised trial estimated (``TrialLayout``) |
/// | `/operating_characteristics` | hypothesis × stratum | power, type I error, bias, coverage |
/// | `/smart` | replicate × regime | what each run of a sequential trial estimated (``SequentialLayout``) |
/// | `/smart_characteristics` | regime | bias, coverage, power, selection of the embedded regimes, with the truth |
/// | `/regimes` | arm | each regime as text; one group for each learned policy |
/// | `/published` | comparison | what real trials found, beside the twins |
package struct ResultsLayout {
    let results: TrialResults

    package init(_ results: TrialResults) { self.results = results }

    /// The groups below the root, provenance left to ``Provenance``.
    package var groups: [ResultGroup] {
        var groups = [cohort, truth, strata, harms, access, survival]
        if results.clinic.contains(where: { $0.isAny }) { groups.append(clinic) }
        if let gaps = results.benefitGaps { groups.append(benefitGaps(gaps)) }
        if let trial = results.trial {
            let layout = TrialLayout(trial, strata: results.strata.labels)
            groups += [layout.trial, layout.operatingCharacteristics(trueEffect: results.trueEffect)]
        }
        if let sequential = results.sequential {
            let layout = SequentialLayout(sequential)
            groups += [layout.replicates, layout.characteristics]
        }
        if let regret = results.regret { groups.append(self.regret(regret)) }
        groups.append(regimes)
        if !results.published.isEmpty { groups.append(published) }
        return groups
    }

    // MARK: Axes

    var arm: ResultDimension {
        ResultDimension("arm", labels: results.arms.map(\.name), longName: "treatment arm")
    }

    private var endpoint: ResultDimension {
        ResultDimension("endpoint", labels: results.endpoints.map(\.name), longName: "endpoint")
    }

    var stratum: ResultDimension {
        ResultDimension("stratum", labels: results.strata.labels, longName: "group of patients")
    }

    var stratifier: ResultDimension {
        ResultDimension(
            "stratifier", labels: results.strata.columns.map(\.name), longName: "column that divides the patients")
    }

    private func patient(_ count: Int) -> ResultDimension {
        ResultDimension("patient", identifiers: (0..<count).map { Int32($0) }, longName: "virtual patient")
    }

    // MARK: Cohort and truth

    private var cohort: ResultGroup {
        let cohort = results.cohort
        var variables = cohort.columns.compactMap(column)
        variables.append(
            ResultVariable(
                "source_row", ["patient"], cohort.sourceRow.map { Int32($0) },
                longName: "line of the record in its file"))
        return ResultGroup(
            "cohort", dimensions: [patient(cohort.count)], variables: variables, groups: [flow, missing])
    }

    private func column(_ column: CohortColumn) -> ResultVariable? {
        let name = column.name.replacing(".", with: "_")
        let title = column.longName.isEmpty ? column.name.replacing("_", with: " ") : column.longName
        switch column.kind {
        case .number: return ResultVariable(name, ["patient"], column.values, unit: column.unit, longName: title)
        case .flag:
            return ResultVariable(
                name, ["patient"], .int32(column.values.map { $0.isNaN ? -1 : Int32($0) }), unit: "1", longName: title,
                missingCode: -1)
        case .category(let levels):
            let texts = column.values.map { $0.isNaN ? "" : levels[Int($0)] }
            return ResultVariable(name, ["patient"], texts, longName: title)
        case .identifier: return nil
        }
    }

    private var flow: ResultGroup {
        let flow = results.flow
        return ResultGroup(
            "flow",
            dimensions: [
                ResultDimension("criterion", labels: flow.steps.map(\.name), longName: "eligibility criterion")
            ],
            variables: [
                ResultVariable("screened", [], [Int32(flow.screened)], longName: "records screened"),
                ResultVariable("eligible", [], [Int32(flow.eligible)], longName: "records eligible"),
                ResultVariable(
                    "excluded", ["criterion"], flow.steps.map { Int32($0.excluded) }, longName: "records excluded here"),
                ResultVariable(
                    "unknown", ["criterion"], flow.steps.map { Int32($0.unknown) },
                    longName: "of those, for a missing value"),
            ])
    }

    private var missing: ResultGroup {
        let columns = results.missing.columns
        return ResultGroup(
            "missing",
            dimensions: [ResultDimension("column", labels: columns.map(\.name), longName: "column of the records")],
            variables: [
                ResultVariable(
                    "count", ["column"], columns.map { Int32($0.missing) }, longName: "records without a value"),
                ResultVariable("rule", ["column"], columns.map(\.rule), longName: "what was done about them"),
            ])
    }

    private var truth: ResultGroup {
        let records = results.records
        let dimensions = ["arm", "endpoint", "patient"]
        let values = records.flatMap { record in record.values.flatMap { $0 } }
        let events = records.flatMap { record in record.hasEvent.flatMap { $0.map { Int32($0 ? 1 : 0) } } }
        let failures = records.flatMap { $0.failures.map { $0?.rawValue ?? 0 } }
        let kinds = ArmRecord.failureKinds
        let codes = kinds.map { "\($0.code) \($0.name)" }.joined(separator: ", ")
        return ResultGroup(
            "truth",
            dimensions: [
                arm, endpoint, patient(results.cohort.count),
                ResultDimension(
                    "failure_kind", labels: kinds.map(\.name), longName: "why equations could not be solved"),
            ],
            variables: [
                ResultVariable(
                    "value", dimensions, .double(values), unit: "1",
                    longName: "potential outcome, in the unit of its endpoint", isCompressed: true),
                ResultVariable(
                    "event", dimensions, .int32(events), unit: "1", longName: "whether the time ended with the event",
                    isCompressed: true),
                ResultVariable(
                    "last_day", ["arm", "patient"], records.flatMap(\.lastDay), unit: "d",
                    longName: "last day under observation"),
                ResultVariable(
                    "doses_missed", ["arm", "patient"], records.flatMap { $0.dosesMissed.map { Int32($0) } },
                    longName: "doses missed"),
                ResultVariable(
                    "doses_due", ["arm", "patient"], records.flatMap { $0.dosesDue.map { Int32($0) } },
                    longName: "doses due"),
                ResultVariable(
                    "failure", ["arm", "patient"], failures, longName: "solver failure: 0 none, \(codes)"),
                ResultVariable(
                    "failures_by_kind", ["arm", "failure_kind"],
                    records.flatMap { $0.failuresByKind.map { Int32($0) } },
                    longName: "patients whose equations could not be solved"),
                ResultVariable(
                    "decisions_without_dose", ["arm", "patient"],
                    records.flatMap { $0.decisionsWithoutDose.map { Int32($0) } },
                    longName: "visits at which the regime left no amount that could be given"),
                units,
            ])
    }

    private var units: ResultVariable {
        ResultVariable("endpoint_unit", ["endpoint"], results.endpoints.map(\.unit), longName: "unit of the endpoint")
    }

    // MARK: Strata

    private var strata: ResultGroup {
        var variables = cells(
            "level", results.levels, "level of the endpoint: mean, or cumulative incidence in percent")
        variables += cells(
            "effect", results.effects, "effect on twins against the reference arm: mean individual difference")
        variables += heterogeneity("level", results.levels, "levels of the groups")
        variables += heterogeneity("effect", results.effects, "effects in the groups")
        variables += [
            units,
            ResultVariable(
                "endpoint_title", ["endpoint"], results.endpoints.map(\.title), longName: "endpoint in words"),
            ResultVariable(
                "endpoint_scale", ["endpoint"], results.endpoints.map(\.measure.scale.rawValue),
                longName: "kind of endpoint"),
            ResultVariable("arm_title", ["arm"], results.arms.map(\.title), longName: "arm in words"),
        ]
        return ResultGroup(
            "strata", attributes: [ResultAttribute("reference_arm", results.arms[results.reference].name)],
            dimensions: [arm, endpoint, stratum, stratifier], variables: variables)
    }

    private func cells(_ prefix: String, _ table: [[StratifiedCells]], _ title: String) -> [ResultVariable] {
        let axes = ["arm", "endpoint", "stratum"]
        let all = table.flatMap { $0.flatMap(\.cells) }
        return estimates(prefix, all, axes, title) + [
            ResultVariable(
                "\(prefix)_count", axes, all.map { Int32($0.count) }, longName: "patients behind the \(prefix)"),
            ResultVariable(
                "\(prefix)_events", axes, .int32(all.map { Int32($0.events ?? -1) }), unit: "1",
                longName: "events behind the \(prefix)", missingCode: -1),
            ResultVariable(
                "\(prefix)_reason", axes, all.map(\.reason), longName: "why there is no number; empty where there is"),
        ]
    }

    func estimates(
        _ prefix: String, _ cells: [EstimateCell], _ axes: [String], _ title: String, unit: String = "1"
    ) -> [ResultVariable] {
        [
            ResultVariable(prefix, axes, cells.map(\.value), unit: unit, longName: title),
            ResultVariable(
                "\(prefix)_standard_error", axes, cells.map(\.standardError), unit: unit,
                longName: "standard error of the \(title)"),
            ResultVariable(
                "\(prefix)_lower", axes, cells.map(\.lower), unit: unit, longName: "lower 95 % bound of the \(title)"),
            ResultVariable(
                "\(prefix)_upper", axes, cells.map(\.upper), unit: unit, longName: "upper 95 % bound of the \(title)"),
        ]
    }

    private func heterogeneity(_ prefix: String, _ table: [[StratifiedCells]], _ title: String) -> [ResultVariable] {
        let axes = ["arm", "endpoint", "stratifier"]
        let all = table.flatMap { $0.flatMap(\.heterogeneity) }
        return [
            ResultVariable(
                "\(prefix)_gap", axes, all.map(\.gap), unit: "1", longName: "largest minus smallest of the \(title)"),
            ResultVariable("\(prefix)_gap_largest", axes, all.map(\.largest), longName: "group with the largest"),
            ResultVariable("\(prefix)_gap_smallest", axes, all.map(\.smallest), longName: "group with the smallest"),
            ResultVariable(
                "\(prefix)_interaction_chi_square", axes, all.map(\.statistic), unit: "1",
                longName: "Cochran's Q of the \(title)"),
            ResultVariable(
                "\(prefix)_interaction_df", axes, all.map { Int32($0.degreesOfFreedom) },
                longName: "degrees of freedom of the interaction test"),
            ResultVariable(
                "\(prefix)_interaction_p", axes, all.map(\.pValue), unit: "1",
                longName: "p-value of the interaction test"),
        ]
    }

    // MARK: Survival

    private var survival: ResultGroup {
        let curves = results.survival
        let days = curves.first?.days ?? []
        let axes = ["event", "arm", "day"]
        let ratios = curves.flatMap { curve in curve.comparisons.flatMap { $0?.hazardRatio.cells ?? emptyCells } }
        let tests = curves.flatMap { $0.comparisons.map { $0?.logRank } }
        var dimensions = [
            ResultDimension(
                "event", labels: curves.map { results.endpoints[$0.endpoint].name }, longName: "time-to-event endpoint"),
            arm, ResultDimension("day", numbers: days, unit: "d", longName: "day since the first visit"), stratum,
        ]
        var variables = [
            ResultVariable(
                "survival", axes, curves.flatMap { $0.survival.flatMap { $0 } }, unit: "1",
                longName: "Kaplan–Meier estimate of being without the event"),
            ResultVariable(
                "survival_standard_error", axes, curves.flatMap { $0.standardError.flatMap { $0 } }, unit: "1",
                longName: "Greenwood standard error"),
            ResultVariable(
                "at_risk", axes, curves.flatMap { $0.atRisk.flatMap { $0.map { Int32($0) } } },
                longName: "patients at risk"),
            ResultVariable(
                "log_rank_chi_square", ["event", "arm"], tests.map { $0?.statistic ?? .nan }, unit: "1",
                longName: "log-rank statistic against the reference arm"),
            ResultVariable(
                "log_rank_p", ["event", "arm"], tests.map { $0?.pValue ?? .nan }, unit: "1",
                longName: "log-rank p-value against the reference arm"),
        ]
        variables += estimates(
            "hazard_ratio", ratios, ["event", "arm", "stratum"], "hazard ratio against the reference arm (Cox, Efron)")
        variables += timeContrasts
        variables.append(
            ResultVariable(
                "hazard_ratio_reason", ["event", "arm", "stratum"], ratios.map(\.reason),
                longName: "why there is no ratio; empty where there is"))
        if let discrimination = results.discrimination {
            let auc = discrimination.arms.flatMap(\.auc)
            dimensions.append(
                ResultDimension("auc_day", numbers: discrimination.days, unit: "d", longName: "horizon of the AUC"))
            variables += estimates("auc", auc, ["arm", "auc_day"], "cumulative/dynamic AUC(t) of the baseline score")
            variables.append(
                ResultVariable(
                    "auc_cases", ["arm", "auc_day"], auc.map { Int32($0.events ?? 0) }, longName: "cases by the horizon"
                ))
            variables += estimates(
                "integrated_auc", discrimination.arms.flatMap(\.integratedAUC.cells), ["arm", "stratum"],
                "integrated AUC of the baseline score")
            variables += estimates(
                "harrell_c", discrimination.arms.flatMap(\.concordance.cells), ["arm", "stratum"],
                "Harrell's C of the baseline score")
            variables.append(ResultVariable("score", discrimination.score, longName: "column of the baseline score"))
            variables.append(
                ResultVariable(
                    "score_event", results.endpoints[discrimination.endpoint].name,
                    longName: "endpoint that the score is judged on"))
        }
        return ResultGroup(
            "survival", attributes: [ResultAttribute("reference_arm", results.arms[results.reference].name)],
            dimensions: dimensions, variables: variables)
    }

    private var emptyCells: [EstimateCell] {
        results.strata.labels.map { _ in EstimateCell(count: 0, .undefined(.referenceArm)) }
    }

    // MARK: Regimes and published numbers

    private var regimes: ResultGroup {
        ResultGroup(
            "regimes", dimensions: [arm],
            variables: [
                ResultVariable("title", ["arm"], results.arms.map(\.title), longName: "arm in words"),
                ResultVariable("regime", ["arm"], results.arms.map(\.regime), longName: "the regime as text"),
            ], groups: results.learned.map { LearnedLayout($0, results).group })
    }

    private var published: ResultGroup {
        let rows = results.published
        let axes = ["comparison"]
        return ResultGroup(
            "published", dimensions: [ResultDimension("comparison", size: rows.count)],
            variables: [
                ResultVariable("treated", axes, rows.map { results.arms[$0.treated].name }, longName: "treated arm"),
                ResultVariable("control", axes, rows.map { results.arms[$0.control].name }, longName: "control arm"),
                ResultVariable(
                    "endpoint", axes, rows.map { results.endpoints[$0.endpoint].name }, longName: "endpoint"),
                ResultVariable("stratum", axes, rows.map(\.stratum), longName: "group of patients"),
                ResultVariable("published", axes, rows.map(\.published), unit: "1", longName: "published difference"),
                ResultVariable(
                    "published_lower", axes, rows.map { $0.interval?.lowerBound ?? .nan }, unit: "1",
                    longName: "lower bound as published"),
                ResultVariable(
                    "published_upper", axes, rows.map { $0.interval?.upperBound ?? .nan }, unit: "1",
                    longName: "upper bound as published"),
                ResultVariable(
                    "sign_agrees", axes, rows.map { Int32($0.signAgrees ? 1 : 0) },
                    longName: "whether the simulated difference has the published sign"),
                ResultVariable("source", axes, rows.map(\.source), longName: "source"),
            ] + estimates("simulated", rows.map(\.simulated), axes, "difference on twins"))
    }
}
