import Evaluation
import Outcomes

/// What is asked of logged data of several stages: the stages, the models of each, and how the regime is estimated.
package struct RegimeRequest: Sendable {
    /// How the regime is estimated.
    package enum Method: String, CaseIterable, Sendable {
        /// Q-learning by backward induction.
        case q
        /// A-learning: G-estimation of the blip.
        case a
        /// Dynamic weighted ordinary least squares.
        case dwols
        /// Outcome (or residual) weighted learning with all patients at every stage.
        case owl
        /// Backward outcome weighted learning: at each stage the patients who followed the later rules.
        case bowl
        /// Exact policy trees on doubly robust scores.
        case tree
    }

    package var method = Method.q
    /// The outcome in all, larger being better where ``maximise``; nil where the stages have rewards.
    package var outcome: RowExpression?
    package var maximise = true
    package var stages: [Stage]
    /// What stands in the place of the outcome at an earlier stage; nil for what the method takes by default.
    package var pseudo: Pseudo?
    package var weight = Weight.overlap
    package var learner = QLearner.linear
    package var intervals = Intervals()
    /// Columns (or crossed ones, or bands) by which the value is reported.
    package var groups: [String] = []
    package var survival: Survival?
    package var classifier = Classifier()
    package var tree = Tree()

    package init(stages: [Stage]) { self.stages = stages }

    /// The pseudo-outcome of a stage before the last.
    package enum Pseudo: String, CaseIterable, Sendable {
        /// max_a Q(h, a) of the next stage (Murphy 2005).
        case predicted
        /// The outcome as it was plus what the recommended treatment would have added (Robins 2004).
        case observed
    }

    /// The weights of a regression by the treatment that was received.
    package enum Weight: String, CaseIterable, Sendable {
        /// |A − P(A = 1)|, and for more actions or doses the overlap weights of Li and Li 2019.
        case overlap
        /// 1 / P(A = a).
        case ipw
        /// The same cut at its 99th percentile.
        case cipw
        /// Stabilised weights from a proportional odds model of the treatment.
        case qpom
        case none
    }

    /// The regression of the outcome in Q-learning.
    package enum QLearner: Sendable, Hashable {
        case linear
        /// Coefficients shrunk by a penalty on the sum of their squares, the columns being scaled to variance 1.
        case ridge(penalty: Double)
        /// A regression tree on the covariates and the treatment.
        case tree(depth: Int, leaf: Int)
    }

    /// Errors and intervals.
    package struct Intervals: Sendable, Hashable {
        package enum Method: String, CaseIterable, Sendable {
            /// Of the stage's own estimating equation, as DTRreg's: earlier estimates and weights are taken as known.
            case sandwich
            /// Of all estimating equations at once: treatment models and later stages too.
            case stacked
            case bootstrap
            case mOutOfN = "m-out-of-n"
            case none
        }

        package var method = Method.sandwich
        package var replicates = 1000
        package var level = 0.95
        package var seed: UInt64 = 1
        /// The size m of resamples; nil for n, and for a choice by the data with ``Method/mOutOfN``.
        package var size: Int?
        /// α of m = n^((1 + α(1 − p))/(1 + α)); nil for a choice by the double bootstrap.
        package var alpha: Double?
        /// Resamples of the double bootstrap that chooses α, on each of its two levels.
        package var chooser = 200

        package init() {}
    }

    /// A time to an event that may be censored.
    package struct Survival: Sendable {
        package enum Outcome: String, CaseIterable, Sendable {
            case log, rmst, pseudo
        }

        package enum Censoring: String, CaseIterable, Sendable {
            /// P(event seen | x) by logistic regression, as DTRreg's DWSurv.
            case logistic
            case kaplanMeier = "kaplan-meier"
            case cox
        }

        package var time: RowExpression
        package var status: RowExpression
        package var censoring: CovariateFormula?
        package var model = Censoring.kaplanMeier
        package var tau: Double?
        package var outcome = Outcome.rmst

        package init(time: RowExpression, status: RowExpression) {
            self.time = time
            self.status = status
        }
    }

    /// Weighted support vector machines.
    package struct Classifier: Sendable, Hashable {
        /// λ of (1/n) Σ w·hinge + λ‖f‖²; several are chosen among by cross-validated value.
        package var penalties: [Double] = [0.01]
        /// Whether outcomes are replaced by residuals of a regression on the treatment-free covariates.
        package var residuals = true
        /// σ of exp(−σ‖x − x'‖²); nil for the linear kernel.
        package var width: Double?
        package var folds = 5

        package init() {}
    }

    /// Policy trees.
    package struct Tree: Sendable, Hashable {
        package var depth = 2
        package var folds = 5
        /// Columns of groups whose worst mean score is made as large as possible; nil for the mean over everybody.
        package var worstOf: String?

        package init() {}
    }
}

extension RegimeRequest {
    /// One decision.
    package struct Stage: Sendable {
        package enum Treatment: String, CaseIterable, Sendable {
            /// Two or more actions.
            case actions
            /// A dose, whose effect is a quadratic function of it.
            case dose
        }

        package var name: String
        /// The column of what was given.
        package var treatment: String
        package var kind = Treatment.actions
        /// What the effect of treatment depends on.
        package var blip: CovariateFormula
        /// What the choice of treatment depended on; nil for nothing.
        package var treatmentModel: CovariateFormula?
        /// The outcome under the reference treatment; nil for the same as the blip.
        package var treatmentFree: CovariateFormula?
        /// Columns in the place of whose linear term a natural spline of some degrees of freedom stands.
        package var splines: [(column: String, freedom: Int)] = []
        /// Who came to this stage; nil for everybody.
        package var reached: RowExpression?
        /// Per action, who may have it; actions that are not named are allowed to all.
        package var allowed: [(action: String, where: RowExpression)] = []
        /// What was gained from this stage to the next.
        package var reward: RowExpression?
        /// The time spent in this stage, of a survival outcome on the log scale.
        package var time: RowExpression?
        /// The time at which this stage began, of a restricted mean.
        package var start: RowExpression?
        /// The smallest and the largest dose that may be recommended; nil for those seen.
        package var range: ClosedRange<Double>?
        /// Bins of the dose in weights by a proportional odds model.
        package var bins = 3
        /// How the dose was chosen: the family of the treatment model.
        package var family = GeneralizedLinearModel.Family.gaussian
        /// Covariates of a rule by classification or tree; nil for those of the blip.
        package var rule: CovariateFormula?

        package init(name: String, treatment: String, blip: CovariateFormula) {
            self.name = name
            self.treatment = treatment
            self.blip = blip
        }
    }
}
