import NumericsCore

/// The natural cubic spline of log time of Royston and Parmar: linear before the first knot and after the last.
///
/// ```
/// s(u) = γ₀ + γ₁u + Σⱼ γⱼ₊₁ vⱼ(u)
/// vⱼ(u) = (u − kⱼ)³₊ − λⱼ(u − k_min)³₊ − (1 − λⱼ)(u − k_max)³₊,    λⱼ = (k_max − kⱼ)/(k_max − k_min)
/// ```
struct SplineBasis: Sendable {
    /// Ascending log times, the first and the last among them.
    let knots: [Double]

    /// u and the functions of the inner knots.
    var count: Int { max(1, knots.count - 1) }

    /// u, v₁(u), …: without the constant.
    func values(_ u: Double) -> [Double] { [u] + terms(u) { $0 * $0 * $0 } }

    /// Their derivatives by u.
    func slopes(_ u: Double) -> [Double] { [1] + terms(u) { 3 * $0 * $0 } }

    private func terms(_ u: Double, _ power: (Double) -> Double) -> [Double] {
        guard let first = knots.first, let last = knots.last, knots.count > 2 else { return [] }
        let low = power(max(0, u - first))
        let high = power(max(0, u - last))
        return knots[1..<(knots.count - 1)].map { knot in
            let share = (last - knot) / (last - first)
            return power(max(0, u - knot)) - share * low - (1 - share) * high
        }
    }
}

/// Spline functions, centred and orthonormal over the patients, for the search.
struct OrthonormalSpline {
    let basis: SplineBasis
    let means: [Double]
    /// L⁻¹ of the covariance L·Lᵀ of the functions.
    let inverse: Matrix

    /// Nil where the functions are not independent over the given log times.
    init?(_ basis: SplineBasis, over logTimes: [Double]) {
        let m = basis.count
        let n = Double(logTimes.count)
        let rows = logTimes.map(basis.values)
        let means = (0..<m).map { j in rows.reduce(0) { $0 + $1[j] } / n }
        var gram = Matrix(rows: m, columns: m)
        for row in rows {
            for i in 0..<m { for j in 0...i { gram[i, j] += (row[i] - means[i]) * (row[j] - means[j]) / n } }
        }
        guard let factor = try? Cholesky(of: gram) else { return nil }
        let columns = (0..<m).map { j in factor.forwardSubstituted((0..<m).map { $0 == j ? 1 : 0 }) }
        self.basis = basis
        self.means = means
        inverse = Matrix(rows: m, columns: m) { columns[$1][$0] }
    }

    func values(_ u: Double) -> [Double] { inverse * zip(basis.values(u), means).map { $0.0 - $0.1 } }
    func slopes(_ u: Double) -> [Double] { inverse * basis.slopes(u) }
}
