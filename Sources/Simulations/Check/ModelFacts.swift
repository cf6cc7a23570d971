import ModelLanguage
import Pharmacology

/// What a model is, and how it is solved.
package struct ModelFacts: Sendable {
    private let listing: ModelListing
    private let exact: [String]
    private let integrated: [String]

    /// - Throws: what `SimulationModel` throws.
    package init(_ model: Model) throws {
        listing = ModelListing(model)
        let compiled = try SimulationModel(model, outputs: [])
        exact = compiled.exactStates
        integrated = compiled.integratedStates
    }

    /// The listing, and a last line on the solution.
    package var text: String { "\(listing.text)\n\(solution)" }

    private var solution: String {
        let all = exact.isEmpty && integrated.isEmpty
        guard !all else { return "solution: no differential equations" }
        let solved = exact.isEmpty ? nil : "exact, as a linear system: \(exact.joined(separator: ", "))"
        let stepped = integrated.isEmpty ? nil : "integrated: \(integrated.joined(separator: ", "))"
        return "solution: " + [solved, stepped].compactMap(\.self).joined(separator: "; ")
    }
}
