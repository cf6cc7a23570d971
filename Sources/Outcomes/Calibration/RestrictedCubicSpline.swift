/// The columns of a natural cubic spline: a cubic between its knots, a straight line outside them.
///
/// ```
/// x,  [ (x − t_j)₊³ − (x − t_{k−1})₊³·(t_k − t_j)/(t_k − t_{k−1}) + (x − t_k)₊³·(t_{k−1} − t_j)/(t_k − t_{k−1}) ] / (t_k − t₁)²
/// ```
///
/// for j = 1 … k − 2. Source: Harrell 2015, Regression Modeling Strategies, equation 2.25.
struct RestrictedCubicSpline {
    let knots: [Double]

    /// Knots at Harrell's quantiles (ibid. table 2.3), 3 to 5 of them; nil where they coincide.
    init?(_ values: [Double], knots: Int) {
        let places: [Double] =
            switch knots {
            case 3: [0.1, 0.5, 0.9]
            case 4: [0.05, 0.35, 0.65, 0.95]
            default: [0.05, 0.275, 0.5, 0.725, 0.95]
            }
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let cuts = places.map { RiskGroups.quantile(sorted, $0) }
        guard cuts.indices.dropFirst().allSatisfy({ cuts[$0 - 1] < cuts[$0] }) else { return nil }
        self.knots = cuts
    }

    /// The k − 1 columns at one point.
    func columns(at x: Double) -> [Double] {
        func cube(_ value: Double) -> Double { value > 0 ? value * value * value : 0 }
        let last = knots[knots.count - 1]
        let before = knots[knots.count - 2]
        let width = last - knots[0]
        return [x]
            + knots.dropLast(2).map { knot in
                (cube(x - knot) - cube(x - before) * (last - knot) / (last - before)
                    + cube(x - last) * (before - knot) / (last - before)) / (width * width)
            }
    }
}
