import Evaluation
import Outcomes

/// An estimated regime: the coefficients of each stage with their errors, the rules, and what the regime is worth.
package struct RegimeEstimate: Sendable, Encodable {
    package var method: String
    package var stages: [Stage]
    /// The coefficients of all stages in one list.
    package var psi: [Parameter]
    package var value: Value
    /// The value by each way in which it can be estimated.
    package var values: [String: Value]
    /// By grouping, and then by group.
    package var by: [String: GroupValues]
    package var dropped: DroppedRows
    package var people: Int
    package var maximise: Bool
    package var intervals: Intervals
    package var notes: [String]

    /// A stage as it was learned.
    package struct Stage: Sendable, Encodable {
        package var name: String
        package var treatment: String
        /// The names of the actions, the reference first; empty with doses.
        package var actions: [String]
        package var n: Int
        package var psi: [String: ShownParameter]
        /// The treatment-free coefficients.
        package var treatmentFree: [String: Double]
        package var rule: String
        /// The share of people to whom an action is recommended, by action; with doses the mean dose under `mean`.
        package var recommended: [String: Double]
        /// The share of people who were given what is recommended to them; null with doses.
        package var onRecommended: Double?
        /// The share whose effect is not told from 0, by intervals of all coefficients at once; null without errors.
        package var nonRegular: Double?
        package var tree: TreeRule?
        package var svm: SupportVectors?

        private enum CodingKeys: String, CodingKey {
            case name, treatment, actions, n, psi, treatmentFree, rule, recommended, onRecommended, nonRegular, tree,
                svm
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(treatment, forKey: .treatment)
            try container.encode(actions, forKey: .actions)
            try container.encode(n, forKey: .n)
            try container.encode(psi, forKey: .psi)
            try container.encode(treatmentFree, forKey: .treatmentFree)
            try container.encode(rule, forKey: .rule)
            try container.encode(recommended, forKey: .recommended)
            try container.encode(onRecommended, forKey: .onRecommended)
            try container.encode(nonRegular, forKey: .nonRegular)
            try container.encodeIfPresent(tree, forKey: .tree)
            try container.encodeIfPresent(svm, forKey: .svm)
        }
    }

    /// A number with its error, null where there is none, and then the reason.
    package struct ShownParameter: Sendable, Encodable {
        package var estimate: Double
        package var se: Double?
        package var lower: Double?
        package var upper: Double?
        /// How the error was found.
        package var method: String
        package var reason: String?

        private enum CodingKeys: String, CodingKey { case estimate, se, lower, upper, method, reason }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(estimate, forKey: .estimate)
            try container.encode(se, forKey: .se)
            try container.encode(lower, forKey: .lower)
            try container.encode(upper, forKey: .upper)
            try container.encode(method, forKey: .method)
            try container.encodeIfPresent(reason, forKey: .reason)
        }
    }

    /// A coefficient in the flat list.
    package struct Parameter: Sendable, Encodable {
        /// The number of the stage, from 1.
        package var stage: Int
        package var stageName: String
        package var name: String
        /// The covariate alone: `(Intercept)` for the effect where all covariates are 0.
        package var term: String
        package var shown: ShownParameter

        private enum CodingKeys: String, CodingKey {
            case stage, stageName, name, term, estimate, se, lower, upper, method, reason
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(stage, forKey: .stage)
            try container.encode(stageName, forKey: .stageName)
            try container.encode(name, forKey: .name)
            try container.encode(term, forKey: .term)
            try shown.encode(to: encoder)
        }
    }

    /// The mean outcome under the regime.
    package struct Value: Sendable, Encodable {
        package var estimate: Double?
        package var se: Double?
        package var lower: Double?
        package var upper: Double?
        package var method: String
        package var effectiveSampleSize: Double?
        /// Set where the number should not be trusted.
        package var flag: String?
        package var reason: String?
        package var n: Int

        private enum CodingKeys: String, CodingKey {
            case estimate, se, lower, upper, method, effectiveSampleSize, flag, reason, n
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(estimate, forKey: .estimate)
            try container.encode(se, forKey: .se)
            try container.encode(lower, forKey: .lower)
            try container.encode(upper, forKey: .upper)
            try container.encode(method, forKey: .method)
            try container.encode(effectiveSampleSize, forKey: .effectiveSampleSize)
            try container.encode(flag, forKey: .flag)
            try container.encode(n, forKey: .n)
            try container.encodeIfPresent(reason, forKey: .reason)
        }
    }

    package struct GroupValues: Sendable, Encodable {
        package var groups: [String: Value]
        /// The group with the smallest value (the largest where smaller is better) among those with an estimate.
        package var worst: String?
    }

    package struct Intervals: Sendable, Encodable {
        package var method: String
        package var level: Double
        package var replicates: Int?
        /// The size of resamples.
        package var size: Int?
        package var alpha: Double?
        package var failures: Int?
    }
}

/// A support vector machine, for those who want to check it.
package struct SupportVectors: Sendable, Encodable {
    package var penalty: Double
    package var objective: Double
    package var dualityGap: Double
    package var supportVectors: Int
    package var kernel: String
}

/// A tree as nested questions.
package indirect enum TreeRule: Sendable, Encodable, Equatable {
    case leaf(action: String)
    case split(column: String, threshold: Double, low: TreeRule, high: TreeRule)

    private enum CodingKeys: String, CodingKey { case action, column, threshold, ifAtMost, otherwise }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .leaf(let action): try container.encode(action, forKey: .action)
        case .split(let column, let threshold, let low, let high):
            try container.encode(column, forKey: .column)
            try container.encode(threshold, forKey: .threshold)
            try container.encode(low, forKey: .ifAtMost)
            try container.encode(high, forKey: .otherwise)
        }
    }
}
