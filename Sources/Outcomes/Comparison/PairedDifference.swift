import NumericsCore

/// A metric with the influence of each patient on it, by row.
package struct MetricInfluence: Sendable {
    package let value: Double
    package let influences: [Double]

    package init(value: Double, influences: [Double]) {
        self.value = value
        self.influences = influences
    }
}

/// The difference of a metric between two scores or models on the same patients.
///
/// The squared standard error is the sum of the squared differences of the patients' influences, so that what both share
/// cancels; the p-value is Wald's, two-sided.
/// Sources: DeLong et al. 1988, Biometrics 44:837; for time-dependent AUC Blanche et al. 2015, Biometrics 71:102.
public struct PairedDifference: Hashable, Sendable {
    /// The first metric less the second, with standard error and normal interval. The error is undefined when the two
    /// orders are alike: then nothing varies.
    public let estimate: Estimate
    /// The probability of a difference at least as large where there is none.
    public let pValue: Estimated<Double>

    /// - Parameter correction: what the sum of squares is multiplied with.
    package init(_ first: MetricInfluence, _ second: MetricInfluence, correction: Double, level: ConfidenceLevel) {
        var squares = 0.0
        for row in first.influences.indices {
            let difference = first.influences[row] - second.influences[row]
            squares += difference * difference
        }
        let error = (squares * correction).squareRoot()
        let value = first.value - second.value
        // Scores of the same order have the same influences to the last bit.
        let standardError: Estimated<Double> = error > 0 ? .value(error) : .undefined(.sameOrder)
        estimate = Estimate(value: value, standardError: standardError, scale: .identity, level: level)
        pValue = standardError.map { 2 * Normal.survival(abs(value) / $0) }
    }
}

extension Concordance {
    /// This C less that of another score on the same patients, with the same weighting.
    ///
    /// The error takes the weights as known, as that of C.
    /// - Returns: undefined where one of the two is, or was made without its error.
    /// - Throws: ``InvalidInput`` for another number of patients or another weighting.
    public func difference(
        from other: Concordance, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> Estimated<PairedDifference> {
        guard weighting == other.weighting else {
            throw InvalidInput(
                .init(
                    column: "other concordance", found: "weighting \(other.weighting)",
                    allowed: "\(weighting) as in the first"))
        }
        if !influences.isEmpty, !other.influences.isEmpty {
            try requireSamePatients(influences.count, other.influences.count)
        }
        return influence.flatMap { first in
            other.influence.map { PairedDifference(first, $0, correction: 1, level: level) }
        }
    }

    private var influence: Estimated<MetricInfluence> {
        estimate.flatMap { estimate in
            guard !influences.isEmpty else { return .undefined(.notAskedFor) }
            return .value(MetricInfluence(value: estimate.value, influences: influences))
        }
    }
}

extension TimeDependentAUC {
    /// This AUC less that of another score on the same patients, at each time.
    ///
    /// - Returns: one for each of ``points``; undefined where one of the two is. O(n) for each time.
    /// - Throws: ``InvalidInput`` for other times, another convention or another number of patients.
    public func differences(
        from other: TimeDependentAUC, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> [Estimated<PairedDifference>] {
        try requireComparable(other)
        return points.indices.map { index in
            influence(at: index).flatMap { first in
                other.influence(at: index).map {
                    PairedDifference(first, $0, correction: first.sampleCorrection, level: level)
                }
            }
        }
    }

    /// This average AUC less that of another score on the same patients.
    ///
    /// - Returns: undefined where one of the two averages is.
    /// - Throws: ``InvalidInput`` for other times, another convention or another number of patients.
    public func meanDifference(
        from other: TimeDependentAUC, _ averaging: Averaging? = nil, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> Estimated<PairedDifference> {
        try requireComparable(other)
        let averaging = averaging ?? self.averaging
        return meanInfluence(averaging).flatMap { first in
            other.meanInfluence(averaging).map {
                PairedDifference(first, $0, correction: first.sampleCorrection, level: level)
            }
        }
    }

    private func requireComparable(_ other: TimeDependentAUC) throws(InvalidInput) {
        guard caseSet == other.caseSet, caseWeight == other.caseWeight else {
            throw InvalidInput(
                .init(
                    column: "other AUC", found: "cases \(other.caseSet), weights \(other.caseWeight)",
                    allowed: "\(caseSet), \(caseWeight) as in the first"))
        }
        guard points.map(\.time) == other.points.map(\.time) else {
            throw InvalidInput(
                .init(column: "other AUC", found: "other times", allowed: "the times of the first"))
        }
        try requireSamePatients(count, other.count)
    }
}

extension MetricInfluence {
    /// n/(n − 1), which makes a mean square the sample variance.
    var sampleCorrection: Double { Double(influences.count) / Double(max(influences.count - 1, 1)) }
}

/// Throws unless two results are of as many patients.
func requireSamePatients(_ first: Int, _ second: Int) throws(InvalidInput) {
    guard first == second else {
        throw InvalidInput(
            .init(column: "other score", found: "\(second) patients", allowed: "\(first), those of the first"))
    }
}

extension Undefined {
    static let sameOrder = Undefined(
        code: "same-order", reason: "both scores order the patients alike: their difference has no error")
}
