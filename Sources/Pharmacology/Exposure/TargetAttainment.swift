import NumericsCore

/// What a metric of exposure or response has to be.
package enum Target: Sendable, Hashable {
    case atLeast(Double)
    case atMost(Double)
    case within(ClosedRange<Double>)

    /// Whether a metric is; never for one that is not a number.
    package func isMet(by metric: Double) -> Bool {
        switch self {
        case .atLeast(let least): metric >= least
        case .atMost(let most): metric <= most
        case .within(let range): range.contains(metric)
        }
    }
}

/// How many subjects of a population reach a target at one dose.
package struct TargetAttainment: Sendable, Hashable {
    /// The dose, in the unit of the caller.
    package let dose: Double
    /// Subjects whose metric meets the target.
    package let attained: Int
    /// All subjects, those without a metric among them.
    package let subjects: Int
    /// Subjects whose metric is not a number (a solve that failed): they count as not reaching the target.
    package let unknown: Int

    package init(dose: Double, metrics: [Double], target: Target) {
        self.dose = dose
        subjects = metrics.count
        attained = metrics.count { target.isMet(by: $0) }
        unknown = metrics.count { $0.isNaN }
    }

    /// The share of subjects that reach the target; 0 of nobody.
    package var probability: Double { subjects == 0 ? 0 : Double(attained) / Double(subjects) }

    /// The Monte Carlo error of the share, √(p (1 − p) / n).
    package var standardError: Double {
        subjects == 0 ? 0 : (probability * (1 - probability) / Double(subjects)).squareRoot()
    }

    /// The interval of Wilson (1927, J. Am. Stat. Assoc. 22:209–212), which stays within 0 and 1 and is not empty where
    /// everybody or nobody reaches the target; 0 to 1 of nobody.
    ///
    /// - Parameter confidence: between 0 and 1.
    package func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
        guard subjects > 0 else { return 0...1 }
        let n = Double(subjects)
        let z = Normal.quantile(0.5 + 0.5 * confidence)
        let (share, z2) = (probability, z * z)
        let centre = (share + 0.5 * z2 / n) / (1 + z2 / n)
        let half = z / (1 + z2 / n) * (share * (1 - share) / n + 0.25 * z2 / (n * n)).squareRoot()
        return max(centre - half, 0)...min(centre + half, 1)
    }

    /// The attainment at each of several doses.
    ///
    /// - Parameter metrics: each subject's metric at a dose, the same subjects with the same random numbers at each.
    package static func curve(
        _ doses: [Double], target: Target, metrics: (_ dose: Double) throws -> [Double]
    ) rethrows -> [TargetAttainment] {
        try doses.map { TargetAttainment(dose: $0, metrics: try metrics($0), target: target) }
    }
}
