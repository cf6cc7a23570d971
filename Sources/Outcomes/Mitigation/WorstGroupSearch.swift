import NumericsCore

/// The mean log likelihood of each group, which a search may weigh.
protocol GroupLosses {
    var names: [String] { get }
    var ranges: [Double] { get }
    /// What each mean is over: patients, or events.
    var sizes: [Double] { get }
    /// Σ q·mean log likelihood with its derivatives.
    func value(at beta: [Double], weights: [Double]) -> CoxLikelihood.Value
    /// The mean negative log likelihood of each group; 0 for a group of size 0.
    func losses(at beta: [Double]) -> [Double]
}

/// Group losses with given weights.
private struct WeightedGroups<Losses: GroupLosses>: ScoreLikelihood {
    let losses: Losses
    let weights: [Double]
    var names: [String] { losses.names }
    var ranges: [Double] { losses.ranges }
    func value(at beta: [Double]) -> CoxLikelihood.Value { losses.value(at: beta, weights: weights) }
}

/// The saddle point by exponentiated gradient ascent on the groups' weights.
struct WorstGroupSearch {
    let start: [Double]
    let startLosses: [Double]
    private(set) var beta: [Double]
    private(set) var losses: [Double]
    private(set) var weights: [Double]
    private(set) var gap: Double
    private(set) var iterations = 0

    init(_ groups: some GroupLosses, width: Int) throws(ScoreFitError) {
        let total = groups.sizes.reduce(0, +)
        weights = groups.sizes.map { $0 / total }
        start = try ScoreSearch(
            WeightedGroups(losses: groups, weights: weights), from: [Double](repeating: 0, count: width)
        ).beta
        startLosses = groups.losses(at: start)
        beta = start
        losses = startLosses
        let present = groups.sizes.indices.filter { groups.sizes[$0] > 0 }
        func worst(_ losses: [Double]) -> Double { present.reduce(-.infinity) { max($0, losses[$1]) } }
        func dual(_ weights: [Double], _ losses: [Double]) -> Double {
            zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1 }
        }
        var reached = dual(weights, losses)
        gap = worst(losses) - reached
        var step = 1.0
        while gap > WorstGroupTraining.tolerance, iterations < WorstGroupTraining.iterationLimit {
            iterations += 1
            let highest = worst(losses)
            var next = weights
            for code in present { next[code] = weights[code] * Elementary.exp(step * (losses[code] - highest)) }
            let sum = next.reduce(0, +)
            for code in present { next[code] /= sum }
            // Weights that leave a coefficient undetermined are too far out: a shorter step comes back.
            guard let fit = try? ScoreSearch(WeightedGroups(losses: groups, weights: next), from: beta) else {
                step /= 4
                if step < 1e-9 { break }
                continue
            }
            let nextLosses = groups.losses(at: fit.beta)
            let value = dual(next, nextLosses)
            let nextGap = max(0, worst(nextLosses) - value)
            // Near the end the dual rises by less than its rounding: there the gap itself decides.
            guard value >= reached || nextGap < gap else {
                step /= 2
                if step < 1e-12 { break }
                continue
            }
            (weights, beta, losses, reached) = (next, fit.beta, nextLosses, value)
            gap = nextGap
            step *= 1.5
        }
    }
}

/// Logistic losses: the mean over a group's patients.
struct LogisticGroupLosses: GroupLosses {
    let design: CenteredColumns
    let outcomes: [Bool]
    let grouping: Grouping
    let sizes: [Double]

    init(design: CenteredColumns, outcomes: [Bool], grouping: Grouping) {
        self.design = design
        self.outcomes = outcomes
        self.grouping = grouping
        sizes = grouping.rows.map { Double($0.count) }
    }

    var names: [String] { ["intercept"] + design.names }
    var ranges: [Double] { [1] + design.ranges }

    func value(at beta: [Double], weights: [Double]) -> CoxLikelihood.Value {
        let shares = zip(weights, sizes).map { $1 > 0 ? $0 / $1 : 0 }
        return WeightedLogisticLikelihood(
            design: design, outcomes: outcomes, weights: grouping.codes.map { shares[$0] }
        ).value(at: beta)
    }

    func losses(at beta: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: sizes.count)
        for row in outcomes.indices {
            var eta = beta[0]
            for j in 1..<beta.count { eta += design.rows[row * design.width + j - 1] * beta[j] }
            sums[grouping.codes[row]] -= WeightedLogisticLikelihood.terms(eta, outcomes[row]).logLikelihood
        }
        return zip(sums, sizes).map { $1 > 0 ? $0 / $1 : 0 }
    }
}

/// Cox losses: the mean over a group's events of the partial likelihood within the group.
struct CoxGroupLosses: GroupLosses {
    private let likelihood: CoxLikelihood
    private let work: CoxWorkspace
    let sizes: [Double]

    /// The groups are strata, so that nobody is compared with another group's patients.
    init(_ data: SurvivalData, _ covariates: [CovariateColumn], grouping: Grouping) throws(CenteredColumns.Constant) {
        let rows = try CoxRows(data, covariates, strata: grouping, weights: nil)
        likelihood = CoxLikelihood(rows: rows, ties: .efron)
        work = CoxWorkspace(rows)
        sizes = rows.strata.map { stratum in
            stratum.steps.reduce(0) { $0 + Double(rows.steps[$1].tiedEnd - rows.steps[$1].first) }
        }
    }

    var names: [String] { likelihood.rows.names }
    var ranges: [Double] { likelihood.rows.ranges }

    func value(at beta: [Double], weights: [Double]) -> CoxLikelihood.Value {
        var factors = [Double](repeating: 0, count: likelihood.rows.steps.count)
        for (code, stratum) in likelihood.rows.strata.enumerated() where sizes[code] > 0 {
            for step in stratum.steps { factors[step] = weights[code] / sizes[code] }
        }
        return likelihood.value(at: beta, work, factors: factors)
    }

    func losses(at beta: [Double]) -> [Double] {
        zip(likelihood.logLikelihoods(at: beta, work), sizes).map { $1 > 0 ? -$0 / $1 : 0 }
    }
}
