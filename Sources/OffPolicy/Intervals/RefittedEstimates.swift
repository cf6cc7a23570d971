import NumericsCore

/// Estimates on resampled episodes with the model of values fitted anew in each.
///
/// An estimate that trusts its model errs as the model does, and no formula over the episodes knows how. So episodes are drawn
/// whole and with replacement, the model is fitted to them, and the estimate is made of both (Efron and Tibshirani 1993,
/// section 6.2; for fitted Q evaluation Hao et al. 2021, ICML). All estimators share the fits.
struct RefittedEstimates: Sendable {
    /// By part of the log and estimator; nil for an estimator that does not need them.
    let of: [[ResampledEstimates?]]

    /// A standard error is known to 5 % by 200 resamples.
    static let forError = 200
    /// Fewer than these say nothing of an error, or of a quantile.
    static let fewest = 50

    /// How many resamples the settings mean for fits that take so many multiplications each; nil where they are too dear.
    static func number(work: Double, _ settings: EstimateInterval.Settings) -> Int? {
        let wanted = settings.method == .influence ? min(settings.resamples, forError) : settings.resamples
        let able = work > 0 ? Int(min(settings.mostWork / work, 1e9)) : wanted
        // Quantiles need all that was asked for, an error is content with fewer.
        let least = settings.method == .influence ? min(wanted, fewest) : wanted
        return able >= least ? min(wanted, able) : nil
    }

    /// - Parameters:
    ///   - estimators: by part; nil for those that do not need fits.
    ///   - parts: the episodes of each part.
    init(
        _ evidence: OffPolicyEvidence, _ model: PreparedQEvaluation, estimators: [[(any OffPolicyEstimator)?]],
        parts: [Set<Int>], number: Int, _ settings: EstimateInterval.Settings
    ) throws {
        let none = estimators.map { $0.map { _ in Double.nan } }
        let values = try settings.resampled(number, none: none) { resample in
            let counts = settings.counts(resample, episodes: evidence.episodes)
            guard let fit = try? model.fit(counts: counts) else { return none }
            let judged = evidence.judged(by: fit.values)
            return zip(parts, estimators).map { part, estimators in
                let drawn = counts.indices.filter { part.contains($0) }
                    .flatMap { [Int](repeating: $0, count: Int(counts[$0])) }
                guard !drawn.isEmpty else { return estimators.map { _ in .nan } }
                let own = judged.subset(drawn)
                return estimators.map { $0?.value(on: own) ?? .nan }
            }
        }
        let share = Double(settings.size(evidence.episodes)) / Double(evidence.episodes)
        of = estimators.indices.map { part in
            estimators[part].indices.map { place in
                guard estimators[part][place] != nil else { return nil }
                return ResampledEstimates(values.map { $0[part][place] }, share: share)
            }
        }
    }
}

/// How an interval knows of the error of a model.
enum ModelError: Sendable {
    /// There is no model, or to first order no error of it in the estimate.
    case known
    case refitted(ResampledEstimates)
    /// The interval holds the model as it was fitted, for this reason.
    case held(String)
}
