import Environments
import Foundation
import Regimes

/// What the server tells of its environment, as JSON. Infinite bounds and a missing horizon are null.
package struct FactsMessage: Sendable, Encodable {
    /// A number with its name and range.
    package struct Variable: Sendable, Encodable {
        let name: String
        let low: Double?
        let high: Double?

        private enum CodingKeys: String, CodingKey { case name, low, high }

        /// Null and not an absent key, so that clients find every key.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(low, forKey: .low)
            try container.encode(high, forKey: .high)
        }

        init(_ variable: ObservedVariable) { self.init(variable.name, variable.low, variable.high) }

        init(_ name: String, _ low: Double, _ high: Double) {
            self.name = name
            self.low = low.isFinite ? low : nil
            self.high = high.isFinite ? high : nil
        }
    }

    /// What may be chosen.
    package struct Actions: Sendable, Encodable {
        let components: [Variable]
        let levels: [ActionSpace.Level]
        let continuous: Bool
    }

    /// Groups by their numbers.
    package struct Groups: Sendable, Encodable {
        let name: String
        let groups: [String]
    }

    let `protocol`: UInt32
    let trialist: String
    let environment: String
    let variant: String
    let observations: [Variable]
    let hidden: [String]
    let actions: Actions
    let horizon: Int?
    let discount: Double
    let ends: [String]
    let groupings: [Groups]
    let measures: [String]
    let rules: [String]
    let maximumLanes: Int

    package init(_ facts: EnvironmentFacts, trialist: String, maximumLanes: Int) {
        self.protocol = ServerProtocol.version
        self.trialist = trialist
        environment = facts.name
        variant = facts.variant
        observations = facts.observations.map(Variable.init)
        hidden = facts.hidden.map(\.name)
        actions = Actions(
            components: facts.actions.components.map { Variable($0.name, $0.low, $0.high) },
            levels: facts.actions.levels, continuous: facts.actions.isContinuous)
        horizon = facts.horizon
        discount = facts.discount
        ends = facts.ends
        groupings = facts.groupings.map { Groups(name: $0.name, groups: $0.groups) }
        measures = facts.measures
        rules = facts.rules
        self.maximumLanes = maximumLanes
    }

    private enum CodingKeys: String, CodingKey {
        case `protocol`, trialist, environment, variant, observations, hidden, actions, horizon, discount, ends,
            groupings,
            measures, rules, maximumLanes = "maximum_lanes"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(`protocol`, forKey: .protocol)
        try container.encode(trialist, forKey: .trialist)
        try container.encode(environment, forKey: .environment)
        try container.encode(variant, forKey: .variant)
        try container.encode(observations, forKey: .observations)
        try container.encode(hidden, forKey: .hidden)
        try container.encode(actions, forKey: .actions)
        try container.encode(horizon, forKey: .horizon)
        try container.encode(discount, forKey: .discount)
        try container.encode(ends, forKey: .ends)
        try container.encode(groupings, forKey: .groupings)
        try container.encode(measures, forKey: .measures)
        try container.encode(rules, forKey: .rules)
        try container.encode(maximumLanes, forKey: .maximumLanes)
    }

    /// One line, keys in alphabetical order.
    package func json() throws -> [UInt8] { try Self.bytes(self) }

    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }
}
