extension RandomStream {
    /// Gamma with mean `shape` · `scale` and variance `shape` · `scale`².
    ///
    /// Rejection, so that the number of draws varies (about 2.1 on average): give it a substream of its own when other
    /// numbers follow. Below a shape of about 0.001 results may underflow to 0, as the distribution itself does.
    ///
    /// Source: Marsaglia and Tsang (2000), "A simple method for generating gamma variables", ACM TOMS 26(3):363–372;
    /// shapes below 1 by their section 6, Γ(a) = Γ(a + 1) U^(1/a).
    public mutating func nextGamma(shape: Double, scale: Double = 1) -> Double {
        precondition(scale > 0, "A gamma scale of \(scale) is not allowed: it is positive.")
        precondition(
            shape > 0 && shape < .infinity, "A gamma shape of \(shape) is not allowed: it is positive and finite.")
        if shape >= 1 { return scale * nextGammaOfShapeFromOne(shape) }
        return scale * nextGammaOfShapeFromOne(shape + 1) * Elementary.pow(nextUniform(), 1 / shape)
    }

    /// Beta on (0, 1) with mean `alpha` / (`alpha` + `beta`).
    ///
    /// X / (X + Y) of two gamma numbers, from their logarithms, so that tiny shapes do not divide zero by zero. The
    /// number of draws varies. Rounding may return 0 or 1 for shapes below about 0.1.
    public mutating func nextBeta(_ alpha: Double, _ beta: Double) -> Double {
        precondition(
            alpha > 0 && beta > 0 && alpha < .infinity && beta < .infinity,
            "Beta shapes of \(alpha) and \(beta) are not allowed: both are positive and finite.")
        let difference = nextLogGamma(shape: beta) - nextLogGamma(shape: alpha)
        return 1 / (1 + Elementary.exp(difference))
    }

    private mutating func nextLogGamma(shape: Double) -> Double {
        if shape >= 1 { return Elementary.log(nextGammaOfShapeFromOne(shape)) }
        return Elementary.log(nextGammaOfShapeFromOne(shape + 1)) + Elementary.log(nextUniform()) / shape
    }

    private mutating func nextGammaOfShapeFromOne(_ shape: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = nextNormal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = nextUniform()
            let square = x * x
            // The squeeze accepts most candidates without a logarithm.
            if u < 1 - 0.0331 * square * square { return d * v }
            if Elementary.log(u) < 0.5 * square + d * (1 - v + Elementary.log(v)) { return d * v }
        }
    }
}
