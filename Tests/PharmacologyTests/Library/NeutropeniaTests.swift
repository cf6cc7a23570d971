import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by numbers computed beforehand by an independent solver, and by invariants of the equations.
@Suite("Library: docetaxel and neutrophils")
struct NeutropeniaTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        var name: String
        var inputs: [String: Double]
        var circ0: Double
        /// Lowest count, its day, the count on day 21.
        var expected: [Double]
        /// The lowest count by SciPy from the numbers in the file.
        var scipy: Double

        var testDescription: String { name }
    }

    /// The lowest count of the linear variant, 0.304, belongs to the unrounded estimates; the rounded ones in the file give
    /// 0.3025.
    static let variants = [
        Variant(
            name: "docetaxel_friberg_2002", inputs: [:], circ0: 5.05, expected: [1.175, 7.34, 6.05], scipy: 1.17531),
        Variant(
            name: "docetaxel_kloft_2006", inputs: ["SEXF": 0, "ECOG1": 0, "PRIOR_THERAPY": 0, "AAG": 1.34], circ0: 5.22,
            expected: [0.304, 8.14, 6.61], scipy: 0.302486),
    ]

    @Test("75 mg/m2 over an hour: nadir in the second week, rebound on day 21", arguments: variants)
    func nadir(_ variant: Variant) throws {
        let library = try LibraryModel(variant.name, outputs: ["circ"])
        let dose = LibraryModel.Administration(compartment: "central", amount: 135, duration: 1, times: [0])
        let times = grid(120, 240, intervals: 2400) + [504]
        let patient = try library.patient(variant.inputs, [dose])
        let counts = try Simulate.recordedCourses(library.simulation, [patient], at: times)[0][0]
        let lowest = try #require(counts.dropLast().min())
        let day = times[try #require(counts.firstIndex(of: lowest))] / 24
        #expect(abs(lowest - variant.expected[0]) < 0.002)
        #expect(relativeError(lowest, variant.scipy) < 1e-5)
        #expect(abs(day - variant.expected[1]) < 0.02)
        #expect(abs(counts[2401] - variant.expected[2]) < 0.01)
        #expect(counts[2401] > variant.circ0)
    }

    @Test("Without drug the count stays where it is for ever", arguments: variants)
    func atRest(_ variant: Variant) throws {
        let library = try LibraryModel(variant.name, outputs: ["circ"])
        let counts = try library.course(variant.inputs, at: [0, 24, 1000, 8760])[0]
        for count in counts { #expect(relativeError(count, variant.circ0) < 1e-14) }
    }

    @Test("Covariates change the count before treatment by their published fractions")
    func covariates() throws {
        let library = try LibraryModel("docetaxel_kloft_2006", outputs: ["circ"])
        let woman = ["SEXF": 1.0, "ECOG1": 1, "PRIOR_THERAPY": 1, "AAG": 2.34]
        let count = try library.course(woman, at: [0])[0][0]
        #expect(relativeError(count, 5.22 * (1 - 0.121) * 1.130 * (1 - 0.147) * 1.495) < 1e-12)
    }
}
