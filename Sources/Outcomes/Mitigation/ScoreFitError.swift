/// Why a score could not be fitted.
public enum ScoreFitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody or everybody who counts has the outcome.
    case oneOutcome
    /// The covariate has the same value in everyone.
    case constant(covariate: String)
    /// The covariate is a linear combination of those before it.
    case collinear(covariate: String)
    /// The likelihood rises for ever as the coefficients grow: the covariates separate the outcomes.
    case separated(covariate: String)
    /// The search ran out of iterations.
    case notConverged(iterations: Int)

    /// What is wrong, with the covariate's name and what to do about it.
    public var description: String {
        switch self {
        case .oneOutcome: "score: the patients who count all have the same outcome; both are needed"
        case .constant(let covariate):
            "score: covariate \"\(covariate)\" has the same value in all patients; leave it out"
        case .collinear(let covariate):
            "score: covariate \"\(covariate)\" is a linear combination of the covariates before it; leave it out"
        case .separated(let covariate):
            "score: the coefficient of \"\(covariate)\" has no finite estimate: the covariates separate the outcomes; "
                + "merge categories or leave it out"
        case .notConverged(let iterations): "score: no convergence in \(iterations) iterations"
        }
    }
}
