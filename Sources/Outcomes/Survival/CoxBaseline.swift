import NumericsCore

/// The cumulative hazard of one stratum of a Cox model (Breslow's estimate, with Efron's weights when the model has them).
public struct BaselineHazard: Sendable {
    /// The stratum's label, nil in a model without strata.
    public let stratum: String?
    /// The times with an event, ascending.
    public let times: [Double]
    /// The last observed time, event or not.
    public let lastTime: Double?
    /// The cumulative hazard at each time of a patient whose covariates are all at the mean of the data.
    public let hazardAtMeans: [Double]

    private let means: [Double]
    private let beta: [Double]

    init(
        stratum: String?, sweep: StratumSweep, design: CenteredColumns, scaledBeta: [Double], beta: [Double],
        ties: CoxModel.Ties
    ) {
        self.stratum = stratum
        self.beta = beta
        means = design.means
        lastTime = sweep.steps.last?.time
        func weight(_ row: Int) -> Double { Elementary.exp(design.linearPredictor(row, scaledBeta)) }
        var risk = 0.0
        var increments: [(time: Double, hazard: Double)] = []
        for step in sweep.steps.reversed() {
            for row in step.censored { risk += weight(row) }
            var died = 0.0
            for row in step.events { died += weight(row) }
            risk += died
            var hazard = 0.0
            for tied in 0..<step.events.count {
                let share = ties == .efron ? Double(tied) / Double(step.events.count) : 0
                hazard += 1 / (risk - share * died)
            }
            if !step.events.isEmpty { increments.append((step.time, hazard)) }
            for row in step.entered { risk -= weight(row) }
        }
        var sum = 0.0
        times = increments.reversed().map(\.time)
        hazardAtMeans = increments.reversed().map { increment in
            sum += increment.hazard
            return sum
        }
    }

    /// The cumulative hazard at `time` for the given covariates, in the order of the model's coefficients.
    ///
    /// - Returns: 0 before the first event; undefined after the last observed time and for a wrong number of covariates.
    public func cumulativeHazard(at time: Double, covariates: [Double]) -> Estimated<Double> {
        guard covariates.count == beta.count else {
            return .undefined(
                .init(code: "covariates", reason: "\(covariates.count) covariates given to a model of \(beta.count)"))
        }
        guard let lastTime else {
            return .undefined(.init(code: "empty-stratum", reason: "the stratum has no patient"))
        }
        guard time <= lastTime else {
            return .undefined(
                .init(code: "beyond-follow-up", reason: "time \(time) is after the last observed time \(lastTime)"))
        }
        let after = times.partitioningIndex { $0 > time }
        guard after > 0 else { return .value(0) }
        let shift = beta.indices.reduce(0) { $0 + beta[$1] * (covariates[$1] - means[$1]) }
        return .value(hazardAtMeans[after - 1] * Elementary.exp(shift))
    }

    /// exp(−H) at `time` for the given covariates.
    public func survival(at time: Double, covariates: [Double]) -> Estimated<Double> {
        cumulativeHazard(at: time, covariates: covariates).map { Elementary.exp(-$0) }
    }
}
