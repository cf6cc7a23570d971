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

    private var dosing: ResultGroup {
        let axes = ["arm", "stratum"]
        return ResultGroup(
            "dosing", attributes: [ResultAttribute("dose_needed", "stable_dose")],
            dimensions: [
                ResultDimension("arm", labels: ["usual", "new"], longName: "arm"),
                ResultDimension("stratum", labels: ["all", "sex=female", "sex=male"], longName: "group"),
            ],
            variables: [
                ResultVariable("count", axes, [100, 95, 5, 100, 95, 5], longName: "count"),
                ResultVariable("wrong", axes, [30, 28, 2, 20, 19, 1], longName: "wrong"),
                ResultVariable("too_high", axes, [10, 9, 1, 12, 11, 1], longName: "too high"),
                ResultVariable("wrong_share", axes, [0.3, 0.295, .nan, 0.2, 0.2, .nan], unit: "1", longName: "share"),
            ])
    }

    @Test("Who is dosed wrong stands by arm and group where the study knows the dose needed")
    func dosedWrong() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups.append(access(["adult", "all rules"], [], needed: true))
        let file = try study.write(to: folder)
        let text = try StudySummary(file).text
        #expect(
            text.contains(
                """
                Dosed wrong in percent (patients too high / too low): last dose over 20 % from 'stable_dose'
                                    all         female  male
                  usual  30.0 (10 / 20)  29.5 (9 / 19)     -
                  new     20.0 (12 / 8)  20.0 (11 / 8)     -
                """))
        #expect(!text.contains("Who was dosed wrong is not counted"))
        let page = try HTMLReport(file).html
        #expect(page.contains("29.5 (9 / 19)") && !page.contains("Who was dosed wrong is not counted"))
    }

    private func access(_ steps: [String], _ remarks: [String], needed: Bool = false) -> ResultGroup {
        let isEmpty = steps.isEmpty
        let axes = ["step", "stratum"]
        func number(_ name: String, _ values: [Double]) -> ResultVariable {
            ResultVariable(name, axes, isEmpty ? [] : values, unit: "1", longName: name)
        }
        let nan = Double.nan
        let screening = ResultGroup(
            "screening",
            dimensions: [
                ResultDimension("step", labels: steps, longName: "rule"),
                ResultDimension(
                    "stratum", labels: isEmpty ? [] : ["all", "sex=female", "sex=male"], longName: "group"),
                ResultDimension("remark", size: remarks.count),
            ],
            variables: [
                ResultVariable("reached", axes, isEmpty ? [] : [Int32(60), 20, 40, 60, 20, 40], longName: "reached"),
                ResultVariable("excluded", axes, isEmpty ? [] : [Int32(10), 6, 4, 10, 6, 4], longName: "excluded"),
                ResultVariable("reference", ["stratum"], isEmpty ? [] : ["", "male", ""], longName: "reference"),
                number("excluded_share", [0.167, 0.3, 0.1, 0.167, 0.3, 0.1]),
                number("gap", [nan, 0.2, nan, nan, 0.2, nan]), number("gap_lower", [nan, 0.01, nan, nan, 0.01, nan]),
                number("gap_upper", [nan, 0.4, nan, nan, 0.4, nan]),
                ResultVariable("remarks", ["remark"], remarks, longName: "remarks"),
            ])
        let lost = ["arm", "step", "stratum"]
        return ResultGroup(
            "access",
            dimensions: [
                ResultDimension("arm", labels: ["usual", "new"], longName: "arm"),
                ResultDimension("step", labels: ["all"], longName: "step"),
                ResultDimension("stratum", labels: ["all", "sex=female", "sex=male"], longName: "group"),
            ],
            variables: [
                ResultVariable("reached", lost, [100, 95, 5, 100, 95, 5], longName: "reached"),
                ResultVariable("lost", lost, [20, 19, 1, 10, 10, 0], longName: "lost"),
                ResultVariable("lost_share", lost, [0.2, 0.2, 0.2, 0.1, 0.105, 0], unit: "1", longName: "share"),
            ], groups: [screening] + (needed ? [dosing] : []))
    }

    @Test("Who is screened out and who is lost stands in the summary and on the page, by group")
    func lostOnTheWay() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups.append(access(["adult", "all rules"], ["12 further records lack a value."]))
        let file = try study.write(to: folder)
        let text = try StudySummary(file).text
        #expect(
            text.contains(
                """
                                      records  rule 1  eligible  percent excluded       gap in points
                  all                      60      10        50              16.7
                  by sex
                    female                 20       6        14              30.0  20.0 (1.0 to 40.0)
                    male (reference)       40       4        36              10.0
                  rule 1: adult
                  - 12 further records lack a value.
                """))
        #expect(text.contains("Who was dosed wrong is not counted"))
        let page = try HTMLReport(file).html
        #expect(page.contains("20.0 (1.0 to 40.0)") && page.contains("10.5 (10)"))
        #expect(page.contains("id=\"access\"") && page.contains("12 further records lack a value."))
    }

    @Test("Where nobody was screened the report says so")
    func nobodyScreened() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups.append(access([], ["Nobody was screened."]))
        let file = try study.write(to: folder)
        #expect(try StudySummary(file).text.contains("Screened out, by group\n  - Nobody was screened."))
        #expect(try HTMLReport(file).html.contains("<p>Nobody was screened.</p>"))
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
