import Evaluation
import Outcomes
import RegimeEstimation
import Scenarios

extension RegimeRequest {
    /// What a specification asks, with the estimators' defaults where it says nothing.
    ///
    /// - Throws: ``EvaluationErrors`` with every formula and expression that is none.
    init(_ specification: RegimeSpecification) throws {
        var reader = SpecificationReader(file: specification.file)
        self.init(stages: specification.stages.map { reader.stage($0) })
        outcome = reader.expression(specification.outcome, "outcome")
        maximise = specification.maximise ?? true
        pseudo = specification.pseudo.flatMap(Pseudo.init)
        weight = specification.weight.flatMap(Weight.init) ?? weight
        groups = specification.groups
        if let q = specification.q {
            switch q.learner {
            case "ridge": learner = .ridge(penalty: q.penalty ?? 1)
            case "tree": learner = .tree(depth: q.depth ?? 4, leaf: q.leaf ?? 10)
            default: learner = .linear
            }
        }
        if let owl = specification.owl {
            classifier.penalties = owl.penalties ?? classifier.penalties
            classifier.residuals = owl.residuals ?? classifier.residuals
            classifier.width = owl.width
            classifier.folds = owl.folds ?? classifier.folds
        }
        tree.depth = specification.tree?.depth ?? tree.depth
        tree.folds = specification.tree?.folds ?? tree.folds
        tree.worstOf = specification.tree?.worst
        intervals = Intervals(specification.intervals)
        survival = specification.survival.flatMap { reader.survival($0) }
        guard reader.problems.isEmpty else { throw EvaluationErrors(reader.problems) }
    }
}

extension RegimeRequest.Intervals {
    fileprivate init(_ section: IntervalsSection?) {
        self.init()
        guard let section else { return }
        method = section.method.flatMap(Method.init) ?? method
        replicates = section.replicates ?? replicates
        level = section.level ?? level
        seed = section.seed.map(UInt64.init) ?? seed
        size = section.size
        alpha = section.alpha
        chooser = section.chooser ?? chooser
    }
}

/// Reads formulas and expressions, and keeps what is wrong with them.
private struct SpecificationReader {
    let file: String
    var problems: [EvaluationErrors.Problem] = []

    init(file: String) { self.file = file }

    private mutating func read<Value>(_ text: String?, _ place: String, _ make: (String) throws -> Value) -> Value? {
        guard let text else { return nil }
        do { return try make(text) } catch let error as EvaluationErrors {
            problems += error.problems.map { .init($0.message, at: "\(file), \(place), \($0.place)") }
        } catch { problems.append(.init("\(error)", at: "\(file), \(place)")) }
        return nil
    }

    mutating func formula(_ text: String?, _ place: String) -> CovariateFormula? {
        read(text, place) { try CovariateFormula($0) }
    }

    mutating func expression(_ text: String?, _ place: String) -> RowExpression? {
        read(text, place) { try RowExpression($0) }
    }

    mutating func stage(_ section: RegimeStageSection) -> RegimeRequest.Stage {
        let place = section.name
        let none = RegimeRequest.Stage(name: place, treatment: section.treatment, blip: .constant)
        guard let blip = formula(section.blip, "\(place).blip") else { return none }
        var stage = RegimeRequest.Stage(name: place, treatment: section.treatment, blip: blip)
        stage.kind = section.isDose ? .dose : .actions
        stage.treatmentModel = formula(section.treatmentModel, "\(place).treatment_model")
        stage.treatmentFree = formula(section.treatmentFree, "\(place).treatment_free")
        stage.splines = section.splines
        stage.reached = expression(section.reached, "\(place).reached")
        stage.allowed = section.allowed.compactMap { entry in
            expression(entry.condition, "\(place).allowed").map { (entry.action, $0) }
        }
        stage.reward = expression(section.reward, "\(place).reward")
        stage.time = expression(section.time, "\(place).time")
        stage.start = expression(section.start, "\(place).start")
        stage.range = section.range
        stage.bins = section.bins ?? stage.bins
        stage.family = section.isGamma ? .gamma : .gaussian
        stage.rule = formula(section.rule, "\(place).rule")
        return stage
    }

    mutating func survival(_ section: SurvivalSection) -> RegimeRequest.Survival? {
        guard let time = expression(section.time, "survival.time"),
            let status = expression(section.status, "survival.status")
        else { return nil }
        var survival = RegimeRequest.Survival(time: time, status: status)
        survival.censoring = formula(section.censoring, "survival.censoring")
        survival.tau = section.tau
        survival.outcome = section.outcome.flatMap(RegimeRequest.Survival.Outcome.init) ?? .rmst
        let hasCovariates = section.censoring != nil
        let usual: RegimeRequest.Survival.Censoring =
            !hasCovariates ? .kaplanMeier : survival.outcome == .log ? .logistic : .cox
        survival.model = section.model.flatMap(RegimeRequest.Survival.Censoring.init) ?? usual
        return survival
    }
}
