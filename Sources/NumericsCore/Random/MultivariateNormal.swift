extension RandomStream {
    /// Normal vector with covariance L Lᵀ: the mean plus L times `order` standard normal numbers. Exactly `order` draws.
    ///
    /// - Parameters:
    ///   - mean: n values; nil means zero.
    ///   - factor: Cholesky factor of the n × n covariance, in the squared unit of the mean.
    public mutating func nextMultivariateNormal(mean: [Double]? = nil, factor: Cholesky) -> [Double] {
        let order = factor.order
        if let mean {
            precondition(mean.count == order, "\(mean.count) means do not fit a covariance of order \(order).")
        }
        var standard: [Double] = []
        standard.reserveCapacity(order)
        for _ in 0..<order { standard.append(nextNormal()) }
        return (0..<order).map { i in
            var value = mean?[i] ?? 0
            for k in 0...i { value += factor.lower[i, k] * standard[k] }
            return value
        }
    }
}
