/// A sequential trial over its replicates.
extension HTMLReport {
    var sequentialSection: Markup? {
        guard let sequential = findings.sequential else { return nil }
        var facts = Words.spaced(findings.endpoint(sequential.endpoint)?.title ?? sequential.endpoint)
        if let patients = sequential.patients { facts += ", \(patients) patients" }
        if let day = sequential.responseDay { facts += ", response judged on day \(Rounding.plain(day))" }
        let tables = [
            table(sequential, "Weighted by the randomisation probabilities (IPW)", \.weighted),
            table(sequential, "By the G-formula", \.standardised),
        ]
        return section(
            "smart", "The sequential trial (SMART)", Words.sentence(facts) + ".",
            tables.map(\.markup)
                + [
                    .element(
                        "p", ["class": "note"],
                        text: (sequential.facts + [
                            "In brackets: Monte Carlo standard errors. The truth is known from the twins."
                        ])
                        .joined(separator: " "))
                ])
    }

    private func table(
        _ sequential: SequentialFindings, _ caption: String,
        _ method: KeyPath<SequentialFindings.Regime, SequentialFindings.Method>
    ) -> HTMLTable {
        let decimals = sequential.decimals
        let rows = sequential.regimes.map { regime -> [HTMLTable.Cell] in
            let found = regime[keyPath: method]
            let isContrast = regime.name == sequential.regimes.last?.name
            let texts = [
                regime.name, found.replicates.map(String.init) ?? "–", regime.truth.errorText(decimals: decimals),
                found.meanEstimate.errorText(decimals: decimals), Rounding.text(found.bias, decimals: decimals),
                found.errorRatio, found.coverage.errorText(decimals: 3),
                regime.selectedShare.map { Rounding.text(100 * $0, decimals: 1) } ?? "–",
                isContrast ? found.rejected.errorText(decimals: 3) : "–",
            ]
            return texts.map { HTMLTable.Cell($0) }
        }
        return HTMLTable(
            caption: caption,
            head: [
                "Regime", "Trials", "Truth", "Mean estimate", "Bias", "SE / spread", "Coverage", "Best (%)", "Power",
            ],
            rows: rows)
    }
}
