import Outcomes

/// What `trialist fit` is asked.
package struct FitRequest: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case kaplanMeier = "km"
        case cox, aft
        case logRank = "logrank"
        case fineGray = "finegray"
    }

    package var kind: Kind
    package var formula: Formula
    /// How a Cox model treats events at one time.
    package var ties = CoxModel.Ties.efron
    /// The distribution of an accelerated failure time model.
    package var family = AFTModel.Family.weibull
    /// The cause that a Fine–Gray model is of.
    package var cause = 1
    package var intervals = KaplanMeier.IntervalKind.log
    /// ρ and γ of Fleming and Harrington's weights, for a log-rank test.
    package var weight = LogRank.Weight.logRank

    package init(_ kind: Kind, _ formula: Formula) {
        self.kind = kind
        self.formula = formula
    }
}
