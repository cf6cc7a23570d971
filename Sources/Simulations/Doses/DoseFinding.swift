import ModelLanguage
import Pharmacology
import Scenarios

/// The share of a population whose exposure reaches a target, dose by dose, and the dose at which enough of it does.
///
/// The same subjects with the same random numbers are simulated at every dose, so that two doses differ by nothing else.
package struct DoseFinding: Sendable {
    package private(set) var plan: SimulationPlan
    package let target: ExposureTarget
    /// The regimen in words, with `DOSE` in the place of the dose.
    package let regimen: String
    package let choice: DoseChoice
    /// What the first dose tried could not be simulated for, a line for each subject.
    package private(set) var failureLines: [String] = []
    /// Each subject's metric at the doses tried so far.
    private var metrics: [Double: [Double]] = [:]

    /// How many subjects are drawn where neither a table nor an option says.
    package static let usualSubjects = 1000

    /// What is asked for, as texts of the command line.
    package struct Question: Sendable, Hashable {
        package var target: String
        /// `--dose`: a regimen with the word `DOSE`.
        package var regimen: String
        /// `--doses`
        package var list: String?
        /// `--range`
        package var range: String?

        package init(target: String, regimen: String, list: String? = nil, range: String? = nil) {
            (self.target, self.regimen, self.list, self.range) = (target, regimen, list, range)
        }
    }

    /// The dose found, and what was asked of it.
    package struct Answer: Sendable, Hashable {
        package var attainment: Double
        package var wanted: DoseSearch.Wanted
        /// How near the dose is to the exact one of these subjects; nil for a dose from a list.
        package var tolerance: Double?
        package var result: DoseSearch.Result
    }

    /// Prepares the population.
    ///
    /// - Parameter request: the model and who is simulated; its regimen, times and exposures are those of the question.
    /// - Throws: ``InputErrors`` with everything that is wrong, and what ``SimulationPlan/init(_:)`` throws.
    package init(_ request: SimulationRequest, _ question: Question) throws {
        let text = try InputFile.text(of: request.model, purpose: "a model")
        let model = try Model(
            ModelParser.parse(model: SourceText(name: request.model, text: text)), variant: request.variant)
        var problems = InputProblemList()
        func noting<Value>(_ read: () throws -> Value) throws -> Value? {
            do { return try read() } catch let errors as InputErrors {
                problems.add(errors)
                return nil
            }
        }
        let choice = try noting { try Self.choice(question) }
        let target = try noting { try ExposureTarget(question.target, model) }
        _ = try noting { try Self.checkRegimen(question.regimen, model) }
        var request = request
        (request.regimen, request.exposures) = (nil, [])
        // Times that a broken target does not tell would be missed again by the plan.
        request.times = try noting { try Self.times(request, target) } ?? .some("0,1")
        var plan = try noting { try SimulationPlan(request) }
        try problems.throwIfAny()
        if plan?.population.count == 1, request.subjects == nil, request.etas == "sample" {
            request.subjects = Self.usualSubjects
            plan = try SimulationPlan(request)
        }
        guard let choice, let target, let plan else { throw InputErrors([]) }
        (self.plan, self.target, self.choice, regimen) = (plan, target, choice, question.regimen)
    }

    /// Ends a search that is under way when it says so.
    package var isStopped: @Sendable () -> Bool {
        get { plan.run.isStopped }
        set { plan.run.isStopped = newValue }
    }

    // MARK: Finding

    /// The table of attainment, and the dose sought where a share is given.
    package mutating func report(attainment: Double?, tolerance: Double? = nil) throws -> DoseReport {
        let curve = try curve()
        return try DoseReport(self, curve, attainment.map { try search(attainment: $0, tolerance: tolerance) })
    }

    /// The attainment at every dose of the list, or at the ends of the range.
    ///
    /// - Throws: `SimulationRun.Stopped`
    package mutating func curve() throws -> [TargetAttainment] {
        let doses =
            switch choice {
            case .list(let doses): doses
            case .range(let range): [range.lowerBound, range.upperBound]
            }
        return try TargetAttainment.curve(doses, target: target.target) { try metrics(at: $0) }
    }

    /// The smallest dose that is enough for a share of the population, where more of it reaches the target at the last
    /// dose than at the first; the largest that is, where fewer do.
    ///
    /// - Parameters:
    ///   - attainment: the share, between 0 and 1.
    ///   - tolerance: how near a dose of a range has to be to the exact one; a ten-thousandth of the largest unless given.
    /// - Throws: ``InputErrors`` where attainment neither grows nor falls with the dose, and `SimulationRun.Stopped`.
    package mutating func search(attainment: Double, tolerance: Double? = nil) throws -> Answer {
        if case .within = target.target {
            throw InputErrors([
                InputProblem(
                    "a target between two numbers is reached and left again as the dose grows, so it has no smallest or "
                        + "largest dose; allowed: one with >= or <= alone, or --doses without --attainment",
                    at: "--attainment \(attainment)")
            ])
        }
        let wanted = try wanted()
        var finding = self
        defer { self = finding }
        do {
            let search = try DoseSearch(target: target.target, probability: attainment, wanted: wanted)
            switch choice {
            case .list(let doses):
                // All of the list is known by now, also what the search would pass over.
                for (first, second) in Self.pairs(try finding.curve())
                where wanted == .smallest ? first.attained > second.attained : first.attained < second.attained {
                    throw DoseSearchError.notMonotone(first, second, wanted)
                }
                let result = try search.run(doses) { try finding.metrics(at: $0) }
                return Answer(attainment: attainment, wanted: wanted, tolerance: nil, result: result)
            case .range(let range):
                let tolerance = tolerance ?? 1e-4 * range.upperBound
                let result = try search.run(in: range, tolerance: tolerance) { try finding.metrics(at: $0) }
                return Answer(attainment: attainment, wanted: wanted, tolerance: tolerance, result: result)
            }
        } catch let error as DoseSearchError {
            throw InputErrors([InputProblem("\(error)", at: "--attainment \(attainment)")])
        }
    }

    /// More of a dose may help (an area to reach) or harm (a count of cells to keep): the ends of the doses tell.
    private mutating func wanted() throws -> DoseSearch.Wanted {
        let (least, most) = choice.ends
        let ends = try TargetAttainment.curve([least, most], target: target.target) { try metrics(at: $0) }
        if ends[0].attained != ends[1].attained { return ends[0].attained < ends[1].attained ? .smallest : .largest }
        if case .atMost = target.target { return .largest }
        return .smallest
    }

    private static func pairs(_ curve: [TargetAttainment]) -> [(TargetAttainment, TargetAttainment)] {
        Array(zip(curve, curve.dropFirst()))
    }

    private mutating func metrics(at dose: Double) throws -> [Double] {
        if let known = metrics[dose] { return known }
        var run = plan.run
        run.population = plan.population.given(try SimulationPlan.regimen(regimen, plan.model, dose: dose))
        let table = try ExposureTable(run, [target.window])
        let found = table.values[0].map { target.value(of: $0) }
        if failureLines.isEmpty, !table.failures.isEmpty {
            failureLines = ["at the dose \(dose):"] + table.failureLines(run.population, maximumShown: 5)
        }
        metrics[dose] = found
        return found
    }

    // MARK: Reading

    private static func choice(_ question: Question) throws(InputErrors) -> DoseChoice {
        switch (question.list, question.range) {
        case (let list?, nil): try DoseChoice(list: list)
        case (nil, let range?): try DoseChoice(range: range)
        case (nil, nil):
            throw InputErrors([
                InputProblem("missing, allowed: doses such as 50,100,150, or --range such as 10:500", at: "--doses")
            ])
        case (_?, _?):
            throw InputErrors([InputProblem("found both --doses and --range, allowed: one of them", at: "--doses")])
        }
    }

    /// The words must be in the language, and depend on the dose.
    private static func checkRegimen(_ text: String, _ model: Model) throws(InputErrors) {
        let records = try [1, 2].map { dose throws(InputErrors) in
            try SimulationPlan.regimen(text, model, dose: dose)
        }
        guard records[0] == records[1] else { return }
        throw InputErrors([
            InputProblem(
                "found no \(RegimenText.doseWord), allowed: the word in the place of the dose, such as "
                    + "'\(RegimenText.doseWord) mg q12h x 14'", at: "--dose '\(text)'")
        ])
    }

    /// When subjects are looked at: in the target's window.
    private static func times(_ request: SimulationRequest, _ target: ExposureTarget?) throws(InputErrors) -> String? {
        guard let target else { return "0,1" }
        guard let from = target.window.from, let to = target.window.to else {
            if request.events != nil { return nil }
            throw InputErrors([
                InputProblem(
                    "found no window, allowed: without one where an event table says when subjects are looked at, else "
                        + "\(target.metric)(\(target.window.output), from, to)", at: "--target '\(target.text)'")
            ])
        }
        return request.events == nil ? "\(min(0, from)),\(from),\(to)" : "\(from),\(to)"
    }
}
