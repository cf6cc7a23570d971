/// An environment that can be named: what it is, its variants, and how it is made.
package struct EnvironmentEntry: Sendable {
    package let name: String
    /// One line for people.
    package let title: String
    /// The first is the default; one at least.
    package let variants: [String]
    private let makeVariant: @Sendable (String) throws -> any Environment

    package init(
        _ name: String, _ title: String, variants: [String],
        _ make: @escaping @Sendable (String) throws -> any Environment
    ) {
        self.name = name
        self.title = title
        self.variants = variants
        makeVariant = make
    }

    /// The environment in a variant, the first by default.
    ///
    /// - Throws: ``EnvironmentError/unknownVariant(_:environment:allowed:)``, and what making it throws.
    package func make(variant: String? = nil) throws -> any Environment {
        let chosen = variant ?? variants[0]
        guard variants.contains(chosen) else {
            throw EnvironmentError.unknownVariant(chosen, environment: name, allowed: variants)
        }
        return try makeVariant(chosen)
    }

    /// The environments that are written in Swift. A new one is a line here; those written as documents are found in folders.
    package static let builtIn: [EnvironmentEntry] = [
        EpiCareEnvironment.entry,
        OberstSepsis.entry,
    ]

    /// The entry of a name.
    ///
    /// - Throws: ``EnvironmentError/unknownEnvironment(_:allowed:)``.
    package static func named(_ name: String, among entries: [EnvironmentEntry] = builtIn) throws -> EnvironmentEntry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw EnvironmentError.unknownEnvironment(name, allowed: entries.map(\.name))
        }
        return entry
    }
}
