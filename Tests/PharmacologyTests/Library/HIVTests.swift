import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the roots of the equations (found by an independent solver) and by invariants.
@Suite("Library: HIV")
struct HIVTests {
    static let states = ["t1", "t2", "t1i", "t2i", "v", "e"]
    static let unhealthy = [163_572.75178, 4.995423534, 11_944.943096, 45.599014204, 63_918.595785, 23.543977854]
    static let healthy = [967_838.67074, 620.51825841, 76.012097604, 6.0917815966, 415.37564877, 353_108.0351]

    static func start(_ values: [Double]) -> [String: Double] {
        var inputs = ["RTI": 0.0, "PI": 0]
        for (state, value) in zip(states, values) { inputs[state + "_start"] = value }
        return inputs
    }

    @Test("Both untreated steady states stay for a year", arguments: [unhealthy, healthy])
    func steady(_ values: [Double]) throws {
        let library = try LibraryModel("hiv_adams_2004", outputs: Self.states)
        let course = try library.course(Self.start(values), at: [365])
        for (index, value) in values.enumerated() { #expect(relativeError(course[index][0], value) < 1e-4) }
    }

    @Test("The file starts in the unhealthy steady state, as published")
    func startingState() throws {
        let library = try LibraryModel("hiv_adams_2004", outputs: Self.states)
        let course = try library.course(["RTI": 0, "PI": 0], at: [0])
        for (index, published) in [163_573.0, 5, 11_945, 46, 63_919, 24].enumerated() {
            #expect(abs(course[index][0] - published) < 0.5)
        }
    }

    /// Treatment for ever lowers the virus; a patient who is left untreated from the healthy side of the separatrix ends in
    /// the healthy state, which is what interruption policies look for.
    @Test("Drugs lower the virus, and strong immunity keeps it low without them")
    func treatment() throws {
        let library = try LibraryModel("hiv_adams_2004", outputs: Self.states)
        let treated = try library.course(["RTI": 1, "PI": 1], at: [100])
        #expect(treated[4][0] < 0.05 * Self.unhealthy[4])
        var immune = Self.healthy
        immune[5] *= 0.8
        let end = try library.course(Self.start(immune), at: [4000])
        for (index, value) in Self.healthy.enumerated() { #expect(relativeError(end[index][0], value) < 1e-3) }
    }
}
