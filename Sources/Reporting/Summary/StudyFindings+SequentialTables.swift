/// A sequential trial over its replicates.
extension StudyFindings {
    var sequentialLines: [String] {
        guard let sequential else { return [] }
        var facts = [sequential.endpoint]
        if let patients = sequential.patients { facts.append("\(patients) patients") }
        if let day = sequential.responseDay { facts.append("response on day \(Rounding.plain(day))") }
        if let days = sequential.followUpDays { facts.append("\(Rounding.plain(days)) days of follow-up") }
        var lines = ["The sequential trial (SMART): " + facts.joined(separator: ", ")]
        lines += sequentialTable(sequential, "weighted (IPW)", \.weighted).lines
        lines += sequentialTable(sequential, "G-formula", \.standardised).lines
        lines += sequential.facts.map { "  \($0)" }
        return lines + ["  In brackets: Monte Carlo standard errors. Truth: the twins under each regime."]
    }

    private func sequentialTable(
        _ sequential: SequentialFindings, _ name: String,
        _ method: KeyPath<SequentialFindings.Regime, SequentialFindings.Method>
    ) -> TextTable {
        let decimals = sequential.decimals
        var table = TextTable()
        table.head = [
            [name, "trials", "truth", "mean estimate", "bias", "SE / spread", "coverage", "best in %", "power"]
        ]
        for regime in sequential.regimes {
            let found = regime[keyPath: method]
            table.rows.append([
                "  " + regime.name, found.replicates.map(String.init) ?? "-",
                regime.truth.errorText(decimals: decimals), found.meanEstimate.errorText(decimals: decimals),
                Rounding.text(found.bias, decimals: decimals), found.errorRatio,
                found.coverage.errorText(decimals: 3),
                regime.selectedShare.map { Rounding.text(100 * $0, decimals: 1) } ?? "",
                regime.name == sequential.regimes.last?.name ? found.rejected.errorText(decimals: 3) : "",
            ])
        }
        return table
    }
}

extension SequentialFindings {
    var decimals: Int { Rounding.decimals(for: regimes.compactMap(\.weighted.meanEstimate.standardError)) }

    /// What is said beside the table.
    var facts: [String] {
        var facts: [String] = []
        if let best {
            facts.append(
                "Best in truth (\(better) is better): \(best.name), chosen by \(Rounding.text(best.selectedShare.map { 100 * $0 }, decimals: 1)) % of the trials."
            )
        }
        if learnedValue.value != nil {
            facts.append(
                "Q-learning on the trials' data: true value \(learnedValue.errorText(decimals: decimals)) over \(learnedReplicates ?? 0) trials."
            )
        }
        if let effect {
            let needed = patientsNeeded.map { Rounding.text($0, decimals: 0) } ?? "-"
            facts.append(
                "The contrast is \(Rounding.text(effect, decimals: 2)) standard deviations: \(needed) patients for 80 % power by the formula."
            )
        }
        return facts
    }
}

extension SequentialFindings.Method {
    /// The mean reported standard error over the spread of the estimates: 1 where trials know their own error.
    var errorRatio: String {
        guard let deviation, deviation > 0, let meanReportedError else { return "-" }
        return Rounding.text(meanReportedError / deviation, decimals: 2)
    }
}
