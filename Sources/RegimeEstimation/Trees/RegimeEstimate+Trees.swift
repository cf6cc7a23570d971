import Evaluation
import Outcomes

extension RegimeEstimate {
    /// Exact policy trees, stage by stage from the last.
    static func policyTree(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> RegimeEstimate {
        var trees: [Int: (FoundTree, TreeColumns)] = [:]
        let strata = try worstGroups(request, problem)
        let induction = try ScoredInduction(problem, request, folds: request.tree.folds) { input in
            guard input.stage.rule.width > 0 else {
                throw EvaluationErrors(
                    "found no covariate for the tree, allowed: 'rule' or a blip with covariates", at: input.stage.name)
            }
            let columns = TreeColumns(input.stage.rule)
            let actions = input.stage.levels.count
            let found: FoundTree
            if let strata {
                let groups = input.stage.persons.map { strata.codes[$0] }
                found =
                    WorstGroupTree.best(
                        columns, input.scores, actions: actions, groups: groups, groupCount: strata.labels.count
                    ).tree
            } else if request.tree.depth == 2 {
                found = DepthTwoSearch.best(columns, input.scores, actions: actions).tree
            } else {
                let everybody = [Bool](repeating: true, count: input.stage.count)
                found = DepthOneSearch.best(columns, input.scores, actions: actions, isMember: everybody).tree
            }
            trees[input.index] = (found, columns)
            return (0..<input.stage.count).map { found.action($0, columns) }
        }
        var estimate = try RegimeEstimate(request, problem, induction.learned)
        estimate.notes.append(
            "values are of the people from whom the trees were learned, with models of other folds: slightly too good")
        for (index, stage) in problem.stages.enumerated() {
            guard let (tree, columns) = trees[index] else { continue }
            let rule = TreeRule(tree, columns, stage)
            estimate.stages[index].tree = rule
            estimate.stages[index].rule = rule.text + (stage.allowed == nil ? "" : ", where that is allowed")
        }
        return estimate
    }

    private static func worstGroups(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> Grouping? {
        guard let name = request.tree.worstOf else { return nil }
        guard let group = problem.groups.first(where: { $0.name == name }) else {
            throw EvaluationErrors("found '\(name)', allowed: one of 'groups'", at: "tree.worst")
        }
        return group.grouping
    }
}

extension TreeRule {
    init(_ tree: FoundTree, _ columns: TreeColumns, _ stage: StageData) {
        switch tree {
        case .leaf(let action): self = .leaf(action: stage.levels[action])
        case .split(let column, let threshold, let low, let high):
            self = .split(
                column: columns.names[column], threshold: threshold, low: TreeRule(low, columns, stage),
                high: TreeRule(high, columns, stage))
        }
    }

    /// `if x <= 0.3 give 1, else give 0`
    var text: String {
        switch self {
        case .leaf(let action): "give \(action)"
        case .split(let column, let threshold, let low, let high):
            "if \(column) <= \(RuleText.number(threshold)) \(low.inner), else \(high.inner)"
        }
    }

    private var inner: String { if case .leaf = self { text } else { "(\(text))" } }
}
