import Evaluation
import NumericsCore
import Outcomes

/// Estimates a regime as a request wants it.
///
/// ```swift
/// let problem = try RegimeProblem(request, table: table)
/// let estimate = try RegimeEstimate(request, problem)
/// print(estimate.text)
/// ```
extension RegimeEstimate {
    /// - Throws: ``EvaluationErrors`` for models that cannot be fitted and for requests that a method does not know.
    package init(_ request: RegimeRequest, _ problem: RegimeProblem) throws {
        try request.refuseUnknown(problem)
        do { self = try Self.estimated(request, problem) } catch let error as FitError {
            throw EvaluationErrors(error.description, at: "models")
        } catch let error as CoxError {
            throw EvaluationErrors(error.description, at: "survival.censoring")
        } catch let error as InvalidInput {
            throw EvaluationErrors(error.description, at: "models")
        }
    }

    private static func estimated(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> RegimeEstimate {
        switch request.method {
        case .q, .a, .dwols:
            if case .tree(let depth, let leaf) = request.learner, request.method == .q {
                return try byTrees(request, problem, depth: depth, leaf: leaf)
            }
            return try linear(request, problem)
        case .owl, .bowl: return try classified(request, problem)
        case .tree: return try policyTree(request, problem)
        }
    }

    private static func linear(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> RegimeEstimate {
        let estimator = LinearEstimator(problem, request)
        let ones = [Double](repeating: 1, count: problem.count)
        let fit = try estimator.fit(frequency: ones, isPrinted: true)
        let (errors, intervals) = try ParameterErrors.found(request, estimator, fit)
        let learned = try estimator.learned(fit)
        var estimate = try RegimeEstimate(request, problem, learned)
        estimate.intervals = intervals
        for (index, stage) in problem.stages.enumerated() {
            let coefficients = fit.stages[index].coefficients
            let effects = Array(coefficients[stage.free.width...])
            let names = stage.effectNames
            for (j, name) in names.enumerated() {
                let shown = errors[index][j].shown(effects[j])
                estimate.stages[index].psi[name] = shown
                estimate.psi.append(
                    Parameter(
                        stage: index + 1, stageName: stage.name, name: name, term: stage.term(j), shown: shown))
            }
            for (j, name) in stage.free.names.enumerated() {
                estimate.stages[index].treatmentFree[name] = coefficients[j]
            }
            estimate.stages[index].rule = RuleText.linear(stage, effects, direction: problem.direction)
            estimate.stages[index].nonRegular = NonRegularity.share(stage, effects, errors[index])
        }
        return estimate
    }

    /// Everything but coefficients and rules, for any method.
    init(_ request: RegimeRequest, _ problem: RegimeProblem, _ learned: [LearnedStage]) throws {
        let level = try ConfidenceLevel(request.intervals.level)
        let valued = try RegimeValue(problem, learned)
        let everybody = Array(0..<problem.count)
        method = request.method.rawValue
        stages = problem.stages.indices.map { Stage(problem.stages[$0], learned[$0]) }
        psi = []
        values = [
            "aipw": Value(valued.doublyRobust(everybody, level: level), "aipw", valued, everybody),
            "ipw": Value(valued.weighted(everybody, level: level), "ipw", valued, everybody),
            "g_formula": Value(valued.predictedMean(everybody, level: level), "g-formula", valued, everybody),
        ]
        let main = valued.influence == nil ? "g_formula" : "aipw"
        value = values[main] ?? Value(.undefined(.init(code: "no-value", reason: "no value")), main, valued, everybody)
        by = [:]
        for (name, grouping) in problem.groups {
            by[name] = GroupValues(grouping, valued, level, isMaximised: request.maximise)
        }
        dropped = problem.dropped
        people = problem.count
        maximise = request.maximise
        intervals = Intervals(method: "none", level: request.intervals.level)
        notes = problem.notes
        if let flag = value.flag { notes.append("value: \(flag)") }
    }
}

extension RegimeEstimate.Stage {
    init(_ stage: StageData, _ learned: LearnedStage) {
        name = stage.name
        treatment = stage.treatment
        actions = stage.levels
        n = stage.count
        psi = [:]
        treatmentFree = [:]
        rule = ""
        recommended = [:]
        let people = Double(stage.count)
        if stage.isDose {
            recommended["mean"] = learned.recommended.reduce(0, +) / people
        } else {
            for (code, action) in stage.levels.enumerated() {
                recommended[action] = Double(learned.recommended.filter { $0 == Double(code) }.count) / people
            }
            let same = stage.actions.indices.filter { Double(stage.actions[$0]) == learned.recommended[$0] }.count
            onRecommended = Double(same) / people
        }
    }
}

extension RegimeEstimate.Value {
    /// Below this effective sample size a value is flagged.
    static let fewest = 10.0

    init(_ estimated: Estimated<Estimate>, _ method: String, _ valued: RegimeValue, _ people: [Int]) {
        let found = estimated.value
        estimate = found?.value
        se = found?.standardError.value
        lower = found?.interval.value?.lower
        upper = found?.interval.value?.upper
        reason = estimated.undefined?.reason
        self.method = method
        n = people.count
        guard valued.influence != nil else { return }
        let size = valued.effectiveSampleSize(people)
        effectiveSampleSize = size
        if size < Self.fewest {
            flag = "effective sample size \(RuleText.number(size)) is below 10: hardly anybody was treated like this"
        }
    }
}

extension RegimeEstimate.GroupValues {
    init(_ grouping: Grouping, _ valued: RegimeValue, _ level: ConfidenceLevel, isMaximised: Bool) {
        groups = [:]
        let direction = isMaximised ? 1.0 : -1.0
        var lowest = Double.infinity
        for (label, people) in zip(grouping.labels, grouping.rows) {
            let method = valued.influence == nil ? "g-formula" : "aipw"
            let estimated =
                valued.influence == nil
                ? valued.predictedMean(people, level: level) : valued.doublyRobust(people, level: level)
            let value = RegimeEstimate.Value(estimated, method, valued, people)
            groups[label] = value
            if let estimate = value.estimate, direction * estimate < lowest {
                (lowest, worst) = (direction * estimate, label)
            }
        }
    }
}

extension StageData {
    /// The covariate of a coefficient of the effect.
    func term(_ index: Int) -> String { blocks.flatMap(\.design.names)[index] }
}
