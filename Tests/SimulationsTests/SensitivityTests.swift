import Foundation
import NumericsCore
import Simulations
import Testing

// Sensitivity by the command's way, against functions whose indices are known.
@Suite struct SensitivityTests {
    private func analysis(
        _ model: String, _ vary: [String], times: String = "0,1", settings: [String] = []
    ) throws -> SensitivityAnalysis {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        request.times = times
        request.settings = settings
        request.outputs = ["y"]
        return try SensitivityAnalysis(request, varying: vary)
    }

    /// y = a + 3 b t with a uniform on (0, 2), b on (0, 1): Var a = 1/3, Var 3bt = 9 t² / 12, without interaction.
    @Test func additive() throws {
        let analysis = try analysis("y <- a + 3 * b * t + 0 * c", ["a=0..2", "b=0..1", "c=-1..1"])
        let found = try analysis.indices(points: 512, batches: 8)
        #expect(found.outputs.count == 2 && found.evaluations == 8 * 512 * 5)
        let share = (1.0 / 3) / (1.0 / 3 + 0.75)
        for (output, expected) in zip(found.outputs, [[1, 0, 0], [share, 1 - share, 0]]) {
            for (index, value) in expected.enumerated() {
                #expect(abs(output.firstOrder[index].value - value) < 4 * output.firstOrder[index].standardError + 1e-3)
                #expect(abs(output.total[index].value - value) < 4 * output.total[index].standardError + 1e-3)
            }
        }
    }

    /// d/dt(y) = -k y, y(0) = d: at time 0 only the amount matters, and it varies by 25 / 3 about 10.
    @Test func solvedEquations() throws {
        let analysis = try analysis("y(0) <- d\nd/dt(y) <- -k * y", ["k=0.1..0.9", "d=5..15"])
        let found = try analysis.indices(points: 256, batches: 8)
        #expect(abs(found.outputs[0].mean.value - 10) < 1e-2)
        #expect(abs(found.outputs[0].variance.value - 100.0 / 12) < 5e-2)
        #expect(found.outputs[0].total[0].value == 0)
        #expect(found.outputs[1].total[0].value > 0.2)
        let rows = analysis.table(found).split(separator: "\n")
        #expect(rows.count == 5)
        #expect(rows[0] == "output,time,input,mean,variance,first_order,first_order_se,total,total_se")
        #expect(rows[3].hasPrefix("y,1.0,k,"))
    }

    @Test(
        arguments: [
            ([], "--vary: error: missing, allowed: name=from..to, such as cl=0.1..0.4"),
            (
                ["a=1..0", "a"],
                "--vary: error: found 'a=1..0', allowed: name=from..to with from below to, such as cl=0.1..0.4\n"
                    + "--vary: error: found 'a', allowed: name=from..to with from below to, such as cl=0.1..0.4"
            ), (["a=0..1", "a=0..2"], "--vary: error: 'a' is varied twice, allowed: once"),
        ] as [([String], String)])
    func refusals(_ vary: [String], _ expected: String) throws {
        #expect(message { _ = try analysis("y <- a", vary) } == expected)
    }
}
