/// A treatment problem in which policies are tried: it knows its actions and rules, and values a policy by simulation or,
/// where that is possible, exactly.
public protocol Environment: Sendable {
    /// `oberst-sepsis`
    var name: String { get }
    /// The actions by name, in the order of their numbers.
    var actions: [String] { get }
    /// The rules that ``PolicyChoice/rule(_:)`` may name.
    var rules: [String] { get }

    /// Simulates episodes of a policy. The totals do not depend on the number of threads.
    func simulate(_ policy: PolicyChoice, episodes: Int, seed: UInt64, threads: Int) throws -> EpisodeTotals

    /// The value of a policy without simulation.
    ///
    /// - Throws: ``EnvironmentError/noExactValue(environment:)`` where there is none.
    func exactValue(of policy: PolicyChoice) throws -> ExactValue
}

/// What a policy is worth, without simulation.
public struct ExactValue: Sendable, Hashable {
    public let value: Double
    /// The expected number of decisions.
    public let meanLength: Double
    /// The probability of ending by each event.
    public let ends: [String: Double]
    /// `by[grouping][group]`
    public let by: [String: [String: Double]]
}

/// An environment of the package: its name, what it is, its variants, and how it is made.
public struct EnvironmentEntry: Sendable {
    public let name: String
    /// One line for people.
    public let title: String
    /// The first is the default; one at least.
    public let variants: [String]
    private let makeVariant: @Sendable (String) throws -> any Environment

    init(
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
    public func make(variant: String? = nil) throws -> any Environment {
        let chosen = variant ?? variants[0]
        guard variants.contains(chosen) else {
            throw EnvironmentError.unknownVariant(chosen, environment: name, allowed: variants)
        }
        return try makeVariant(chosen)
    }

    /// Every environment, by name. A new one is a line here.
    public static let all: [EnvironmentEntry] = [
        EnvironmentEntry(
            "oberst-sepsis", "sepsis with antibiotics, ventilation and vasopressors, diabetes hidden",
            variants: OberstSepsis.Variant.allCases.map(\.rawValue)
        ) { try OberstSepsis.environment(OberstSepsis.Variant(rawValue: $0) ?? .code) }
    ]

    /// The entry of a name.
    ///
    /// - Throws: ``EnvironmentError/unknownEnvironment(_:allowed:)``.
    public static func named(_ name: String) throws(EnvironmentError) -> EnvironmentEntry {
        guard let entry = all.first(where: { $0.name == name }) else {
            throw .unknownEnvironment(name, allowed: all.map(\.name))
        }
        return entry
    }
}
