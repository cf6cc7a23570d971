extension RegimeEstimate {
    /// The estimate as a table for reading.
    package var text: String {
        var lines: [String] = ["\(Self.title[method] ?? method), \(people) people"]
        if dropped.rows > 0 {
            let by = dropped.by.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines.append("\(dropped.rows) rows left out because something is missing: \(by)")
        }
        for (index, stage) in stages.enumerated() {
            lines += ["", "\(stage.name): \(stage.n) people, treatment \(stage.treatment)"]
            let own = psi.filter { $0.stage == index + 1 }
            if !own.isEmpty {
                lines.append(Self.row("psi", ["estimate", "se", "lower", "upper"]))
                lines += own.map {
                    Self.row(
                        $0.name,
                        [$0.shown.estimate, $0.shown.se, $0.shown.lower, $0.shown.upper].map {
                            $0.map(RuleText.number) ?? "-"
                        })
                }
            }
            lines.append("  rule: \(stage.rule)")
            let shares = stage.recommended.sorted { $0.key < $1.key }
                .map { "\($0.key) \(RuleText.number(($0.value * 1e4).rounded() / 1e4))" }.joined(separator: ", ")
            lines.append("  recommended: \(shares)")
            if let share = stage.onRecommended {
                lines.append("  given what is recommended: \(RuleText.number(share))")
            }
            if let share = stage.nonRegular, share > 0.05 {
                lines.append(
                    "  effect not told from 0 in \(RuleText.number(share)) of the people: take m-out-of-n intervals")
            }
        }
        lines += ["", "value of the regime: " + Self.words(value)]
        for (name, groups) in by.sorted(by: { $0.key < $1.key }) {
            for (group, value) in groups.groups.sorted(by: { $0.key < $1.key }) {
                let mark = groups.worst == group ? " (worst)" : ""
                lines.append("  \(name) \(group): \(Self.words(value))\(mark)")
            }
        }
        lines.append(
            "errors: \(intervals.method)" + (intervals.size.map { ", resamples of \($0)" } ?? "")
                + (intervals.alpha.map { ", alpha \($0)" } ?? ""))
        return (lines + notes.map { "note: \($0)" }).joined(separator: "\n")
    }

    private static let title = [
        "q": "Q-learning", "a": "A-learning (G-estimation)", "dwols": "Dynamic weighted ordinary least squares",
        "owl": "Outcome weighted learning", "bowl": "Backward outcome weighted learning", "tree": "Policy trees",
    ]

    private static func words(_ value: Value) -> String {
        guard let estimate = value.estimate else { return "none (\(value.reason ?? ""))" }
        var text = "\(RuleText.number(estimate))"
        if let se = value.se { text += ", se \(RuleText.number(se))" }
        if let lower = value.lower, let upper = value.upper {
            text += ", \(RuleText.number(lower)) to \(RuleText.number(upper))"
        }
        text += " (\(value.method), n \(value.n)"
        if let size = value.effectiveSampleSize { text += ", effective \(RuleText.number(size))" }
        return text + ")" + (value.flag.map { "; \($0)" } ?? "")
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let padded = cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
        return "  " + name + String(repeating: " ", count: max(1, 24 - name.count)) + padded
    }
}
