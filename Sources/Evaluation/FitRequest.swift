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
    /// The column of case weights of a Cox model.
    package var weights: String?
    /// σ of an accelerated failure time model where it is not estimated.
    package var scale: Double?
    /// The cause that a Fine–Gray model is of.
    package var cause = 1
    package var intervals = KaplanMeier.IntervalKind.log
    /// ρ and γ of Fleming and Harrington's weights, for a log-rank test.
    package var weight = LogRank.Weight.logRank

    package init(_ kind: Kind, _ formula: Formula) {
        self.kind = kind
        self.formula = formula
    }

    /// - Throws: ``EvaluationErrors`` for parts of the formula that this kind of model would pass over.
    func refuseUnused() throws {
        func refuse(_ found: String, _ instead: String) throws {
            throw EvaluationErrors("found \(found), allowed: \(instead)", at: "formula '\(formula.text)'")
        }
        if formula.cluster != nil, kind != .cox { try refuse("cluster() in \(kind.rawValue)", "cluster() in cox") }
        if !formula.strata.isEmpty, kind == .fineGray {
            try refuse("strata() in finegray", "covariates; factor(x) has an effect of each level")
        }
    }
}
