import Foundation
import Regimes

extension CardReport {
    /// A few paragraphs for people.
    package var text: String {
        var lines = [
            "\(card.facts.name) (\(card.facts.variant)), policy \(card.policy)\(Self.kind(card))",
            "value        \(Self.number(card.value)) (standard error \(Self.number(card.valueSE))), "
                + "\(card.episodes) episodes, \(card.decisions) decisions",
        ]
        if !card.training.isEmpty {
            lines += ["", "How it was made"]
            lines += card.training.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        }
        for rendering in card.renderings { lines += Self.text(rendering) }
        for refusal in card.refusals { lines += ["", "\(Self.title(refusal.name)): not shown; \(refusal.reason)"] }
        if let best = card.best { lines += ["", "The form that stands for it best: \(best.name)"] }
        if let reasons = card.reasons { lines += Self.text(reasons) }
        lines += ["", "Where it must not be used"] + card.support.limits.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The kind of a policy from a file, whose name does not say it.
    private static func kind(_ card: RegimeCard) -> String {
        card.policy.hasPrefix(card.kind) ? "" : ", \(card.kind)"
    }

    private static func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "-" }

    private static func percent(_ share: Double?) -> String {
        share.map { String(format: "%.2f %%", 100 * $0) } ?? "-"
    }

    private static func title(_ rendering: String) -> String {
        rendering == "points" ? "As points" : "As a \(rendering)"
    }

    private static func text(_ rendering: RegimeCard.Rendering) -> [String] {
        let own = rendering.fidelity
        var lines = ["", title(rendering.name)]
        lines.append(
            "  agrees at \(percent(own.agreement)) of decisions (standard error \(percent(own.agreementSE)))")
        lines.append(
            "  value \(number(own.value)), lost \(number(own.valueLost)) (standard error \(number(own.valueLostSE)))")
        if own.certainLoss > 0 { lines.append("  it is not the policy: whoever follows it loses by it") }
        if own.agreement != 1, !own.difference.isEmpty {
            let parts = own.difference.sorted { $0.key < $1.key }.map { "\($0.key) \(ReadableNumber.short($0.value))" }
            lines.append("  mean absolute difference: \(parts.joined(separator: ", "))")
        }
        return lines + rendering.lines.map { "    \($0)" }
    }

    private static func text(_ reasons: DecisionReasons) -> [String] {
        func list(_ values: [Double]) -> String { values.map { ReadableNumber.short($0) }.joined(separator: ", ") }
        let when = ReadableNumber.text(reasons.decision)
        var lines = ["", "For this patient at decision \(when): \(reasons.action)"]
        if reasons.probability < 1 { lines.append("  with probability \(ReadableNumber.short(reasons.probability))") }
        if let next = reasons.next {
            lines.append("  next would be \(next.action), behind by \(ReadableNumber.short(next.margin))")
        }
        lines.append("  \(reasons.measures.joined(separator: ", ")): \(list(reasons.totals))")
        lines.append(
            reasons.isExact
                ? "  what adds up to it, from \(list(reasons.start)):"
                : "  what is lost of it with an input at its median:")
        for input in reasons.inputs {
            let note = input.isUnusual ? ", unusual" : ""
            lines.append("    \(input.name) = \(ReadableNumber.text(input.value))\(note): \(list(input.contributions))")
        }
        if reasons.changes.isEmpty { return lines + ["  no change of one input leads to something else"] }
        lines.append("  what would change it, one input alone:")
        for change in reasons.changes {
            let difference = (change.difference > 0 ? "+" : "") + ReadableNumber.short(change.difference)
            lines.append("    \(change.name) to \(ReadableNumber.text(change.to)) (\(difference)): \(change.action)")
        }
        return lines
    }
}
