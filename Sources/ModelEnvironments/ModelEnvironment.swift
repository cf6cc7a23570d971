import Environments
import Regimes
import Scenarios

/// An environment written as a document and run by the engine: sixteen patients of a model side by side, the rest of the
/// problem in statements of the same language.
package struct ModelEnvironment: Environment {
    package let facts: EnvironmentFacts
    let program: EnvironmentProgram

    /// Compiles a document.
    ///
    /// - Throws: ``ScenarioErrors`` with everything that does not fit together.
    package init(_ document: EnvironmentDocument) throws {
        program = try EnvironmentCompiler.compile(document)
        func variable(_ observation: EnvironmentObservation) -> ObservedVariable {
            ObservedVariable(
                observation.name, low: observation.range?.lowerBound ?? -.infinity,
                high: observation.range?.upperBound ?? .infinity)
        }
        facts = EnvironmentFacts(
            name: document.name, variant: document.variant, observations: document.observations.map(variable),
            hidden: document.hidden.map(variable), actions: program.actions, horizon: document.decisions.count,
            discount: document.discount, ends: document.ends.map(\.name), groupings: program.groupings,
            measures: document.measures.map(\.name), rules: document.rules.map(\.name))
    }

    /// Reads and compiles a document.
    package init(path: String, variant: String? = nil) throws {
        try self.init(EnvironmentDocument(path: path, variant: variant))
    }

    package func rule(_ name: String) throws -> any Policy {
        guard let rule = program.rules.first(where: { $0.name == name }) else {
            throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
        }
        return rule.rule
    }

    package func makeEpisodes(seed: UInt64) -> any EpisodeLanes { ModelEpisodes(program, seed: seed) }
}
