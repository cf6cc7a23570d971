import NumericsCore
import Outcomes

/// What of a score is followed over time.
package enum DriftMeasure: String, CaseIterable, Sendable {
    /// The AUC, followed on the logit scale.
    case auc
    /// Observed over expected events, with the error that calibrated risks have.
    case calibration
    /// The population stability index of the score in ten bins.
    case psi
    /// The Kolmogorov–Smirnov distance of the score.
    case ks

    /// Whether it needs to know who had the outcome.
    package var needsOutcomes: Bool { self == .auc || self == .calibration }
}

/// A measure of one window.
package struct DriftReading: Sendable {
    /// The measure in its own unit; nil where the window does not tell.
    package var value: Double?
    package var standardError: Double?
    /// How far it is from the baseline, in errors; nil where that is not known.
    package var z: Double?
}

/// What monitors take as normal: the patients of the windows before watching starts.
struct DriftBaseline: Sendable {
    private let auc: Double?
    private let ratio: Double?
    private let reference: ReferenceScores

    /// - Parameter patients: at least one, in ascending order of their scores.
    init(_ patients: [ScoredOutcome]) throws(InvalidInput) {
        auc = BinaryAUC(sorted: patients).auc.value?.value
        ratio = ObservedExpectedSums(patients).ratio
        reference = try ReferenceScores(patients.map(\.score))
    }

    /// A measure of a window with at least one patient, in ascending order of the scores.
    func reading(_ measure: DriftMeasure, of patients: [ScoredOutcome]) -> DriftReading {
        switch measure {
        case .auc:
            guard let estimate = BinaryAUC(sorted: patients).auc.value else { return DriftReading() }
            let z = auc.flatMap { target in
                (try? DriftMonitor.z(estimate, target, .logit)).flatMap(\.value)
            }
            return DriftReading(value: estimate.value, standardError: estimate.standardError.value, z: z)
        case .calibration:
            let sums = ObservedExpectedSums(patients)
            guard let value = sums.ratio else { return DriftReading() }
            let error = sums.variance.squareRoot() / sums.expected
            let z = ratio.flatMap { error > 0 ? (value - $0) / error : nil }
            return DriftReading(value: value, standardError: error, z: z)
        case .psi: return Self.reading(reference.stability(of: patients.map(\.score)))
        case .ks: return Self.reading(reference.distance(ofSorted: patients.map(\.score)))
        }
    }

    private static func reading(_ shift: ReferenceScores.Shift?) -> DriftReading {
        DriftReading(value: shift?.statistic, z: shift?.z)
    }
}

/// Observed and expected events of patients whose scores are logits of risk.
private struct ObservedExpectedSums {
    private var observed = 0.0
    private(set) var expected = 0.0
    /// Σ p(1 − p)
    private(set) var variance = 0.0

    init(_ patients: [ScoredOutcome]) {
        for patient in patients {
            let risk = 1 / (1 + Elementary.exp(-patient.score))
            if patient.isEvent { observed += 1 }
            expected += risk
            variance += risk * (1 - risk)
        }
    }

    var ratio: Double? { expected > 0 ? observed / expected : nil }
}
