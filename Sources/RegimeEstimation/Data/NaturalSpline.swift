import Evaluation
import Outcomes

/// A natural cubic spline of a column: linear outside the range of the data, with knots at equally spaced quantiles.
///
/// ```
/// N₁ = u      Nⱼ₊₁ = dⱼ(u) − d_m(u)      dⱼ(u) = ((u − kⱼ)³₊ − (u − K)³₊)/(K − kⱼ)
/// ```
///
/// u is the column scaled to [0, 1]. The functions span what `ns(x, df)` of R spans with its default knots, so fits agree;
/// the coefficients are those of this basis. Source: Hastie, Tibshirani and Friedman 2009, equation 5.4.
struct NaturalSpline {
    let columns: [CovariateColumn]

    /// - Throws: ``EvaluationErrors`` where the column has too few distinct values for the knots.
    init(_ column: CovariateColumn, freedom: Int) throws {
        let sorted = column.values.sorted()
        guard let low = sorted.first, let high = sorted.last, high > low else {
            throw EvaluationErrors("found one value, allowed: two or more for a spline", at: column.name)
        }
        var knots = [0.0]
        for inner in 1..<max(1, freedom) {
            // R's quantile of type 7.
            let place = Double(sorted.count - 1) * Double(inner) / Double(freedom)
            let below = Int(place)
            let next = sorted[min(below + 1, sorted.count - 1)]
            knots.append((sorted[below] + (place - Double(below)) * (next - sorted[below]) - low) / (high - low))
        }
        knots.append(1)
        guard zip(knots, knots.dropFirst()).allSatisfy(<) else {
            throw EvaluationErrors(
                "found equal knots of a spline with \(freedom) degrees of freedom, allowed: fewer degrees of freedom",
                at: column.name)
        }
        let scaled = column.values.map { ($0 - low) / (high - low) }
        var functions: [[Double]] = [scaled]
        let last = knots.count - 2
        for j in 0..<last {
            functions.append(scaled.map { Self.part($0, knots[j]) - Self.part($0, knots[last]) })
        }
        columns = functions.enumerated().map { CovariateColumn("ns(\(column.name), \(freedom))\($0 + 1)", $1) }
    }

    private static func part(_ u: Double, _ knot: Double) -> Double {
        let (low, high) = (max(0, u - knot), max(0, u - 1))
        return (low * low * low - high * high * high) / (1 - knot)
    }
}
