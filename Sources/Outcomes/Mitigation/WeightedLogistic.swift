import NumericsCore

/// A mean log likelihood that Newton's method can climb, on scaled covariates.
protocol ScoreLikelihood {
    /// A name for each coefficient.
    var names: [String] { get }
    /// The largest change in anybody's predictor for a unit change of each coefficient.
    var ranges: [Double] { get }
    func value(at beta: [Double]) -> CoxLikelihood.Value
}

/// Newton's search with step halving for the maximum of a mean log likelihood.
struct ScoreSearch {
    static let iterationLimit = 60
    static let halvingLimit = 40
    /// The search ends with the step after which the mean log likelihood could rise by half of this.
    static let decrementAtEnd = 1e-14
    /// A last step that still moves a predictor by this much runs along a flat ridge.
    static let ridgeStep = 1e-3

    let beta: [Double]
    let final: CoxLikelihood.Value
    /// The inverse information of the mean log likelihood.
    let covariance: [[Double]]

    init(_ likelihood: some ScoreLikelihood, from start: [Double]) throws(ScoreFitError) {
        var beta = start
        var current = likelihood.value(at: beta)
        var iteration = 0
        while true {
            iteration += 1
            let factor: SmallCholesky
            do { factor = try SmallCholesky(current.information) } catch {
                throw iteration == 1
                    ? .collinear(covariate: likelihood.names[error.column])
                    : .separated(covariate: likelihood.names[error.column])
            }
            let step = factor.solve(current.score)
            let decrement = zip(step, current.score).reduce(0) { $0 + $1.0 * $1.1 }
            var length = 1.0
            var halvings = 0
            while true {
                let trial = beta.indices.map { beta[$0] + length * step[$0] }
                let value = likelihood.value(at: trial)
                if value.logLikelihood.isFinite, decrement < 1e-8 || value.logLikelihood >= current.logLikelihood {
                    (beta, current) = (trial, value)
                    break
                }
                length /= 2
                halvings += 1
                guard halvings < Self.halvingLimit else { throw .notConverged(iterations: iteration) }
            }
            if decrement <= Self.decrementAtEnd {
                for j in step.indices where abs(step[j]) * likelihood.ranges[j] > Self.ridgeStep {
                    throw .separated(covariate: likelihood.names[j])
                }
                break
            }
            guard iteration < Self.iterationLimit else { throw .notConverged(iterations: iteration) }
        }
        do { covariance = try SmallCholesky(current.information).inverse } catch {
            throw .separated(covariate: likelihood.names[error.column])
        }
        self.beta = beta
        final = current
    }
}

/// Σ w·log likelihood of a logistic regression over Σ w, with an intercept before the covariates.
struct WeightedLogisticLikelihood: ScoreLikelihood {
    let design: CenteredColumns
    let outcomes: [Bool]
    /// At least 0, not all 0; only their shares count.
    var weights: [Double]

    var names: [String] { ["intercept"] + design.names }
    var ranges: [Double] { [1] + design.ranges }

    func value(at beta: [Double]) -> CoxLikelihood.Value {
        let width = beta.count
        var value = CoxLikelihood.Value(
            score: [Double](repeating: 0, count: width),
            information: [[Double]](repeating: [Double](repeating: 0, count: width), count: width))
        var information = [Double](repeating: 0, count: width * width)
        var x = [Double](repeating: 1, count: width)
        let total = weights.reduce(0, +)
        for row in outcomes.indices where weights[row] > 0 {
            let weight = weights[row] / total
            var eta = beta[0]
            for j in 1..<width {
                x[j] = design.rows[row * (width - 1) + j - 1]
                eta += x[j] * beta[j]
            }
            let (risk, logLikelihood) = Self.terms(eta, outcomes[row])
            value.logLikelihood += weight * logLikelihood
            let residual = weight * ((outcomes[row] ? 1 : 0) - risk)
            let spread = weight * risk * (1 - risk)
            for i in 0..<width {
                value.score[i] += residual * x[i]
                for j in 0...i { information[i * width + j] += spread * x[i] * x[j] }
            }
        }
        for i in 0..<width {
            for j in 0...i {
                value.information[i][j] = information[i * width + j]
                value.information[j][i] = information[i * width + j]
            }
        }
        return value
    }

    /// The risk at a predictor, and the log likelihood of an outcome there, without overflow.
    static func terms(_ eta: Double, _ outcome: Bool) -> (risk: Double, logLikelihood: Double) {
        let small = Elementary.exp(-abs(eta))
        let risk = eta >= 0 ? 1 / (1 + small) : small / (1 + small)
        let softplus = max(eta, 0) + Elementary.log1p(small)
        return (risk, (outcome ? eta : 0) - softplus)
    }
}

/// A logistic score fitted with case weights: what retraining on reweighted or resampled patients needs.
struct WeightedLogistic {
    /// In the unit of the covariates, the intercept first.
    let coefficients: [Double]
    /// From the information with the weights as counts, in the same order.
    let standardErrors: [Double]
    /// The probability of the outcome for each patient, those of weight 0 too.
    let risks: [Double]

    init(_ outcomes: [Bool], _ covariates: [CovariateColumn], weights: [Double]) throws(ScoreFitError) {
        var seen = [false, false]
        for row in outcomes.indices where weights[row] > 0 { seen[outcomes[row] ? 1 : 0] = true }
        guard seen[0], seen[1] else { throw .oneOutcome }
        let design: CenteredColumns
        do { design = try CenteredColumns(covariates) } catch { throw .constant(covariate: error.name) }
        let likelihood = WeightedLogisticLikelihood(design: design, outcomes: outcomes, weights: weights)
        let search = try ScoreSearch(likelihood, from: [Double](repeating: 0, count: covariates.count + 1))
        let total = weights.reduce(0, +)
        risks = outcomes.indices.map { Self.risk($0, design, search.beta) }
        coefficients = Self.unscaled(search.beta, design)
        // The intercept's row of the change of unit: 1, −mean₁/scale₁, …
        let back = [1.0] + design.means.indices.map { -design.means[$0] / design.scales[$0] }
        var intercept = 0.0
        for i in back.indices { for j in back.indices { intercept += back[i] * back[j] * search.covariance[i][j] } }
        standardErrors =
            [(intercept / total).squareRoot()]
            + design.scales.indices.map { (search.covariance[$0 + 1][$0 + 1] / total).squareRoot() / design.scales[$0] }
    }

    static func risk(_ row: Int, _ design: CenteredColumns, _ beta: [Double]) -> Double {
        var eta = beta[0]
        for j in 1..<beta.count { eta += design.rows[row * design.width + j - 1] * beta[j] }
        return WeightedLogisticLikelihood.terms(eta, true).risk
    }

    /// Coefficients of the covariates as given, the intercept first.
    static func unscaled(_ beta: [Double], _ design: CenteredColumns) -> [Double] {
        let slopes = design.scales.indices.map { beta[$0 + 1] / design.scales[$0] }
        return [beta[0] - zip(slopes, design.means).reduce(0) { $0 + $1.0 * $1.1 }] + slopes
    }
}
