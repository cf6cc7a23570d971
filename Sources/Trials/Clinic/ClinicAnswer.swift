import NumericsCore

/// What became of one recommendation.
struct ClinicAnswer {
    /// Whether it differs from what is done otherwise.
    var isChange = false
    var isAlert = false
    /// Whether the budget kept the alert back: nobody saw the recommendation.
    var isSuppressed = false
    var isFollowed = false
    /// Whether nothing says how likely it is followed.
    var isUndecided = false
    /// The day of the decision, or the later one from which a followed recommendation is in force.
    var from: Double
    private let day: Double

    init(from day: Double) { (from, self.day) = (day, day) }

    var isLate: Bool { from > day }
}

extension ClinicCounts {
    mutating func note(_ answer: ClinicAnswer) {
        recommendations += 1
        changes += answer.isChange ? 1 : 0
        alerts += answer.isAlert ? 1 : 0
        undecided += answer.isUndecided ? 1 : 0
        if answer.isSuppressed {
            suppressed += 1
        } else if answer.isFollowed {
            followed += 1
            delayed += answer.isLate ? 1 : 0
        } else {
            overridden += 1
        }
    }
}

/// What co-interventions read of the decisions just made: ``Clinic/facts``, a lane for each.
struct ClinicFacts {
    var overridden = Lane(repeating: 0)
    var alerted = Lane(repeating: 0)
    var suppressed = Lane(repeating: 0)
    var delayed = Lane(repeating: 0)
    var recommended = Lane(repeating: .nan)

    mutating func note(_ answer: ClinicAnswer, _ lane: Int) {
        overridden[lane] = answer.isFollowed || answer.isSuppressed ? 0 : 1
        alerted[lane] = answer.isAlert ? 1 : 0
        suppressed[lane] = answer.isSuppressed ? 1 : 0
        delayed[lane] = answer.isLate ? 1 : 0
    }

    /// In the order of ``Clinic/facts``.
    var lanes: [Lane] { [overridden, alerted, suppressed, delayed, recommended] }
}
