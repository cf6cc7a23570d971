import Outcomes
import Trials

/// Harm beside benefit, gaps between groups, and who is lost on the way.
extension ResultsLayout {
    /// Always there: a study that declares no harm has the group with no harm in it.
    var harms: ResultGroup {
        let names = results.endpoints.filter(\.isHarm).map(\.name)
        let axes = ["arm", "harm"]
        let cells = results.harms.flatMap { $0 }
        let risks = cells.map(\.risk)
        let differences = cells.map { EstimateCell(count: $0.risk.count, $0.difference) }
        return ResultGroup(
            "harms", attributes: [ResultAttribute("reference_arm", results.arms[results.reference].name)],
            dimensions: [arm, ResultDimension("harm", labels: names, longName: "endpoint declared a harm")],
            variables: [
                ResultVariable("count", axes, risks.map { Int32($0.count) }, longName: "patients behind the risk"),
                ResultVariable(
                    "events", axes, risks.map { Int32($0.events ?? 0) }, longName: "patients with the event"),
            ] + estimates("risk", risks, axes, "share of patients seen to have the event")
                + estimates(
                    "risk_difference", differences, axes, "difference of the share from the reference arm, on twins")
                + [
                    ResultVariable(
                        "risk_difference_reason", axes, differences.map(\.reason),
                        longName: "why there is no difference; empty where there is"),
                    ResultVariable(
                        "number_needed", axes, cells.map { $0.numberNeeded.value?.value.value ?? .nan }, unit: "1",
                        longName: "patients treated for one harm more or less: 1/|risk difference|"),
                    ResultVariable(
                        "number_needed_text", axes, cells.map { $0.numberNeeded.value?.description ?? "" },
                        longName: "number needed to harm (NNTH) or to benefit (NNTB) with its 95 % interval"),
                ])
    }

    var access: ResultGroup {
        let axes = ["arm", "step", "stratum"]
        let cells = results.access.flatMap { $0.lost.flatMap { $0 } }
        return ResultGroup(
            "access",
            dimensions: [
                arm,
                ResultDimension("step", labels: AccessLosses.steps, longName: "what is asked of a patient, in order"),
                stratum, stratifier,
            ],
            variables: [
                ResultVariable("reached", axes, cells.map { Int32($0.count) }, longName: "patients who reach the step"),
                ResultVariable(
                    "lost", axes, cells.map { Int32($0.events ?? 0) }, longName: "patients lost at the step"),
            ] + estimates("lost_share", cells, axes, "share lost of those who reach the step")
                + [
                    ResultVariable(
                        "lost_alike_p", ["arm", "step", "stratifier"],
                        results.access.flatMap { $0.pValues.flatMap { $0 } },
                        unit: "1", longName: "p-value of the test that all groups lose the same share")
                ])
    }

    func benefitGaps(_ gaps: BenefitGaps) -> ResultGroup {
        let axes = ["stratum"]
        let groups = gaps.groups
        let columns = ["stratifier"]
        return ResultGroup(
            "benefit_gaps",
            attributes: [
                ResultAttribute("endpoint", results.trial?.endpoint ?? ""),
                ResultAttribute("treated", results.trial?.treated ?? ""),
                ResultAttribute("control", results.trial?.control ?? ""),
            ],
            dimensions: [stratum, stratifier],
            variables: [
                ResultVariable(
                    "count", axes, groups.map { Int32($0.effect.count) }, longName: "patients of the first trial"),
                ResultVariable("reference", axes, groups.map(\.reference), longName: "group that it is compared with"),
            ] + estimates("effect", groups.map(\.effect), axes, "effect that the first trial estimates")
                + estimates("true_effect", groups.map(\.trueEffect), axes, "effect on the twins of the group")
                + estimates("gap", groups.map(\.gap), axes, "difference in effect from the reference group")
                + estimates("true_gap", groups.map(\.trueGap), axes, "difference in effect on twins")
                + [
                    ResultVariable(
                        "gap_adjusted_p", axes, groups.map(\.adjustedP), unit: "1",
                        longName: "p-value of the gap, adjusted for the groups of its column (Holm)"),
                    ResultVariable(
                        "gap_reason", axes, groups.map { $0.effect.reason.isEmpty ? $0.gap.reason : $0.effect.reason },
                        longName: "why there is no gap; empty where there is"),
                    ResultVariable(
                        "interaction_p", columns, gaps.tests.map(\.pValue), unit: "1",
                        longName: "p-value of the test that all groups have one effect (Cochran's Q)"),
                    ResultVariable(
                        "interaction_adjusted_p", columns, gaps.adjustedP, unit: "1",
                        longName: "the same, adjusted for the columns (Holm)"),
                    ResultVariable(
                        "furthest", columns, gaps.furthest, longName: "group with the largest gap from its reference"),
                ])
    }

    /// Restricted means and milestones of each time to event against the reference arm.
    var timeContrasts: [ResultVariable] {
        let axes = ["event", "arm"]
        let all = results.survival.flatMap(\.comparisons)
        let none = EstimateCell(count: 0, .undefined(.referenceArm))
        return [
            ResultVariable(
                "rmst_horizon", axes, all.map { $0?.horizon ?? .nan }, unit: "d",
                longName: "last day until which the curves of both arms are known")
        ]
            + estimates(
                "rmst_difference", all.map { $0?.restrictedMean ?? none }, axes,
                "restricted mean time without the event until the horizon, difference from the reference arm", unit: "d"
            )
            + estimates(
                "milestone_difference", all.map { $0?.milestone ?? none }, axes,
                "share without the event at the horizon, difference from the reference arm")
    }
}
