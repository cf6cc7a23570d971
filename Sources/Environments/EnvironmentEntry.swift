/// An environment that can be named: what it is, its variants, and how it is made.
package struct EnvironmentEntry: Sendable {
    package let name: String
    /// One line for people.
    package let title: String
    /// The first is the default; one at least.
    package let variants: [String]
    /// Whether `VARIANT:POPULATION` names a part of the patients.
    package let hasPopulations: Bool
    /// Whether it is made from tables that stand in files.
    package let readsTables: Bool
    private let makeVariant: @Sendable (String, String?) throws -> any Environment

    package init(
        _ name: String, _ title: String, variants: [String], hasPopulations: Bool = false,
        _ make: @escaping @Sendable (String) throws -> any Environment
    ) {
        self.name = name
        self.title = title
        self.variants = variants
        self.hasPopulations = hasPopulations
        readsTables = false
        makeVariant = { variant, _ in try make(variant) }
    }

    /// An environment that is read from tables.
    ///
    /// - Parameter make: is given the variant and the path of the tables, nil where nobody named one.
    package init(
        _ name: String, _ title: String, variants: [String],
        _ make: @escaping @Sendable (_ variant: String, _ tables: String?) throws -> any Environment
    ) {
        self.name = name
        self.title = title
        self.variants = variants
        hasPopulations = false
        readsTables = true
        makeVariant = make
    }

    /// The environment in a variant, the first by default.
    ///
    /// - Parameter tables: the path of the tables of an environment that reads some.
    /// - Throws: ``EnvironmentError/unknownVariant(_:environment:allowed:)``, and what making it throws.
    package func make(variant: String? = nil, tables: String? = nil) throws -> any Environment {
        guard tables == nil || readsTables else { throw EnvironmentError.readsNoTables(environment: name) }
        let chosen = variant ?? variants[0]
        let base = hasPopulations ? chosen.split(separator: ":", maxSplits: 1).first.map(String.init) ?? "" : chosen
        guard variants.contains(base) else {
            throw EnvironmentError.unknownVariant(chosen, environment: name, allowed: variants)
        }
        return try makeVariant(chosen, tables)
    }

    /// The environments that are written in Swift. A new one is a line here; those written as documents are found in folders.
    package static let builtIn: [EnvironmentEntry] = [
        DiabetesEnvironment.entry,
        EpiCareEnvironment.entry,
        ICUSepsis.entry,
        OberstSepsis.entry,
    ]

    private static let tablesPrefix = "tables:"

    /// The entry of a name; `tables:FOLDER` is the problem in a folder of tables.
    ///
    /// - Throws: ``EnvironmentError/unknownEnvironment(_:allowed:)``.
    package static func named(_ name: String, among entries: [EnvironmentEntry] = builtIn) throws -> EnvironmentEntry {
        if name.hasPrefix(tablesPrefix) { return TableFolder.entry(String(name.dropFirst(tablesPrefix.count))) }
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw EnvironmentError.unknownEnvironment(name, allowed: entries.map(\.name))
        }
        return entry
    }
}
