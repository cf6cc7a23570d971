extension Estimate {
    /// The difference a − b of two independent estimates, a of the treated and b of the control arm, with intervals of the same level:
    ///
    /// ```
    /// lower = a − b − √((a − l_a)² + (u_b − b)²)          upper = a − b + √((u_a − a)² + (b − l_b)²)
    /// ```
    ///
    /// It keeps the skewness of the two intervals. With Wilson's intervals of proportions it is Newcombe's hybrid score
    /// interval (Newcombe 1998, Stat Med 17:873, method 10); for other intervals see Zou and Donner 2008, Stat Med 27:1693.
    ///
    /// - Parameter standardError: nil for √(SE_a² + SE_b²), undefined where one of them is.
    static func difference(_ a: Estimate, _ b: Estimate, standardError: Estimated<Double>? = nil) -> Estimate {
        func length(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        let value = a.value - b.value
        return Estimate(
            value: value,
            standardError: standardError
                ?? a.standardError.flatMap { first in b.standardError.map { length(first, $0) } },
            interval: a.interval.naming("treated arm").flatMap { first in
                b.interval.naming("control arm").map { second in
                    ConfidenceInterval(
                        lower: value - length(a.value - first.lower, second.upper - b.value),
                        upper: value + length(first.upper - a.value, b.value - second.lower), level: first.level)
                }
            })
    }
}
