/// The numbers right of `~` in `ini({ })` as covariances, whatever scale they are written on.
///
/// Bare numbers and `var`, `cov` are variances and covariances. As in lotri, `sd(...)` makes the diagonal standard
/// deviations, `cor(...)` the rest correlations, and `sd(cor(...))` both.
struct RandomEffectNumbers {
    /// Lower triangle, row by row.
    var triangle: [Double]
    var isFixed: [Bool]

    /// The most random effects that may vary together.
    static let largestBlock = 140

    init(evaluating expression: Expression) throws(SyntaxFailure) {
        var rest = expression
        var hasDeviations = false
        var hasCorrelations = false
        var outerFix = false
        while case .call(let name, let arguments) = rest.kind, Self.scales.contains(name) {
            switch name {
            case "chol": throw SyntaxFailure(message: "'chol()' is not taken: give the covariances", place: rest.place)
            case "sd": hasDeviations = true
            case "cor": hasCorrelations = true
            case "fix", "fixed", "FIX", "FIXED": outerFix = true
            default: break
            }
            if arguments.count == 1, case .call = arguments[0].value.kind {
                rest = arguments[0].value
            } else {
                rest.kind = .call("c", arguments)
            }
        }
        let numbers = try InitialValue(evaluating: rest.withoutArgumentNames)
        triangle = numbers.values
        isFixed = numbers.isFixed.map { $0 || outerFix }
        let size = Self.dimension(of: triangle.count)
        if hasDeviations {
            for i in 0..<size { triangle[i * (i + 3) / 2] *= triangle[i * (i + 3) / 2] }
        }
        if hasCorrelations { turnCorrelationsIntoCovariances(size) }
    }

    private mutating func turnCorrelationsIntoCovariances(_ size: Int) {
        for i in 0..<size {
            for j in 0..<i {
                let variances = (triangle[i * (i + 3) / 2], triangle[j * (j + 3) / 2])
                triangle[i * (i + 1) / 2 + j] *= variances.0.squareRoot() * variances.1.squareRoot()
            }
        }
    }

    private static let scales: Set<String> = ["sd", "var", "cov", "cor", "chol", "fix", "fixed", "FIX", "FIXED"]

    /// The most effects whose whole triangle these numbers hold.
    static func dimension(of count: Int) -> Int {
        var size = 0
        while (size + 1) * (size + 2) / 2 <= count { size += 1 }
        return size
    }
}

extension Expression {
    /// `c(a = 0.1, b = 1)` names its numbers for the reader only.
    fileprivate var withoutArgumentNames: Expression {
        guard case .call("c", let arguments) = kind else { return self }
        return Expression(.call("c", arguments.map { Argument(value: $0.value) }), at: place)
    }
}
