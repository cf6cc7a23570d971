import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by numbers computed beforehand by an independent solver, and by limits of the equations.
@Suite("Library: tumour growth")
struct TumourGrowthTests {
    @Test("Glioma: after six cycles the tumour shrinks on for 21 months")
    func glioma() throws {
        let library = try LibraryModel("glioma_ribba_2012", outputs: ["diameter"])
        let cycles = LibraryModel.Administration(
            compartment: "drug", amount: 1, times: (0..<6).map { 1.5 * Double($0) })
        let times = [0, 9] + grid(20, 40, intervals: 2000)
        let patient = try library.patient([:], [cycles])
        let course = try Simulate.courses(library.simulation, [patient], at: times)[0][0]
        #expect(abs(course[0] - 48.33) < 0.005)
        #expect(abs(course[1] - 40.40) < 0.005)
        let lowest = try #require(course.dropFirst(2).min())
        #expect(abs(lowest - 35.37) < 0.005)
        #expect(abs(times[try #require(course.firstIndex(of: lowest))] - 30.5) < 0.05)
        #expect(relativeError(lowest, 35.36700156) < 1e-8)
    }

    /// Limits: w = w0 e^(λ0 t) while small, w' = λ1 once large.
    @Test("Xenograft: growth is exponential at first and linear later")
    func growth() throws {
        let library = try LibraryModel("xenograft_simeoni_2004", outputs: ["w"])
        let weights = try library.course(at: [0, 5, 30, 31])[0]
        #expect(abs(Elementary.log(weights[1] / weights[0]) / 5 - 0.273) < 1e-6)
        #expect(abs(weights[3] - weights[2] - 0.814) < 1e-6)
    }

    /// Above C = λ0 / k2 (434 ng/mL) proliferating cells vanish; below it they grow.
    @Test("Xenograft: a concentration above 434 ng/mL eradicates, one below does not", arguments: [1.05, 0.95])
    func threshold(_ factor: Double) throws {
        let library = try LibraryModel("xenograft_simeoni_2004", outputs: ["cp", "x1"])
        let threshold = 0.273 / 0.000629
        #expect(abs(threshold - 434) < 0.05)
        // What holds the concentration: loss k10 per day of the central amount per kilogram.
        let rate = factor * threshold / 1000 * 0.81 * 24 * 0.868
        let infusion = LibraryModel.Administration(
            compartment: "central", amount: rate * 300, duration: 300, times: [0])
        let course = try library.course([:], [infusion], at: [20, 60])
        #expect(relativeError(course[0][1], factor * threshold) < 1e-8)
        let slope = Elementary.log(course[1][1] / course[1][0]) / 40
        #expect(abs(slope - 0.273 * (1 - factor)) < 1e-4)
    }
}
