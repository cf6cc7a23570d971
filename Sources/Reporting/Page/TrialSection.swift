/// The randomised trial over its replicates.
extension HTMLReport {
    var trialSection: Markup? {
        guard let trial = findings.trial else { return nil }
        var facts = "\(trial.treatedArm) against \(trial.controlArm), judged on "
        facts += Words.spaced(findings.endpoint(trial.endpoint)?.title ?? trial.endpoint)
        if let days = trial.followUpDays { facts += ", \(Rounding.plain(days)) days of follow-up" }
        if let alpha = trial.alpha { facts += ", α = \(Rounding.plain(alpha))" }
        var content: [Markup] = []
        if let estimates {
            content.append(.element("div", ["class": "panels"], [histogram(estimates, trial).panel]))
        }
        content.append(characteristics(trial).markup)
        content.append(
            .element(
                "p", ["class": "note"],
                text:
                    "In brackets: Monte Carlo standard errors. Power is the share of trials that reject; with equal arms each "
                    + "rejection is a type I error. The true effect is known from the twins."))
        return section("trial", "The randomised trial", facts + ".", content)
    }

    private func characteristics(_ trial: TrialFindings) -> HTMLTable {
        let decimals = Rounding.decimals(for: trial.characteristics.compactMap(\.meanEstimateMCError))
        func number(_ value: Double?, _ error: Double?, _ decimals: Int) -> HTMLTable.Cell {
            let text = EstimateFindings(value: value, standardError: error).errorText(decimals: decimals)
            return HTMLTable.Cell(text.replacing("-", with: "−"))
        }
        var rows: [[HTMLTable.Cell]] = []
        var hypothesis = ""
        for row in trial.characteristics {
            if row.hypothesis != hypothesis {
                hypothesis = row.hypothesis
                rows.append([.init(Words.sentence(hypothesis) + (row.isNull ? ": type I error" : ": power"))])
            }
            let group = findings.group(row.group)
            let prefix = group.map { $0.stratifier.isEmpty ? "" : Words.spaced($0.stratifier) + ": " } ?? ""
            rows.append([
                .init(prefix + (group?.level ?? row.group)), .init("\(row.replicates)"),
                number(row.rejected, row.rejectedMCError, 3),
                number(row.meanEstimate, row.meanEstimateMCError, decimals),
                number(row.trueEffect, row.trueEffectMCError, decimals), number(row.bias, nil, decimals),
                number(row.coverage, row.coverageMCError, 3),
            ])
        }
        return HTMLTable(
            caption: "Operating characteristics",
            head: ["Patients", "Trials", "Share rejected", "Mean estimate", "True effect", "Bias", "Coverage"],
            rows: rows)
    }

    /// Where the estimates of the trials fall around the true effect.
    private func histogram(_ estimates: ReplicateEstimates, _ trial: TrialFindings) -> Figure {
        let truth = trial.characteristics.first { !$0.isNull }?.trueEffect
        let frame = Frame(left: 40, top: 24, width: 350, height: 150)
        let x = LinearScale(
            around: estimates.values + [0] + (truth.map { [$0] } ?? []), start: frame.left, end: frame.right, ticks: 9)
        let step = LinearScale.step((x.domain.upperBound - x.domain.lowerBound) / 18)
        let bins = max(1, Int(((x.domain.upperBound - x.domain.lowerBound) / step).rounded(.up)))
        var counts = [Int](repeating: 0, count: bins)
        for value in estimates.values {
            counts[min(bins - 1, max(0, Int((value - x.domain.lowerBound) / step)))] += 1
        }
        let y = LinearScale(around: [0, Double(counts.max() ?? 1)], start: frame.bottom, end: frame.top, ticks: 4)
        var marks = Axis.left(y, of: frame, label: "trials", ticks: 4)
        for (bin, count) in counts.enumerated() where count > 0 {
            let left = x(x.domain.lowerBound + Double(bin) * step)
            let right = x(x.domain.lowerBound + Double(bin + 1) * step)
            let bar = Frame(
                left: left + 0.5, top: y(Double(count)), width: max(0.5, right - left - 1),
                height: frame.bottom - y(Double(count)))
            marks.append(Markup.rectangle(bar, "bar").explained("\(count) trials"))
        }
        marks.append(.line(x(0), frame.top, x(0), frame.bottom, "origin"))
        if let truth {
            marks.append(.line(x(truth), frame.top - 6, x(truth), frame.bottom, "truth"))
            let isLeft = x(truth) < (frame.left + frame.right) / 2
            marks.append(
                .label(
                    "true effect", x(truth) + (isLeft ? 5 : -5), frame.top + 4, anchor: isLeft ? .start : .end,
                    "label halo"))
        }
        marks += Axis.bottom(x, below: frame, label: "estimated effect, all patients", ticks: 6)
        return Figure(
            identifier: "estimates", title: "What \(estimates.values.count) trials estimated",
            summary:
                "Histogram of the estimates of all trials around the true effect \(Rounding.text(truth, decimals: 1)).",
            width: 400, height: frame.bottom + 38, marks: marks)
    }
}
