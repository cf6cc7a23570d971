import Outcomes

/// What `trialist evaluate` is asked: how well a score of a table foretells an event.
package struct ScoreRequest: Sendable {
    /// The names of the columns of follow-up time, event and score; a higher score means a higher risk.
    package var time: String
    package var event: String
    package var score: String
    /// By whose groups every metric is repeated, as ``GroupChoice`` reads it: columns, bands of one, several at once.
    package var groups: [String] = []
    /// The group that others are compared with, by choice of groups; the largest where there is none.
    package var references: [String: String] = [:]
    /// When AUC and Brier score are asked for; nil for the quartiles of the observed event times.
    package var times: [Double]?
    /// With competing events: the code of the event that the score is for. 0 is censored, every other code another cause.
    package var cause: Int?
    package var convention = TimeDependentAUC.Convention.riskRegression
    /// The columns of a Cox model of censoring, whose weights AUC, Uno's C and the Brier score take; none for the
    /// Kaplan–Meier estimate.
    package var censoringColumns: [String] = []
    /// The scale of the intervals of AUC and concordance.
    package var intervals = ProbabilityInterval.plain
    /// Only events up to here count as the earlier of a pair in the concordance indices; nil for all.
    package var horizon: Double?
    /// Groups with fewer patients are reported with their size and no metric.
    package var smallestGroup = 2

    package init(time: String, event: String, score: String) {
        self.time = time
        self.event = event
        self.score = score
    }
}
