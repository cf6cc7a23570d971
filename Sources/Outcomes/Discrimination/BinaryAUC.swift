import NumericsCore

/// How well a score tells patients with an outcome from those without: the probability that one with it has the higher
/// score, ties counting half.
///
/// The standard error is DeLong's, from the share of the other patients that each patient is ranked above:
///
/// ```
/// AUC = mean of V₁ = mean of V₀,   SE² = var(V₁)/events + var(V₀)/non-events
/// ```
///
/// For an outcome that is known of every patient; with times and censoring there is ``TimeDependentAUC``.
/// Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837.
public struct BinaryAUC: Hashable, Sendable {
    /// Patients with the outcome.
    public let events: Int
    /// Patients without it.
    public let nonEvents: Int
    /// The AUC, 0 to 1. Undefined without a patient of either kind; its error is undefined with fewer than two of either, and
    /// where the score parts them without an overlap.
    public let auc: Estimated<Estimate>

    /// The AUC of a score, O(n log n).
    ///
    /// - Parameters:
    ///   - scores: n ≥ 1 finite numbers; higher ones foretell the outcome.
    ///   - events: for each, whether the patient had the outcome.
    ///   - level: of the interval.
    /// - Throws: ``InvalidInput`` for columns of different lengths, no rows, and scores that are not finite.
    public init(
        scores: [Double], events: [Bool], level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems = InvalidInput.Problem.notFinite("score", scores)
        if scores.isEmpty {
            problems.append(.init(column: "score", found: "no rows", allowed: "at least one patient"))
        }
        if scores.count != events.count {
            problems.append(.init(column: "event", found: "\(events.count) rows", allowed: "\(scores.count) rows"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.init(sorted: zip(scores, events).map(ScoredOutcome.init).sorted { $0.score < $1.score }, level: level)
    }

    /// The AUC of patients in ascending order of their scores, which must be finite.
    package init(sorted patients: [ScoredOutcome], level: ConfidenceLevel = .ninetyFivePercent) {
        let total = patients.reduce(0) { $0 + ($1.isEvent ? 1 : 0) }
        let others = patients.count - total
        events = total
        nonEvents = others
        guard total > 0, others > 0 else {
            auc = .undefined(total == 0 ? .noEventToRank : .noNonEventToRank)
            return
        }
        // Twice the ranks are whole numbers: the AUC has one rounding.
        var (wins, eventSquares, otherSquares) = (0, 0.0, 0.0)
        var (eventsBelow, othersBelow, first) = (0, 0, 0)
        while first < patients.count {
            var (tiedEvents, next) = (0, first)
            while next < patients.count, patients[next].score == patients[first].score {
                if patients[next].isEvent { tiedEvents += 1 }
                next += 1
            }
            let tiedOthers = next - first - tiedEvents
            let above = 2 * othersBelow + tiedOthers
            let beneath = 2 * (total - eventsBelow - tiedEvents) + tiedEvents
            wins += tiedEvents * above
            eventSquares += Double(tiedEvents) * Double(above) * Double(above)
            otherSquares += Double(tiedOthers) * Double(beneath) * Double(beneath)
            eventsBelow += tiedEvents
            othersBelow += tiedOthers
            first = next
        }
        let (m, n) = (Double(total), Double(others))
        let value = Double(wins) / (2 * m * n)
        let error: Estimated<Double>
        if total > 1, others > 1 {
            let ofEvents = max(0, eventSquares / (4 * n * n) - m * value * value) / (m - 1)
            let ofOthers = max(0, otherSquares / (4 * m * m) - n * value * value) / (n - 1)
            let variance = ofEvents / m + ofOthers / n
            error = value > 0 && value < 1 && variance > 0 ? .value(variance.squareRoot()) : .undefined(.oneInfluence)
        } else {
            error = .undefined(.oneInfluence)
        }
        auc = .value(Estimate(value: value, standardError: error, scale: .identity, level: level))
    }
}

/// A patient's score, and whether the outcome came.
package struct ScoredOutcome: Sendable {
    package let score: Double
    package let isEvent: Bool

    package init(_ score: Double, _ isEvent: Bool) {
        self.score = score
        self.isEvent = isEvent
    }
}

extension Undefined {
    static let noEventToRank = Undefined(
        code: "no-events", reason: "no patient has the outcome: there is nobody to rank above the others")
    static let noNonEventToRank = Undefined(
        code: "no-non-events", reason: "every patient has the outcome: there is nobody to rank below them")
}
