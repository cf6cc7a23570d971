/// What the benefit costs, who gains, and who is lost: the tables of the summary on the page.
extension HTMLReport {
    var harmSection: Markup? {
        guard findings.knowsHarms, let reference = findings.referenceArm else { return nil }
        let heading = "Harms"
        guard !findings.harms.isEmpty else { return section("harms", heading, StudyFindings.noHarms, []) }
        var rows: [[HTMLTable.Cell]] = []
        if let benefit = findings.benefit, let everyone = findings.groups.first {
            rows.append([.init("Benefit: " + Words.spaced(benefit.title) + Words.unit(benefit.levelUnit))])
            for arm in findings.arms where arm.name != reference {
                let cell = findings.effect(arm.name, benefit.name, everyone.label)
                let decimals = Rounding.decimals(for: [cell?.estimate.halfWidth].compactMap { $0 })
                rows.append([
                    .init(arm.name), .init(cell?.count.map(String.init) ?? "–"), .init(""), .init(""),
                    .init(cell?.estimate.intervalText(decimals: decimals) ?? "–"), .init(""),
                ])
            }
        }
        for name in findings.harmNames {
            rows.append([.init("Harm: " + Words.spaced(findings.endpoint(name)?.title ?? name))])
            for cell in findings.harms where cell.harm == name {
                rows.append([
                    .init(cell.arm), .init(cell.count.map(String.init) ?? "–"),
                    .init(cell.events.map(String.init) ?? "–"),
                    .init(Rounding.text(cell.risk.inPercent.value, decimals: 1)),
                    .init(cell.riskDifference.inPercent.intervalText(decimals: 1)), .init(cell.numberNeeded),
                ])
            }
        }
        let table = HTMLTable(
            caption: "Against arm '\(reference)'",
            head: ["Arm", "n", "Events", "Risk (%)", "Difference (points for harms)", "Number needed"], rows: rows)
        return section(
            "harms", heading,
            "What each arm costs beside what it brings, on the same patients, with 95 % intervals. NNTH: how many are treated "
                + "for one harm more; NNTB: for one less.", [table.markup])
    }

    var gapSection: Markup? {
        guard !findings.benefitGaps.isEmpty, let trial = findings.trial else { return nil }
        let decimals = Rounding.decimals(for: findings.benefitGaps.compactMap(\.gap.halfWidth))
        var rows: [[HTMLTable.Cell]] = []
        for test in findings.interactions {
            rows.append([
                .init("By \(Words.spaced(test.stratifier)): p that all gain alike \(Rounding.p(test.adjustedP))")
            ])
            for cell in findings.benefitGaps where findings.group(cell.group)?.stratifier == test.stratifier {
                let level = findings.group(cell.group)?.level ?? cell.group
                let isReference = cell.reference.isEmpty
                let gap =
                    isReference
                    ? "reference"
                    : cell.gap.value == nil ? cell.reason : cell.gap.intervalText(decimals: decimals)
                rows.append([
                    .init(level + (level == test.furthest ? " (furthest)" : "")),
                    .init(cell.count.map(String.init) ?? "–"), .init(gap),
                    .init(isReference ? "" : cell.trueGap.intervalText(decimals: decimals)),
                    .init(isReference ? "" : Rounding.p(cell.p)),
                ])
            }
        }
        let table = HTMLTable(
            caption: "Effect minus that in the reference group",
            head: ["Group", "Patients", "First trial", "Truth", "p (Holm)"], rows: rows)
        return section(
            "gaps", "Does every group gain alike?",
            "\(trial.treatedArm) against \(trial.controlArm): what one trial says of differences in effect between groups, "
                + "and the true ones from the twins.", [table.markup])
    }
}
