import NumericsCore
import Testing

/// Backed by a closed form (the factor is a textbook example), by multiplying back, and by named failures.
struct CholeskyTests {
    @Test func aTextbookFactor() throws {
        let a = Matrix(rowsOf: [[4, 12, -16], [12, 37, -43], [-16, -43, 98]])
        let factor = try Cholesky(of: a)
        #expect(factor.lower == Matrix(rowsOf: [[2, 0, 0], [6, 1, 0], [-8, 5, 3]]))
        #expect(factor.solve(a * [1, -2, 3]) == [1, -2, 3])
        #expect(relativeError(factor.logDeterminant, 3.583_518_938_456_110) < 1e-15)
    }

    @Test(arguments: [1, 2, 5, 40])
    func solvingUndoesMultiplying(order: Int) throws {
        let a = randomPositiveDefinite(order)
        let factor = try Cholesky(of: a)
        let x = (0..<order).map { Double($0) - 1.5 }
        let residual = zip(factor.solve(a * x), x).map { abs($0 - $1) }.max() ?? 0
        #expect(residual < 1e-10)
        let back = factor.lower * factor.lower.transposed - a
        #expect((back.elements.map(abs).max() ?? 0) < 1e-12)
        let identity = a * factor.inverse() - .identity(order)
        #expect((identity.elements.map(abs).max() ?? 0) < 1e-10)
    }

    @Test func theEmptyMatrixHasAnEmptyFactor() throws {
        let factor = try Cholesky(of: Matrix(rows: 0, columns: 0))
        #expect(factor.solve([Double]()).isEmpty)
        #expect(factor.logDeterminant == 0)
    }

    @Test func theFailingLeadingMinorIsNamed() {
        let a = Matrix(rowsOf: [[4, 2, 2], [2, 5, 1], [2, 1, -2]])
        let error = #expect(throws: LinearAlgebraError.self) { try Cholesky(of: a) }
        #expect(
            error?.description
                == "The 3 × 3 matrix is not positive definite: its leading minor of order 3 is not positive (its pivot "
                + "is -3.0). A covariance matrix needs positive variances and correlations that fit "
                + "together.")
    }

    @Test func notANumberIsRefused() {
        let error = #expect(throws: LinearAlgebraError.self) {
            try Cholesky(of: Matrix(rowsOf: [[1, 0], [.nan, 1]]))
        }
        #expect(
            error?.description == "The matrix holds nan at row 2, column 1; all elements must be finite.")
    }
}

/// GᵀG + I for a matrix G of normal numbers: positive definite, and the same at every run.
func randomPositiveDefinite(_ order: Int) -> Matrix {
    randomMatrix(rows: order, columns: order).gram + .identity(order)
}

func randomMatrix(rows: Int, columns: Int, patient: UInt32 = 0) -> Matrix {
    var stream = RandomStream(seed: 11, purpose: .analysis, replicate: 0, patient: patient)
    return Matrix(rows: rows, columns: columns) { _, _ in stream.nextNormal() }
}
