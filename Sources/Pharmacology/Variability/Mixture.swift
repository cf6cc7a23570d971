import NumericsCore

/// Classes of patients that differ in kind, such as slow and fast metabolisers, of which nobody knows who is which.
///
/// ```swift
/// let acetylators = try Mixture(name: "clearance", probabilities: [0.4])        // 40 % slow, the rest fast
/// let number = acetylators.classNumber(seed: 7, replicate: 0, patient: 12)      // 0 or 1
/// ```
///
/// A patient's class comes from draw 0 of a stream of its own (`StreamPurpose.mixture`, the mixture's number as
/// substream): neither another patient nor another mixture changes it, and with growing probability of a class patients
/// only join it.
package struct Mixture: Sendable, Hashable {
    package let name: String
    /// The probability of each class; they add up to 1.
    package let probabilities: [Double]

    /// A mixture as models write it: the last class takes what the others leave.
    ///
    /// - Parameter probabilities: of all classes but the last: each from 0 to 1, and no more than 1 in all.
    /// - Throws: ``InvalidMixture``.
    package init(name: String, probabilities: [Double]) throws(InvalidMixture) {
        for (index, probability) in probabilities.enumerated() where !(probability >= 0 && probability <= 1) {
            throw InvalidMixture(name: name, problem: "the probability of class \(index + 1) is \(probability)")
        }
        let sum = probabilities.reduce(0, +)
        // Thirds and tenths may add up to 1 and a rounding error.
        guard sum <= 1 + 1e-12 else {
            throw InvalidMixture(name: name, problem: "the probabilities of the first classes add up to \(sum)")
        }
        self.name = name
        self.probabilities = probabilities + [max(0, 1 - sum)]
    }

    /// The class, from 0, of the patient whose stream this is.
    package func classNumber(_ stream: RandomStream) -> Int {
        let u = stream.uniform(at: 0)
        var cumulative = 0.0
        for (index, probability) in probabilities.dropLast().enumerated() {
            cumulative += probability
            if u < cumulative { return index }
        }
        // A last class of probability 0 can be reached by rounding alone.
        return probabilities.lastIndex { $0 > 0 } ?? 0
    }

    /// The class, from 0, of a patient.
    ///
    /// - Parameter mixture: tells the mixtures of one model apart.
    package func classNumber(seed: UInt64, replicate: UInt32, patient: UInt32, mixture: UInt32 = 0) -> Int {
        classNumber(
            RandomStream(seed: seed, purpose: .mixture, replicate: replicate, patient: patient, substream: mixture))
    }
}

/// Inputs whose value a patient's class decides.
package struct MixtureInput: Sendable, Hashable {
    /// The input's number in the model.
    package var slot: Int
    /// Its value in each class.
    package var values: [Double]

    package init(slot: Int, values: [Double]) {
        self.slot = slot
        self.values = values
    }
}

extension Mixture {
    /// Gives a subject's inputs the values of its class.
    ///
    /// - Throws: ``InvalidMixture`` where an input does not have a value for each class.
    package func assign(
        class number: Int, _ assigned: [MixtureInput], to inputs: inout [Double]
    ) throws(InvalidMixture) {
        for input in assigned {
            guard input.values.count == probabilities.count else {
                throw InvalidMixture(
                    name: name,
                    problem: "an input has \(input.values.count) values for \(probabilities.count) classes")
            }
            inputs[input.slot] = input.values[number]
        }
    }
}

/// What is wrong with a mixture.
package struct InvalidMixture: Error, Equatable, CustomStringConvertible {
    package let name: String
    package let problem: String

    package var description: String {
        "mixture '\(name)': \(problem), but probabilities are from 0 to 1, those of all classes but the last add up to at"
            + " most 1, and each input has a value for each class."
    }
}
