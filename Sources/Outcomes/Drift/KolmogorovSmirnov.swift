import NumericsCore

/// The two-sample Kolmogorov–Smirnov test: the largest distance between two empirical distribution functions.
///
/// ```
/// D = max_x |F_n(x) − G_m(x)|
/// ```
///
/// The exact p-value is the share of the (n + m)! / (n!·m!) orders of the two samples with a distance of at least D, found
/// by counting lattice paths; with ties only distances between different values count. The asymptotic one is
/// Kolmogorov's distribution of √(nm/(n + m))·D, conservative under ties.
/// Sources: Kolmogorov 1933; Smirnov 1939; Schröer and Trenkler 1995, Comput Stat Data Anal 20:185 (ties).
public struct KolmogorovSmirnov: Hashable, Sendable {
    /// Where the p-value comes from.
    public enum PValueKind: String, CaseIterable, Sendable {
        /// By counting, O(n·m).
        case exact
        /// From the limiting distribution.
        case asymptotic
    }

    /// Below this product of the sample sizes the exact p-value is the default, as in R's `ks.test`.
    public static let exactLimit = 10_000

    /// D, 0 to 1.
    public let statistic: Double
    /// P(a distance of at least D), two-sided, when both samples come from one distribution.
    public let pValue: Double
    /// How it was found.
    public let kind: PValueKind

    /// Compares two samples, O((n + m) log(n + m)) and the p-value.
    ///
    /// - Parameters:
    ///   - reference: n ≥ 1 finite values.
    ///   - current: m ≥ 1 finite values.
    ///   - kind: nil for exact when n·m is below ``exactLimit``.
    /// - Throws: ``InvalidInput`` for empty samples and values that are not finite.
    public init(reference: [Double], current: [Double], kind: PValueKind? = nil) throws(InvalidInput) {
        let problems = TwoSamples.problems(reference, current)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let (n, m) = (reference.count, current.count)
        let steps = Self.steps(reference.sorted(), current.sorted())
        // n·m·D is a whole number: no rounding decides what is at least D.
        let distance = steps.map { abs($0.reference * m - $0.current * n) }.max() ?? 0
        let kind = kind ?? (n * m < Self.exactLimit ? .exact : .asymptotic)
        statistic = Double(distance) / (Double(n) * Double(m))
        self.kind = kind
        switch kind {
        case .exact:
            pValue = Self.exact(distance, n, m, isEnd: Self.ends(steps, total: n + m))
        case .asymptotic:
            pValue = Self.limit(statistic * (Double(n) * Double(m) / Double(n + m)).squareRoot())
        }
    }

    /// How many of each sample lie at or below each different value.
    private static func steps(_ reference: [Double], _ current: [Double]) -> [(reference: Int, current: Int)] {
        var steps: [(reference: Int, current: Int)] = []
        var (i, j) = (0, 0)
        while i < reference.count || j < current.count {
            let value =
                i == reference.count ? current[j] : j == current.count ? reference[i] : min(reference[i], current[j])
            while i < reference.count, reference[i] == value { i += 1 }
            while j < current.count, current[j] == value { j += 1 }
            steps.append((i, j))
        }
        return steps
    }

    /// True for the numbers of patients after which the pooled value changes.
    private static func ends(_ steps: [(reference: Int, current: Int)], total: Int) -> [Bool] {
        var ends = [Bool](repeating: false, count: total + 1)
        for step in steps { ends[step.reference + step.current] = true }
        return ends
    }

    /// The share of paths from (0, 0) to (n, m) that touch a point with |i·m − j·n| ≥ distance where a value ends.
    ///
    /// Counted as the probability of having touched, which has no cancellation when it is small: a path at (i, j) comes from
    /// (i − 1, j) with probability i/(i + j).
    private static func exact(_ distance: Int, _ n: Int, _ m: Int, isEnd: [Bool]) -> Double {
        guard distance > 0 else { return 1 }
        var touched = [Double](repeating: 0, count: m + 1)
        for i in 0...n {
            for j in 0...m {
                if i + j > 0, isEnd[i + j], abs(i * m - j * n) >= distance {
                    touched[j] = 1
                } else if i == 0 {
                    touched[j] = j > 0 ? touched[j - 1] : 0
                } else if j > 0 {
                    let fromReference = Double(i) / Double(i + j)
                    touched[j] = touched[j] * fromReference + touched[j - 1] * (1 - fromReference)
                }
            }
        }
        return min(1, touched[m])
    }

    /// P(K ≥ x) of Kolmogorov's distribution, by the series that converges fast on each side of 1.
    static func limit(_ x: Double) -> Double {
        guard x > 0 else { return 1 }
        if x < 1 {
            let scale = -Double.pi * Double.pi / (8 * x * x)
            var sum = 0.0
            for k in stride(from: 1, through: 21, by: 2) { sum += Elementary.exp(scale * Double(k * k)) }
            return max(0, 1 - (2 * Double.pi).squareRoot() / x * sum)
        }
        var sum = 0.0
        for k in 1...20 {
            let term = Elementary.exp(-2 * Double(k * k) * x * x)
            sum += k % 2 == 1 ? term : -term
        }
        return min(1, max(0, 2 * sum))
    }
}
