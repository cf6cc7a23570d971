/// Newton's search for the maximum of the partial likelihood, on the scaled covariates.
struct CoxSearch {
    /// The search ends with the step after which the likelihood could rise by no more than half of this; Newton's error
    /// after that step is of the order of its square.
    static let decrementAtEnd = 1e-12
    static let iterationLimit = 50
    static let halvingLimit = 40
    /// A step that still moves the predictor of some patient by this much when the likelihood has stopped rising
    /// runs along a flat ridge to infinity.
    static let ridgeStep = 0.01
    /// Less information for each event than this, in units of the covariate's variance, is rounding.
    static let leastInformation = 1e-10

    let beta: [Double]
    let null: CoxLikelihood.Value
    let final: CoxLikelihood.Value
    let covariance: [[Double]]
    let score: Double
    let iterations: Int

    /// βᵀ I β, the same on any scale of the covariates.
    var wald: Double {
        beta.indices.reduce(0) { sum, i in
            sum + beta[i] * beta.indices.reduce(0) { $0 + final.information[i][$1] * beta[$1] }
        }
    }

    init(_ likelihood: CoxLikelihood, _ work: CoxWorkspace) throws(CoxError) {
        let names = likelihood.rows.names
        var beta = [Double](repeating: 0, count: names.count)
        var current = likelihood.value(at: beta, work)
        null = current
        let eventCount = likelihood.rows.eventCount
        let least = Self.leastInformation * Double(eventCount)
        for j in names.indices where !(current.information[j][j] > least) { throw .constant(covariate: names[j]) }
        var factor: SmallCholesky
        do { factor = try SmallCholesky(current.information) } catch {
            throw .collinear(covariate: names[error.column])
        }
        var step = factor.solve(current.score)
        var decrement = Self.dot(step, current.score)
        score = decrement
        var iteration = 0
        while true {
            iteration += 1
            let next = try Self.advance(likelihood, work, from: beta, current, by: step, decrement: decrement)
            (beta, current) = next
            if decrement <= Self.decrementAtEnd {
                if let ridge = Self.ridge(step, likelihood.rows) {
                    throw .monotone(covariate: names[ridge], events: eventCount)
                }
                break
            }
            do { factor = try SmallCholesky(current.information) } catch {
                throw .monotone(covariate: names[Self.furthest(beta, likelihood.rows)], events: eventCount)
            }
            guard iteration < Self.iterationLimit else {
                throw .notConverged(covariate: names[Self.furthest(step, likelihood.rows)], iterations: iteration)
            }
            step = factor.solve(current.score)
            decrement = Self.dot(step, current.score)
        }
        do { covariance = try SmallCholesky(current.information).inverse } catch {
            throw .monotone(covariate: names[Self.furthest(beta, likelihood.rows)], events: eventCount)
        }
        self.beta = beta
        final = current
        iterations = iteration
    }

    /// β + step, or the first halving of it that does not lower the likelihood.
    private static func advance(
        _ likelihood: CoxLikelihood, _ work: CoxWorkspace, from beta: [Double], _ current: CoxLikelihood.Value,
        by step: [Double],
        decrement: Double
    ) throws(CoxError) -> ([Double], CoxLikelihood.Value) {
        var length = 1.0
        for _ in 0...halvingLimit {
            let trial = beta.indices.map { beta[$0] + length * step[$0] }
            let value = likelihood.value(at: trial, work)
            // Near the maximum the gain is below the rounding of the sum: there the step is right without a check.
            if value.isFinite, decrement < 1e-8 || value.logLikelihood >= current.logLikelihood {
                return (trial, value)
            }
            length /= 2
        }
        let names = likelihood.rows.names
        throw .notConverged(covariate: names[furthest(step, likelihood.rows)], iterations: halvingLimit)
    }

    private static func ridge(_ step: [Double], _ rows: CoxRows) -> Int? {
        let worst = furthest(step, rows)
        return abs(step[worst]) * rows.ranges[worst] > ridgeStep ? worst : nil
    }

    /// The covariate whose coefficient moves the predictors most.
    private static func furthest(_ step: [Double], _ rows: CoxRows) -> Int {
        var best = 0
        for j in step.indices where abs(step[j]) * rows.ranges[j] > abs(step[best]) * rows.ranges[best] { best = j }
        return best
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
