/// Why a parametric or generalised linear model has no finite estimate.
public struct FitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that a program can tell apart.
    public enum Cause: Hashable, Sendable {
        /// Nobody has the event.
        case noEvents
        /// The outcome has one value in everyone, at which a coefficient is infinite or a level has no patient.
        case oneOutcome(String)
        /// The covariate has the same value in everyone.
        case constant(covariate: String)
        /// The covariate is a linear combination of those before it.
        case collinear(covariate: String)
        /// Covariates tell the outcomes apart without error, or nearly so: the likelihood rises for ever.
        case separated(covariate: String)
        /// The likelihood rises for ever as the coefficient grows.
        case unbounded(coefficient: String)
        /// No residual is left to estimate the error from.
        case tooFewPatients(found: Int, needed: Int)
        /// Two knots of a spline are at one time.
        case equalKnots(time: Double)
        /// The search ran out of steps; the coefficient is the one that still moved most.
        case notConverged(coefficient: String, iterations: Int)
    }

    /// The model in words, as the message names it.
    public let model: String
    /// What is wrong.
    public let cause: Cause

    init(_ model: String, _ cause: Cause) {
        self.model = model
        self.cause = cause
    }

    /// What is wrong, with the covariate's name and what to do about it.
    public var description: String { "\(model): \(words)" }

    private var words: String {
        switch cause {
        case .noEvents: "there is no event; at least one is needed"
        case .oneOutcome(let value): "the outcome is \(value) in all patients; there is nothing to explain"
        case .constant(let covariate):
            "covariate \"\(covariate)\" has the same value in all patients; leave it out"
        case .collinear(let covariate):
            "covariate \"\(covariate)\" is a linear combination of the covariates before it; leave it out"
        case .separated(let covariate):
            "the covariates separate the outcomes, \"\(covariate)\" most of all: the likelihood keeps rising as its "
                + "coefficient grows; merge categories or leave it out"
        case .unbounded(let coefficient):
            "\"\(coefficient)\" has no finite estimate: the likelihood keeps rising as it grows; one value of a "
                + "covariate may have no event"
        case .tooFewPatients(let found, let needed):
            "found \(found) patients, allowed are at least \(needed): one more than the coefficients"
        case .equalKnots(let time):
            "two knots fall on time \(time); ask for fewer knots or give their times"
        case .notConverged(let coefficient, let iterations):
            "no convergence in \(iterations) iterations; \"\(coefficient)\" still moves most"
        }
    }
}
