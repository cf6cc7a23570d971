import NumericsCore

/// The terms of a linear value function: 1, every input, and (quadratic) every product of two inputs.
package enum QuadraticTerms: String, Sendable, Hashable, Codable, CaseIterable {
    case linear
    case quadratic

    /// The number of terms for so many inputs.
    package func count(_ inputs: Int) -> Int {
        self == .linear ? 1 + inputs : 1 + inputs + inputs * (inputs + 1) / 2
    }

    /// Writes the terms of sixteen patients.
    package func fill(_ z: LanePointer, _ inputs: Int, into terms: LanePointer) {
        terms[0] = Lane(repeating: 1)
        for index in 0..<inputs { terms[1 + index] = z[index] }
        guard self == .quadratic else { return }
        var next = 1 + inputs
        for first in 0..<inputs {
            for second in first..<inputs {
                terms[next] = z[first] * z[second]
                next += 1
            }
        }
    }

    /// Writes the terms of one patient, with the bits of the other.
    package func fill(
        _ z: UnsafePointer<Double>, _ inputs: Int, into terms: UnsafeMutablePointer<Double>
    ) {
        terms[0] = 1
        for index in 0..<inputs { terms[1 + index] = z[index] }
        guard self == .quadratic else { return }
        var next = 1 + inputs
        for first in 0..<inputs {
            for second in first..<inputs {
                terms[next] = z[first] * z[second]
                next += 1
            }
        }
    }
}
