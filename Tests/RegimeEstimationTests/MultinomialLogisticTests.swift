import NumericsCore
import Outcomes
import Testing

/// Backed by closed forms; `DTRregTests` hold three actions to nnet besides.
@Suite struct MultinomialLogisticTests {
    /// A group's indicator and an intercept are saturated: the probabilities are the shares, weights counting as people.
    @Test func saturatedGivesShares() throws {
        let chosen = [0, 1, 2, 2, 0, 1, 1, 2]
        let group = [0.0, 0, 0, 0, 1, 1, 1, 1]
        var choices = MultinomialLogistic.Choices(
            design: group.flatMap { [1, $0] }, columns: 2, chosen: chosen, levels: 3)
        let p = try MultinomialLogistic(choices).probabilities(choices)
        for (found, expected) in zip(p[9..<15], [0.25, 0.25, 0.5, 0.25, 0.5, 0.25]) {
            #expect(abs(found - expected) < 1e-12)
        }
        // In the other group nobody who counts has level 2: a penalty keeps its coefficient finite.
        choices.weights = [1, 1, 1, 1, 2, 1, 1, 0]
        let penalised = try MultinomialLogistic(choices, penalty: 1e-4).probabilities(choices)
        for (found, expected) in zip(penalised[12..<15], [0.5, 0.5, 0]) { #expect(abs(found - expected) < 2e-3) }
        #expect(penalised[14] > 0)
    }

    @Test func whatIsNotAllowedHasNoChance() throws {
        // Level 2 is open to every other row only, and taken by half of those; 0 and 1 share the rest of each evenly.
        let chosen = [2, 0, 0, 1, 2, 1, 1, 0]
        let choices = MultinomialLogistic.Choices(
            design: [Double](repeating: 1, count: 8), columns: 1, chosen: chosen, levels: 3,
            allowed: (0..<8).map { $0 % 2 == 0 ? 0b111 : 0b011 })
        let model = try MultinomialLogistic(choices)
        let p = model.probabilities(choices)
        for (found, expected) in zip(p[..<6], [0.25, 0.25, 0.5, 0.5, 0.5, 0]) { #expect(abs(found - expected) < 1e-12) }
        #expect(abs(model.coefficients[0]) < 1e-12 && abs(model.coefficients[1] - Elementary.log(2)) < 1e-12)
    }

    @Test func separatedDataAreRefused() {
        let choices = MultinomialLogistic.Choices(
            design: [1, 0, 1, 0, 1, 1, 1, 1], columns: 2, chosen: [0, 0, 1, 1], levels: 2)
        #expect {
            try MultinomialLogistic(choices)
        } throws: {
            "\($0)".hasPrefix("multinomial logistic regression: \"level 1, column ")
        }
    }
}
