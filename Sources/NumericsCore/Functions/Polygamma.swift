extension SpecialFunctions {
    /// ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln Γ at x: digamma for n = 0, trigamma for n = 1.
    ///
    /// The recurrence `ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x + 1) − (−1)ⁿ n! / xⁿ⁺¹` up to where the asymptotic series holds (Abramowitz and Stegun
    /// 1964, 6.4.6 and 6.4.11). Accurate to a few units in the last place of the largest term, which is that of the value
    /// for every positive x away from digamma's zero at 1.46.
    ///
    /// - Parameters:
    ///   - order: n, a whole number from 0 to 100.
    ///   - x: any number from −1000 on that is no pole (0, −1, −2, …).
    /// - Returns: NaN outside of these.
    public static func polygamma(_ order: Double, _ x: Double) -> Double {
        guard order >= 0, order <= 100, order == order.rounded(), x >= -1000 else { return .nan }
        guard x > 0 || x != x.rounded() else { return .nan }
        var recurrence = 0.0
        var place = x
        while place < 10 + 2 * order {
            recurrence += factorialOverPower(order, place) / place
            place += 1
        }
        let sum = tail(order, place) + recurrence
        return Int(order).isMultiple(of: 2) ? -sum : sum
    }

    /// `(−1)ⁿ⁺¹ ψ⁽ⁿ⁾(x)` for large x.
    private static func tail(_ n: Double, _ x: Double) -> Double {
        // Σ B₂ₖ (2k + n − 1)! / ((2k)! x²ᵏ⁺ⁿ), smallest terms first.
        let scale = factorialOverPower(n, x)
        let square = 1 / (x * x)
        var factors: [Double] = []
        var factor = n == 0 ? square / 2 : scale * square * (n + 1) / 2
        for k in 1...bernoulli.count {
            factors.append(bernoulli[k - 1] * factor)
            let next = Double(2 * k)
            factor *= (next + n) / (next + 1) * (next + n + 1) / (next + 2) * square
        }
        var series = 0.0
        for term in factors.reversed() { series += term }
        guard n > 0 else { return series + 0.5 / x - Elementary.log(x) }
        return series + 0.5 * scale / x + scale / n
    }

    /// `n! / xⁿ`
    private static func factorialOverPower(_ n: Double, _ x: Double) -> Double {
        var value = 1.0
        for j in 0..<Int(n) { value *= Double(j + 1) / x }
        return value
    }

    /// B₂, B₄, … B₂₀.
    private static let bernoulli: [Double] = [
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798,
        -174611.0 / 330,
    ]
}
