import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by closed forms and by published numbers.
@Suite("Library: checkpoint inhibitors, tumour size and survival")
struct CheckpointInhibitorTests {
    static let reference = ["WT": 80.0, "EGFR": 90, "SEXM": 0, "ECOG1": 0, "ASIAN": 0]

    @Test("Nivolumab's clearance falls to 74.5 % of its first value, half of it (in logs) by 1,410 h")
    func fallingClearance() throws {
        let library = try LibraryModel("nivolumab_bajaj_2017", outputs: ["cl"])
        let clearance = try library.course(Self.reference, at: [0, 1410, 1e6])[0]
        #expect(relativeError(clearance[0], 0.00940) < 1e-14)
        #expect(relativeError(clearance[1] / clearance[0], Elementary.exp(-0.295 / 2)) < 1e-12)
        #expect(abs(clearance[2] / clearance[0] - 0.745) < 0.0005)
    }

    /// In the long run the area of an interval is dose / CL; 3 mg/kg every two weeks.
    @Test("Nivolumab's late exposure belongs to the fallen clearance")
    func lateExposure() throws {
        let library = try LibraryModel("nivolumab_bajaj_2017", outputs: ["cp"])
        let count = 120
        let regimen = LibraryModel.Administration(
            compartment: "central", amount: 240, duration: 1, times: (0..<count).map { 336 * Double($0) })
        let start = 336 * Double(count - 1)
        let patient = try library.patient(Self.reference, [regimen])
        let times = grid(start, start + 1, intervals: 100) + grid(start + 1, start + 336, intervals: 3350).dropFirst()
        let course = try Simulate.recordedCourses(library.simulation, [patient], at: times)[0][0]
        let area = simpson(Array(course[...100]), spacing: 0.01) + simpson(Array(course[100...]), spacing: 0.1)
        // 40,000 h in, the sigmoid has reached all but (1410 / 40000)^3.15 of its end.
        #expect(relativeError(area, 240 / (0.00940 * Elementary.exp(-0.295))) < 1e-4)
    }

    @Test("Pembrolizumab's steady state is its dose over its clearance, covariates included")
    func pembrolizumab() throws {
        let library = try LibraryModel("pembrolizumab_ahamadi_2017", outputs: ["cp"])
        let woman = [
            "WT": 76.8, "ALB": 39.6, "SLD": 89.6, "EGFR": 88.47, "SEXF": 1, "NSCLC": 1, "ECOG1": 0, "IPILIMUMAB": 0.0,
        ]
        let infusion = LibraryModel.Administration(
            compartment: "central", amount: 9.52 * 3000, duration: 3000, times: [0])
        let steady = try library.course(woman, [infusion], at: [2999])[0][0]
        #expect(relativeError(steady, 9.52 / (0.22 * (1 - 0.152) * (1 + 0.145))) < 1e-8)
    }

    static func lungCancer(docetaxel: Double) -> [String: Double] {
        [
            "DOCETAXEL": docetaxel, "DOSTARLIMAB": 0, "DOSTARLIMAB_CHEMO": 0, "PEMBROLIZUMAB_CHEMO": 0, "LESIONS": 3,
            "LDH": 225.5, "PDL1": 15, "ALB": 39.4, "PROTEIN": 71, "NLR": 4.1,
        ]
    }

    /// Published: docetaxel's arm of CheckMate 057 had a median of 9.4 months.
    @Test(
        "Time to growth and median survival of two treatments",
        arguments: [(1.0, 12.46, 9.44), (0.0, 42.2, 24.9)])
    func survival(_ docetaxel: Double, _ growth: Double, _ months: Double) throws {
        let library = try LibraryModel(
            "nsclc_struemper_2025", outputs: ["ttg", "median_survival", "survival", "hazard"])
        let inputs = Self.lungCancer(docetaxel: docetaxel)
        let median = try library.course(inputs, at: [1])[1][0]
        #expect(abs(median * 7 / 30.4375 - months) < 0.05)
        let course = try library.course(inputs, at: [median])
        #expect(abs(course[0][0] - growth) < 0.05)
        #expect(abs(course[2][0] - 0.5) < 1e-6)
        // Invariant: the hazard is minus the slope of the logarithm of survival.
        let around = try library.course(inputs, at: [median - 1e-3, median + 1e-3])[2]
        let slope = (Elementary.log(around[0]) - Elementary.log(around[1])) / 2e-3
        #expect(relativeError(course[3][0], slope) < 1e-5)
    }

    @Test("MONET1: a typical tumour starts to grow after 117 days and has shrunk to 74.6 % in week 8")
    func monet1() throws {
        let library = try LibraryModel("nsclc_claret_2014", outputs: ["size", "ttg"])
        let growth = try library.course(["ASIAN": 0, "EVER_SMOKER": 1], at: [0, 56])
        #expect(abs(growth[1][0] - 117) < 0.5)
        #expect(abs(growth[0][1] / growth[0][0] - 0.746) < 0.0005)
        // The nadir is at the time to growth.
        let near = try library.course(["ASIAN": 0, "EVER_SMOKER": 1], at: [107, 117.33, 127])[0]
        #expect(near[1] < near[0] && near[1] < near[2])
    }

    /// Log-normal times: exp(0.319) is the ratio of medians of Asian and other patients.
    @Test("MONET1: Asian patients live 1.38 times as long, smokers 0.77 times")
    func prognosis() throws {
        let library = try LibraryModel("nsclc_claret_2014", outputs: ["median_survival"])
        func median(_ asian: Double, _ smoker: Double) throws -> Double {
            try library.course(["ASIAN": asian, "EVER_SMOKER": smoker], at: [1])[0][0]
        }
        #expect(relativeError(try median(1, 0) / median(0, 0), Elementary.exp(0.319)) < 1e-12)
        #expect(relativeError(try median(0, 1) / median(0, 0), Elementary.exp(-0.264)) < 1e-12)
    }
}
