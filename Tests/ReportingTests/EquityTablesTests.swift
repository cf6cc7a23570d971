import ResultsStore
import Testing

@testable import Reporting

/// Backed by groups made by hand, whose tables were checked against them cell by cell.
struct EquityTablesTests {
    private func harms(_ names: [String]) -> ResultGroup {
        let axes = ["arm", "harm"]
        let isEmpty = names.isEmpty
        func number(_ name: String, _ values: [Double]) -> ResultVariable {
            ResultVariable(name, axes, isEmpty ? [] : values, unit: "1", longName: name)
        }
        return ResultGroup(
            "harms",
            dimensions: [
                ResultDimension("arm", labels: ["usual", "new"], longName: "arm"),
                ResultDimension("harm", labels: names, longName: "harm"),
            ],
            variables: [
                ResultVariable("count", axes, isEmpty ? [] : [Int32(100), 100], longName: "count"),
                ResultVariable("events", axes, isEmpty ? [] : [Int32(10), 8], longName: "events"),
                number("risk", [0.1, 0.08]), number("risk_difference", [.nan, -0.02]),
                number("risk_difference_lower", [.nan, -0.05]), number("risk_difference_upper", [.nan, 0.01]),
                ResultVariable(
                    "number_needed_text", axes, isEmpty ? [] : ["", "NNTB 50 (NNTB 20 to ∞ to NNTH 100)"],
                    longName: "number needed"),
            ])
    }

    @Test("Every declared harm stands beside the benefit")
    func besideBenefit() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups.append(harms(["death"]))
        let file = try study.write(to: folder)
        let text = try StudySummary(file).text
        #expect(text.contains("Harm beside benefit: difference from arm 'usual' on the same patients (95 % interval)"))
        #expect(text.contains("benefit: "))
        #expect(text.contains("-2.0 (-5.0 to 1.0)  NNTB 50 (NNTB 20 to ∞ to NNTH 100)"))
        #expect(text.split(separator: "\n").filter { !$0.hasPrefix("Results:") }.allSatisfy { $0.count <= 110 })
        #expect(try HTMLReport(file).html.contains("NNTB 50 (NNTB 20 to ∞ to NNTH 100)"))
    }

    @Test("A study that declares no harm says so, in the summary and on the page")
    func noHarm() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups.append(harms([]))
        let file = try study.write(to: folder)
        #expect(
            try StudySummary(file).text.contains(
                "No endpoint is declared a harm ('harm: true'): this study cannot say what the benefit costs."))
        #expect(try HTMLReport(file).html.contains("this study cannot say what the benefit costs"))
    }
}
