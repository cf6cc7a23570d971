import NumericsCore
import Testing

/// Backed by closed-form roots, by a bound on the evaluations, and by named failures.
struct RootFindingTests {
    struct Problem: Sendable {
        let lower: Double
        let upper: Double
        let root: Double
        let function: @Sendable (Double) -> Double
    }

    /// Smooth, flat, steep and one-sided functions; the flat power is what defeats secants.
    static let problems: [Problem] = [
        Problem(lower: 0, upper: 2, root: 2.0.squareRoot()) { $0 * $0 - 2 },
        Problem(lower: 0, upper: 1, root: 0.739_085_133_215_160_6) { Elementary.cos($0) - $0 },
        Problem(lower: -4, upper: 5, root: 1) { Elementary.pow(abs($0 - 1), 1.0 / 3) * ($0 < 1 ? -1 : 1) },
        Problem(lower: 0, upper: 5, root: 1) { ($0 - 1) * ($0 - 1) * ($0 - 1) * ($0 - 1) * ($0 - 1) },
        Problem(lower: -1, upper: 700, root: 0.693_147_180_559_945_3) { Elementary.exp($0) - 2 },
        Problem(lower: 1e-12, upper: 1e12, root: 1e-6) { Elementary.log($0 / 1e-6) },
        Problem(lower: -3, upper: 3, root: 0.1) { $0 < 0.1 ? -1 : 1 },
    ]

    @Test(arguments: 0..<problems.count)
    func rootsAreFoundWithinTheTolerance(index: Int) throws {
        let problem = Self.problems[index]
        var evaluations = 0
        let root = try RootFinding.root(from: problem.lower, to: problem.upper, absoluteTolerance: 1e-14) { x in
            evaluations += 1
            return problem.function(x)
        }
        let tolerance = 1e-14 + 1e-12 * abs(problem.root)
        #expect(abs(root - problem.root) <= tolerance, "found \(root)")
        #expect(evaluations < 130)
    }

    @Test func smoothFunctionsTakeFewEvaluations() throws {
        var evaluations = 0
        _ = try RootFinding.root(from: 0, to: 2) { x in
            evaluations += 1
            return x * x * x - 2
        }
        #expect(evaluations <= 12)
    }

    @Test func aRootAtABoundIsReturned() throws {
        #expect(try RootFinding.root(from: 1, to: 5) { $0 - 1 } == 1)
        #expect(try RootFinding.root(from: 1, to: 5) { $0 - 5 } == 5)
    }

    @Test func infiniteValuesCountByTheirSign() throws {
        let root = try RootFinding.root(from: 0, to: 10) { $0 == 0 ? -.infinity : Elementary.log($0) }
        #expect(abs(root - 1) < 1e-11)
    }

    @Test func failuresSayWhatWasFound() {
        func message(_ lower: Double, _ upper: Double, evaluations: Int = 200, _ f: (Double) -> Double) -> String? {
            let error = #expect(throws: RootFindingError.self) {
                try RootFinding.root(from: lower, to: upper, maximumEvaluations: evaluations, of: f)
            }
            return error?.description
        }
        #expect(
            message(0, 1) { $0 + 1 }
                == "No root is enclosed: the function is 1.0 at 0.0 and 2.0 at 1.0, but the signs must differ.")
        #expect(
            message(0, 1) { $0 == 0 || $0 == 1 ? $0 - 0.5 : .nan }
                == "The function is not a number at 0.5, inside the bracket of its root.")
        #expect(
            message(2, 1) { $0 } == "A root cannot be sought from 2.0 to 1.0: the bounds must be finite and ascending.")
        #expect(
            message(0, 1, evaluations: 3) { $0 * $0 - 0.5 }?.hasSuffix(
                "which is wider than the tolerance after 3 evaluations: widen the tolerance or allow more evaluations.")
                == true)
    }

    struct Stop: Error {}

    @Test func whatTheFunctionThrowsComesThrough() {
        #expect(throws: Stop.self) { try RootFinding.root(from: 0, to: 1) { _ in throw Stop() } }
    }
}
