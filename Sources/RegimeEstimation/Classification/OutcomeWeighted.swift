import Evaluation
import NumericsCore
import Outcomes

/// A rule by weighted classification: who did well is to be treated as he was, who did badly otherwise.
///
/// With outcomes R the weight of a person is R/π(A | h) and the label his treatment (Zhao, Zeng, Rush and Kosorok 2012, J Am
/// Stat Assoc 107:1106); with residuals R − m(h) of a regression weighted by 1/π, negative ones turn the label over and their
/// size is the weight (Zhou, Mayer-Hamblett, Khan and Kosorok 2017, J Am Stat Assoc 112:169), so that the rule does not change
/// when a number is added to every outcome.
struct OutcomeWeighted: Sendable {
    let labels: [Double]
    let weights: [Double]
    /// Covariates of mean 0 and variance 1, row-major.
    let scaled: [Double]
    let means: [Double]
    let deviations: [Double]

    /// - Parameter isBackward: whether only people who followed the later rules count, with what they gained.
    init(_ input: ScoredInduction.Input, residuals: Bool, isBackward: Bool) throws {
        let stage = input.stage
        let outcomes = isBackward ? input.gained : input.outcomes
        var inverse = (0..<stage.count).map { row -> Double in
            let p = input.propensities[row * 2 + stage.actions[row]]
            return stage.isOpen(row) && p > 0 ? input.known[row] / p : 0
        }
        if isBackward { for row in inverse.indices { inverse[row] *= input.followed[row] } }
        guard inverse.contains(where: { $0 > 0 }) else {
            throw EvaluationErrors(
                "found nobody who followed the rules of later stages; take owl, which uses everybody", at: stage.name)
        }
        var parts = outcomes
        if residuals {
            let beta = try WeightedRegression.solve(stage.free, outcomes, inverse, stage: stage.name)
            parts = (0..<stage.count).map { outcomes[$0] - stage.free.predictor($0, beta[...]) }
        } else {
            let lowest = stage.persons.indices.filter { inverse[$0] > 0 }.map { outcomes[$0] }.min() ?? 0
            if lowest < 0 { parts = outcomes.map { $0 - lowest } }
        }
        labels = (0..<stage.count).map { (stage.actions[$0] == 1 ? 1 : -1) * (parts[$0] < 0 ? -1 : 1) }
        weights = (0..<stage.count).map { abs(parts[$0]) * inverse[$0] }
        let (n, width) = (Double(stage.count), stage.rule.width)
        let means = (0..<width).map { stage.rule.column($0).reduce(0, +) / n }
        self.means = means
        var deviations: [Double] = []
        for j in 0..<width {
            let squares = stage.rule.column(j).reduce(0) { $0 + ($1 - means[j]) * ($1 - means[j]) }
            deviations.append(squares > 0 ? (squares / (n - 1)).squareRoot() : 1)
        }
        self.deviations = deviations
        var scaled = stage.rule.values
        for row in 0..<stage.count {
            for j in 0..<width { scaled[row * width + j] = (scaled[row * width + j] - means[j]) / deviations[j] }
        }
        self.scaled = scaled
    }

    func machine(_ penalty: Double, _ kernel: WeightedSVM.Kernel, rows: [Int]? = nil) -> WeightedSVM {
        let width = means.count
        guard let rows else {
            return WeightedSVM(
                scaled, width: width, labels: labels, weights: weights, penalty: penalty, kernel: kernel)
        }
        return WeightedSVM(
            rows.flatMap { scaled[$0 * width..<($0 + 1) * width] }, width: width, labels: rows.map { labels[$0] },
            weights: rows.map { weights[$0] }, penalty: penalty, kernel: kernel, tolerance: 1e-4)
    }

    /// The penalty whose rules lose the least weight in folds that they were not learned from; of equal ones the largest.
    func chosenPenalty(_ classifier: RegimeRequest.Classifier, _ kernel: WeightedSVM.Kernel, seed: UInt64) -> Double {
        guard classifier.penalties.count > 1 else { return classifier.penalties.first ?? 0.01 }
        let width = means.count
        var stream = RandomStream(seed: seed, purpose: .split, replicate: 0, patient: 1)
        var places = labels.map { _ in 0 }
        let order = stream.nextPermutation(count: labels.count)
        for (place, row) in order.enumerated() { places[row] = place % classifier.folds }
        let fold = places
        let sorted = classifier.penalties.sorted(by: >)
        let losses = Resampling.run(sorted.count) { index -> Double in
            var lost = 0.0
            for own in 0..<classifier.folds {
                let rows = labels.indices.filter { fold[$0] != own }
                let machine = machine(sorted[index], kernel, rows: rows)
                let x = rows.flatMap { scaled[$0 * width..<($0 + 1) * width] }
                for row in labels.indices where fold[row] == own {
                    let value = machine.value(
                        scaled[row * width..<(row + 1) * width], trainedOn: x, kernel: kernel)
                    if value * labels[row] <= 0 { lost += weights[row] }
                }
            }
            return lost
        }
        var best = 0
        for index in losses.indices where losses[index] < losses[best] { best = index }
        return sorted[best]
    }
}

extension RegimeEstimate {
    /// Outcome weighted learning, stage by stage from the last.
    static func classified(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> RegimeEstimate {
        let kernel: WeightedSVM.Kernel = request.classifier.width.map { .gaussian($0) } ?? .linear
        var found: [Int: (WeightedSVM, OutcomeWeighted, Double)] = [:]
        let induction = try ScoredInduction(problem, request, folds: 1) { input in
            guard input.stage.rule.width > 0 else {
                throw EvaluationErrors(
                    "found no covariate for the rule, allowed: 'rule' or a blip with covariates", at: input.stage.name)
            }
            let weighted = try OutcomeWeighted(
                input, residuals: request.classifier.residuals, isBackward: request.method == .bowl)
            let penalty = weighted.chosenPenalty(request.classifier, kernel, seed: request.intervals.seed)
            let machine = weighted.machine(penalty, kernel)
            guard machine.isConverged else {
                throw EvaluationErrors(
                    "the support vector machine did not converge (duality gap \(machine.gap)); take a larger penalty",
                    at: input.stage.name)
            }
            found[input.index] = (machine, weighted, penalty)
            return machine.fitted.map { $0 > 0 ? 1 : 0 }
        }
        var estimate = try RegimeEstimate(request, problem, induction.learned)
        for (index, stage) in problem.stages.enumerated() {
            guard let (machine, weighted, penalty) = found[index] else { continue }
            estimate.stages[index].svm = SupportVectors(
                penalty: penalty, objective: machine.objective, dualityGap: machine.gap,
                supportVectors: machine.supportCount, kernel: kernel == .linear ? "linear" : "gaussian")
            estimate.show(machine, weighted, stage, index)
        }
        return estimate
    }

    /// The coefficients of a linear rule in the units of the covariates.
    private mutating func show(_ machine: WeightedSVM, _ weighted: OutcomeWeighted, _ stage: StageData, _ index: Int) {
        guard !machine.coefficients.isEmpty else {
            stages[index].rule =
                "give \(stage.levels[1]) where the machine's function of "
                + "\(stage.rule.names.joined(separator: ", ")) is above 0, else \(stage.levels[0])"
            return
        }
        var coefficients = [machine.intercept]
        for (j, beta) in machine.coefficients.enumerated() {
            coefficients.append(beta / weighted.deviations[j])
            coefficients[0] -= beta * weighted.means[j] / weighted.deviations[j]
        }
        let names = [Design.intercept] + stage.rule.names
        for (name, value) in zip(names, coefficients) {
            let shown = ShownParameter(
                estimate: value, se: nil, lower: nil, upper: nil, method: "none",
                reason: "a rule by classification has no standard error")
            let full = name == Design.intercept ? stage.treatment : "\(stage.treatment):\(name)"
            stages[index].psi[full] = shown
            psi.append(Parameter(stage: index + 1, stageName: stage.name, name: full, term: name, shown: shown))
        }
        stages[index].rule =
            "give \(stage.levels[1]) where \(RuleText.sum(names, coefficients[...])) > 0, else \(stage.levels[0])"
            + (stage.allowed == nil ? "" : ", where that is allowed")
    }
}
