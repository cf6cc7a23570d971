import NumericsCore
import Testing

/// LAPACK's route and the plain loops are two independent routes to one answer; both are also multiplied back.
struct LinearAlgebraTests {
    func largest(_ a: Matrix) -> Double { a.elements.map(abs).max() ?? 0 }

    @Test(arguments: [1, 2, 7, 60])
    func bothRoutesSolvePositiveDefiniteSystems(order: Int) throws {
        let a = randomPositiveDefinite(order)
        let b = randomMatrix(rows: order, columns: 3, patient: 1)
        let portable = try Cholesky(of: a)
        #expect(largest(try LinearAlgebra.cholesky(a) - portable.lower) < 1e-12)
        #expect(largest(try LinearAlgebra.solvePositiveDefinite(a, b) - portable.solve(b)) < 1e-11)
        #expect(largest(a * portable.solve(b) - b) < 1e-10)
        #expect(largest(try LinearAlgebra.inversePositiveDefinite(a) - portable.inverse()) < 1e-12)
    }

    @Test(arguments: [1, 2, 7, 60])
    func bothRoutesSolveGeneralSystems(order: Int) throws {
        let a = randomMatrix(rows: order, columns: order)
        let b = randomMatrix(rows: order, columns: 2, patient: 1)
        let portable = try LUFactorization(of: a).solve(b)
        #expect(largest(try LinearAlgebra.solve(a, b) - portable) < 1e-9)
        #expect(largest(a * portable - b) < 1e-9)
    }

    @Test func aMatrixThatNeedsARowExchange() throws {
        let lu = try LUFactorization(of: Matrix(rowsOf: [[0, 2, 1], [1, 0, 0], [3, 0, 1]]))
        #expect(lu.solve([5, 1, 6]) == [1, 1, 3])
        #expect(lu.determinant == -2)
    }

    @Test(arguments: [(3, 3), (30, 4), (200, 12)])
    func bothRoutesSolveLeastSquares(rows: Int, columns: Int) throws {
        let a = randomMatrix(rows: rows, columns: columns)
        let b = randomMatrix(rows: rows, columns: 2, patient: 1)
        let factorization = try QRFactorization(of: a)
        let portable = factorization.solve(b)
        #expect(largest(try LinearAlgebra.leastSquares(a, b) - portable) < 1e-11)
        let general = try LinearAlgebra.minimumNormLeastSquares(a, b)
        #expect(largest(general.coefficients - portable) < 1e-11)
        #expect(general.rank == columns)
        // The residual is orthogonal to every column.
        #expect(largest(a.transposed * (b - a * portable)) < 1e-11)
        #expect(largest(factorization.r.gram - a.gram) < 1e-11)
        #expect(largest(factorization.inverseGram() - (try Cholesky(of: a.gram).inverse())) < 1e-11)
    }

    /// Ridge has the closed form (AᵀA + Λ)⁻¹ Aᵀb.
    @Test func ridgeMeetsItsNormalEquations() throws {
        let a = randomMatrix(rows: 25, columns: 4)
        let b = randomMatrix(rows: 25, columns: 1, patient: 1)
        let penalties = [0, 0.5, 2, 10]
        let expected = try Cholesky(of: a.gram + .diagonal(penalties)).solve(a.transposedTimes(b.elements))
        let portable = try QRFactorization.ridge(a, b.elements, penalties: penalties)
        let lapack = try LinearAlgebra.ridge(a, b, penalties: penalties).elements
        for (found, value) in zip(portable + lapack, expected + expected) { #expect(abs(found - value) < 1e-12) }
        // A penalty also makes up for missing rank.
        let twice = Matrix(rows: 25, columns: 2) { i, _ in a[i, 0] }
        let shared = try QRFactorization.ridge(twice, b.elements, penalties: [1, 1])
        #expect(abs(shared[0] - shared[1]) < 1e-14)
    }

    @Test func missingRankIsNamedOrSharedOut() throws {
        let a = Matrix(rowsOf: [[1, 2, 3], [1, 0, 1], [1, 1, 2], [1, 5, 6]])
        let b = Matrix(rows: 4, columns: 1, elements: [6, 2, 4, 12])
        let expected =
            "The design matrix has 3 columns, but column 3 depends on the columns before it: drop it, or use a ridge "
            + "penalty or the minimum-norm solution."
        #expect(throws: LinearAlgebraError.rankDeficient(column: 3, columns: 3)) { try QRFactorization(of: a) }
        let error = #expect(throws: LinearAlgebraError.self) { try LinearAlgebra.leastSquares(a, b) }
        #expect(error?.description == expected)
        let solution = try LinearAlgebra.minimumNormLeastSquares(a, b)
        #expect(solution.rank == 2)
        #expect(largest(a * solution.coefficients - b) < 1e-12)
        // Of all solutions (t, t, 2 − t) + …, the shortest is orthogonal to the null vector (1, 1, −1).
        let x = solution.coefficients.elements
        #expect(abs(x[0] + x[1] - x[2]) < 1e-12)
    }

    @Test func symmetricEigenvaluesOfAKnownMatrix() throws {
        // Second differences: 2 − 2 cos(kπ / (n + 1)).
        let order = 9
        let a = Matrix(rows: order, columns: order) { i, j in i == j ? 2 : abs(i - j) == 1 ? -1 : 0 }
        let eigen = try LinearAlgebra.symmetricEigen(a)
        for k in 1...order {
            let expected = 2 - 2 * Elementary.cos(Double(k) * .pi / Double(order + 1))
            #expect(abs(eigen.values[k - 1] - expected) < 1e-14)
        }
        #expect(zip(try LinearAlgebra.symmetricEigenvalues(a), eigen.values).allSatisfy { abs($0 - $1) < 1e-14 })
        #expect(largest(a * eigen.vectors - eigen.vectors * .diagonal(eigen.values)) < 1e-14)
        #expect(largest(eigen.vectors.gram - .identity(order)) < 1e-14)
    }

    @Test func productsAgree() {
        let a = randomMatrix(rows: 17, columns: 5)
        let b = randomMatrix(rows: 5, columns: 9, patient: 1)
        #expect(largest(LinearAlgebra.product(a, b) - a * b) < 1e-13)
    }

    @Test func theDataOfAFailureIsNamed() {
        let indefinite = Matrix(rowsOf: [[1, 2], [2, 1]])
        let column = Matrix(rows: 2, columns: 1, repeating: 1)
        #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 2, order: 2, pivot: nil)) {
            try LinearAlgebra.cholesky(indefinite)
        }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 2, order: 2, pivot: nil)) {
            try LinearAlgebra.solvePositiveDefinite(indefinite, column)
        }
        let singular = Matrix(rowsOf: [[1, 2], [2, 4]])
        for solve in [
            { _ = try LinearAlgebra.solve(singular, column) }, { _ = try LUFactorization(of: singular) },
        ] as [() throws -> Void] {
            let error = #expect(throws: LinearAlgebraError.self, performing: solve)
            #expect(
                error?.description == "The 2 × 2 matrix is singular: column 2 depends on the columns before it.")
        }
        let broken = Matrix(rowsOf: [[1, .infinity], [0, 1]])
        let notFinite = LinearAlgebraError.notFinite(row: 1, column: 2, value: .infinity)
        #expect(throws: notFinite) { try LinearAlgebra.solve(broken, column) }
        #expect(throws: notFinite) { try LinearAlgebra.leastSquares(broken, column) }
        #expect(throws: notFinite) { try LinearAlgebra.minimumNormLeastSquares(broken, column) }
        #expect(throws: notFinite) { try LinearAlgebra.symmetricEigenvalues(broken) }
        #expect(throws: notFinite) { try QRFactorization(of: broken) }
    }

    @Test func emptyProblemsHaveEmptyAnswers() throws {
        let empty = Matrix(rows: 0, columns: 0)
        #expect(try LinearAlgebra.cholesky(empty) == empty)
        #expect(try LinearAlgebra.solve(empty, Matrix(rows: 0, columns: 2)) == Matrix(rows: 0, columns: 2))
        #expect(try LinearAlgebra.symmetricEigenvalues(empty).isEmpty)
        #expect(try LinearAlgebra.leastSquares(Matrix(rows: 4, columns: 0), Matrix(rows: 4, columns: 1)).rows == 0)
        let noRows = try LinearAlgebra.minimumNormLeastSquares(Matrix(rows: 0, columns: 2), Matrix(rows: 0, columns: 1))
        #expect(noRows.coefficients == Matrix(rows: 2, columns: 1))
        #expect(noRows.rank == 0)
    }
}
