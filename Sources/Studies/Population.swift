import Cohorts
import Foundation
import ModelLanguage
import NumericsCore
import Scenarios

/// The source of virtual patients: the eligible records of a scenario, and how a cohort is drawn from them.
package struct Population: Sendable {
    /// The real records that are eligible, missing values treated.
    package let records: Cohort
    package let flow: EligibilityFlow
    package let missing: MissingDataReport
    private let section: CohortSection
    private let setters: [(name: String, expression: SourceText)]
    private let seed: UInt64
    private let split: RecordSplit

    /// Which records patients are drawn from.
    package enum Half: Sendable {
        /// All of them.
        case all
        /// Those that a regime is learned on.
        case training
        /// Those on which regimes are judged: no real person of the training half is among them.
        case judging
    }

    /// The columns that ``Scenario`` asks the model to take get this prefix, so that they never hide another column.
    package static let setterPrefix = "model."

    /// Reads the scenario's records, treats missing values and applies eligibility.
    package init(_ scenario: Scenario) throws {
        section = scenario.cohort
        setters = scenario.model.set
        seed = scenario.seed
        split = try RecordSplit(seed: scenario.seed)
        var records: Cohort
        if let file = section.records {
            let path = scenario.path(of: file)
            guard let data = FileManager.default.contents(atPath: path) else {
                throw MissingFile(path: path, purpose: "the records of the cohort")
            }
            records = try Cohort(csv: [UInt8](data), file: path, columns: section.columns.map(\.declaration))
        } else {
            records = try Cohort(count: section.patients)
        }
        let rules = section.columns.map { (column: $0.declaration.name, rule: Self.rule($0.missing)) }
        (records, missing) = try records.treatingMissing(rules, seed: scenario.seed)
        let criteria = section.eligible.map { EligibilityCriterion($0.name, $0.expression) }
        let strata = scenario.strata.filter { name in
            if case .category = records.index(of: name).map({ records.columns[$0].kind }) { return true }
            return false
        }
        (self.records, flow) = try records.screened(by: criteria, strata: strata)
    }

    private static func rule(_ rule: CohortSection.MissingRule) -> MissingDataRule {
        switch rule {
        case .keep: .keep
        case .completeCase: .completeCase
        case .category: .category()
        case .hotDeck(let within): .hotDeck(within: within)
        case .constant(let value): .constant(value)
        }
    }

    /// A cohort of `count` virtual patients for one replicate: records drawn with replacement, then what is drawn for
    /// each patient, then what is derived.
    package func cohort(count: Int, replicate: UInt32, half: Half) throws -> Cohort {
        var cohort: Cohort
        if section.records == nil {
            cohort = try Cohort(count: count)
        } else {
            let sides = records.sides(of: split)
            let source: Cohort
            switch half {
            case .all: source = records
            case .training: source = records.subset(sides.training)
            case .judging: source = records.subset(sides.judging)
            }
            let weights = try section.mix.map { try $0.weights(for: source) }
            cohort = try source.resampled(to: count, weights: weights, seed: seed, replicate: replicate).cohort
        }
        return try complete(cohort, replicate: replicate)
    }

    /// Every record once (or, without records, a thousand patients): all who can be drawn.
    package func everyone() throws -> Cohort {
        try complete(section.records == nil ? Cohort(count: 1000) : records, replicate: 0)
    }

    /// Adds what is drawn for each patient, what is derived, and what the model takes.
    private func complete(_ patients: Cohort, replicate: UInt32) throws -> Cohort {
        var cohort = try patients.drawing(section.draws.map(\.draw), seed: seed, replicate: replicate)
        for block in section.derive { cohort = try cohort.deriving(block) }
        for setter in setters {
            guard let column = try RowRule(expression: setter.expression, for: cohort).columns(of: cohort).first else {
                continue
            }
            var named = column
            named.name = Self.setterPrefix + setter.name
            try cohort.append(named)
        }
        return cohort
    }
}

extension CohortSection.Mix {
    /// For each record the share of its level, divided among the records of that level.
    func weights(for records: Cohort) throws -> [Double] {
        let column = try records.column(self.column)
        guard let levels = column.levels else {
            throw CohortError.wrongKind(column: self.column, found: "no category", allowed: "a category to mix by")
        }
        var weight = [Double](repeating: 0, count: levels.count)
        for (level, share) in shares {
            guard let code = levels.firstIndex(of: level) else {
                throw CohortError.unknownLevel(column: self.column, level: level, allowed: levels)
            }
            let count = column.values.count { $0 == Double(code) }
            weight[code] = count > 0 ? share / Double(count) : 0
        }
        return column.values.map { $0.isNaN ? 0 : weight[Int($0)] }
    }
}

extension CohortSection.DrawnColumn {
    var draw: CovariateDraw {
        func parameter(_ index: Int) -> CovariateDraw.Parameter { .value(parameters[index]) }
        let law: CovariateDraw.Law =
            switch distribution {
            case "normal": .normal(mean: parameter(0), standardDeviation: parameter(1))
            case "lognormal": .logNormal(median: parameter(0), logStandardDeviation: parameter(1))
            case "beta": .described(.beta(alpha: parameters[0], beta: parameters[1]))
            case "gamma": .described(.gamma(shape: parameters[0], scale: parameters[1]))
            case "exponential": .described(.exponential(rate: parameters[0]))
            case "bernoulli": .bernoulli(probability: parameter(0))
            default: .uniform(lower: parameter(0), upper: parameter(1))
            }
        return CovariateDraw(name, law)
    }
}
