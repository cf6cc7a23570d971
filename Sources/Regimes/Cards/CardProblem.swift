/// What is wrong with a request for a regime card.
package enum CardProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case depth(Int, allowed: ClosedRange<Int>)
    case unknownRendering(String, allowed: [String])
    /// The policy cannot be shown in this way.
    case cannotRender(String, reason: String)
    /// No decision was visited.
    case noVisits
    /// No rendering was made that a policy file can hold.
    case nothingToWrite
    /// A part of a patient's inputs is not `name=value`.
    case unreadableInput(String)
    case unknownInput(String, allowed: [String])
    case repeatedInput(String)
    /// An input outside of the range that the environment gives it.
    case inputOutside(String, found: Double, low: Double, high: Double)
    /// The policy reads inputs that were not given.
    case missingInputs([String])

    package var description: String {
        switch self {
        case .depth(let found, let allowed):
            "depth: found \(found), allowed: \(allowed.lowerBound) to \(allowed.upperBound)"
        case .unknownRendering(let name, let allowed):
            "rendering: found '\(name)', allowed: \(allowed.joined(separator: ", "))"
        case .cannotRender(let name, let reason): "\(name): \(reason)"
        case .noVisits: "card: no episode reached a decision; simulate more episodes"
        case .nothingToWrite: "card: none of its renderings fits into a policy file; render a tree, points or a table"
        case .unreadableInput(let text):
            "patient: found '\(text)', allowed: NAME=NUMBER or NAME=missing, with commas between"
        case .unknownInput(let name, let allowed):
            "patient: input '\(name)' does not exist here; allowed: \(allowed.joined(separator: ", "))"
        case .repeatedInput(let name): "patient: input '\(name)' is given more than once"
        case .inputOutside(let name, let found, let low, let high):
            "patient: \(name): found \(ReadableNumber.text(found)), allowed: "
                + "\(ReadableNumber.text(low)) to \(ReadableNumber.text(high))"
        case .missingInputs(let names):
            "patient: the policy reads \(names.joined(separator: ", ")); give each a number, or NAME=missing"
        }
    }
}
