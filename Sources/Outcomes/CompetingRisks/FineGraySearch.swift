/// Newton's search for the maximum of Fine and Gray's likelihood, on the scaled covariates. Limits are those of Cox's.
struct FineGraySearch {
    let beta: [Double]
    let null: FineGrayLikelihood.Value
    let final: FineGrayLikelihood.Value
    /// The inverse information at β.
    let covariance: [[Double]]
    let iterations: Int

    init(_ likelihood: FineGrayLikelihood) throws(FineGrayError) {
        let design = likelihood.design
        let events = likelihood.eventCount
        var beta = [Double](repeating: 0, count: design.width)
        var current = likelihood.value(at: beta)
        null = current
        let least = CoxSearch.leastInformation * Double(events)
        for j in beta.indices where !(current.information[j][j] > least) { throw .constant(covariate: design.names[j]) }
        var factor: SmallCholesky
        do { factor = try SmallCholesky(current.information) } catch {
            throw .collinear(covariate: design.names[error.column])
        }
        var iteration = 0
        while true {
            iteration += 1
            let step = factor.solve(current.score)
            let decrement = zip(step, current.score).reduce(0) { $0 + $1.0 * $1.1 }
            (beta, current) = try Self.advance(likelihood, from: beta, current, by: step, decrement: decrement)
            let furthest = Self.furthest(beta, design)
            do { factor = try SmallCholesky(current.information) } catch {
                throw .monotone(covariate: design.names[furthest], events: events)
            }
            if decrement <= CoxSearch.decrementAtEnd {
                let last = Self.furthest(step, design)
                if abs(step[last]) * design.ranges[last] > CoxSearch.ridgeStep {
                    throw .monotone(covariate: design.names[last], events: events)
                }
                break
            }
            guard iteration < CoxSearch.iterationLimit else {
                throw .notConverged(covariate: design.names[Self.furthest(step, design)], iterations: iteration)
            }
        }
        self.beta = beta
        final = current
        covariance = factor.inverse
        iterations = iteration
    }

    /// β + step, or the first halving of it that does not lower the likelihood.
    private static func advance(
        _ likelihood: FineGrayLikelihood, from beta: [Double], _ current: FineGrayLikelihood.Value, by step: [Double],
        decrement: Double
    ) throws(FineGrayError) -> ([Double], FineGrayLikelihood.Value) {
        var length = 1.0
        for _ in 0...CoxSearch.halvingLimit {
            let trial = beta.indices.map { beta[$0] + length * step[$0] }
            let value = likelihood.value(at: trial)
            // Near the maximum the gain is below the rounding of the sum: there the step is right without a check.
            if value.logLikelihood.isFinite, decrement < 1e-8 || value.logLikelihood >= current.logLikelihood {
                return (trial, value)
            }
            length /= 2
        }
        let names = likelihood.design.names
        throw .notConverged(
            covariate: names[furthest(step, likelihood.design)], iterations: CoxSearch.halvingLimit)
    }

    /// The covariate whose coefficient moves the predictors most.
    private static func furthest(_ step: [Double], _ design: CenteredColumns) -> Int {
        var best = 0
        for j in step.indices where abs(step[j]) * design.ranges[j] > abs(step[best]) * design.ranges[best] { best = j }
        return best
    }
}
