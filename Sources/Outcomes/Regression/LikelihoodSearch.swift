/// A log likelihood with its first derivatives and its information at one point.
struct LikelihoodValue {
    var logLikelihood = 0.0
    /// First derivatives, q values.
    var score: [Double]
    /// Minus the second derivatives: q × q by rows, of which the lower triangle is filled.
    var information: [Double]

    init(parameters: Int) {
        score = [Double](repeating: 0, count: parameters)
        information = [Double](repeating: 0, count: parameters * parameters)
    }

    /// A point at which the model does not exist.
    static func outside(_ parameters: Int) -> LikelihoodValue {
        var value = LikelihoodValue(parameters: parameters)
        value.logLikelihood = -.infinity
        return value
    }

    /// Adds a term of one predictor: its slope and its negative second derivative, along the predictor's own derivatives.
    @inline(__always)
    mutating func add(slope: Double, curvature: Double, along w: [Double]) {
        let q = score.count
        w.withUnsafeBufferPointer { w in
            score.withUnsafeMutableBufferPointer { score in
                for i in 0..<q { score[i] += slope * w[i] }
            }
            information.withUnsafeMutableBufferPointer { information in
                for i in 0..<q {
                    let factor = curvature * w[i]
                    for j in 0...i { information[i * q + j] += factor * w[j] }
                }
            }
        }
    }

    /// The information as rows.
    var matrix: [[Double]] {
        let q = score.count
        return (0..<q).map { i in (0..<q).map { information[max(i, $0) * q + min(i, $0)] } }
    }
}

/// What a search by Newton's steps needs to know.
protocol SmoothLikelihood {
    /// Minus infinity outside the model's domain.
    func value(at parameters: [Double]) -> LikelihoodValue
    /// How far a unit of each parameter moves some patient's predictor.
    var reaches: [Double] { get }
}

/// The maximum of a log likelihood by steps information⁻¹·score, halved until the likelihood does not fall.
///
/// Where the information is not positive definite, its diagonal is raised until it is (Levenberg 1944, Marquardt 1963).
struct LikelihoodSearch {
    enum Failure: Error, Equatable {
        /// The likelihood has stopped rising along a ridge that leads to infinity.
        case unbounded(parameter: Int)
        case notConverged(parameter: Int, iterations: Int)
    }

    /// Steps end when the likelihood could rise by no more than half of this.
    static let decrementAtEnd = 1e-20
    /// The gain below which a step that still moves a predictor by ``ridgeStep`` runs along a ridge.
    static let decrementOnRidge = 1e-12
    static let ridgeStep = 0.01
    /// The gain below which information that has lost its rank has lost it for good: along the ridge it falls to 0.
    static let gainOnFlat = 1e-7
    static let iterationLimit = 100
    static let halvingLimit = 40

    let parameters: [Double]
    let value: LikelihoodValue
    /// The inverse information at the maximum.
    let covariance: [[Double]]
    let iterations: Int

    init(_ likelihood: some SmoothLikelihood, from start: [Double]) throws(Failure) {
        let reaches = likelihood.reaches
        var parameters = start
        var current = likelihood.value(at: start)
        var iteration = 0
        var previous = Double.infinity
        while true {
            let step = try Self.step(current, reaches)
            let furthest = Self.furthest(step.direction, reaches)
            let length = abs(step.direction[furthest]) * reaches[furthest]
            if !step.isDamped, step.gain <= Self.decrementOnRidge, length > Self.ridgeStep {
                throw .unbounded(parameter: furthest)
            }
            if let dependent = step.dependent, step.gain <= Self.gainOnFlat { throw .unbounded(parameter: dependent) }
            guard iteration < Self.iterationLimit else {
                throw .notConverged(parameter: furthest, iterations: iteration)
            }
            iteration += 1
            guard let next = Self.advance(likelihood, from: parameters, current, by: step) else {
                throw .notConverged(parameter: furthest, iterations: iteration)
            }
            (parameters, current) = next
            // Below the square root of its end the gain may stop falling at the rounding of the score.
            let isAtRounding = step.gain <= 1e-15 && step.gain >= 0.25 * previous
            if !step.isDamped, step.gain <= Self.decrementAtEnd || isAtRounding { break }
            previous = step.gain
        }
        do { covariance = try SmallCholesky(current.matrix).inverse } catch {
            throw .unbounded(parameter: error.column)
        }
        self.parameters = parameters
        value = current
        iterations = iteration
    }

    private struct Step {
        let direction: [Double]
        /// scoreᵀ · direction.
        let gain: Double
        /// The parameter without information of its own, for which the diagonal was raised.
        let dependent: Int?
        var isDamped: Bool { dependent != nil }
    }

    private static func step(_ value: LikelihoodValue, _ reaches: [Double]) throws(Failure) -> Step {
        let matrix = value.matrix
        var damping = 0.0
        var failed: Int?
        // 1e-4 to 1e12 times the diagonal: beyond, the matrix holds an infinity.
        for _ in 0..<18 {
            var raised = matrix
            for i in raised.indices { raised[i][i] += damping * max(abs(matrix[i][i]), 1e-8) }
            do {
                let direction = try SmallCholesky(raised).solve(value.score)
                let gain = zip(direction, value.score).reduce(0) { $0 + $1.0 * $1.1 }
                return Step(direction: direction, gain: gain, dependent: failed)
            } catch {
                failed = failed ?? error.column
                damping = damping == 0 ? 1e-4 : damping * 10
            }
        }
        throw .unbounded(parameter: failed ?? 0)
    }

    /// The step, or the first halving of it that does not lower the likelihood.
    private static func advance(
        _ likelihood: some SmoothLikelihood, from start: [Double], _ current: LikelihoodValue, by step: Step
    ) -> ([Double], LikelihoodValue)? {
        var length = 1.0
        for _ in 0...halvingLimit {
            let trial = start.indices.map { start[$0] + length * step.direction[$0] }
            let value = likelihood.value(at: trial)
            // Near the maximum the gain is below the rounding of the sum: there the step is right without a check.
            let isSmall = !step.isDamped && step.gain < 1e-8
            if value.logLikelihood.isFinite, isSmall || value.logLikelihood >= current.logLikelihood {
                return (trial, value)
            }
            length /= 2
        }
        return nil
    }

    private static func furthest(_ step: [Double], _ reaches: [Double]) -> Int {
        var best = 0
        for j in step.indices where abs(step[j]) * reaches[j] > abs(step[best]) * reaches[best] { best = j }
        return best
    }
}

extension LikelihoodSearch.Failure {
    /// The same failure in words of a model.
    func named(_ model: String, _ names: [String]) -> FitError {
        switch self {
        case .unbounded(let parameter): FitError(model, .unbounded(coefficient: names[parameter]))
        case .notConverged(let parameter, let iterations):
            FitError(model, .notConverged(coefficient: names[parameter], iterations: iterations))
        }
    }
}
