import ResultsStore
import Testing

@testable import Reporting

/// Backed by a group made by hand, whose table was checked against it cell by cell.
struct ClinicTablesTests {
    private var study: SmallStudy {
        var study = SmallStudy()
        let axes = ["arm", "stratum"]
        func counts(_ name: String, _ cells: [Int32]) -> ResultVariable {
            ResultVariable(name, axes, cells, longName: name)
        }
        study["clinic"] = ResultGroup(
            "clinic", dimensions: [SmallStudy.arm(), SmallStudy.stratum],
            variables: [
                counts("recommendations", [0, 0, 0, 100, 90, 10]), counts("changes", [0, 0, 0, 60, 55, 5]),
                counts("followed", [0, 0, 0, 90, 82, 8]), counts("overridden", [0, 0, 0, 7, 5, 2]),
                counts("delayed", [0, 0, 0, 0, 0, 0]), counts("alerts", [0, 0, 0, 20, 18, 2]),
                counts("suppressed", [0, 0, 0, 3, 3, 0]), counts("co_interventions", [0, 0, 0, 0, 0, 0]),
                counts("undecided", [0, 0, 0, 0, 0, 0]),
            ] + SmallStudy.estimates("followed_share", axes, [.nan, .nan, .nan, 0.9, 0.911, .nan], halfWidth: 0.05))
        return study
    }

    @Test("The table shows the arms that have a clinic, with the counts that any of them has")
    func table() throws {
        let folder = try TemporaryFolder()
        let text = try StudySummary(study.write(to: folder)).text
        #expect(
            text.contains(
                """
                Between recommendation and dose, in twins: what clinicians did (95 % interval)
                            recommended  changes  followed  overridden  alerts  suppressed     percent followed
                  new
                    all             100       60        90           7      20           3  90.0 (85.0 to 95.0)
                    female           90       55        82           5      18           3  91.1 (86.1 to 96.1)
                    male             10        5         8           2       2           0                    -
                  Recommendations count from the first that could be overridden; a suppressed alert is neither followed nor overridden.

                """), "\(text)")
    }

    @Test("The page has the same counts")
    func page() throws {
        let folder = try TemporaryFolder()
        let html = try HTMLReport(study.write(to: folder)).html
        #expect(html.contains("<section id=\"clinic\"") || html.contains("id=\"clinic\""))
        #expect(html.contains("90.0 (85.0 to 95.0)"))
        #expect(try !HTMLReport(SmallStudy().write(to: folder, named: "other.h5")).html.contains("id=\"clinic\""))
    }

    @Test("The JSON leaves out arms without a clinic")
    func json() throws {
        let folder = try TemporaryFolder()
        let clinic = try StudyFindings(study.write(to: folder)).clinic
        #expect(clinic.map(\.arm) == ["new", "new", "new"])
        #expect(clinic[1].group == "sex=female" && clinic[1].followed == 82 && clinic[1].share.value == 0.911)
    }
}
