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

    /// - Parameter work: holds the hazards at the fit.
    init(_ index: Int, _ rows: CoxRows, _ work: CoxWorkspace, beta: [Double]) {
        let stratum = rows.strata[index]
        self.stratum = stratum.label
        self.beta = beta
        means = rows.means
        lastTime = stratum.lastTime
        times = rows.steps[stratum.steps].map(\.time)
        let scale = Elementary.exp(-work.largest[index])
        var sum = 0.0
        hazardAtMeans = stratum.steps.map { step in
            sum += work.hazards[step].x * scale
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
