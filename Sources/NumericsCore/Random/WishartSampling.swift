extension RandomStream {
    /// A Wishart matrix: Σ xᵢ xᵢᵀ of `degreesOfFreedom` normal vectors of covariance A = L Lᵀ; its mean is ν A.
    ///
    /// Bartlett's decomposition, which takes any real ν: W = L T Tᵀ Lᵀ with T lower triangular, Tᵢᵢ² chi-squared with
    /// ν − i degrees of freedom (i from 0) and standard normal numbers below. The number of draws varies with the gamma
    /// numbers: give it a substream of its own. Var Wᵢⱼ = ν (Aᵢⱼ² + Aᵢᵢ Aⱼⱼ).
    ///
    /// Source: Bartlett (1933), Proc. R. Soc. Edinburgh 53:260–283; Smith and Hocking (1972), Appl. Statist. 21:341–345.
    ///
    /// - Parameters:
    ///   - degreesOfFreedom: ν, finite and more than n − 1.
    ///   - factor: Cholesky factor of the n × n scale matrix A.
    /// - Returns: n × n, symmetric to the last bit and positive definite.
    public mutating func nextWishart(degreesOfFreedom: Double, factor: Cholesky) -> Matrix {
        let triangle = nextBartlettTriangle(degreesOfFreedom: degreesOfFreedom, order: factor.order)
        return (factor.lower * triangle).transposed.gram
    }

    /// An inverse Wishart matrix: the inverse of a Wishart matrix with scale A⁻¹, A = L Lᵀ.
    ///
    /// Its mean is A / (ν − n − 1), which exists for ν > n + 1 only; its mode is A / (ν + n + 1). Computed as G Gᵀ with
    /// G = L T⁻ᵀ and the triangle T of ``nextWishart(degreesOfFreedom:factor:)``, so that nothing is inverted twice.
    ///
    /// - Parameters:
    ///   - degreesOfFreedom: ν, finite and more than n − 1.
    ///   - factor: Cholesky factor of the n × n scale matrix A.
    /// - Returns: n × n, symmetric to the last bit and positive definite.
    public mutating func nextInverseWishart(degreesOfFreedom: Double, factor: Cholesky) -> Matrix {
        let order = factor.order
        let triangle = nextBartlettTriangle(degreesOfFreedom: degreesOfFreedom, order: order)
        // Gᵀ = T⁻¹ Lᵀ, column by column, by forward substitution.
        var transposed = Matrix(rows: order, columns: order)
        for column in 0..<order {
            for i in 0..<order {
                var rest = factor.lower[column, i]
                for k in 0..<i { rest -= triangle[i, k] * transposed[k, column] }
                transposed[i, column] = rest / triangle[i, i]
            }
        }
        return transposed.gram
    }

    /// A vector of Student's t distribution: the mean plus a normal vector of covariance A over √(χ²/ν).
    ///
    /// Its covariance is A ν / (ν − 2) where ν > 2. The number of draws varies with the gamma number, which comes after
    /// the n normal ones.
    ///
    /// - Parameters:
    ///   - mean: n values; nil means zero.
    ///   - factor: Cholesky factor of the n × n scale matrix A, in the squared unit of the mean.
    ///   - degreesOfFreedom: ν, positive and finite.
    public mutating func nextMultivariateT(
        mean: [Double]? = nil, factor: Cholesky, degreesOfFreedom: Double
    ) -> [Double] {
        let normal = nextMultivariateNormal(factor: factor)
        let scale = (degreesOfFreedom / nextChiSquared(degreesOfFreedom: degreesOfFreedom)).squareRoot()
        return normal.enumerated().map { (mean?[$0] ?? 0) + scale * $1 }
    }

    /// Chi-squared with this many degrees of freedom, positive and finite. The number of draws varies.
    public mutating func nextChiSquared(degreesOfFreedom: Double) -> Double {
        nextGamma(shape: 0.5 * degreesOfFreedom, scale: 2)
    }

    /// The lower triangle T of Bartlett's decomposition, row by row.
    private mutating func nextBartlettTriangle(degreesOfFreedom: Double, order: Int) -> Matrix {
        precondition(
            degreesOfFreedom > Double(order - 1) && degreesOfFreedom < .infinity,
            "\(degreesOfFreedom) degrees of freedom are too few for a Wishart matrix of order \(order).")
        var triangle = Matrix(rows: order, columns: order)
        for i in 0..<order {
            for j in 0..<i { triangle[i, j] = nextNormal() }
            triangle[i, i] = nextChiSquared(degreesOfFreedom: degreesOfFreedom - Double(i)).squareRoot()
        }
        return triangle
    }
}
