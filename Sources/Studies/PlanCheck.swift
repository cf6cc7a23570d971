import Cohorts
import ModelLanguage
import Pharmacology
import Regimes
import Scenarios
import Trials

/// Resolves the names of a scenario against each other, and collects what does not fit.
///
/// What could not be made, because the scenario is wrong about it, is nil; what needs it is then not looked at, and all
/// the rest is.
struct PlanCheck {
    let scenario: Scenario
    private(set) var problems: [ScenarioProblem] = []

    init(_ scenario: Scenario) { self.scenario = scenario }

    func throwIfAny() throws(ScenarioErrors) {
        if !problems.isEmpty { throw ScenarioErrors(problems) }
    }

    // MARK: Noting

    mutating func refuse(_ path: String, _ message: String) { problems.append(scenario.problem(message, at: path)) }

    /// Refuses a name that is not known, with the nearest that is.
    mutating func refuse(_ path: String, unknown name: String, _ what: String, known: [String]) {
        let hint =
            nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
            ?? Self.list(known)
        refuse(path, "'\(name)' is no \(what); \(hint)")
    }

    /// The names that are known, the first of them where there are many.
    static func list(_ known: [String]) -> String {
        let most = 12
        if known.isEmpty { return "there is none" }
        let names = known.prefix(most).joined(separator: ", ")
        return known.count > most ? "known: \(names), … (\(known.count) in all)" : "known: \(names)"
    }

    /// The value of `body`; nil where it fails by a fault of the input, which is noted.
    mutating func noting<Value>(_ path: String, _ body: () throws -> Value) throws -> Value? {
        do { return try body() } catch {
            guard let found = scenario.problems(of: error, at: path) else { throw error }
            problems += found
            return nil
        }
    }

    // MARK: Cohort

    /// The population, and a few patients of it on whom names are resolved.
    mutating func cohort() throws -> (population: Population, sample: SampleColumns)? {
        let scenario = scenario
        guard let population = try noting("cohort", { try Population(scenario) }) else { return nil }
        let cohort = try noting("cohort") { try population.cohort(count: SampleColumns.size, replicate: 0, half: .all) }
        return cohort.map { (population, SampleColumns($0)) }
    }
}

/// The columns of a few patients, by the names that scenarios may use.
struct SampleColumns {
    /// So many patients show whether a column has few values or many.
    static let size = 128

    let cohort: Cohort
    /// What expressions, regimes and the model can read, with the column of each.
    let symbols: [(symbol: InputSymbol, column: Int)]

    init(_ cohort: Cohort) {
        self.cohort = cohort
        symbols = cohort.columns.enumerated().compactMap { index, column in
            if case .identifier = column.kind { return nil }
            if column.name.hasPrefix(Population.setterPrefix) { return nil }
            return (InputSymbol(column.name, levels: column.levels), index)
        }
    }

    var names: [String] { symbols.map(\.symbol.name) }

    func column(_ name: String) -> CohortColumn? { cohort.index(of: name).map { cohort.columns[$0] } }
}
