import ModelLanguage
import Pharmacology

/// Everything that decides who is simulated and what is done to them.
package struct SimulationInputs: Sendable {
    package var model: Model
    package var events: EventTable?
    /// Given to every subject, besides what the event table says.
    package var regimen: [DosingRecord] = []
    /// Reported for every subject, besides the table's own observations. Growing.
    package var times: [Double] = []
    package var parameters: ParameterTable?
    /// The same for every subject.
    package var settings: [Setting] = []
    package var etas = EtaSource.zero
    package var seed: UInt64 = 1
    /// How many subjects one history is given to.
    package var subjects: Int?
    /// What is known of the population's parameters; each replicate draws its own.
    package var uncertainty: ParameterUncertainty?
    /// How often the population is simulated with parameters drawn anew; 1 without ``uncertainty``.
    package var replicates = 1

    package init(_ model: Model) { self.model = model }

    /// One value for an input of the model (`--set WT=70`).
    package struct Setting: Sendable, Hashable {
        package var name: String
        package var value: Double

        package init(name: String, value: Double) {
            self.name = name
            self.value = value
        }

        /// Reads `name=value`.
        package init(_ text: String) throws(InputErrors) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].trimmed
            guard parts.count == 2, !name.isEmpty else {
                throw InputErrors([
                    InputProblem("found no '=', allowed: name=value, such as WT=70", at: "--set \(text)")
                ])
            }
            guard let value = Double(parts[1].trimmed), value.isFinite else {
                throw InputErrors([
                    InputProblem("found '\(parts[1])', allowed: a number", at: "--set \(text)")
                ])
            }
            self.init(name: name, value: value)
        }
    }

    /// Where the etas come from.
    package enum EtaSource: Sendable {
        /// A typical subject: every eta 0.
        case zero
        /// Drawn from the model's `ini` for each subject.
        case sampled
        /// Read from a table; etas that it lacks are 0.
        case table(ParameterTable)
    }
}

extension Substring {
    /// Without the blanks around it.
    var trimmed: String {
        var part = self
        while let first = part.first, first.isWhitespace { part.removeFirst() }
        while let last = part.last, last.isWhitespace { part.removeLast() }
        return String(part)
    }
}
