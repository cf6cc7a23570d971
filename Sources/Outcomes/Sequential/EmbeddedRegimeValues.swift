import NumericsCore

/// The mean outcome under each embedded regime of a SMART, with the covariances of the estimates: patients whose
/// treatment agrees with two regimes count for both.
public struct EmbeddedRegimeValues: Sendable {
    /// How the means are estimated.
    public enum Method: String, CaseIterable, Sendable {
        /// Weighted by the known randomisation probabilities: `μ̂_d = Σ wᵢ Yᵢ / Σ wᵢ`, `wᵢ = 1/πᵢ` where the patient's treatment
        /// agrees with the regime and 0 elsewhere: 2 for responders and 4 for others where first options and the options
        /// of non-responders are each drawn one to one (Nahum-Shani et al., Psychol Methods 2012;17:457). Errors are the
        /// sandwich's: `cov(μ̂_d, μ̂_e) = Σ w_d w_e (Y − μ̂_d)(Y − μ̂_e) / (Σ w_d · Σ w_e)`.
        case inverseProbability = "inverse probability weighting"
        /// By the shares and means that the trial saw: `μ̂_d = p̂ Ȳ(responders on their option) + (1 − p̂) Ȳ(others on
        /// theirs)` among those who began as the regime does, with p̂ the share who responded (Robins, Math Modelling
        /// 1986;7:1393). Errors from the influence function of that formula.
        case gFormula = "G-formula"
    }

    /// The method.
    public let method: Method
    /// In the order of the regimes given; undefined where a cell that the regime needs is empty.
    public let values: [Estimated<Estimate>]
    /// How many patients agree with each regime.
    public let counts: [Int]
    /// `covariance[d][e]`; NaN where a value is undefined.
    public let covariance: [[Double]]

    /// Estimates every regime, O(patients · regimes²).
    public init(_ data: SequentialTrialData, regimes: [EmbeddedRegime], method: Method) {
        self.method = method
        var influences: [[Double]] = []
        var means: [Double] = []
        for regime in regimes {
            let (mean, influence) =
                switch method {
                case .inverseProbability: Self.weighted(data, regime)
                case .gFormula: Self.standardised(data, regime)
                }
            means.append(mean)
            influences.append(influence)
        }
        let agreeing = regimes.map { regime in (0..<data.count).count { data.agrees($0, with: regime) } }
        counts = agreeing
        let covariance = influences.map { a in
            influences.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        values = regimes.indices.map { index in
            guard means[index].isFinite else { return .undefined(.emptyCell) }
            guard agreeing[index] > 1 else { return .undefined(.tooFewAgree) }
            return .value(
                Estimate(normal: means[index], standardError: max(0, covariance[index][index]).squareRoot()))
        }
        self.covariance = covariance
    }

    /// The value of one regime minus that of another, with the covariance of the two in its error.
    public func difference(_ regime: Int, minus other: Int) -> Estimated<Estimate> {
        values[regime].flatMap { a in
            values[other].map { b in
                let variance =
                    covariance[regime][regime] + covariance[other][other] - 2 * covariance[regime][other]
                return Estimate(normal: a.value - b.value, standardError: max(0, variance).squareRoot())
            }
        }
    }

    /// The regime with the highest (or lowest) value, the first of equals; nil where none has a value.
    public func best(highest: Bool = true) -> Int? {
        var best: (index: Int, value: Double)?
        for (index, value) in values.enumerated() {
            guard let value = value.value?.value else { continue }
            if best.map({ highest ? value > $0.value : value < $0.value }) ?? true { best = (index, value) }
        }
        return best?.index
    }

    // MARK: The two estimators: a mean, and each patient's part in its error

    private static func weighted(_ data: SequentialTrialData, _ regime: EmbeddedRegime) -> (Double, [Double]) {
        let weights = (0..<data.count).map { data.agrees($0, with: regime) ? 1 / data.probability[$0] : 0 }
        let total = weights.reduce(0, +)
        let mean = zip(weights, data.outcome).reduce(0) { $0 + $1.0 * $1.1 } / total
        return (mean, zip(weights, data.outcome).map { $0 * ($1 - mean) / total })
    }

    private static func standardised(_ data: SequentialTrialData, _ regime: EmbeddedRegime) -> (Double, [Double]) {
        func mean(_ responded: Bool, _ option: Int) -> (count: Double, of: Double, mean: Double) {
            let cell = (0..<data.count).filter { data.first[$0] == regime.first && data.responded[$0] == responded }
            let own = cell.filter { data.second[$0] == option }
            let sum = own.reduce(0) { $0 + data.outcome[$1] }
            return (Double(own.count), Double(cell.count), own.isEmpty ? .nan : sum / Double(own.count))
        }
        let (yes, no) = (mean(true, regime.responders), mean(false, regime.others))
        let began = yes.of + no.of
        let share = yes.of / began
        // Where nobody responded, or all did, the empty cell has no part in the mean.
        let ifYes = yes.of == 0 ? 0 : yes.mean
        let ifNo = no.of == 0 ? 0 : no.mean
        let value = share * ifYes + (1 - share) * ifNo
        let influence = (0..<data.count).map { patient -> Double in
            guard data.first[patient] == regime.first else { return 0 }
            let responded = data.responded[patient]
            let cell = responded ? yes : no
            var part = (responded ? ifYes : ifNo) - value
            if data.second[patient] == (responded ? regime.responders : regime.others) {
                part += cell.of / cell.count * (data.outcome[patient] - cell.mean)
            }
            return part / began
        }
        return (value, influence)
    }
}

extension Undefined {
    static let emptyCell = Undefined(
        code: "empty-cell", reason: "nobody had the options that the regime needs; its value cannot be estimated")
    static let tooFewAgree = Undefined(
        code: "too-few-agree", reason: "fewer than two patients were treated as the regime says")
}
