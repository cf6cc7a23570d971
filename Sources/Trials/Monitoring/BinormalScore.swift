import NumericsCore
import Outcomes

/// A risk score by the binormal model: a predictor is normal with standard deviation 1 around 0 in patients without the
/// outcome and around δ in those with it.
///
/// ```
/// AUC = Φ(δ/√2),   logit risk = logit(event rate) + δ·x − δ²/2
/// ```
///
/// The risk is the one that Bayes' theorem gives, so the score is calibrated in the patients it was made for. Its formula
/// stays as it is; what changes later is the ``ScoredPopulation`` that it meets.
/// Source: Pepe 2003, The Statistical Evaluation of Medical Tests, result 4.8.
package struct BinormalScore: Hashable, Sendable {
    /// δ, how far the predictor's means are apart.
    package let separation: Double
    /// The logit of the event rate.
    package let logOdds: Double

    /// - Parameters:
    ///   - auc: over ½ and below 1.
    ///   - eventRate: between 0 and 1.
    package init(auc: Double, eventRate: Double) {
        separation = Self.separation(auc: auc)
        logOdds = Elementary.log(eventRate) - Elementary.log1p(-eventRate)
    }

    /// √2·Φ⁻¹(AUC)
    package static func separation(auc: Double) -> Double { 2.0.squareRoot() * Normal.quantile(auc) }

    /// The logit of the risk at a value of the predictor.
    func logit(of x: Double) -> Double { logOdds + separation * (x - separation / 2) }
}

/// The patients that a score meets in one period.
package struct ScoredPopulation: Hashable, Sendable {
    /// The logit of the risk by the logit of the score: the risk's own is `intercept + slope · score's`.
    package struct Calibration: Hashable, Sendable {
        package var intercept: Double
        package var slope: Double

        package init(intercept: Double = 0, slope: Double = 1) {
            self.intercept = intercept
            self.slope = slope
        }
    }

    /// The predictor's distribution moved, with the risk at each of its values as before.
    package struct CaseMix: Hashable, Sendable {
        /// Added to the predictor, in its standard deviations within an outcome.
        package var shift: Double
        /// What the predictor is multiplied with before.
        package var spread: Double

        package init(shift: Double = 0, spread: Double = 1) {
            self.shift = shift
            self.spread = spread
        }
    }

    /// The score's formula, made for other patients.
    package let score: BinormalScore
    /// The same relation in these patients.
    package let truth: BinormalScore
    /// How far the score itself is off, beyond what the patients are.
    package let miscalibration: Calibration
    /// nil for the binormal distribution as it is.
    package let caseMix: CaseMix?

    package init(
        score: BinormalScore, truth: BinormalScore, miscalibration: Calibration = Calibration(),
        caseMix: CaseMix? = nil
    ) {
        self.score = score
        self.truth = truth
        self.miscalibration = miscalibration
        self.caseMix = caseMix
    }

    /// How the risk in these patients follows from the score, in closed form: a predictor that tells less than it did makes the
    /// slope δ₁/δ₀, another event rate moves the intercept.
    package var calibration: Calibration {
        let slope = truth.separation / score.separation
        // x, by the formula's inverse, in the relation of these patients.
        let intercept = truth.logit(of: 0) - slope * score.logit(of: 0)
        return Calibration(
            intercept: intercept + slope * miscalibration.intercept, slope: slope * miscalibration.slope)
    }

    /// Patients of one window in ascending order of the logit of their scores.
    func window(of count: Int, _ stream: inout RandomStream) -> [ScoredOutcome] {
        // By the odds: no exponential for each patient.
        let rate = 1 / (1 + Elementary.exp(-truth.logOdds))
        var patients: [ScoredOutcome] = []
        patients.reserveCapacity(count)
        for _ in 0..<count {
            var isEvent = stream.nextUniform() < rate
            var x = stream.nextNormal() + (isEvent ? truth.separation : 0)
            // Drawn whether it is needed or not, so that the patients after it stay the same.
            let last = stream.nextUniform()
            if let caseMix {
                x = caseMix.shift + caseMix.spread * x
                isEvent = last * (1 + Elementary.exp(-truth.logit(of: x))) < 1
            }
            let logit = (score.logit(of: x) - miscalibration.intercept) / miscalibration.slope
            patients.append(ScoredOutcome(logit, isEvent))
        }
        patients.sort { $0.score < $1.score }
        return patients
    }
}

extension ScoredPopulation {
    /// The AUC in these patients: Φ(δ/√2), which neither the score's miscalibration nor its formula touches. NaN with another
    /// case mix, which has none in closed form.
    package var auc: Double { caseMix == nil ? Normal.cdf(truth.separation / 2.0.squareRoot()) : .nan }

    /// The share of them with the outcome; NaN with another case mix.
    package var eventRate: Double { caseMix == nil ? 1 / (1 + Elementary.exp(-truth.logOdds)) : .nan }
}
