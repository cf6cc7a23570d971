import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by simulation (shares within 4 standard errors) and by invariants.
@Suite("Mixtures")
struct MixtureTests {
    @Test("Classes come with their probabilities, within 4 standard errors of 40,000 patients")
    func shares() throws {
        let mixture = try Mixture(name: "cl", probabilities: [0.4, 0.25])
        let count = 40_000
        var found = [Int](repeating: 0, count: 3)
        for patient in 0..<UInt32(count) { found[mixture.classNumber(seed: 5, replicate: 0, patient: patient)] += 1 }
        for (number, probability) in zip(found, [0.4, 0.25, 0.35]) {
            let error = (probability * (1 - probability) / Double(count)).squareRoot()
            #expect(abs(Double(number) / Double(count) - probability) < 4 * error)
        }
    }

    @Test("A larger class takes patients in and lets none go; mixtures of one model are unrelated")
    func nesting() throws {
        let (small, large) = (
            try Mixture(name: "a", probabilities: [0.3]), try Mixture(name: "a", probabilities: [0.5])
        )
        var agreeing = 0
        for patient in 0..<2000 as Range<UInt32> {
            let first = small.classNumber(seed: 5, replicate: 1, patient: patient)
            #expect(first == 1 || large.classNumber(seed: 5, replicate: 1, patient: patient) == 0)
            let other = small.classNumber(seed: 5, replicate: 1, patient: patient, mixture: 1)
            agreeing += first == other ? 1 : 0
        }
        // Independent classes agree with probability 0.3² + 0.7² = 0.58: 4 standard errors are 0.044.
        #expect(abs(Double(agreeing) / 2000 - 0.58) < 0.044)
    }

    @Test("An input gets the value of its class, others stay")
    func assign() throws {
        let acetylators = try Mixture(name: "acetylation", probabilities: [0.6])
        let inputs = [MixtureInput(slot: 2, values: [9.7, 21.6]), MixtureInput(slot: 0, values: [1, 2])]
        var values = [5.0, 6, 7]
        try acetylators.assign(class: 1, inputs, to: &values)
        #expect(values == [2, 6, 21.6])
        let error = #expect(throws: InvalidMixture.self) {
            try acetylators.assign(class: 0, [MixtureInput(slot: 0, values: [1])], to: &values)
        }
        #expect(
            error?.description
                == "mixture 'acetylation': an input has 1 values for 2 classes, but probabilities are from 0 to 1, those of"
                + " all classes but the last add up to at most 1, and each input has a value for each class.")
    }

    @Test("Classes of probability 0 stay empty, also the last; one class alone is everybody's")
    func limits() throws {
        let all = try Mixture(name: "a", probabilities: [0, 1])
        let thirds = try Mixture(name: "a", probabilities: [1.0 / 3, 1.0 / 3, 1.0 / 3])
        let one = try Mixture(name: "a", probabilities: [])
        for patient in 0..<1000 as Range<UInt32> {
            #expect(all.classNumber(seed: 1, replicate: 0, patient: patient) == 1)
            #expect(thirds.classNumber(seed: 1, replicate: 0, patient: patient) < 3)
            #expect(one.classNumber(seed: 1, replicate: 0, patient: patient) == 0)
        }
    }

    @Test(
        "Probabilities that cannot be are refused",
        arguments: [
            ([-0.1], "the probability of class 1 is -0.1"), ([0.5, .nan], "the probability of class 2 is nan"),
            ([0.75, 0.5], "the probabilities of the first classes add up to 1.25"),
        ])
    func refused(probabilities: [Double], problem: String) {
        #expect(throws: InvalidMixture(name: "a", problem: problem)) {
            try Mixture(name: "a", probabilities: probabilities)
        }
    }
}
