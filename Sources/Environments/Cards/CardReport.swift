import Foundation
import Regimes

/// A regime card as it is printed: keys in alphabetical order, null where there is no number.
package struct CardReport: Sendable {
    let card: RegimeCard

    package init(_ card: RegimeCard) { self.card = card }

    /// Pretty-printed, with keys in alphabetical order.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension CardReport: Encodable {
    private enum Key: String, CodingKey, CaseIterable {
        case environment, variant, policy, kind, training, episodes, decisions, seed, value, se, renderings, refused,
            best, support, reasons
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(card.facts.name, forKey: .environment)
        try container.encode(card.facts.variant, forKey: .variant)
        try container.encode(card.policy, forKey: .policy)
        try container.encode(card.kind, forKey: .kind)
        try container.encode(card.training, forKey: .training)
        try container.encode(card.episodes, forKey: .episodes)
        try container.encode(card.decisions, forKey: .decisions)
        try container.encode(card.seed, forKey: .seed)
        try container.encode(card.value, forKey: .value)
        try container.encode(card.valueSE, forKey: .se)
        try container.encode(card.renderings.map(RenderingRow.init), forKey: .renderings)
        try container.encode(
            Dictionary(card.refusals.map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first }),
            forKey: .refused)
        try container.encode(card.best?.name, forKey: .best)
        try container.encode(SupportRow(support: card.support), forKey: .support)
        try container.encode(card.reasons.map(ReasonsRow.init), forKey: .reasons)
    }
}

/// `name`, `lines` and the keys of ``CardFidelity``.
private struct RenderingRow: Encodable {
    let rendering: RegimeCard.Rendering

    private enum Key: String, CodingKey { case name, lines }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(rendering.name, forKey: .name)
        try container.encode(rendering.lines, forKey: .lines)
        try rendering.fidelity.encode(to: encoder)
    }
}

private struct SupportRow: Encodable {
    let support: CardSupport

    private enum Key: String, CodingKey { case inputs, actions, limits }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(support.inputs, forKey: .inputs)
        try container.encode(
            Dictionary(support.actions.map { ($0.name, $0.share) }, uniquingKeysWith: { first, _ in first }),
            forKey: .actions)
        try container.encode(support.limits, forKey: .limits)
    }
}

private struct ReasonsRow: Encodable {
    let reasons: DecisionReasons

    private enum Key: String, CodingKey {
        case action, values, decision, measures, exact, start, totals, probability, next, margin, inputs, changes
    }

    private struct InputRow: Encodable {
        let input: DecisionReasons.Input

        private enum Key: String, CodingKey { case name, value, median, unusual, contributions }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(input.name, forKey: .name)
            try container.encode(number(input.value), forKey: .value)
            try container.encode(number(input.median), forKey: .median)
            try container.encode(input.isUnusual, forKey: .unusual)
            try container.encode(input.contributions.map(number), forKey: .contributions)
        }
    }

    private struct ChangeRow: Encodable {
        let name: String
        let from: Double
        let to: Double
        let difference: Double
        let action: String
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(reasons.action, forKey: .action)
        try container.encode(reasons.values.map(number), forKey: .values)
        try container.encode(reasons.decision, forKey: .decision)
        try container.encode(reasons.measures, forKey: .measures)
        try container.encode(reasons.isExact, forKey: .exact)
        try container.encode(reasons.start.map(number), forKey: .start)
        try container.encode(reasons.totals.map(number), forKey: .totals)
        try container.encode(reasons.probability, forKey: .probability)
        try container.encode(reasons.next?.action, forKey: .next)
        try container.encode(reasons.next.flatMap { number($0.margin) }, forKey: .margin)
        try container.encode(reasons.inputs.map(InputRow.init), forKey: .inputs)
        try container.encode(
            reasons.changes.map {
                ChangeRow(name: $0.name, from: $0.from, to: $0.to, difference: $0.difference, action: $0.action)
            }, forKey: .changes)
    }
}

/// Nil where there is no number.
private func number(_ value: Double) -> Double? { value.isFinite ? value : nil }
