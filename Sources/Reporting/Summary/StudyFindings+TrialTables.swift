/// The tables of the randomised trial, of published numbers, and of what a reader has to know beside them.
extension StudyFindings {
    var trialLines: [String] {
        guard let trial else { return [] }
        var facts = ["\(trial.treatedArm) against \(trial.controlArm)", trial.endpoint]
        if let days = trial.followUpDays { facts.append("\(Rounding.plain(days)) days of follow-up") }
        if let alpha = trial.alpha { facts.append("alpha \(Rounding.plain(alpha))") }
        var lines = ["The randomised trial: " + facts.joined(separator: ", ")]
        var hypotheses: [String] = []
        for row in trial.characteristics where !hypotheses.contains(row.hypothesis) {
            hypotheses.append(row.hypothesis)
        }
        let shown = leadingGroups.map(\.label)
        for hypothesis in hypotheses {
            let rows = trial.characteristics.filter {
                $0.hypothesis == hypothesis && (shown.isEmpty || shown.contains($0.group))
            }
            lines += table(of: rows, hypothesis).lines
            lines += trial.verdict(on: rows)
        }
        return lines + ["  In brackets: Monte Carlo standard errors."]
    }

    private func table(of rows: [TrialFindings.Characteristic], _ hypothesis: String) -> TextTable {
        let errors = rows.compactMap(\.meanEstimateMCError)
        let decimals = Rounding.decimals(for: errors)
        var table = TextTable()
        let rejected = hypothesis == TrialFindings.equalArms ? "type I error" : "power"
        table.head = [[hypothesis, "trials", rejected, "mean estimate", "true effect", "bias", "coverage"]]
        for row in rows {
            table.rows.append([
                "  " + (group(row.group)?.level ?? row.group), "\(row.replicates)",
                EstimateFindings(value: row.rejected, standardError: row.rejectedMCError).errorText(decimals: 3),
                EstimateFindings(value: row.meanEstimate, standardError: row.meanEstimateMCError)
                    .errorText(decimals: decimals),
                EstimateFindings(value: row.trueEffect, standardError: row.trueEffectMCError)
                    .errorText(decimals: decimals),
                Rounding.text(row.bias, decimals: decimals),
                EstimateFindings(value: row.coverage, standardError: row.coverageMCError).errorText(decimals: 3),
            ])
        }
        return table
    }

    var publishedLines: [String] {
        guard !published.isEmpty else { return [] }
        let all = published.flatMap { [$0.published, $0.simulated] }
        let decimals = Rounding.decimals(for: all.compactMap(\.halfWidth))
        var table = TextTable()
        table.head = [["", "published", "simulated", ""]]
        var sources: [String] = []
        var contrast = ""
        for row in published {
            if row.contrast != contrast { table.rows.append([row.contrast]) }
            contrast = row.contrast
            if !sources.contains(row.source) { sources.append(row.source) }
            let number = (sources.firstIndex(of: row.source) ?? 0) + 1
            table.rows.append([
                "  \(group(row.group)?.level ?? row.group) [\(number)]",
                row.published.intervalText(decimals: decimals), row.simulated.intervalText(decimals: decimals),
                row.verdict,
            ])
        }
        return ["Published differences beside simulated ones (95 % interval)"] + table.lines
            + (published.contains { $0.verdict.hasSuffix("*") } ? ["  *: the simulated interval holds 0"] : [])
            + sources.enumerated().map { "  [\($0 + 1)] \($1)" }
    }

    var learnedLines: [String] {
        learned.map { arm in
            var line = "Arm '\(arm.arm)': \(arm.method)"
            if let training = arm.trainingPatients { line += " on \(training) virtual patients" }
            if let judged = cohort?.patients { line += ", judged on \(judged) others" }
            if cohort?.isFromRecords == true { line += " made from other real people" }
            return line + "."
        }
    }

    /// Patients without a result and why, and decisions without a dose.
    var failureLines: [String] {
        solverFailures.flatMap { failure in
            let line =
                "Solver failures in arm '\(failure.arm)': \(failure.failed) of \(failure.patients) patients have no result,"
                + " left out of its numbers (/truth/failure)."
            let kinds = failure.kinds.map { "\($0.patients) \($0.name)" }.joined(separator: ", ")
            return kinds.isEmpty ? [line] : [line, "  Why: \(kinds)."]
        }
            + decisionsWithoutDose.map { found in
                "Decisions without a dose in arm '\(found.arm)': \(found.decisions), of \(found.affected) of"
                    + " \(found.patients) patients (/truth/decisions_without_dose)."
            }
    }
}

extension TrialFindings {
    /// Whether the type I error is what it should be, for all patients.
    func verdict(on rows: [Characteristic]) -> [String] {
        guard let row = rows.first, row.isNull, let alpha, let rejected = row.rejected, row.replicates > 0 else {
            return []
        }
        // The error of the share if alpha were true, which does not vanish where no trial rejected.
        let error = (alpha * (1 - alpha) / Double(row.replicates)).squareRoot()
        let distance = abs(rejected - alpha) / error
        return [
            "  The type I error is \(Rounding.text(distance, decimals: 1)) Monte Carlo standard errors from alpha: "
                + (distance <= 3 ? "as expected." : "more than the 3 that chance explains.")
        ]
    }
}

extension PublishedFindings {
    /// The arms and the endpoint compared.
    var contrast: String { "\(treatedArm) - \(controlArm), \(endpoint)" }

    /// `sign agrees` or `sign differs`, with `*` where the simulated interval holds zero, so that the sign is uncertain.
    var verdict: String {
        let sign = signAgrees ? "sign agrees" : "sign differs"
        guard let lower = simulated.lower, let upper = simulated.upper, lower <= 0, upper >= 0 else { return sign }
        return sign + "*"
    }
}
