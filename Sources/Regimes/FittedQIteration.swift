import ModelLanguage
import NumericsCore

/// Fitted Q iteration over a finite horizon, with a linear basis.
///
/// From the last visit backwards, the value of a state and action is regressed on the basis: the target of visit k is
/// the reward until visit k + 1 plus the discounted value of the best action there. Each visit has its own weights, solved
/// by ridge regression.
///
/// An event that ends treatment or follow-up is an outcome: nothing of value follows it. A dropout is not: what it hid
/// would have had a value, so the decision before it is left out of its visit's regression, which is unbiased where
/// dropout does not depend on what is to come. The same holds for a failed solve.
///
/// Source: D. Ernst, P. Geurts, L. Wehenkel, J. Mach. Learn. Res. 6 (2005) 503–556, with the finite-horizon recursion of
/// S. A. Murphy, J. Mach. Learn. Res. 6 (2005) 1073–1097.
package struct FittedQIteration: Sendable {
    package let shape: PolicyBasis.Shape
    package let discount: Double
    /// The ridge penalty on every weight but the constant, as a multiple of the number of decisions.
    package let ridge: Double
    /// The reward of an interval between two visits: an expression of ``DecisionLog/outcomeNames``, of the actions and
    /// memory as the decision at its start left them (`dose` is what was given in it), and of everything else as the next
    /// visit found it (`INR` is the value that it led to; after the last visit the latest there is).
    package let reward: RowProgram

    package init(
        reward: SourceText, variables: DecisionVariables, shape: PolicyBasis.Shape = .quadratic, discount: Double = 1,
        ridge: Double = 1e-4
    ) throws(SourceErrors) {
        let inputs = variables.symbols + DecisionLog.outcomeNames.map { InputSymbol($0) }
        self.reward = try RowProgram(expression: reward, inputs: inputs)
        self.shape = shape
        self.discount = discount
        self.ridge = ridge
    }

    /// What learning found, beside the policy.
    package struct Result: Sendable {
        package let policy: QPolicy
        /// For each visit: decisions used, and the root mean square residual of the fit.
        package let decisions: [Int]
        package let residuals: [Double]
    }

    /// The decision variables that learning within a frame reads: what its log needs to keep.
    package func variablesRead(_ frame: LearningFrame) -> Set<String> {
        reward.used.union(frame.variablesRead).subtracting(DecisionLog.outcomeNames)
    }

    /// - Throws: ``LearningError`` when a visit has too few decisions for the basis, or its regression has no solution.
    package func learn(from log: DecisionLog, frame: LearningFrame) throws(LearningError) -> Result {
        let features = (0..<log.visits).map { frame.featuresSeen(log, visit: $0) }
        let basis = PolicyBasis(shape: shape, standardising: features, where: log.isPresent)
        let actionSlot = frame.actionSlot
        var weights = [[Double]](repeating: [], count: log.visits)
        var decisions = [Int](repeating: 0, count: log.visits)
        var residuals = [Double](repeating: 0, count: log.visits)
        var next: [Double]?  // value of the best action at the following visit, by patient
        var policy = QPolicy(basis: basis, actions: frame.actions, weights: weights)
        for visit in stride(from: log.visits - 1, through: 0, by: -1) {
            let targets = self.targets(log, visit: visit, next: next)
            let present = (0..<log.patients).filter {
                log.isPresent[visit][$0] && log.endings[visit][$0] != .lost && targets[$0].isFinite
            }
            guard present.count > basis.count else {
                throw LearningError.tooFewDecisions(visit: visit, found: present.count, needed: basis.count + 1)
            }
            let fit = try regress(
                visit, present.map { patient in features[visit].map { $0[patient] } },
                actions: present.map { log.snapshots[visit][actionSlot][$0] }, targets: present.map { targets[$0] },
                basis)
            weights[visit] = fit.weights
            decisions[visit] = present.count
            residuals[visit] = fit.residual
            policy = QPolicy(basis: basis, actions: frame.actions, weights: weights)
            var terms = [Double](repeating: 0, count: basis.count)
            next = (0..<log.patients).map { patient in
                guard log.isPresent[visit][patient] else { return 0 }
                return policy.best(visit: visit, features: features[visit].map { $0[patient] }, &terms).value
            }
        }
        return Result(policy: policy, decisions: decisions, residuals: residuals)
    }

    /// The reward of each patient's interval after `visit`.
    func rewards(_ log: DecisionLog, visit: Int) -> [Double] {
        let end = min(visit + 1, log.visits - 1)
        let seen = log.variables.symbols.indices.map { slot in
            log.snapshots[log.variables.isDecided(slot) ? visit : end][slot]
        }
        return reward.evaluate(seen + log.outcomes[visit], count: log.patients)[0]
    }

    /// The reward of each patient's interval after `visit`, plus the discounted value of what follows.
    private func targets(_ log: DecisionLog, visit: Int, next: [Double]?) -> [Double] {
        var targets = rewards(log, visit: visit)
        guard let next else { return targets }
        for patient in targets.indices where log.endings[visit][patient] == .complete {
            targets[patient] += discount * next[patient]
        }
        return targets
    }

    private func regress(
        _ visit: Int, _ features: [[Double]], actions: [Double], targets: [Double], _ basis: PolicyBasis
    ) throws(LearningError) -> (weights: [Double], residual: Double) {
        let p = basis.count
        var gram = Matrix(rows: p, columns: p)
        var moment = [Double](repeating: 0, count: p)
        var terms = moment
        for i in features.indices {
            basis.fill(&terms, features: features[i], action: actions[i])
            for column in 0..<p {
                let t = terms[column]
                moment[column] += t * targets[i]
                for row in column..<p { gram.elements[column * p + row] += t * terms[row] }
            }
        }
        let penalty = ridge * Double(features.count)
        for column in 0..<p {
            for row in column..<p { gram[column, row] = gram[row, column] }
            gram[column, column] += column == 0 ? 1e-12 * Double(features.count) : penalty
        }
        let factor = try self.factor(gram, visit)
        let weights = factor.solve(moment)
        var squares = 0.0
        for i in features.indices {
            basis.fill(&terms, features: features[i], action: actions[i])
            var fitted = 0.0
            for k in 0..<p { fitted += weights[k] * terms[k] }
            squares += (targets[i] - fitted) * (targets[i] - fitted)
        }
        return (weights, (squares / Double(features.count)).squareRoot())
    }

    /// The Cholesky factor of a Gram matrix whose columns do not follow from each other but for rounding.
    private func factor(_ gram: Matrix, _ visit: Int) throws(LearningError) -> Cholesky {
        guard let factor = try? Cholesky(of: gram) else { throw .dependentTerms(visit: visit) }
        for term in 0..<gram.rows {
            // What is left of a term beside those before it.
            let pivot = factor.lower[term, term] * factor.lower[term, term]
            guard pivot > 1e-11 * gram[term, term] else { throw .dependentTerms(visit: visit) }
        }
        return factor
    }
}

/// Why a regime could not be learned.
package enum LearningError: Error, CustomStringConvertible {
    case tooFewDecisions(visit: Int, found: Int, needed: Int)
    case dependentTerms(visit: Int)

    package var description: String {
        switch self {
        case .tooFewDecisions(let visit, let found, let needed):
            "visit \(visit): \(found) decisions to learn from, at least \(needed) are needed; train on more patients or use fewer features"
        case .dependentTerms(let visit):
            "visit \(visit): terms of the basis follow from each other; drop features that are constant or follow from others, or set a ridge above 0"
        }
    }
}
