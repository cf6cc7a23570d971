import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by invariants (steady states of published parameter sets) and by published numbers.
@Suite("Library: diabetes")
struct DiabetesTests {
    /// The thirty published sets start at an exact steady state: at basal insulin and without meals nobody moves.
    @Test("All thirty people with type 1 diabetes stay at their basal glucose for 24 hours")
    func basal() throws {
        let library = try LibraryModel("t1d_dallaman_2007", outputs: ["glucose", "sensor"])
        let people = try LibraryFile.diabetesPatients(for: library.model)
        #expect(people.count == 30)
        for first in stride(from: 0, to: 30, by: 16) {
            let group = Array(people[first..<min(first + 16, 30)])
            let patients = try group.map { try library.patient($0.inputs) }
            let courses = try Simulate.courses(library.simulation, patients, at: [0, 360, 1440])
            for (person, course) in zip(group, courses) {
                #expect(course.failure == nil)
                for values in course.values {
                    #expect(abs(values[0] / person.basal - 1) < 1e-8, "\(person.name)")
                    #expect(abs(values[1] / person.basal - 1) < 1e-8, "\(person.name)")
                }
            }
        }
    }

    @Test("A meal raises glucose, a bolus lowers it, and more basal insulin lowers it too")
    func directions() throws {
        let library = try LibraryModel("t1d_dallaman_2007", outputs: ["glucose"])
        let person = try #require(try LibraryFile.diabetesPatients(for: library.model).first { $0.name == "adult#003" })
        let meal = LibraryModel.Administration(compartment: "q1", amount: 50_000, duration: 15, times: [10])
        let bolus = LibraryModel.Administration(compartment: "s1", amount: 5, times: [10])
        let time = [180.0]
        let fed = try library.course(person.inputs, [meal], at: time)[0][0]
        let treated = try library.course(person.inputs, [meal, bolus], at: time)[0][0]
        var more = person.inputs
        more["basal_factor"] = 1.5
        let lowered = try library.course(more, at: time)[0][0]
        #expect(fed > person.basal + 30)
        #expect(treated < fed - 10)
        #expect(lowered < person.basal - 5)
    }

    /// Published cohort medians 7.6, 17.8, 6.7; typical values computed from the paper's equations.
    @Test("Type 2 diabetes: typical glucose, insulin and HbA1c at baseline, weight lost by week 67")
    func typical() throws {
        let library = try LibraryModel("diabetes_choy_2016", outputs: ["FPG", "FSI", "HbA1c", "weight", "IS", "B"])
        let course = try library.course(at: [0, 469])
        for (value, expected, tolerance) in [
            (course[0][0], 7.461, 0.0005), (course[1][0], 18.84, 0.005), (course[2][0], 6.502, 0.0005),
            (course[3][1] - course[3][0], -3.69, 0.005), (course[4][0], 0.2497, 0.00005),
            (course[5][0], 0.6097, 0.00005),
        ] {
            #expect(abs(value - expected) < tolerance)
        }
        // The published mean change of the cohort was −4.1 kg.
        #expect(abs(course[3][1] - course[3][0] - -4.1) < 0.5)
    }
}
