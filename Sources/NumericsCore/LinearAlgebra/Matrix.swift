/// A dense matrix of doubles, stored column by column.
///
/// ```swift
/// let a = Matrix(rowsOf: [[4, 2], [2, 3]])
/// let x = try Cholesky(of: a).solve([2, 1])      // [0.5, 0]
/// ```
///
/// Arithmetic is plain loops in a fixed order and gives the same bits on every processor. Faster forms over OpenBLAS,
/// whose last bits depend on the processor, are in ``LinearAlgebra``.
///
/// Shapes are the caller's promise: a mismatch is a programming error and traps with both shapes in the message.
public struct Matrix: Sendable, Equatable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// All elements, column after column: element (i, j) is at `i + j * rows`. Its count never changes.
    package(set) public var elements: [Double]

    /// A matrix from its elements, column after column.
    ///
    /// - Parameter elements: `rows * columns` values.
    public init(rows: Int, columns: Int, elements: [Double]) {
        precondition(rows >= 0 && columns >= 0, "A matrix cannot have \(rows) rows and \(columns) columns.")
        precondition(
            elements.count == rows * columns,
            "A \(rows) × \(columns) matrix has \(rows * columns) elements, but \(elements.count) were given.")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// A matrix with the same value everywhere.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        precondition(rows >= 0 && columns >= 0, "A matrix cannot have \(rows) rows and \(columns) columns.")
        self.init(rows: rows, columns: columns, elements: [Double](repeating: value, count: rows * columns))
    }

    /// A matrix whose element (i, j) is `value(i, j)`, asked for column by column.
    public init(rows: Int, columns: Int, _ value: (_ row: Int, _ column: Int) throws -> Double) rethrows {
        var elements: [Double] = []
        elements.reserveCapacity(rows * columns)
        for j in 0..<columns {
            for i in 0..<rows { elements.append(try value(i, j)) }
        }
        self.init(rows: rows, columns: columns, elements: elements)
    }

    /// A matrix from its rows, which all have the same length; no rows make the 0 × 0 matrix.
    public init(rowsOf rows: [[Double]]) {
        let columns = rows.first?.count ?? 0
        for (index, row) in rows.enumerated() {
            precondition(row.count == columns, "Row \(index) has \(row.count) elements, but row 0 has \(columns).")
        }
        self.init(rows: rows.count, columns: columns) { rows[$0][$1] }
    }

    /// The identity matrix of the given order.
    public static func identity(_ order: Int) -> Matrix { diagonal([Double](repeating: 1, count: order)) }

    /// The square matrix with `values` on its diagonal and zero elsewhere.
    public static func diagonal(_ values: [Double]) -> Matrix {
        Matrix(rows: values.count, columns: values.count) { $0 == $1 ? values[$0] : 0 }
    }

    /// The element in a row and a column, both counted from 0.
    public subscript(row: Int, column: Int) -> Double {
        get {
            checkIndex(row, column)
            return elements[row + column * rows]
        }
        set {
            checkIndex(row, column)
            elements[row + column * rows] = newValue
        }
    }

    /// Whether there are as many rows as columns.
    public var isSquare: Bool { rows == columns }

    /// One row as an array of `columns` values.
    public func row(_ index: Int) -> [Double] { (0..<columns).map { self[index, $0] } }

    /// One column as an array of `rows` values.
    public func column(_ index: Int) -> [Double] {
        precondition(index >= 0 && index < columns, "Column \(index) is outside a \(rows) × \(columns) matrix.")
        return Array(elements[index * rows..<(index + 1) * rows])
    }

    /// The `columns` × `rows` matrix with rows and columns exchanged.
    public var transposed: Matrix { Matrix(rows: columns, columns: rows) { self[$1, $0] } }

    @inline(__always)
    private func checkIndex(_ row: Int, _ column: Int) {
        precondition(
            row >= 0 && row < rows && column >= 0 && column < columns,
            "Element (\(row), \(column)) is outside a \(rows) × \(columns) matrix.")
    }
}
