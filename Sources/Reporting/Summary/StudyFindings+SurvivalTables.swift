/// The tables of survival methods.
extension StudyFindings {
    /// Hazard ratios against the reference arm with log-rank tests, for all patients.
    var hazardLines: [String] {
        guard let reference = referenceArm, let everyone = groups.first, !hazardRatios.isEmpty else { return [] }
        let events = endpoints.filter(\.isTimeToEvent).map(\.name)
        var table = TextTable()
        table.head = [[""] + events]
        let others = arms.map(\.name).filter { $0 != reference }
        for arm in others {
            table.rows.append(
                [arm]
                    + events.map { event in
                        let ratio = hazardRatio(arm, event, everyone.label)?.estimate.intervalText(decimals: 2) ?? "-"
                        return logRank(arm, event)?.p.map { "\(ratio) p \(Rounding.p($0))" } ?? ratio
                    })
        }
        let cells = others.flatMap { arm in events.compactMap { hazardRatio(arm, $0, everyone.label) } }
        return ["Hazard ratios against arm '\(reference)' (95 % interval), with the log-rank test"] + table.lines
            + Self.reasons(cells, groups)
    }

    var discriminationLines: [String] {
        guard let discrimination, !discrimination.arms.isEmpty else { return [] }
        let estimates = discrimination.arms.flatMap {
            $0.auc + [$0.integratedAUC.first, $0.harrellC.first].compactMap { $0 }
        }
        let decimals = max(2, Rounding.decimals(for: estimates.compactMap(\.halfWidth)))
        var table = TextTable()
        let days = discrimination.days.map { "day \(Rounding.plain($0))" }
        table.head = [["AUC(t)"] + days + ["integral", "Harrell's C"]]
        for arm in discrimination.arms {
            let cells =
                arm.auc + [arm.integratedAUC.first, arm.harrellC.first].map { $0 ?? EstimateFindings(value: nil) }
            table.rows.append([arm.arm] + cells.map { $0.text(decimals: decimals) })
        }
        return [
            "How well '\(discrimination.score)' at baseline predicts \(discrimination.endpoint)"
                + " (0.5: not at all; ± 95 % half-width)"
        ] + table.lines
    }
}
