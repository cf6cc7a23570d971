/// `q`: the regression of Q-learning.
package struct QSection: Sendable {
    package var learner = "linear"
    package var penalty: Double?
    package var depth: Int?
    package var leaf: Int?

    static let keys = Keys([
        .optional("learner", .choice(["linear", "ridge", "tree"]), "linear by default."),
        .optional("penalty", .number(0...1e12), "The ridge penalty on coefficients of columns of variance 1; 1."),
        .optional("depth", .integer(1...12), "The depth of regression trees; 4."),
        .optional("leaf", .integer(1...1_000_000), "The fewest people in a leaf; 10."),
    ])

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        learner = members["learner"]?.choice(["linear", "ridge", "tree"]) ?? learner
        penalty = members["penalty"]?.number(in: 0...1e12)
        depth = members["depth"]?.integer(in: 1...12)
        leaf = members["leaf"]?.integer(in: 1...1_000_000)
        if learner != "ridge" { members["penalty"]?.refuse("'penalty' is of learner: ridge") }
        if learner != "tree" {
            members["depth"]?.refuse("'depth' is of learner: tree")
            members["leaf"]?.refuse("'leaf' is of learner: tree")
        }
    }
}

/// `owl`: the support vector machines of `owl` and `bowl`.
package struct OutcomeWeightedSection: Sendable {
    package var penalties: [Double]?
    package var residuals: Bool?
    package var width: Double?
    package var folds: Int?

    static let keys = Keys([
        .optional(
            "penalties", .list(.number(1e-9...1e9), count: 1...50),
            "λ of (1/n) Σ w hinge + λ‖f‖²; among several the one with the best cross-validated value. [0.01]"),
        .optional("residuals", .flag, "Whether outcomes are replaced by residuals (Zhou et al. 2017); true."),
        .optional("kernel", .choice(["linear", "gaussian"]), "linear by default."),
        .optional("width", .number(1e-9...1e9), "σ of exp(-σ‖x - x'‖²) of the Gaussian kernel; 1."),
        .optional("folds", .integer(2...50), "Folds of the cross-validation; 5."),
    ])

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        penalties = members["penalties"]?.list().compactMap { $0.number(in: 1e-9...1e9) }
        if let list = members["penalties"], list.isList, penalties?.isEmpty == true {
            list.refuse("found no penalty, allowed: at least one")
        }
        residuals = members["residuals"]?.flag()
        let isGaussian = members["kernel"]?.choice(["linear", "gaussian"]) == "gaussian"
        width = members["width"]?.number(in: 1e-9...1e9) ?? (isGaussian ? 1 : nil)
        if !isGaussian { members["width"]?.refuse("'width' is of kernel: gaussian") }
        folds = members["folds"]?.integer(in: 2...50)
    }
}

/// `tree`: policy trees.
package struct PolicyTreeSection: Sendable {
    package var depth: Int?
    package var folds: Int?
    package var worst: String?

    static let keys = Keys([
        .optional("depth", .integer(1...2), "1 or 2, found exactly; 2."),
        .optional("folds", .integer(1...50), "Folds of cross-fitting; 1 for none; 5."),
        .optional("worst", .text, "A column of groups: the tree with the best value of the worst of them, at depth 1."),
    ])

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        depth = members["depth"]?.integer(in: 1...2)
        folds = members["folds"]?.integer(in: 1...50)
        worst = members["worst"]?.text
        if worst != nil, depth != 1 {
            members["worst"]?.refuse("the worst group's value is searched at depth: 1 alone")
        }
    }
}

/// `intervals`: errors of the coefficients.
package struct IntervalsSection: Sendable {
    package var method: String?
    package var replicates: Int?
    package var level: Double?
    package var seed: Int?
    package var size: Int?
    package var alpha: Double?
    package var chooser: Int?

    static let methods = ["sandwich", "stacked", "bootstrap", "m-out-of-n", "none"]
    static let keys = Keys([
        .optional("method", .choice(methods), "sandwich by default, as DTRreg's."),
        .optional("replicates", .integer(20...1_000_000), "Resamples; 1000."),
        .optional("level", .number(0.5...0.999), "0.95 by default."),
        .optional("seed", .integer(0...Int.max), "Of resamples and folds; 1."),
        .optional("size", .integer(2...1_000_000_000), "m, the size of resamples; by the data with m-out-of-n."),
        .optional("alpha", .number(0...10), "α of m = n^((1 + α(1 - p))/(1 + α)); by the double bootstrap."),
        .optional(
            "chooser", .integer(20...10_000), "Resamples of the double bootstrap that finds α, on each level; 200."),
    ])

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        method = members["method"]?.choice(Self.methods)
        replicates = members["replicates"]?.integer(in: 20...1_000_000)
        level = members["level"]?.number(in: 0.5...0.999)
        seed = members["seed"]?.integer(in: 0...Int.max)
        size = members["size"]?.integer(in: 2...1_000_000_000)
        alpha = members["alpha"]?.number(in: 0...10)
        chooser = members["chooser"]?.integer(in: 20...10_000)
        if method != "m-out-of-n" {
            for key in ["alpha", "chooser"] { members[key]?.refuse("'\(key)' is of method: m-out-of-n") }
        }
        if method != "m-out-of-n", method != "bootstrap" {
            members["size"]?.refuse("'size' is of method: bootstrap and m-out-of-n")
        }
        if size != nil { members["alpha"]?.refuse("'size' is given, which alpha is to find; leave one of them out") }
    }
}

/// `survival`: a time to an event.
package struct SurvivalSection: Sendable {
    package var time = ""
    package var status = ""
    package var censoring: String?
    package var model: String?
    package var tau: Double?
    package var outcome: String?

    static let outcomes = ["log", "rmst", "pseudo"]
    static let models = ["logistic", "kaplan-meier", "cox"]
    static let keys = Keys([
        .required("time", .text, "The time to the event or to the end of follow-up, from the first stage on."),
        .required("status", .text, "1 or a condition where the event was seen."),
        .optional("censoring", .text, "What being censored depended on: ~ x."),
        .optional(
            "model", .choice(models),
            "How: cox with a formula, kaplan-meier without; logistic on the log scale with one, as DWSurv."),
        .optional("tau", .number(0...1e12), "The horizon of restricted means; the longest follow-up by default."),
        .optional(
            "outcome", .choice(outcomes), "log of the time, rmst (weighted) or pseudo (values); rmst by default."),
    ])

    init(_ value: YAMLValue) {
        let members = value.mapping(Self.keys)
        time = members["time"]?.text ?? ""
        status = members["status"]?.text ?? ""
        censoring = members["censoring"]?.text
        model = members["model"]?.choice(Self.models)
        tau = members["tau"]?.number(in: 0...1e12)
        outcome = members["outcome"]?.choice(Self.outcomes)
        if outcome == "log" { members["tau"]?.refuse("'tau' is of outcome: rmst and pseudo") }
        if outcome == "pseudo" { members["censoring"]?.refuse("pseudo-values have no censoring model; leave it out") }
        if model == "cox" || model == "logistic", censoring == nil {
            members["model"]?.refuse("'\(model ?? "")' needs 'censoring', such as ~ x")
        }
        if model == "kaplan-meier", censoring != nil {
            members["censoring"]?.refuse("kaplan-meier has no covariates; write model: cox, or leave 'censoring' out")
        }
    }
}
