import NumericsCore
import Testing

/// Backed by small cases worked by hand and by identities.
struct MatrixTests {
    let a = Matrix(rowsOf: [[1, 2, 3], [4, 5, 6]])

    @Test func elementsRunColumnByColumn() {
        #expect(a.elements == [1, 4, 2, 5, 3, 6])
        #expect(a[1, 0] == 4)
        #expect(a.row(1) == [4, 5, 6])
        #expect(a.column(2) == [3, 6])
        #expect(a.transposed == Matrix(rowsOf: [[1, 4], [2, 5], [3, 6]]))
        var changed = a
        changed[0, 2] = 9
        #expect(changed.elements == [1, 4, 2, 5, 9, 6])
        #expect(Matrix(rowsOf: []) == Matrix(rows: 0, columns: 0))
    }

    @Test func arithmetic() {
        let b = Matrix(rowsOf: [[1, 0], [2, -1], [0, 3]])
        #expect(a * b == Matrix(rowsOf: [[5, 7], [14, 13]]))
        #expect(a * [1, 0, -1] == [-2, -2])
        #expect(a.transposedTimes([1, -1]) == [-3, -3, -3])
        #expect(a + a == 2 * a)
        #expect(a - a == Matrix(rows: 2, columns: 3))
        #expect(a.gram == a.transposed * a)
        #expect(Matrix.identity(2) * a == a)
        #expect(Matrix.diagonal([2, 3]) * a == Matrix(rowsOf: [[2, 4, 6], [12, 15, 18]]))
        #expect(!a.isSquare)
    }
}
