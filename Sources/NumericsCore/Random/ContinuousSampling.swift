// Parameters are the caller's promise and trap when broken; values that come from a file pass `Distribution.validated()`
// first. "One draw" means that the number of draws used is always one, so that whatever is drawn next stays aligned
// between arms and model versions.
extension RandomStream {
    /// Uniform on the open interval between `range`'s bounds, which are finite; the bound itself if both are equal.
    /// Rounding may return a bound where the interval is narrow. One draw.
    public mutating func nextUniform(in range: ClosedRange<Double>) -> Double {
        precondition(
            range.lowerBound.isFinite && range.upperBound.isFinite,
            "The range \(range) of a uniform number is infinite.")
        let u = nextUniform()
        // Weighting both ends, unlike lower + u · width, cannot overflow when the width does.
        return min(max(range.lowerBound * (1 - u) + range.upperBound * u, range.lowerBound), range.upperBound)
    }

    /// Normal with this mean and standard deviation (≥ 0), by inversion. One draw.
    public mutating func nextNormal(mean: Double, standardDeviation: Double) -> Double {
        precondition(
            standardDeviation >= 0, "A standard deviation of \(standardDeviation) is not allowed: it is at least 0.")
        return mean + standardDeviation * nextNormal()
    }

    /// exp(N(`logMean`, `logStandardDeviation`²)): the two parameters are those of the logarithm, whose exponential
    /// `exp(logMean)` is the median. One draw.
    public mutating func nextLogNormal(logMean: Double, logStandardDeviation: Double) -> Double {
        Elementary.exp(nextNormal(mean: logMean, standardDeviation: logStandardDeviation))
    }

    /// Exponential with mean 1/`rate`, by inversion: −ln(1 − u) / rate. One draw.
    public mutating func nextExponential(rate: Double = 1) -> Double {
        precondition(rate > 0, "An exponential rate of \(rate) is not allowed: it is positive.")
        return -Elementary.log1p(-nextUniform()) / rate
    }

    /// Weibull with survival exp(−(x / scale)^shape), by inversion. One draw.
    public mutating func nextWeibull(shape: Double, scale: Double) -> Double {
        precondition(shape > 0 && scale > 0, "A Weibull shape of \(shape) and scale of \(scale): both are positive.")
        return scale * Elementary.pow(nextExponential(), 1 / shape)
    }

    /// Normal with `mean` and `standardDeviation` before truncation, given that it lies between `range`'s bounds. One draw.
    ///
    /// Inversion, in logarithms of tail probabilities when the range lies in one tail: a range forty or forty thousand
    /// standard deviations from the mean is drawn as exactly as one around it. Infinite bounds are allowed.
    public mutating func nextTruncatedNormal(
        mean: Double, standardDeviation: Double, in range: ClosedRange<Double>
    ) -> Double {
        precondition(
            standardDeviation > 0, "A standard deviation of \(standardDeviation) is not allowed: it is positive.")
        let x = TruncatedNormal.quantile(
            nextUniform(), (range.lowerBound - mean) / standardDeviation, (range.upperBound - mean) / standardDeviation)
        return min(max(mean + standardDeviation * x, range.lowerBound), range.upperBound)
    }
}
