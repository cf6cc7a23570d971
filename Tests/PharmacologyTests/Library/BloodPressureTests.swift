import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by published numbers and by arithmetic on them.
@Suite("Library: blood pressure")
struct BloodPressureTests {
    @Test("The mean of a day is Base, and the cycle closes after a day")
    func rhythm() throws {
        let library = try LibraryModel("bloodpressure_sheng_2013", outputs: ["SBP", "DBP"])
        let times = grid(0, 1, intervals: 480)
        let course = try library.course(["DRUGS": 0, "DRUGS_HALF": 0], at: times)
        #expect(abs(simpson(course[0], spacing: 1 / 480.0) - 140) < 1e-9)
        #expect(abs(simpson(course[1], spacing: 1 / 480.0) - 89.5) < 1e-9)
        #expect(abs(course[0][0] - course[0][480]) < 1e-9)
        #expect(try #require(course[0].max()) <= 140 + 7.52 + 8.64)
    }

    /// Law 2003: 9.1 mmHg at standard dose, 7.1 at half of it, 1.0 more per 10 mmHg; three drugs at half dose about 20.
    @Test("Drugs lower a pressure of 154 mmHg by their published amounts")
    func drugs() throws {
        let library = try LibraryModel("bloodpressure_sheng_2013", outputs: ["sbp_fall", "dbp_fall"])
        func falls(_ drugs: Double, _ half: Double, systolic: Double = 154) throws -> [Double] {
            let inputs = ["DRUGS": drugs, "DRUGS_HALF": half, "etasbp": systolic - 140, "etadbp": 97 - 89.5]
            return try library.course(inputs, at: [0]).map { $0[0] }
        }
        let (full, half, high, three) = (
            try falls(1, 0), try falls(0, 1), try falls(1, 0, systolic: 164), try falls(0, 3, systolic: 150)
        )
        #expect(abs(full[0] - 9.1) < 1e-9 && abs(full[1] - 5.5) < 1e-9)
        #expect(abs(half[0] - 7.1) < 1e-9 && abs(half[1] - 4.4) < 1e-9)
        #expect(abs(high[0] - 10.1) < 1e-9)
        #expect(abs(three[0] - 20) < 1)
    }

    /// SPRINT lowered systolic pressure by 14.8 mmHg: hazard ratio 0.75 (0.64 to 0.89).
    @Test("14.8 mmHg are worth a relative risk of 0.72, inside SPRINT's interval")
    func sprint() throws {
        let library = try LibraryModel("bloodpressure_sheng_2013", outputs: ["sbp_fall", "risk_cvd"])
        let drugs = 14.8 / (9.1 + 0.10 * (140 - 154))
        let course = try library.course(["DRUGS": drugs, "DRUGS_HALF": 0], at: [0])
        #expect(abs(course[0][0] - 14.8) < 1e-9)
        #expect(abs(course[1][0] - 0.72) < 0.005)
        #expect((0.64...0.89).contains(course[1][0]))
    }
}
