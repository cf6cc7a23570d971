import ResultsStore

/// Two results files held against each other: bit by bit, and where numbers differ, in Monte Carlo standard errors.
///
/// ```swift
/// let comparison = try Comparison(ResultsFile("today.h5"), baseline: ResultsFile("baseline.h5"))
/// print(comparison.text)
/// ```
///
/// Everything but `/provenance` is compared. A number `X` has an error if its group holds `X_standard_error` or
/// `X_mc_error` over the same dimensions; the difference in errors is `|a − b| / √(eₐ² + e_b²)`, as for independent runs.
/// A number whose interval `X_lower` to `X_upper` is symmetric on the log scale, such as a hazard ratio, is compared by its
/// logarithm, which is what its error is of.
///
/// Without a tolerance any difference is drift. With one (``within``):
///
/// | what differs | verdict |
/// |---|---|
/// | a group, variable, shape, unit, type or label | drift |
/// | a number with an error | drift beyond the tolerance, or where it exists in one file only |
/// | what follows from such a number: names that begin with it, as `X_lower` and `X_reason` | ``Verdict/follows`` |
/// | arrays over patients or replicates, of any length | ``Verdict/ignored``: they are the chance itself |
/// | a number without an error | ``Verdict/unjudged``: listed for the reader |
public struct Comparison: Sendable {
    /// What becomes of a difference.
    public enum Verdict: String, Sendable, Encodable {
        /// It counts.
        case drift
        /// It is within the tolerance.
        case within
        /// It belongs to a number that is judged itself.
        case follows
        /// It is of single patients or replicates.
        case ignored
        /// There is no error to judge it by.
        case unjudged
    }

    /// A variable, or the labels of a dimension, that differs.
    public struct Difference: Sendable, Encodable {
        /// Where it stands in both files.
        public var path: String
        /// Whether the difference counts as drift.
        public var verdict: Verdict
        /// Why the cells cannot be compared, or nil.
        public var mismatch: String?
        /// Cells compared.
        public var cells: Int
        /// Of those, how many are not the same.
        public var differing: Int
        /// The largest |a − b|, infinite where a number stands against none; nil for text.
        public var largestAbsolute: Double?
        /// The largest |a − b| / max(|a|, |b|); nil for text.
        public var largestRelative: Double?
        /// The largest difference in combined standard errors of numbers that both files have; nil where the variable has
        /// no error.
        public var largestInErrors: Double?
        /// Of the differing cells with an error, those that hold a number in one file only.
        public var inOneOnly: Int?
        /// The labels of the cell with the largest difference in errors, else of the first that differs.
        public var place: [String]
    }

    /// The file in question, as it was named.
    public let file: String
    /// What it is held against, as it was named.
    public let baseline: String
    /// The tolerance in combined standard errors, or nil for an exact comparison.
    public let within: Double?
    /// How many variables and dimensions both have.
    public let compared: Int
    /// Groups, dimensions and variables that the file lacks.
    public let missing: [String]
    /// Groups, dimensions and variables that only the file has.
    public let extra: [String]
    /// What differs, the worst first: what cannot be compared, then by errors, then by the relative difference.
    public let differences: [Difference]

    /// Whether the comparison fails.
    public var hasDrift: Bool { !missing.isEmpty || !extra.isEmpty || differences.contains { $0.verdict == .drift } }

    /// Compares two files.
    /// - Parameters:
    ///   - file: the file in question.
    ///   - baseline: what it is held against.
    ///   - within: the tolerance in combined standard errors; nil asks for the same bits.
    /// - Throws: a ``ResultsError`` if either cannot be read.
    public init(_ file: ResultsFile, baseline: ResultsFile, within: Double? = nil) throws {
        try self.init(file, baseline: baseline, within: within, names: (file.path, baseline.path))
    }

    /// Compares contents of any kind.
    package init(
        _ file: some ResultContent, baseline: some ResultContent, within: Double? = nil, names: (String, String)
    ) throws {
        let found = try ResultsDifference.between(file, and: baseline)
        let judge = try DifferenceJudge(file: file, baseline: baseline, within: within)
        (self.file, self.baseline) = names
        self.within = within
        compared = found.variables.count
        // `missing` there is what the second lacks.
        missing = found.extra.filter { within == nil || !judge.isChance($0) }
        extra = found.missing.filter { within == nil || !judge.isChance($0) }
        differences = try found.variables.filter { !$0.isIdentical }.map(judge.difference).enumerated()
            .sorted { ($0.element.rank, $1.offset) > ($1.element.rank, $0.offset) }.map(\.element)
    }
}

extension Comparison.Difference {
    /// Larger is worse.
    fileprivate var rank: Double {
        if mismatch != nil { return .infinity }
        if let errors = largestInErrors { return 1000 + min(errors, 1e12) }
        // Without an error: texts first, then numbers by their relative difference, which is at most 2 or infinite.
        return largestRelative.map { min($0, 3) } ?? 500
    }
}
