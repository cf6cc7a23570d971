import Evaluation
import Testing

@testable import RegimeEstimation

/// Against libsvm (scikit-learn) on the same weighted problem, and the duality gap.
@Suite struct WeightedSVMTests {
    @Test(arguments: [("linear", WeightedSVM.Kernel.linear), ("gaussian", .gaussian(0.5))])
    func libsvm(name: String, kernel: WeightedSVM.Kernel) throws {
        let table = try References.table("svm.csv")
        let reference = try #require(try References.json("svm.json")[name] as? [String: Any])
        let columns = try ["x", "w"].map { name -> [Double] in
            let values = try table.numbers(name).compactMap { $0 }
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
            return values.map { ($0 - mean) / deviation }
        }
        let labels = try table.numbers("label").compactMap { $0 }
        let machine = WeightedSVM(
            labels.indices.flatMap { [columns[0][$0], columns[1][$0]] }, width: 2, labels: labels,
            weights: try table.numbers("weight").compactMap { $0 }, penalty: 0.01, kernel: kernel)
        #expect(machine.isConverged)
        #expect(machine.gap < 1e-7)
        let objective = try #require(References.numbers(reference["objective"]).first)
        // No more than the gap above the best; libsvm's own within its tolerance.
        #expect(abs(machine.objective - objective) < 1e-7)
        let share = Double(machine.fitted.filter { $0 > 0 }.count) / Double(labels.count)
        #expect(share == References.numbers(reference["share"]).first)
        for (a, b) in zip(machine.coefficients, References.numbers(reference["beta"])) { #expect(abs(a - b) < 1e-6) }
    }

    /// Residual weighted learning builds that problem: its objective is the same.
    @Test func residualWeighted() throws {
        var request = try References.oneStage("y", "a", blip: "~ x + w", free: "~ x + w + g")
        request.method = .owl
        let estimate = try References.estimate(request, References.table("one-stage.csv"))
        let reference = try #require(try References.json("svm.json")["linear"] as? [String: Any])
        let svm = try #require(estimate.stages[0].svm)
        #expect(abs(svm.objective - (References.numbers(reference["objective"]).first ?? 0)) < 1e-7)
        #expect(svm.dualityGap < 1e-7)
    }

    /// A number added to all outcomes does not move a rule of residuals, of either method, at any stage.
    @Test(arguments: [RegimeRequest.Method.owl, .bowl]) func shifted(method: RegimeRequest.Method) throws {
        var request = try References.twoStages()
        request.method = method
        let table = try References.table("two-stage.csv")
        let plain = try References.estimate(request, table)
        request.outcome = try RowExpression("y + 50")
        let shifted = try References.estimate(request, table)
        for (a, b) in zip(plain.psi, shifted.psi) { #expect(abs(a.shown.estimate - b.shown.estimate) < 1e-5) }
    }
}
