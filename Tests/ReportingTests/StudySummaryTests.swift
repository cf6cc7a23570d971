import Foundation
import ResultsStore
import Testing

@testable import Reporting

/// Backed by a file made by hand, whose summary was checked against it cell by cell.
struct StudySummaryTests {
    @Test("The summary of a small study, to the last character")
    func wholeText() throws {
        let folder = try TemporaryFolder()
        let file = try SmallStudy().write(to: folder)
        let text = try StudySummary(file).text.replacing(file.path, with: "small.h5")
        #expect(text == Self.wholeSummary)
    }

    @Test("No line is wider than 110 characters, however many endpoints there are")
    func width() throws {
        let folder = try TemporaryFolder()
        let text = try StudySummary(SmallStudy().write(to: folder)).text
        #expect(text.split(separator: "\n").filter { !$0.hasPrefix("Results:") }.allSatisfy { $0.count <= 110 })
    }

    @Test("No colours, since the summary is read in logs too")
    func noEscapes() throws {
        let folder = try TemporaryFolder()
        #expect(try !StudySummary(SmallStudy().write(to: folder)).text.contains("\u{1B}"))
    }

    @Test("A file with nothing but a cohort gives what there is")
    func almostNothing() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups = [ResultGroup("cohort", dimensions: [ResultDimension("patient", size: 7)])]
        let file = try study.write(to: folder)
        #expect(
            try StudySummary(file).text == """
                A small study
                  virtual patients  7

                Results: \(file.path)
                """)
    }

    @Test("Without a title the file's name stands for it")
    func noTitle() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("nameless.h5")
        try ResultsWriter.write(ResultGroup(), to: path)
        #expect(try StudySummary(ResultsFile(path)).text == "nameless\n\nResults: \(path)")
    }

    @Test("Any one group may be missing", arguments: SmallStudy().groups.map(\.name))
    func missingGroup(name: String) throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.groups.removeAll { $0.name == name }
        let file = try study.write(to: folder)
        let summary = try StudySummary(file)
        #expect(summary.text.hasPrefix("A small study\n") && summary.text.hasSuffix("Results: \(file.path)"))
        _ = try summary.json()
        _ = try HTMLReport(file).html
    }

    @Test("An array over other dimensions is refused, not misread")
    func otherDimensions() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study["strata"].variables[0].dimensions = ["endpoint", "arm", "stratum"]
        let file = try study.write(to: folder)
        let error = #expect(throws: ResultsError.self) { try StudySummary(file) }
        #expect(
            error?.description == """
                variable '/strata/level' is over ["endpoint", "arm", "stratum"] where ["arm", "endpoint", "stratum"] is read, \
                which Trialist does not read
                """)
    }

    @Test("Text where numbers are read is refused")
    func textForNumbers() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study["strata"].variables[0].values = .string(Array(repeating: "x", count: 12))
        let file = try study.write(to: folder)
        let error = #expect(throws: ResultsError.self) { try StudySummary(file) }
        #expect(
            error?.description
                == "variable '/strata/level' is text where numbers are read, which Trialist does not read")
    }

    @Test("A type I error too far from alpha is called so")
    func inflatedTypeIError() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        // 400 trials: the error of 0.05 is 0.0109, so 0.10 is 4.6 of them away.
        study.change("rejected", in: "operating_characteristics") { $0[3] = 0.10 }
        let text = try StudySummary(study.write(to: folder)).text
        #expect(
            text.contains(
                "The type I error is 4.6 Monte Carlo standard errors from alpha: more than the 3 that chance explains.")
        )
    }
}

extension StudySummaryTests {
    private static let wholeSummary = """
        A small study
          records screened                             60
          excluded: fails 'adult'                       7
          excluded: fails 'not pregnant' (2 unknown)    3
          records eligible                             50
          virtual patients, each in both arms         100

        Percent of good days (score) in percent: mean ± 95 % half-width
          by sex           all      female  male  gap  p alike
          patients         100          95     5
          usual     50.0 ± 2.0  52.0 ± 2.0     -  2.0    0.500
          new       55.0 ± 2.0  54.0 ± 2.0     -  3.0   <0.001
          - no number for male (5 patients): fewer than 10 patients
          gap: largest minus smallest group; p alike: that all groups are alike (Cochran's Q)

        Percent of good days (score) in percent: difference from arm 'usual' ± 95 % half-width
          Each patient is compared with the same patient in arm 'usual', so the means are of true individual effects.
          by sex          all     female  male  gap  p alike
          patients         98         93     5
          new       5.0 ± 1.0  2.0 ± 1.0     -  3.0   <0.001
          - no number for male (5 patients): fewer than 10 patients

        All endpoints, all patients: benefit beside harm (events: cumulative incidence by the end of follow-up)
                      score             death
                    percent  percent (events)
          usual  50.0 ± 2.0   10.0 ± 2.0 (10)
          new    55.0 ± 2.0     8.0 ± 2.0 (8)
          score: percent of good days

        Hazard ratios against arm 'usual' (95 % interval), with the log-rank test
                                     death
          new  0.80 (0.40 to 1.60) p 0.580

        How well 'risk_score' at baseline predicts death (0.5: not at all; ± 95 % half-width)
          AUC(t)       day 10       day 20     integral  Harrell's C
          usual   0.70 ± 0.10  0.75 ± 0.10  0.72 ± 0.10  0.71 ± 0.10
          new     0.65 ± 0.10  0.70 ± 0.10  0.68 ± 0.10  0.69 ± 0.10

        The randomised trial: new against usual, score, 20 days of follow-up, alpha 0.05
          as designed  trials          power  mean estimate  true effect  bias       coverage
            all           400  0.800 (0.020)      5.1 (0.1)    5.0 (0.5)   0.1  0.950 (0.011)
            female        400  0.700 (0.023)      2.1 (0.1)    2.0 (0.5)   0.1  0.940 (0.012)
            male            0              -              -            -     -              -
          equal arms  trials   type I error  mean estimate  true effect  bias       coverage
            all          400  0.050 (0.011)      0.0 (0.1)          0.0   0.0  0.950 (0.011)
            female       400  0.060 (0.012)      0.0 (0.1)          0.0   0.0  0.960 (0.010)
            male           0              -              -          0.0     -              -
          The type I error is 0.0 Monte Carlo standard errors from alpha: as expected.
          In brackets: Monte Carlo standard errors.

        Published differences beside simulated ones (95 % interval)
                                     published          simulated
          new - usual, score
            all [1]           4.0 (1.0 to 7.0)   5.0 (4.0 to 6.0)    sign agrees
            female [2]                    -1.0  0.5 (-0.5 to 1.5)  sign differs*
          *: the simulated interval holds 0
          [1] Someone, Journal 2001;1:1
          [2] Another, Journal 2002;2:2

        Arm 'new': fitted Q iteration on 80 virtual patients, judged on 100 others made from other real people.

        Solver failures in arm 'new': 2 of 100 patients have no result, left out of its numbers (/truth/failure).
          Why: 2 too many steps.
        Decisions without a dose in arm 'usual': 5, of 3 of 100 patients (/truth/decisions_without_dose).

        Results: small.h5
        """
}

struct SummaryJSONTests {
    @Test("The keys are those of the documentation, the numbers those of the file")
    func keys() throws {
        let folder = try TemporaryFolder()
        let json = try StudySummary(SmallStudy().write(to: folder)).json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "access", "arms", "benefit_gaps", "clinic", "cohort", "decisions_without_dose", "discrimination",
                "dosing",
                "effect_gaps", "effects", "endpoints", "file", "groups", "harms", "hazard_ratios", "interactions",
                "knows_harms", "layout_version", "learned", "level_gaps", "levels", "log_rank_tests",
                "primary_endpoint", "published", "reference_arm", "screening", "screening_remarks", "solver_failures",
                "stratifiers", "time_contrasts", "title", "trial",
            ])
        let levels = try #require(object["levels"] as? [[String: Any]])
        #expect(levels.count == 12)
        let estimate = try #require(levels[6]["estimate"] as? [String: Double])
        #expect(levels[6]["arm"] as? String == "new" && levels[6]["group"] as? String == "all")
        #expect(estimate["value"] == 55 && estimate["lower"] == 53 && estimate["upper"] == 57)
    }

    @Test("A number that does not exist is left out, with its reason beside it")
    func missingNumber() throws {
        let folder = try TemporaryFolder()
        let json = try StudySummary(SmallStudy().write(to: folder)).json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let cell = try #require((object["levels"] as? [[String: Any]])?[2])
        #expect((cell["estimate"] as? [String: Any])?.isEmpty == true)
        #expect(cell["reason"] as? String == "fewer than 10 patients" && cell["count"] as? Int == 5)
    }

    @Test("An infinite bound is text, since JSON has no number for it")
    func infiniteBound() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.change("hazard_ratio_upper", in: "survival") { $0[3] = .infinity }
        #expect(try StudySummary(study.write(to: folder)).json().contains("\"upper\" : \"inf\""))
    }
}
