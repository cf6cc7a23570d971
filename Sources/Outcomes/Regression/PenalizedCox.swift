import NumericsCore

/// Cox regression with the lasso, ridge or elastic net penalty, along a path of penalties.
///
/// ```
/// β(λ) minimises  −log L(β)/n + λ·Σ (α·|β_j| + (1 − α)/2·β_j²)
/// ```
///
/// over the coefficients of covariates divided by their standard deviations (n below the line), with Breslow's ties: what glmnet
/// calls `family = "cox"`. Sources: Simon, Friedman, Hastie and Tibshirani 2011, J Stat Softw 39(5); strong rules of
/// Tibshirani et al. 2012, J R Stat Soc B 74:245.
public struct PenalizedCox: Sendable {
    /// The fit at one penalty.
    public struct Fit: Hashable, Sendable {
        /// λ.
        public let penalty: Double
        /// β in the order of ``PenalizedCox/covariates``, for one unit of each.
        public let coefficients: [Double]
        /// log L, without the penalty.
        public let logLikelihood: Double
        /// (log L − log L(0)) / (log L of the saturated model − log L(0)): glmnet's `dev.ratio`.
        public let devianceRatio: Double

        /// How many coefficients are not 0.
        public var nonZeroCount: Int { coefficients.reduce(0) { $0 + ($1 != 0 ? 1 : 0) } }
    }

    /// Which penalties a path holds.
    public enum Penalties: Hashable, Sendable {
        /// `count` penalties, equally spaced in logarithms, from the least λ at which all coefficients are 0 (for α ≥ 0.001) down to
        /// `ratio` times it; a nil ratio is 0.0001, or 0.01 with more covariates than patients. The path ends early once five
        /// penalties add less than a thousandth of the deviance explained, once 99.9 % are, and before the first penalty that
        /// leaves no finite estimate.
        case path(count: Int = 100, ratio: Double? = nil)
        /// These, in the order given, which should be descending.
        case given([Double])
    }

    /// The names of the columns.
    public let covariates: [String]
    /// The share α of the lasso: 1 for the lasso, 0 for ridge.
    public let alpha: Double
    /// One for each penalty.
    public let fits: [Fit]
    /// log L at β = 0.
    public let nullLogLikelihood: Double

    /// Fits the path: O(n·p) for each penalty, and O(n·k²) for each of its few Newton steps with k coefficients that are not 0.
    ///
    /// - Parameters:
    ///   - data: follow-up with at least one event; delayed entry is taken into account.
    ///   - covariates: p ≥ 1 columns, standardised within; p may exceed n. A column with one value only keeps the coefficient 0.
    ///   - strata: each stratum has a baseline hazard of its own; nil for one.
    ///   - alpha: from 0 to 1.
    /// - Throws: ``InvalidInput`` for columns that do not fit the data and for an α or penalties that are not allowed,
    ///   ``CoxError`` without an event, and where no finite estimate is found (λ = 0 only).
    public init(
        _ data: SurvivalData, covariates: [CovariateColumn], strata: Grouping? = nil, alpha: Double = 1,
        penalties: Penalties = .path()
    ) throws {
        try CovariateColumn.check(covariates, rows: data.count)
        try strata?.require(rows: data.count, column: "stratum")
        try Self.check(alpha, penalties)
        guard data.events.contains(true) else { throw CoxError.noEvents }
        var descent = try PenalizedCoxDescent(data, covariates, strata: strata, alpha: alpha)
        self.covariates = covariates.map(\.name)
        self.alpha = alpha
        nullLogLikelihood = descent.nullLogLikelihood
        switch penalties {
        case .given(let values): fits = try values.map { try descent.fit($0) }
        case .path(let count, let ratio):
            let least = ratio ?? (data.count < covariates.count ? 0.01 : 0.0001)
            fits = try Self.path(&descent, count: count, ratio: least)
        }
    }

    private static func path(_ descent: inout PenalizedCoxDescent, count: Int, ratio: Double) throws -> [Fit] {
        let first = descent.largestPenalty
        var fits: [Fit] = []
        for index in 0..<count {
            let share = count > 1 ? Double(index) / Double(count - 1) : 0
            let fit: Fit
            do { fit = try descent.fit(first * Elementary.exp(share * Elementary.log(ratio))) } catch {
                // What is left of the penalty no longer holds the estimate: the path ends before.
                guard !fits.isEmpty else { throw error }
                break
            }
            fits.append(fit)
            guard fits.count >= 5 else { continue }
            let gain = fit.devianceRatio - fits[fits.count - 5].devianceRatio
            if gain < 1e-3 * fit.devianceRatio || fit.devianceRatio > 0.999 { break }
        }
        return fits
    }

    private static func check(_ alpha: Double, _ penalties: Penalties) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if !(alpha >= 0 && alpha <= 1) {
            problems.append(.init(column: "alpha", found: "\(alpha)", allowed: "a number from 0 to 1"))
        }
        switch penalties {
        case .given(let values):
            if values.isEmpty { problems.append(.init(column: "penalties", found: "none", allowed: "at least one")) }
            for (row, value) in values.enumerated() where !(value.isFinite && value >= 0) {
                problems.append(
                    .init(row: row + 1, column: "penalties", found: "\(value)", allowed: "a finite number ≥ 0"))
            }
        case .path(let count, let ratio):
            if count < 1 { problems.append(.init(column: "penalties", found: "\(count)", allowed: "at least one")) }
            if let ratio, !(ratio > 0 && ratio < 1) {
                problems.append(
                    .init(column: "ratio", found: "\(ratio)", allowed: "a number between 0 and 1"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    /// β·x, not centred, of each row of columns in the order of ``covariates``, at the fit of the given index.
    ///
    /// - Throws: ``InvalidInput`` for columns of other names or another order, of unequal length or with values that are not
    ///   finite, and for an index without a fit.
    public func linearPredictors(_ columns: [CovariateColumn], fit index: Int) throws(InvalidInput) -> [Double] {
        guard columns.map(\.name) == covariates else {
            throw InvalidInput(
                .init(
                    column: "covariates", found: columns.map(\.name).joined(separator: ", "),
                    allowed: covariates.joined(separator: ", ")))
        }
        guard fits.indices.contains(index) else {
            throw InvalidInput(.init(column: "fit", found: "\(index)", allowed: "0 to \(fits.count - 1)"))
        }
        let rows = columns.first?.values.count ?? 0
        try CovariateColumn.check(columns, rows: rows)
        let beta = fits[index].coefficients
        return (0..<rows).map { row in
            zip(beta, columns).reduce(0) { $1.0 == 0 ? $0 : $0 + $1.0 * $1.1.values[row] }
        }
    }
}
