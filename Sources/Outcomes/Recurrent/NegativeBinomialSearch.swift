import NumericsCore

/// The likelihood of counts in the coefficients of centred columns and θ.
struct NegativeBinomialLikelihood {
    let counts: [Int]
    let design: CenteredColumns
    /// log exposure of each row.
    let offsets: [Double]
    /// How many rows have a count above k, from k = 0.
    let above: [Double]
    private let logFactorials: Double

    init(counts: [Int], exposures: [Double]?, design: CenteredColumns) {
        self.counts = counts
        self.design = design
        offsets = exposures?.map { Elementary.log($0) } ?? [Double](repeating: 0, count: counts.count)
        var above = [Double](repeating: 0, count: counts.max() ?? 0)
        for count in counts where count > 0 { above[count - 1] += 1 }
        for k in above.indices.dropLast().reversed() { above[k] += above[k + 1] }
        self.above = above
        logFactorials = counts.reduce(0) { $0 + Elementary.lgamma(Double($1) + 1) }
    }

    /// log μ of a row; `beta` begins with the intercept.
    func predictor(_ row: Int, _ beta: [Double]) -> Double {
        let width = design.width
        var sum = offsets[row] + beta[0]
        for j in 0..<width { sum += design.rows[row * width + j] * beta[j + 1] }
        return sum
    }

    func logLikelihood(beta: [Double], theta: Double) -> Double {
        // log Γ(y + θ) − log Γ(θ) + … as sums of log(1 + k/θ), so that nothing large cancels for a large θ.
        var sum = -logFactorials
        for k in above.indices { sum += above[k] * Elementary.log1p(Double(k) / theta) }
        for row in counts.indices {
            let y = Double(counts[row])
            let eta = predictor(row, beta)
            sum += y * eta - (theta + y) * Elementary.log1p(Elementary.exp(eta) / theta)
        }
        return sum
    }

    /// Score and information of the coefficients. The observed one is positive for any β, so that Newton's method finds the
    /// maximum; the expected one is for the errors.
    func system(
        beta: [Double], theta: Double, observed: Bool
    ) -> (score: [Double], information: [[Double]]) {
        let width = design.width + 1
        var score = [Double](repeating: 0, count: width)
        var information = [[Double]](repeating: score, count: width)
        var x = [Double](repeating: 1, count: width)
        for row in counts.indices {
            let mu = Elementary.exp(predictor(row, beta))
            let y = Double(counts[row])
            let excess = 1 + mu / theta
            let weight = observed ? mu * ((1 + y / theta) / (excess * excess)) : mu / excess
            let residual = (y - mu) / excess
            for j in 1..<max(1, width) { x[j] = design.rows[row * (width - 1) + j - 1] }
            for i in 0..<width {
                score[i] += residual * x[i]
                for j in 0...i { information[i][j] += weight * x[i] * x[j] }
            }
        }
        for i in 0..<width { for j in 0..<i { information[j][i] = information[i][j] } }
        return (score, information)
    }

    /// The first derivative by θ and the negative second.
    func thetaDerivatives(beta: [Double], theta: Double) -> (score: Double, information: Double) {
        var score = 0.0
        var information = 0.0
        for k in above.indices {
            let term = 1 / (theta + Double(k))
            score += above[k] * term
            information += above[k] * term * term
        }
        for row in counts.indices {
            let y = Double(counts[row])
            let mu = Elementary.exp(predictor(row, beta))
            let sum = theta + mu
            score += -Elementary.log1p(mu / theta) + (mu - y) / sum
            // −1/θ + 1/(θ + μ) + (μ − y)/(θ + μ)², brought together.
            information -= (mu * mu / theta + y) / (sum * sum)
        }
        return (score, information)
    }
}

/// The maximum, by turns in the coefficients and in log θ, each by Newton's method.
struct NegativeBinomialSearch {
    static let iterationLimit = 200
    static let stepLimit = 100
    /// The likelihood could rise by no more than half of this.
    static let decrementAtEnd = 1e-13
    /// At a larger θ the variance is that of Poisson counts for all that data can tell.
    static let largestTheta = 1e8

    private(set) var beta: [Double]
    private(set) var theta: Double
    private(set) var iterations = 0
    private(set) var covariance: [[Double]] = []
    private(set) var thetaError = 0.0

    init(_ likelihood: NegativeBinomialLikelihood) throws(NegativeBinomialError) {
        let events = likelihood.counts.reduce(0.0) { $0 + Double($1) }
        let exposure = likelihood.offsets.reduce(0.0) { $0 + Elementary.exp($1) }
        beta = [Elementary.log(events / exposure)] + [Double](repeating: 0, count: likelihood.design.width)
        theta = Self.largestTheta
        _ = try fitCoefficients(likelihood)
        theta = try Self.startingTheta(likelihood, beta)
        while true {
            iterations += 1
            let thetaDecrement = try improveTheta(likelihood)
            let decrement = try fitCoefficients(likelihood)
            if max(decrement, thetaDecrement) <= Self.decrementAtEnd { break }
            guard iterations < Self.iterationLimit else { throw .notConverged(iterations: iterations) }
        }
        do {
            covariance = try SmallCholesky(likelihood.system(beta: beta, theta: theta, observed: false).information)
                .inverse
        } catch {
            throw .notConverged(iterations: iterations)
        }
        let information = likelihood.thetaDerivatives(beta: beta, theta: theta).information
        guard information > 0 else { throw .noOverdispersion }
        thetaError = 1 / information.squareRoot()
    }

    /// n / Σ (y/μ − 1)², as good as any start; and no start where the likelihood rises towards Poisson's.
    private static func startingTheta(
        _ likelihood: NegativeBinomialLikelihood, _ beta: [Double]
    ) throws(NegativeBinomialError) -> Double {
        // The derivative by 1/θ at 0 is Σ ((y − μ)² − y)/2.
        var slope = 0.0
        var spread = 0.0
        for row in likelihood.counts.indices {
            let y = Double(likelihood.counts[row])
            let mu = Elementary.exp(likelihood.predictor(row, beta))
            slope += (y - mu) * (y - mu) - y
            spread += (y / mu - 1) * (y / mu - 1)
        }
        guard slope > 0, spread.isFinite, spread > 0 else { throw .noOverdispersion }
        return min(max(Double(likelihood.counts.count) / spread, 1e-4), 1e4)
    }

    /// Newton's method to convergence at the present θ; the decrement of its first step.
    private mutating func fitCoefficients(
        _ likelihood: NegativeBinomialLikelihood
    ) throws(NegativeBinomialError) -> Double {
        var value = likelihood.logLikelihood(beta: beta, theta: theta)
        var first: Double?
        for _ in 0..<Self.stepLimit {
            let system = likelihood.system(beta: beta, theta: theta, observed: true)
            let factor: SmallCholesky
            do { factor = try SmallCholesky(system.information) } catch {
                guard first == nil, iterations == 0, error.column > 0 else {
                    throw .notConverged(iterations: iterations)
                }
                throw .collinear(covariate: likelihood.design.names[error.column - 1])
            }
            let step = factor.solve(system.score)
            let decrement = zip(step, system.score).reduce(0) { $0 + $1.0 * $1.1 }
            first = first ?? decrement
            var length = 1.0
            while true {
                let trial = beta.indices.map { beta[$0] + length * step[$0] }
                let next = likelihood.logLikelihood(beta: trial, theta: theta)
                if next.isFinite, decrement < 1e-8 || next >= value {
                    (beta, value) = (trial, next)
                    break
                }
                guard length > 1e-9 else { throw .notConverged(iterations: iterations) }
                length /= 2
            }
            if decrement <= Self.decrementAtEnd { return first ?? 0 }
        }
        throw .notConverged(iterations: Self.stepLimit)
    }

    /// A Newton step on log θ, halved until the likelihood does not fall; its decrement.
    private mutating func improveTheta(
        _ likelihood: NegativeBinomialLikelihood
    ) throws(NegativeBinomialError) -> Double {
        let (score, information) = likelihood.thetaDerivatives(beta: beta, theta: theta)
        let slope = theta * score
        let curvature = theta * theta * information - slope
        // Where the likelihood is not concave in log θ: a step of one in its direction.
        var step = curvature > 0 ? slope / curvature : (slope > 0 ? 1 : -1)
        step = min(max(step, -2), 2)
        let decrement = abs(slope * step)
        let value = likelihood.logLikelihood(beta: beta, theta: theta)
        for _ in 0..<60 {
            let trial = theta * Elementary.exp(step)
            let next = likelihood.logLikelihood(beta: beta, theta: trial)
            if next.isFinite, decrement < 1e-8 || next >= value {
                theta = trial
                break
            }
            step /= 2
        }
        guard theta < Self.largestTheta else { throw .noOverdispersion }
        return decrement
    }
}
