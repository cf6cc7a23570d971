import NumericsCore
import Regimes

/// How true a rendering is to the policy that it shows, on episodes that its making has not seen.
package struct CardFidelity: Sendable, Hashable, Encodable {
    /// The share of the policy's decisions at which the rendering does the same: the probability that both choose the same, on
    /// average over visits.
    package let agreement: Double?
    /// Of ``agreement``, with episodes as the units: that of a ratio of sums (Cochran 1977, section 2.11).
    package let agreementSE: Double?
    /// The mean absolute difference of each component of the action, by its name.
    package let difference: [String: Double]
    /// The mean discounted return of an episode in which the rendering acts.
    package let value: Double?
    package let valueSE: Double?
    /// The policy's value less the rendering's, on the same streams of chance.
    package let valueLost: Double?
    /// Of ``valueLost``, by pairs of episodes.
    package let valueLostSE: Double?

    /// What is lost beyond two standard errors, nothing at least.
    var certainLoss: Double { valueLost.map { max(0, $0 - 2 * (valueLostSE ?? 0)) } ?? .infinity }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case agreement, agreementSE = "agreement_se", difference, value, valueSE = "value_se", valueLost = "value_lost",
            valueLostSE = "value_lost_se"
    }

    /// - Parameters:
    ///   - index: the rendering's place among those that were asked.
    ///   - own: the returns of the episodes in which the rendering acted.
    init(_ record: CardRecord, index: Int, own: [Double], components: [String]) {
        let decisions = record.steps.reduce(0, +)
        let agreed = record.agreed[index].reduce(0, +)
        let share = decisions > 0 ? agreed / decisions : nil
        agreement = share
        let episodes = Double(record.steps.count { $0 > 0 })
        agreementSE = share.flatMap { share in
            guard episodes > 1 else { return nil }
            var squares = 0.0
            for (agreed, steps) in zip(record.agreed[index], record.steps) {
                squares += (agreed - share * steps) * (agreed - share * steps)
            }
            return (squares * episodes / (episodes - 1)).squareRoot() / decisions
        }
        difference = Dictionary(
            zip(components, record.differed[index].map { decisions > 0 ? $0 / decisions : 0 }),
            uniquingKeysWith: { first, _ in first })
        let moments = RunningMoments(own.filter { !$0.isNaN })
        (value, valueSE) = (moments.mean, moments.standardError)
        let lost = RunningMoments(zip(record.returns, own).map { $0 - $1 }.filter { !$0.isNaN })
        (valueLost, valueLostSE) = (lost.mean, lost.standardError)
    }

    /// Every key, null where there is no number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(agreement, forKey: .agreement)
        try container.encode(agreementSE, forKey: .agreementSE)
        try container.encode(difference, forKey: .difference)
        try container.encode(value, forKey: .value)
        try container.encode(valueSE, forKey: .valueSE)
        try container.encode(valueLost, forKey: .valueLost)
        try container.encode(valueLostSE, forKey: .valueLostSE)
    }
}
