import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by arithmetic on the published parameters of Hamberg 2007: steady states that need no integration.
@Suite("Warfarin's steady state")
struct WarfarinCheckTests {
    static let outputs = ["cs", "INR"]
    /// 71 years, CYP2C9 *1/*1: clearance 0.314 L/h.
    static func inputs(_ genotype: String) -> [String: Double] {
        [
            "AGE": 71, "CYP2C9_12": 0, "CYP2C9_13": 0, "CYP2C9_22": 0, "CYP2C9_23": 0, "CYP2C9_33": 0,
            "VKORC1_AG": genotype == "A/G" ? 1 : 0, "VKORC1_AA": genotype == "A/A" ? 1 : 0,
        ]
    }

    static func model() throws -> SimulationModel {
        try Simulate.model(ReferenceSoftwareTests.bundledModel("warfarin_hamberg_2007"), outputs: outputs)
    }

    @Test("5 mg a day gives a mean concentration of 0.332 mg/L: dose per clearance, whatever the volumes")
    func meanConcentration() throws {
        let doses = (0..<200).map { DosingRecord(time: 24 * Double($0), compartment: 0, amount: 5) }
        let start = 199.0 * 24
        let intervals = 1200
        let times = [start] + (1...intervals).map { start + 24 * Double($0) / Double(intervals) }
        let patient = TestPatient(inputs: Self.inputs("G/G"), doses: doses)
        let course = try Simulate.recordedCourses(Self.model(), [patient], at: times)[0][0]
        // Simpson's rule; the first value is the one before the dose, which absorption leaves where it was.
        var sum = course[0] + course[intervals]
        for index in 1..<intervals { sum += (index % 2 == 0 ? 2 : 4) * course[index] }
        let mean = sum / Double(3 * intervals)
        #expect(relativeError(mean, 2.5 / 24 / 0.314) < 1e-6)
        #expect(abs(mean - 0.332) < 0.0005)
    }

    @Test(
        "The constant infusion of 5 mg a day settles at an INR of 1.97 (G/G) and 2.93 (A/A)", arguments: ["G/G", "A/A"])
    func steadyINR(_ genotype: String) throws {
        // Bioavailability ½ keeps an infusion's rate and halves its time, so the rate is that of S-warfarin.
        let days = 200.0
        let infusion = DosingRecord(time: 0, compartment: 0, amount: 2.5 * 2 * days, duration: 2 * days * 24)
        let patient = TestPatient(inputs: Self.inputs(genotype), doses: [infusion])
        let end = try Simulate.course(Self.model(), patient, at: [days * 24]).values[0]
        let cs = 2.5 / 24 / 0.314
        #expect(relativeError(end[0], cs) < 1e-9)
        let ec50 = genotype == "G/G" ? 4.61 : 2.20
        let power = { (x: Double) in Elementary.pow(x, 0.424) }
        let left = 1 - power(cs) / (power(ec50) + power(cs))
        #expect(relativeError(end[1], 1 + 20 * Elementary.pow(1 - left * left, 3.61)) < 1e-8)
        #expect(abs(end[1] - (genotype == "G/G" ? 1.97 : 2.93)) < 0.005)
    }

    @Test("Daily tablets settle near the mean-concentration INR, and a poor metaboliser above it")
    func dailyINR() throws {
        let doses = (0..<120).map { DosingRecord(time: 24 * Double($0), compartment: 0, amount: 5) }
        var poor = Self.inputs("G/G")
        poor["CYP2C9_13"] = 1
        let patients = [Self.inputs("G/G"), Self.inputs("A/A"), poor].map { TestPatient(inputs: $0, doses: doses) }
        let courses = try Simulate.courses(Self.model(), patients, at: [119 * 24, 120 * 24], SolverOptions())
        for (course, expected) in zip(courses, [1.97, 2.93]) { #expect(abs(course[1][1] - expected) < 0.05) }
        // The same doses at 54.7 % of the clearance.
        #expect(courses[2][1][1] > courses[0][1][1] + 0.5)
        // Steady: one interval changes nothing.
        for course in courses { #expect(relativeError(course[1][1], course[1][0]) < 1e-4) }
    }
}
