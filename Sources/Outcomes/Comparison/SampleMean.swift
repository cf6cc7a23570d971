import NumericsCore

/// The mean of a sample with the t interval.
public struct SampleMean: Hashable, Sendable {
    /// n, at least 1.
    public let count: Int
    /// The mean with SE s/√n and the interval `mean ± t·SE` on n − 1 degrees of freedom, in the unit of the values.
    public let estimate: Estimate
    /// s, with divisor n − 1; undefined for one value.
    public let standardDeviation: Estimated<Double>

    /// The mean of n values.
    ///
    /// - Parameter values: n ≥ 1 finite numbers.
    /// - Throws: ``InvalidInput`` for no value and for values that are not finite.
    public init(
        _ values: [Double], column: String = "value", level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        let problems = InvalidInput.Problem.notFinite(column, values)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        guard !values.isEmpty else {
            throw InvalidInput(.init(column: column, found: "no values", allowed: "at least one"))
        }
        self.init(moments: SampleMoments(values), level: level)
    }

    private init(moments: SampleMoments, level: ConfidenceLevel) {
        count = moments.count
        let n = Double(moments.count)
        standardDeviation = moments.variance.map { $0.squareRoot() }
        let error = standardDeviation.map { $0 / n.squareRoot() }
        estimate = Estimate(
            value: moments.mean, standardError: error,
            interval: error.map {
                .around(moments.mean, standardError: $0, degreesOfFreedom: n - 1, level: level)
            })
    }
}

/// Mean and variance by two passes, the second about the first's mean.
struct SampleMoments {
    let count: Int
    let mean: Double
    /// Σ (x − mean)².
    let squares: Double

    init(_ values: [Double]) {
        count = values.count
        let n = Double(values.count)
        let rough = values.reduce(0, +) / n
        // What the first pass lost to rounding, the second finds.
        let lost = values.reduce(0) { $0 + ($1 - rough) } / n
        mean = rough + lost
        squares = values.reduce(0) { $0 + ($1 - rough) * ($1 - rough) } - n * lost * lost
    }

    /// With divisor n − 1.
    var variance: Estimated<Double> {
        count > 1 ? .value(max(0, squares) / Double(count - 1)) : .undefined(.oneValue)
    }
}

extension ConfidenceInterval {
    /// `value ± t·SE`.
    static func around(
        _ value: Double, standardError: Double, degreesOfFreedom: Double, level: ConfidenceLevel
    ) -> ConfidenceInterval {
        let reach =
            standardError == 0
            ? 0 : StudentT.twoSidedQuantile(level, degreesOfFreedom: degreesOfFreedom) * standardError
        return ConfidenceInterval(lower: value - reach, upper: value + reach, level: level)
    }
}

extension Undefined {
    static let oneValue = Undefined(code: "one-value", reason: "one value has no spread: two are needed for an error")
}
