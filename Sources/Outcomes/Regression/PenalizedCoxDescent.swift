/// The search for ``PenalizedCox``, one penalty after another from where the last one ended.
///
/// Newton's quadratic form of the likelihood is taken on the coefficients that may move, and minimised with the penalty one
/// coordinate after another (Friedman, Hastie and Tibshirani 2010). Coefficients left out come in when their gradient exceeds the
/// penalty.
struct PenalizedCoxDescent {
    static let stepLimit = 100
    static let halvingLimit = 40
    static let sweepLimit = 100_000
    /// A Newton step that moves no predictor by more than this part of its standard deviation is the last.
    static let stepAtEnd = 1e-9

    let alpha: Double
    let nullLogLikelihood: Double

    private let columns: [CovariateColumn]
    /// Nil for a column with one value only, which keeps a coefficient of 0.
    private let scalings: [ColumnScale?]
    private let count: Double
    private let saturated: Double
    /// On the scaled covariates.
    private var beta: [Double]
    /// Of log L/n, for all covariates.
    private var gradient: [Double]
    private var penalty: Double
    /// Ascending.
    private var active: [Int] = []
    private var likelihood: CoxLikelihood
    private var work: CoxWorkspace

    init(_ data: SurvivalData, _ covariates: [CovariateColumn], strata: Grouping?, alpha: Double) throws(CoxError) {
        let rows: CoxRows
        do { rows = try CoxRows(data, [], strata: strata, weights: nil) } catch {
            throw .constant(covariate: error.name)
        }
        self.alpha = alpha
        scalings = covariates.map { ColumnScale($0.values) }
        columns = covariates
        count = Double(data.count)
        saturated = rows.saturatedLogLikelihood
        beta = [Double](repeating: 0, count: covariates.count)
        gradient = []
        likelihood = CoxLikelihood(rows: rows, ties: .breslow)
        work = CoxWorkspace(rows)
        nullLogLikelihood = likelihood.value(at: [], work).logLikelihood
        penalty = 0
        updateGradient()
        penalty = largestPenalty
    }

    /// The least penalty at which every coefficient is 0, as if α were 0.001 at least. Asked before the first fit.
    var largestPenalty: Double { gradient.reduce(0) { max($0, abs($1)) } / max(alpha, 0.001) }

    /// The fit at a penalty.
    mutating func fit(_ next: Double) throws(CoxError) -> PenalizedCox.Fit {
        let strong = alpha * (2 * next - penalty)
        penalty = next
        var chosen = columns.indices.filter {
            scalings[$0] != nil && (beta[$0] != 0 || alpha == 0 || abs(gradient[$0]) >= strong)
        }
        var value: CoxLikelihood.Value
        while true {
            take(chosen)
            value = try descend()
            updateGradient()
            let bound = alpha * penalty * (1 + 1e-9)
            let left = columns.indices.filter {
                scalings[$0] != nil && abs(gradient[$0]) > bound && !active.contains($0)
            }
            guard !left.isEmpty else { break }
            chosen = (active + left).sorted()
        }
        let span = saturated - nullLogLikelihood
        return PenalizedCox.Fit(
            penalty: penalty, coefficients: beta.indices.map { beta[$0] / (scalings[$0]?.deviation ?? 1) },
            logLikelihood: value.logLikelihood,
            devianceRatio: span > 0 ? (value.logLikelihood - nullLogLikelihood) / span : 0)
    }

    private mutating func take(_ chosen: [Int]) {
        guard chosen != active else { return }
        active = chosen
        let rows = likelihood.rows.replacing(chosen.map { columns[$0] }, chosen.compactMap { scalings[$0] })
        likelihood = CoxLikelihood(rows: rows, ties: .breslow)
        work = CoxWorkspace(rows)
    }

    private mutating func updateGradient() {
        let order = likelihood.rows.order
        gradient = columns.indices.map { j in
            guard let scale = scalings[j] else { return 0 }
            let (mean, deviation) = (scale.mean, scale.deviation)
            return columns[j].values.withUnsafeBufferPointer { values in
                var sum = 0.0
                for position in order.indices { sum += (values[order[position]] - mean) * work.expected[position] }
                return sum / deviation / count
            }
        }
    }

    /// Newton steps on the active coefficients until they stand still.
    private mutating func descend() throws(CoxError) -> CoxLikelihood.Value {
        var current = active.map { beta[$0] }
        var value = likelihood.value(at: current, work)
        var steps = 0
        while true {
            let target = coordinateDescent(value, from: current)
            let step = current.indices.map { target[$0] - current[$0] }
            let size = step.reduce(0) { max($0, abs($1)) }
            if size == 0 { break }
            steps += 1
            guard steps <= Self.stepLimit else { throw notConverged(step) }
            var length = 1.0
            var accepted = false
            let before = objective(value, current)
            for _ in 0...Self.halvingLimit {
                let trial = current.indices.map { length == 1 ? target[$0] : current[$0] + length * step[$0] }
                let next = likelihood.value(at: trial, work)
                // Small steps gain less than the rounding of the objective.
                if next.isFinite, size < 1e-5 || objective(next, trial) <= before {
                    (current, value, accepted) = (trial, next, true)
                    break
                }
                length /= 2
            }
            guard accepted else { throw notConverged(step) }
            if size <= Self.stepAtEnd { break }
        }
        // Without a penalty a likelihood may rise for ever: its information is then used up.
        let least = CoxSearch.leastInformation * Double(likelihood.rows.eventCount)
        for index in current.indices where penalty == 0 && !(value.information[index][index] > least) {
            throw .monotone(covariate: columns[active[index]].name, events: likelihood.rows.eventCount)
        }
        for (index, j) in active.enumerated() { beta[j] = current[index] }
        return value
    }

    private func notConverged(_ step: [Double]) -> CoxError {
        let furthest = step.indices.max { abs(step[$0]) < abs(step[$1]) } ?? 0
        return .notConverged(
            covariate: active.indices.contains(furthest) ? columns[active[furthest]].name : "",
            iterations: Self.stepLimit)
    }

    private func objective(_ value: CoxLikelihood.Value, _ beta: [Double]) -> Double {
        -value.logLikelihood / count
            + penalty * beta.reduce(0) { $0 + alpha * abs($1) + (1 - alpha) / 2 * $1 * $1 }
    }

    /// The minimum of the quadratic form with the penalty.
    private func coordinateDescent(_ value: CoxLikelihood.Value, from start: [Double]) -> [Double] {
        var beta = start
        // The slope of the form at the current coefficients, without the penalty.
        var slope = value.score.map { $0 / count }
        let (lasso, ridge) = (penalty * alpha, penalty * (1 - alpha))
        for _ in 0..<Self.sweepLimit {
            var largest = 0.0
            for j in beta.indices {
                let curvature = value.information[j][j] / count
                guard curvature + ridge > 0 else { continue }
                let pull = slope[j] + curvature * beta[j]
                let shrunk = abs(pull) > lasso ? (pull > 0 ? pull - lasso : pull + lasso) : 0
                let change = shrunk / (curvature + ridge) - beta[j]
                guard change != 0 else { continue }
                beta[j] += change
                largest = max(largest, abs(change))
                for k in beta.indices { slope[k] -= value.information[j][k] / count * change }
            }
            if largest <= 1e-14 { break }
        }
        return beta
    }
}
