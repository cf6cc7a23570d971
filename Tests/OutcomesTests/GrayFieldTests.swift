import Foundation
import Outcomes
import Testing

@Suite struct GrayFieldTests {
    private struct Field: Decodable {
        struct Test: Decodable { let statistic, df: [Double] }
        let time: [Double]
        let cause, group, stratum: [Int]
        let tests: [String: Test]
    }

    private static func fields(_ file: String) throws -> [String: Field] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("References")
        return try JSONDecoder().decode(
            [String: Field].self, from: Data(contentsOf: folder.appendingPathComponent(file)))
    }

    private func check(_ name: String, _ field: Field) throws {
        let data = try CompetingRisksData(times: field.time, causes: field.cause)
        let groups = Grouping(field.group)
        let strata = Grouping(field.stratum)
        let designs: [(String, Double, Grouping?)] = [
            ("plain", 0, nil), ("half", 0.5, nil), ("one", 1, nil), ("strata", 0, strata), ("strataTwo", 2, strata),
        ]
        for (design, rho, strata) in designs {
            let expected = try #require(field.tests[design])
            for cause in 1...data.causeCount {
                let test = try require(try GrayTest(data, cause: cause, groups: groups, strata: strata, rho: rho).test)
                #expect(
                    agree(test.statistic, expected.statistic[cause - 1], 1e-9), "\(name), \(design), cause \(cause)")
                #expect(Double(test.degreesOfFreedom) == expected.df[cause - 1])
            }
        }
    }

    @Test("R cmprsk 2.2-11 on drawn data: ties of up to half of all events, three to five groups, strata, rho 0 to 2")
    func agreesWithCuminc() throws {
        let fields = try Self.fields("gray-R.json")
        #expect(fields.count == 6)
        for (name, field) in fields.sorted(by: { $0.key < $1.key }) { try check(name, field) }
    }
}
