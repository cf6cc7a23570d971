// Sums run in ascending order of the inner index, one product at a time and unfused: the order is part of the promise
// that these operators give the same bits on every processor.
extension Matrix {
    /// The product of an m × k and a k × n matrix, m × n.
    public static func * (a: Matrix, b: Matrix) -> Matrix {
        precondition(a.columns == b.rows, "Cannot multiply \(a.shape) by \(b.shape).")
        var product = Matrix(rows: a.rows, columns: b.columns)
        for j in 0..<b.columns {
            for k in 0..<a.columns {
                let factor = b.elements[k + j * b.rows]
                for i in 0..<a.rows { product.elements[i + j * a.rows] += a.elements[i + k * a.rows] * factor }
            }
        }
        return product
    }

    /// The product of an m × n matrix and a vector of n values, m values.
    public static func * (a: Matrix, x: [Double]) -> [Double] {
        precondition(a.columns == x.count, "Cannot multiply \(a.shape) by a vector of \(x.count) values.")
        var product = [Double](repeating: 0, count: a.rows)
        for j in 0..<a.columns {
            for i in 0..<a.rows { product[i] += a.elements[i + j * a.rows] * x[j] }
        }
        return product
    }

    /// The matrix times a number.
    public static func * (factor: Double, a: Matrix) -> Matrix {
        Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { factor * $0 })
    }

    /// The sum of two matrices of one shape.
    public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b, by: +) }

    /// The difference of two matrices of one shape.
    public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b, by: -) }

    /// `self`ᵀ · `self`, symmetric to the last bit: n × n for an m × n matrix.
    public var gram: Matrix {
        var product = Matrix(rows: columns, columns: columns)
        for j in 0..<columns {
            for i in 0...j {
                var sum = 0.0
                for k in 0..<rows { sum += elements[k + i * rows] * elements[k + j * rows] }
                product[i, j] = sum
                product[j, i] = sum
            }
        }
        return product
    }

    /// `self`ᵀ · `x`: n values for an m × n matrix and m values.
    public func transposedTimes(_ x: [Double]) -> [Double] {
        precondition(rows == x.count, "Cannot multiply the transpose of \(shape) by a vector of \(x.count) values.")
        return (0..<columns).map { j in
            var sum = 0.0
            for k in 0..<rows { sum += elements[k + j * rows] * x[k] }
            return sum
        }
    }

    var shape: String { "\(rows) × \(columns)" }

    private func combined(with other: Matrix, by operation: (Double, Double) -> Double) -> Matrix {
        precondition(rows == other.rows && columns == other.columns, "\(shape) and \(other.shape) differ in shape.")
        return Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map(operation))
    }
}
