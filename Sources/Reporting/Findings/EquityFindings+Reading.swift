import ResultsStore

extension HarmFindings {
    static func all(_ group: FindingsGroup) throws -> [HarmFindings] {
        let axes = ["arm", "harm"]
        guard let risks = try EstimateFindings.all("risk", axes, group),
            let differences = try EstimateFindings.all("risk_difference", axes, group)
        else { return [] }
        let counts = try group.numbers("count", axes)
        let events = try group.numbers("events", axes)
        let reasons = try group.texts("risk_difference_reason", axes)
        let needed = try group.texts("number_needed_text", axes)
        let harms = group.labels("harm")
        return group.labels("arm").flatMap { arm in harms.map { (arm, $0) } }.enumerated().map { cell, place in
            HarmFindings(
                arm: place.0, harm: place.1, count: integer(counts?[cell]), events: integer(events?[cell]),
                risk: risks[cell], riskDifference: differences[cell], reason: reasons?[cell] ?? "",
                numberNeeded: needed?[cell] ?? "")
        }
    }
}

extension BenefitGapFindings {
    static func all(_ group: FindingsGroup) throws -> [BenefitGapFindings] {
        let axes = ["stratum"]
        guard let gaps = try EstimateFindings.all("gap", axes, group),
            let truths = try EstimateFindings.all("true_gap", axes, group)
        else { return [] }
        let references = try group.texts("reference", axes)
        let counts = try group.numbers("count", axes)
        let pValues = try group.numbers("gap_adjusted_p", axes)
        let reasons = try group.texts("gap_reason", axes)
        return group.labels("stratum").enumerated().map { index, label in
            BenefitGapFindings(
                group: label, reference: references?[index] ?? "", count: integer(counts?[index]), gap: gaps[index],
                trueGap: truths[index], p: known(pValues?[index]), reason: reasons?[index] ?? "")
        }
    }
}

extension InteractionFindings {
    static func all(_ group: FindingsGroup) throws -> [InteractionFindings] {
        let axes = ["stratifier"]
        let pValues = try group.numbers("interaction_p", axes)
        let adjusted = try group.numbers("interaction_adjusted_p", axes)
        let furthest = try group.texts("furthest", axes)
        return group.labels("stratifier").enumerated().map { index, name in
            InteractionFindings(
                stratifier: name, p: known(pValues?[index]), adjustedP: known(adjusted?[index]),
                furthest: furthest?[index] ?? "")
        }
    }
}

extension AccessFindings {
    static func all(_ group: FindingsGroup) throws -> [AccessFindings] {
        let axes = ["arm", "step", "stratum"]
        guard let shares = try EstimateFindings.all("lost_share", axes, group) else { return [] }
        let reached = try group.numbers("reached", axes)
        let lost = try group.numbers("lost", axes)
        let (steps, strata) = (group.labels("step"), group.labels("stratum"))
        let places = group.labels("arm").flatMap { arm in steps.flatMap { step in strata.map { (arm, step, $0) } } }
        return places.enumerated().map { cell, place in
            AccessFindings(
                arm: place.0, step: place.1, group: place.2, reached: integer(reached?[cell]),
                lost: integer(lost?[cell]), share: shares[cell])
        }
    }
}

extension TimeContrastFindings {
    static func all(_ survival: FindingsGroup) throws -> [TimeContrastFindings] {
        let axes = ["event", "arm"]
        guard let means = try EstimateFindings.all("rmst_difference", axes, survival),
            let milestones = try EstimateFindings.all("milestone_difference", axes, survival)
        else { return [] }
        let horizons = try survival.numbers("rmst_horizon", axes)
        let arms = survival.labels("arm")
        return survival.labels("event").flatMap { event in arms.map { (event, $0) } }.enumerated().map { cell, place in
            TimeContrastFindings(
                endpoint: place.0, arm: place.1, horizon: known(horizons?[cell]), restrictedMean: means[cell],
                milestone: milestones[cell])
        }
    }
}
