import Cohorts
import Foundation
import ModelLanguage
import NumericsCore
import Outcomes
import Scenarios
import Trials

/// The source of virtual patients: the eligible records of a scenario, and how a cohort is drawn from them.
package struct Population: Sendable {
    /// The real records that are eligible, missing values treated; nobody in a cohort without records.
    package let records: Cohort
    package let flow: EligibilityFlow
    package let missing: MissingDataReport
    /// The records before eligibility, missing values treated.
    private let screened: Cohort
    private let scenario: Scenario
    private let sources: [Half: Source]

    /// Which records patients are drawn from. Without records the halves differ by their replicates alone, whose random
    /// streams have nothing in common.
    package enum Half: Sendable, CaseIterable {
        /// All of them.
        case all
        /// Those that a regime is learned on.
        case training
        /// Those on which regimes are judged: no real person of the training half is among them.
        case judging
    }

    /// Records to draw from, and how likely each is beside the others.
    private struct Source: Sendable {
        let records: Cohort
        let weights: [Double]?
    }

    /// The columns that ``Scenario`` asks the model to take get this prefix, so that they never hide another column.
    package static let setterPrefix = "model."

    /// Reads the scenario's records, treats missing values and applies eligibility.
    ///
    /// - Throws: ``ScenarioErrors`` with what is wrong in the records or what the scenario says about them.
    package init(_ scenario: Scenario) throws {
        self.scenario = scenario
        let (treated, missing) = try Self.treatedRecords(scenario)
        self.missing = missing
        screened = treated
        (records, flow) = try Self.eligible(treated, scenario)
        sources = try Self.sources(records, scenario)
    }

    // MARK: Records

    private static func treatedRecords(_ scenario: Scenario) throws -> (cohort: Cohort, report: MissingDataReport) {
        let section = scenario.cohort
        let read = try scenario.blaming("cohort.records") {
            guard let file = section.records else { return try Cohort(count: 0) }
            let path = scenario.path(of: file)
            let bytes = try InputFile.bytes(of: path, purpose: "the records of the cohort")
            return try Cohort(csv: bytes, file: path, columns: section.columns.map(\.declaration))
        }
        let rules = section.columns.map { (column: $0.declaration.name, rule: Self.rule($0.missing)) }
        return try scenario.blaming("cohort.columns") { try read.treatingMissing(rules, seed: scenario.seed) }
    }

    private static func rule(_ rule: DeclaredColumn.MissingRule) -> MissingDataRule {
        switch rule {
        case .keep: .keep
        case .completeCase: .completeCase
        case .category: .category()
        case .hotDeck(let within): .hotDeck(within: within)
        case .constant(let value): .constant(value)
        }
    }

    private static func eligible(_ records: Cohort, _ scenario: Scenario) throws -> (Cohort, EligibilityFlow) {
        let criteria = scenario.cohort.eligible
        var problems: [ScenarioProblem] = []
        for criterion in criteria {
            do { _ = try RowRule(expression: criterion.expression, for: records) } catch {
                problems += scenario.problems(of: error)
            }
        }
        guard problems.isEmpty else { throw ScenarioErrors(problems) }
        let (eligible, flow) = try scenario.blaming("cohort.eligible") {
            try records.screened(by: criteria.map { EligibilityCriterion($0.name, $0.expression) })
        }
        if scenario.cohort.records != nil, eligible.count == 0 {
            let path = criteria.isEmpty ? "cohort.records" : "cohort.eligible"
            throw ScenarioErrors([
                scenario.problem("none of the \(records.count) records is eligible, at least one is needed", at: path)
            ])
        }
        return (eligible, flow)
    }

    // MARK: Halves

    /// Of how many real records patients to learn on and patients to judge on are both made: 0, counted and not assumed.
    /// Nil where there are no records.
    var recordsInBothHalves: Int? {
        guard let training = sources[.training], let judging = sources[.judging] else { return nil }
        let seen = Set(training.records.sourceRow)
        return judging.records.sourceRow.count { seen.contains($0) }
    }

    private static func sources(_ records: Cohort, _ scenario: Scenario) throws -> [Half: Source] {
        guard scenario.cohort.records != nil else { return [:] }
        let sides = records.sides(of: try RecordSplit(seed: scenario.seed))
        var parts: [(half: Half, records: Cohort)] = [(.all, records)]
        if scenario.adjusts {
            parts += [(.training, records.subset(sides.training)), (.judging, records.subset(sides.judging))]
        }
        var sources: [Half: Source] = [:]
        for (half, part) in parts {
            guard part.count > 0 else {
                throw ScenarioErrors([
                    scenario.problem(
                        "\(records.count) eligible records leave none for the half that \(half.purpose)",
                        at: "cohort.records")
                ])
            }
            var weights: [Double]?
            if let mix = scenario.cohort.mix { weights = try self.weights(mix, part, half, scenario) }
            sources[half] = Source(records: part, weights: weights)
        }
        return sources
    }

    /// For each record the share of its level, divided among the records of that level.
    private static func weights(
        _ mix: CohortSection.Mix, _ records: Cohort, _ half: Half, _ scenario: Scenario
    ) throws -> [Double] {
        let path = "cohort.mix.\(mix.column)"
        let column = try scenario.blaming(path) { try records.column(mix.column) }
        guard let levels = column.levels else {
            throw ScenarioErrors([
                scenario.problem("'\(mix.column)' is no category; only a category has shares", at: path)
            ])
        }
        var weight = [Double](repeating: 0, count: levels.count)
        var problems: [ScenarioProblem] = []
        for (level, share) in mix.shares {
            guard let code = levels.firstIndex(of: level) else {
                let allowed = levels.map { "'\($0)'" }.joined(separator: ", ")
                problems.append(
                    scenario.problem("'\(level)' is no level of '\(mix.column)'; allowed: \(allowed)", at: path))
                continue
            }
            let count = column.values.count { $0 == Double(code) }
            if count == 0, share > 0 {
                problems.append(
                    scenario.problem(
                        "no eligible record of the half that \(half.purpose) has the level '\(level)'", at: path))
            }
            weight[code] = count > 0 ? share / Double(count) : 0
        }
        guard problems.isEmpty else { throw ScenarioErrors(problems) }
        return column.values.map { $0.isNaN ? 0 : weight[Int($0)] }
    }

    // MARK: Virtual patients

    /// A cohort of `count` virtual patients for one replicate: records drawn with replacement, then what is drawn for
    /// each patient, then what is derived.
    ///
    /// - Parameter seed: of what is drawn; the scenario's when nil. Which half a record is in depends on the scenario's alone.
    package func cohort(count: Int, replicate: UInt32, half: Half, seed: UInt64? = nil) throws -> Cohort {
        let seed = seed ?? scenario.seed
        let cohort = try scenario.blaming("cohort") {
            guard let source = sources[half] else { return try Cohort(count: count) }
            return try source.records.resampled(
                to: count, weights: source.weights, seed: seed, replicate: replicate
            ).cohort
        }
        return try complete(cohort, seed: seed, replicate: replicate)
    }

    /// Every record once (or, without records, a thousand patients): all who can be drawn.
    package func everyone() throws -> Cohort {
        try complete(
            scenario.cohort.records == nil ? Cohort(count: 1000) : records, seed: scenario.seed, replicate: 0)
    }

    /// Adds what is drawn for each patient, what is derived, and what the model takes.
    private func complete(_ patients: Cohort, seed: UInt64, replicate: UInt32) throws -> Cohort {
        try setting(in: derived(patients, seed: seed, replicate: replicate))
    }

    /// Adds what is drawn for each patient and what is derived.
    private func derived(_ patients: Cohort, seed: UInt64, replicate: UInt32) throws -> Cohort {
        let section = scenario.cohort
        var cohort = patients
        for column in section.draws {
            cohort = try scenario.blaming("cohort.draw.\(column.name)") {
                try cohort.drawing([column.draw], seed: seed, replicate: replicate)
            }
        }
        for block in section.derive {
            cohort = try scenario.blaming("cohort.derive") { try cohort.deriving(block) }
        }
        return cohort
    }

    // MARK: Screening

    /// Which records of which group the eligibility rules leave out.
    ///
    /// A group is known at screening if it is the same whatever is drawn for a patient.
    package func screening() throws -> ScreeningLosses {
        guard scenario.cohort.records != nil else {
            return .none("The cohort is drawn from distributions and not from records: nobody was screened.")
        }
        guard !scenario.cohort.eligible.isEmpty else {
            return .none("The scenario has no eligibility rule: no record was screened out.")
        }
        let steps = try scenario.blaming("cohort.eligible") {
            try scenario.cohort.eligible.map { criterion in
                let rule = EligibilityCriterion(criterion.name, criterion.expression)
                return AccessFunnel.Step(criterion.name, passed: try rule.isMet(in: screened))
            }
        }
        let draws = try [0, 1, 2].map { try derived(screened, seed: scenario.seed, replicate: $0) }
        let isKnown = try scenario.strata.map { name in
            let (first, others) = (try draws[0].column(name).values, try draws.dropFirst().map { try $0.column(name) })
            return others.allSatisfy { zip($0.values, first).allSatisfy { $0.bitPattern == $1.bitPattern } }
        }
        let known = zip(scenario.strata, isKnown).filter(\.1).map(\.0)
        var losses = try ScreeningLosses(steps, strata: Strata(known, of: draws[0]))
        losses.remarks = zip(scenario.strata, isKnown).filter { !$0.1 }.map { name, _ in
            "'\(name)' is drawn for each virtual patient: it is not known at screening."
        }
        let incomplete = missing.patientsBefore - missing.patientsAfter
        if incomplete > 0 {
            losses.remarks.append(
                "\(incomplete) further records lack a value that every patient must have and are in no group.")
        }
        return losses
    }

    /// The cohort with the columns that carry values into the model.
    private func setting(in patients: Cohort) throws -> Cohort {
        var cohort = patients
        var problems: [ScenarioProblem] = []
        for setter in scenario.model.set {
            do {
                let rule = try RowRule(expression: setter.expression, for: patients)
                guard var column = try rule.columns(of: patients).first else { continue }
                if column.levels != nil {
                    problems.append(
                        scenario.problem(
                            "found a text, allowed: a number for the model", at: "model.set.\(setter.name)"))
                }
                column.name = Self.setterPrefix + setter.name
                try cohort.append(column)
            } catch {
                guard let found = scenario.problems(of: error, at: "model.set.\(setter.name)") else { throw error }
                problems += found
            }
        }
        guard problems.isEmpty else { throw ScenarioErrors(problems) }
        return cohort
    }
}

extension Population.Half {
    fileprivate var purpose: String {
        switch self {
        case .all: "patients are made from"
        case .training: "regimes are learned on"
        case .judging: "regimes are judged on"
        }
    }
}

extension Scenario {
    /// Whether an arm adjusts another's proposals, by a policy that is learned here or was learned before (on one half of the
    /// same records, for all that is known): the records are divided then.
    var adjusts: Bool {
        arms.contains { arm in
            switch arm.treatment {
            case .learned, .policy: true
            case .rules, .sequence, .follows: false
            }
        }
    }

    /// Runs a step, turning what is wrong with the input into problems of the value at `path`.
    func blaming<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch {
            guard let problems = problems(of: error, at: path) else { throw error }
            throw ScenarioErrors(problems)
        }
    }
}

extension DrawnColumn {
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
