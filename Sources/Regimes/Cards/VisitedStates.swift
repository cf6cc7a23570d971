/// The decisions of a policy's episodes: what was observed at each, and what the policy did. Every visit weighs the same, so a
/// state that is often visited weighs much.
package struct VisitedStates: Sendable, Hashable {
    /// What is observed, then what is hidden and the policy reads all the same.
    package let variables: [String]
    /// How many of ``variables`` are observed; what is shown of a policy asks for these alone.
    package let observed: Int
    package let actions: ActionSpace
    /// `values[variable][visit]`; NaN where it was missing.
    package private(set) var values: [[Double]]
    /// `chosen[component][visit]`
    package private(set) var chosen: [[Double]]
    /// The level that was chosen at each visit; −1 for values between the levels.
    package private(set) var levels: [Int32] = []

    package init(variables: [String], observed: Int, actions: ActionSpace) {
        self.variables = variables
        self.observed = observed
        self.actions = actions
        values = variables.map { _ in [] }
        chosen = actions.components.map { _ in [] }
    }

    /// Visits in all.
    package var count: Int { levels.count }

    /// Adds a visit.
    ///
    /// - Parameters:
    ///   - state: a value for each of ``variables``.
    ///   - action: a value for each component.
    package mutating func add(_ state: some Collection<Double>, action: [Double]) {
        for (variable, value) in state.enumerated() { values[variable].append(value) }
        for (component, value) in action.enumerated() { chosen[component].append(value) }
        levels.append(actions.level(of: action).map { Int32($0) } ?? -1)
    }

    /// Adds the visits that follow.
    package mutating func append(_ other: VisitedStates) {
        for variable in values.indices { values[variable] += other.values[variable] }
        for component in chosen.indices { chosen[component] += other.chosen[component] }
        levels += other.levels
    }

    /// Whether every action was a level.
    package var areLevels: Bool { !levels.contains(-1) }

    /// What is known of a variable.
    package func range(of variable: Int) -> VariableRange { VariableRange(values[variable]) }
}

/// Where the values of a variable lie.
package struct VariableRange: Sendable, Hashable {
    /// The values that are not missing, ascending.
    package let sorted: [Double]
    /// The share that is missing.
    package let missing: Double

    package init(_ values: [Double]) {
        sorted = values.filter { !$0.isNaN }.sorted()
        missing = values.isEmpty ? 0 : 1 - Double(sorted.count) / Double(values.count)
    }

    /// The value below which a share of all lies; NaN without values.
    package func quantile(_ share: Double) -> Double {
        sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    /// The 1st and 99th percentile, as in policy files.
    package var low: Double { quantile(0.01) }
    package var high: Double { quantile(0.99) }
    package var median: Double { quantile(0.5) }
    package var minimum: Double { sorted.first ?? .nan }
    package var maximum: Double { sorted.last ?? .nan }

    /// What changes of a variable are measured by: from the 1st to the 99th percentile, the whole range where that is nothing,
    /// and 1 for a constant.
    package var spread: Double {
        for width in [high - low, maximum - minimum] where width > 0 { return width }
        return 1
    }
}
